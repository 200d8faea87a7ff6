import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Source } from '../base/source.ts';
import type { RuleChoice } from './choose-rules.ts';
import { LARGEST_FILE, listRuleFiles, readFiles, RulePathError } from './read-rule-files.ts';
import { sourcesOf, textOf } from './source-table.ts';
import type { SourceTable } from './source-table.ts';

export { RulePathError } from './read-rule-files.ts';

/** Rule files as text, and what else decides what they mean. */
export interface RuleTexts {
  /** The texts of `files`, in the same order. */
  readonly table: SourceTable;
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

/** Where the packs lie that come with the product: beside `src` in a checkout, beside `dist` when installed. */
export function packFolder(name: string): string {
  return join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'rules', name);
}

/**
 * Reads rule files (`.yml`, `.yaml`); folders are walked and sorted by path. Throws `RulePathError` where a path
 * cannot be read: running with fewer rules than asked for would look like silence.
 */
export function readRuleTexts(
  paths: readonly string[],
  options: {
    readonly pipelines?: readonly string[];
    readonly placeholders?: ReadonlyMap<string, readonly string[]>;
    readonly choice?: RuleChoice;
  } = {},
): RuleTexts {
  const names = listRuleFiles(paths);
  const table = readFiles(names.rules);
  const files = sourcesOf(table).map((source): RuleText => {
    const guide = readGuide(names.guides.get(source.name));
    return guide === undefined ? { source } : { source, guide };
  });
  const hash = createHash('sha256');
  for (let i = 0; i < files.length; i++) {
    const bytes = table.bytes.subarray(table.ends[i - 1] ?? 0, table.ends[i]);
    // What is hashed is the text; of ASCII it is the bytes.
    const text = isAscii(bytes) ? bytes : textOf(table, i);
    hash.update(`${text.length}\n`).update(text);
  }
  const pipelines: Source[] = [];
  for (const name of options.pipelines ?? []) {
    const text = readPipelineText(name);
    pipelines.push({ name, text });
    hash.update(`pipeline ${text.length}\n`).update(text);
  }
  const placeholders = options.placeholders ?? new Map<string, readonly string[]>();
  if (placeholders.size > 0) hash.update(JSON.stringify([...placeholders]));
  const { choice = {} } = options;
  // The numbers of rules, by which a saved state names them, depend on it.
  if (choice.level !== undefined || choice.statuses !== undefined) hash.update(JSON.stringify(choice));
  return { table, files, hash: hash.digest('hex'), pipelines, placeholders, choice };
}

function readGuide(name: string | undefined): Source | undefined {
  if (name === undefined) return undefined;
  try {
    return { name, text: readFileSync(name, 'utf8') };
  } catch {
    return undefined;
  }
}

function readPipelineText(name: string): string {
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch (cause) {
    throw new RulePathError(`cannot read the pipeline ${name}`, { cause });
  }
  if (text.length > LARGEST_FILE) throw new RulePathError(`the pipeline ${name} is longer than ${LARGEST_FILE}`);
  return text;
}
