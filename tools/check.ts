// Runs every check, or the one that is named: what `npm test`, `npm run check`, `npm run build` and `npm run fix` do.
import { spawnSync } from 'node:child_process';
import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules', name);
const tsc = bin('typescript/bin/tsc');

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const node = (name: string, ...args: string[]): Step => ({ name, command: process.execPath, args });

const build = node('types of each room, and its arrows', tsc, '-b');
const checks: readonly Step[] = [
  node('format', bin('oxfmt/bin/oxfmt'), '--check', '.'),
  build,
  node('types of tests', tsc, '-p', 'test'),
  node('types of tools', tsc, '-p', 'tools'),
  node('types of bench', tsc, '-p', 'bench'),
  node('lint', bin('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings', '.'),
  node('dead code', bin('knip/bin/knip.js')),
];

const unit = (): Step =>
  node(
    'tests',
    '--test',
    '--test-reporter=spec',
    ...globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts', 'bench/**/*.test.ts'], {
      cwd: root,
    }).sort(),
  );

const [task = 'check', ...rest] = process.argv.slice(2);
switch (task) {
  case 'check':
    run([...checks, unit()]);
    break;
  case 'unit':
    run([rest.length > 0 ? node('tests', '--test', ...rest) : unit()]);
    break;
  case 'build':
    rmSync(join(root, 'dist'), { recursive: true, force: true });
    run([build]);
    break;
  case 'fix':
    run([node('format', bin('oxfmt/bin/oxfmt'), '.'), node('lint', bin('oxlint/bin/oxlint'), '--fix', '.')]);
    break;
  default:
    console.error(`unknown task ${task}; expected check, unit, build or fix`);
    process.exitCode = 2;
}

/** Runs the steps in order and stops at the first that fails, so that its output is the last on the screen. */
function run(steps: readonly Step[]): void {
  for (const { name, command, args } of steps) {
    const began = performance.now();
    const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    if (status !== 0) {
      console.error(`\n${name}: failed after ${seconds} s`);
      process.exitCode = 1;
      return;
    }
    console.error(`${name}: ok, ${seconds} s`);
  }
}
