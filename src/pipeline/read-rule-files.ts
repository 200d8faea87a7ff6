import { closeSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { SourceTable } from './source-table.ts';

/** A rule path that cannot be read. */
export class RulePathError extends Error {
  override readonly name = 'RulePathError';
}

/** A rule file is text that a person wrote; a larger one is a mistake or an attack. */
export const LARGEST_FILE = 16 * 1024 * 1024;

const RULE = /(?<!\.tests)\.ya?ml$/;

/** Rule files of the paths, each once: folders are walked and their files sorted by path. `guides`: those with a `.md` beside them. */
export interface RuleFileNames {
  readonly rules: readonly string[];
  readonly guides: ReadonlyMap<string, string>;
}

/**
 * Synchronous, as all reading of rules is: a scan has nothing else to do meanwhile, and thousands of small files take a
 * tenth of the time that promises would (docs/decisions/2026-11-25-rule-cache.md).
 */
export function listRuleFiles(paths: readonly string[]): RuleFileNames {
  const names = new Set<string>();
  const guides = new Map<string, string>();
  for (const path of paths) {
    if (!isFolder(path)) {
      names.add(path);
      const guide = guideName(path);
      if (guide !== path) guides.set(path, guide);
      continue;
    }
    const found: Found = { rules: [], others: new Set() };
    walk(path, found);
    for (const name of found.rules.sort()) {
      names.add(name);
      const guide = found.others.size === 0 ? name : guideName(name);
      if (found.others.has(guide)) guides.set(name, guide);
    }
  }
  return { rules: [...names], guides };
}

function guideName(rule: string): string {
  return rule.replace(/\.ya?ml$/, '.md');
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw new RulePathError(`cannot read rules from ${path}: expected a rule file (.yml) or a folder of them`, {
      cause,
    });
  }
}

interface Found {
  readonly rules: string[];
  readonly others: Set<string>;
}

/** Rules are plain files; links to folders are not followed. */
function walk(folder: string, found: Found): void {
  // As `join` gives it, which takes longer than all the rest where it is asked for every file.
  const before = join(folder, 'x').slice(0, -1);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = before + entry.name;
    if (entry.isDirectory()) walk(path, found);
    else if (entry.isFile() && RULE.test(entry.name)) found.rules.push(path);
    else found.others.add(path);
  }
}

/** The bytes of the files, in order. Throws `RulePathError` where one is too large or cannot be read. */
export function readFiles(names: readonly string[]): SourceTable {
  let bytes = new Uint8Array(new SharedArrayBuffer(FIRST_BYTES));
  let length = 0;
  const ends: number[] = [];
  for (const name of names) {
    const file = open(name);
    try {
      const most = length + LARGEST_FILE;
      for (let read = -1; read !== 0; length += read) {
        if (length > most) throw new RulePathError(`${name} has more than ${LARGEST_FILE} bytes`);
        if (bytes.length - length < LEAST_ROOM) bytes = larger(bytes, length);
        read = readSync(file, bytes, length, Math.min(bytes.length, most + 1) - length, null);
      }
    } finally {
      closeSync(file);
    }
    ends.push(length);
  }
  return { bytes: bytes.subarray(0, length), names, ends };
}

function open(name: string): number {
  try {
    return openSync(name, 'r');
  } catch (cause) {
    throw new RulePathError(`cannot read the rule file ${name}`, { cause });
  }
}

/** Enough for SigmaHQ; what is not written to takes no memory. */
const FIRST_BYTES = 8 * 1024 * 1024;
const LEAST_ROOM = 64 * 1024;

function larger(bytes: Uint8Array, length: number): Uint8Array<SharedArrayBuffer> {
  const grown = new Uint8Array(new SharedArrayBuffer(2 * bytes.length));
  grown.set(bytes.subarray(0, length));
  return grown;
}
