// Builds the kernel: kernel/*.ts (AssemblyScript) into WebAssembly, kept as base64 in src/kernel/binary.ts so that no room
// has to read a file for it. `npm run kernel` writes it; a test compares it with a fresh build.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
/** Where the built kernel is kept. */
export const binaryFile = join(root, 'src', 'kernel', 'binary.ts');

const OPTIONS =
  '--enable simd --enable relaxed-simd --enable bulk-memory --runtime stub --noAssert --optimizeLevel 3 --shrinkLevel 0 --converge --importMemory';

/** The text of `src/kernel/binary.ts` as a fresh build gives it. Throws where the sources do not compile. */
export function buildKernel(): string {
  const lines = compile()
    .toString('base64')
    .match(/.{1,112}/g);
  return [
    '/** The kernel, built by `npm run kernel` from kernel/*.ts; not written by hand. */',
    'export const kernelBinary =',
    `${(lines ?? []).map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}

function compile(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-kernel-'));
  try {
    const file = join(folder, 'kernel.wasm');
    const compiler = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
    const { status } = spawnSync(
      process.execPath,
      [compiler, 'kernel/index.ts', ...OPTIONS.split(' '), '--outFile', file],
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    if (status !== 0) throw new Error('the kernel does not compile');
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) writeFileSync(binaryFile, buildKernel());
