import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Source } from '../base/source.ts';
import type { RuleChoice } from './choose-rules.ts';

/** Rule files as text, so that every thread can read the same bytes. */
export interface RuleTexts {
  readonly files: readonly RuleText[];
  /** SHA-256 over the texts in order: what alert ids are derived from. File names do not count. */
  readonly hash: string;
  /** Processing pipelines in pySigma's YAML. */
  readonly pipelines: readonly Source[];
  /** Values of placeholders, by name. */
  readonly placeholders: ReadonlyMap<string, readonly string[]>;
  readonly choice: RuleChoice;
}

export interface RuleText {
  readonly source: Source;
  /** The investigation guide beside the rule file (`name.yml` → `name.md`), if there is one. */
  readonly guide?: Source;
}

/** A rule path that cannot be read. */
export class RulePathError extends Error {
  override readonly name = 'RulePathError';
}

/** A rule file is text that a person wrote; a larger one is a mistake or an attack. */
const LARGEST_FILE = 16 * 1024 * 1024;

/** Where the packs lie that come with the product: beside `src` in a checkout, beside `dist` when installed. */
export function packFolder(name: string): string {
  return join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'rules', name);
}

/**
 * Reads rule files (`.yml`, `.yaml`); folders are walked and sorted by path. Throws `RulePathError` where a path
 * cannot be read: running with fewer rules than asked for would look like silence.
 */
export async function readRuleTexts(
  paths: readonly string[],
  options: {
    readonly pipelines?: readonly string[];
    readonly placeholders?: ReadonlyMap<string, readonly string[]>;
    readonly choice?: RuleChoice;
  } = {},
): Promise<RuleTexts> {
  const names: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((cause: unknown) => {
      throw new RulePathError(`cannot read rules from ${path}: expected a rule file (.yml) or a folder of them`, {
        cause,
      });
    });
    if (!found.isDirectory()) {
      names.push(path);
      continue;
    }
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const inside = entries.filter((entry) => entry.isFile() && /(?<!\.tests)\.ya?ml$/.test(entry.name));
    names.push(...inside.map((entry) => join(entry.parentPath, entry.name)).sort());
  }
  const files: RuleText[] = [];
  for (const name of new Set(names)) {
    const { size } = await stat(name);
    if (size > LARGEST_FILE)
      throw new RulePathError(`${name} has ${size} bytes; a rule file has at most ${LARGEST_FILE}`);
    const text = await readFile(name, 'utf8');
    const guideName = name.replace(/\.ya?ml$/, '.md');
    const guide = guideName === name ? undefined : await readFile(guideName, 'utf8').catch(() => undefined);
    files.push({
      source: { name, text: text.replace(/^\ufeff/, '') },
      ...(guide === undefined ? {} : { guide: { name: guideName, text: guide } }),
    });
  }
  const hash = createHash('sha256');
  for (const { source } of files) hash.update(`${source.text.length}\n`).update(source.text);
  const pipelines: Source[] = [];
  for (const name of options.pipelines ?? []) {
    const text = await readFile(name, 'utf8').catch((cause: unknown) => {
      throw new RulePathError(`cannot read the pipeline ${name}`, { cause });
    });
    if (text.length > LARGEST_FILE) throw new RulePathError(`the pipeline ${name} is longer than ${LARGEST_FILE}`);
    pipelines.push({ name, text });
    hash.update(`pipeline ${text.length}\n`).update(text);
  }
  const placeholders = options.placeholders ?? new Map<string, readonly string[]>();
  if (placeholders.size > 0) hash.update(JSON.stringify([...placeholders]));
  const { choice = {} } = options;
  // The numbers of rules, by which a saved state names them, depend on it.
  if (choice.level !== undefined || choice.statuses !== undefined) hash.update(JSON.stringify(choice));
  return { files, hash: hash.digest('hex'), pipelines, placeholders, choice };
}
