import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { SourceError, systemCode } from './source-error.ts';

/** One thing to read: a file, or standard input. */
export interface Input {
  /** The path as reached from the argument, or `<stdin>`: what diagnostics and alerts name. */
  readonly name: string;
  /** `null`: standard input. */
  readonly path: string | null;
  /** Bytes on disk, compressed or not; `null` where that cannot be known (a pipe). */
  readonly size: number | null;
}

/** Folders nested deeper than this are not entered. */
const DEEPEST = 64;

/**
 * The inputs that path arguments name, in the order given, the files of a folder sorted by name. `-` is standard
 * input. Inside folders only regular files count (links to files are followed, links to folders are not, so a loop
 * cannot form), but for Markdown, which is about the data beside it. What cannot be reached is handed to `problem` and passed over.
 */
export async function listInputs(
  paths: readonly string[],
  problem: (name: string, error: SourceError) => void,
): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const path of paths) {
    if (path === '-') {
      inputs.push({ name: '<stdin>', path: null, size: null });
      continue;
    }
    try {
      const found = await stat(path);
      if (found.isDirectory()) await walk(path, 0, inputs, problem);
      else inputs.push({ name: path, path, size: found.isFile() ? found.size : null });
    } catch (cause) {
      problem(path, unreachable(path, cause));
    }
  }
  return inputs;
}

async function walk(
  folder: string,
  depth: number,
  inputs: Input[],
  problem: (name: string, error: SourceError) => void,
): Promise<void> {
  if (depth > DEEPEST) {
    problem(
      folder,
      new SourceError('input-unreadable', `the folder lies ${depth} folders deep; expected at most ${DEEPEST}`),
    );
    return;
  }
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    problem(folder, unreachable(folder, cause));
    return;
  }
  names.sort();
  for (const name of names) {
    const path = join(folder, name);
    try {
      const found = await lstat(path);
      if (found.isDirectory()) {
        await walk(path, depth + 1, inputs, problem);
        continue;
      }
      const target = found.isSymbolicLink() ? await stat(path) : found;
      if (target.isFile() && !name.endsWith('.md')) inputs.push({ name: path, path, size: target.size });
    } catch (cause) {
      problem(path, unreachable(path, cause));
    }
  }
}

function unreachable(path: string, cause: unknown): SourceError {
  const code = systemCode(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new SourceError('input-missing', `no such file or folder: ${path}`, { cause });
  }
  return new SourceError('input-unreadable', `cannot read ${path} (${code || 'unknown error'})`, { cause });
}
