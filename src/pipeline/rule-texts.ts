import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Source } from '../base/source.ts';
import type { RuleChoice } from './choose-rules.ts';
import { LARGEST_FILE, listRuleFiles, readFiles, RulePathError } from './read-rule-files.ts';
import { ruleTextsOf, textOf } from './source-table.ts';
import type { RuleText, SourceTable } from './source-table.ts';

export { RulePathError } from './read-rule-files.ts';

/** Rule files as text, and what else decides what they mean. */
export interface RuleTexts {
  /** The texts of `files`, in the same order. */
  readonly table: SourceTable;
  readonly files: readonly RuleText[];
  readonly guides: RuleFiles['guides'];
  /** SHA-256 over the texts in order: what alert ids are derived from. File names do not count. */
  readonly hash: string;
  /** Processing pipelines in pySigma's YAML. */
  readonly pipelines: readonly Source[];
  /** Values of placeholders, by name. */
  readonly placeholders: ReadonlyMap<string, readonly string[]>;
  readonly choice: RuleChoice;
}

/** Where the packs lie that come with the product: beside `src` in a checkout, beside `dist` when installed. */
export function packFolder(name: string): string {
  return join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'rules', name);
}

/** What besides rule files decides what rules mean. */
export interface RuleTextOptions {
  readonly pipelines?: readonly string[];
  readonly placeholders?: ReadonlyMap<string, readonly string[]>;
  readonly choice?: RuleChoice;
}

/** Rule files as they were read. Plain data: another thread may have read them. */
export interface RuleFiles {
  readonly table: SourceTable;
  /** Investigation guides, by place of the rule file. */
  readonly guides: ReadonlyMap<number, Source>;
  /** `RuleTexts.hash` where nothing else decides what rules mean. */
  readonly hash: string;
}

/**
 * Reads rule files (`.yml`, `.yaml`); folders are walked and sorted by path. Throws `RulePathError` where a path
 * cannot be read: running with fewer rules than asked for would look like silence.
 */
export function readRuleFiles(paths: readonly string[]): RuleFiles {
  const names = listRuleFiles(paths);
  const table = readFiles(names.rules);
  const guides = new Map<number, Source>();
  if (names.guides.size > 0) {
    table.names.forEach((name, i) => {
      const guide = readGuide(names.guides.get(name));
      if (guide) guides.set(i, guide);
    });
  }
  return { table, guides, hash: hashOf(table).digest('hex') };
}

/** Reads rules with all that decides what they mean. `files`: what `readRuleFiles` gave for the paths, if it has been asked. */
export function readRuleTexts(
  paths: readonly string[],
  options: RuleTextOptions = {},
  files: RuleFiles = readRuleFiles(paths),
): RuleTexts {
  const { table, guides } = files;
  const { placeholders = new Map<string, readonly string[]>(), choice = {} } = options;
  const pipelines = (options.pipelines ?? []).map((name): Source => ({ name, text: readPipelineText(name) }));
  return {
    table,
    files: ruleTextsOf(table, guides),
    guides,
    hash: hashWith(files, { pipelines, placeholders, choice }),
    pipelines,
    placeholders,
    choice,
  };
}

function hashWith(
  { table, hash: plain }: RuleFiles,
  { pipelines, placeholders, choice }: Pick<RuleTexts, 'pipelines' | 'placeholders' | 'choice'>,
): string {
  const isChosen = choice.level !== undefined || choice.statuses !== undefined;
  if (pipelines.length === 0 && placeholders.size === 0 && !isChosen) return plain;
  const hash = hashOf(table);
  for (const { text } of pipelines) hash.update(`pipeline ${text.length}\n`).update(text);
  if (placeholders.size > 0) hash.update(JSON.stringify([...placeholders]));
  // The numbers of rules, by which a saved state names them, depend on it.
  if (isChosen) hash.update(JSON.stringify(choice));
  return hash.digest('hex');
}

/** Over the texts, each after its length. Gathered in larger pieces: thousands of small ones take longer than all their bytes. */
function hashOf(table: SourceTable): Hash {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(HASHED_AT_ONCE);
  let used = 0;
  const take = (bytes: Uint8Array | string, length: number): void => {
    if (used + length > piece.length) {
      hash.update(piece.subarray(0, used));
      used = 0;
    }
    if (length > piece.length) hash.update(bytes);
    else if (typeof bytes === 'string') used += piece.write(bytes, used, 'latin1');
    else {
      piece.set(bytes, used);
      used += length;
    }
  };
  for (let i = 0; i < table.ends.length; i++) {
    const bytes = table.bytes.subarray(table.ends[i - 1] ?? 0, table.ends[i]);
    // What is hashed is the text; of ASCII it is the bytes.
    const text = isAscii(bytes) ? undefined : textOf(table, i);
    const lead = `${text?.length ?? bytes.length}\n`;
    take(lead, lead.length);
    const encoded = text === undefined ? bytes : Buffer.from(text);
    take(encoded, encoded.length);
  }
  return hash.update(piece.subarray(0, used));
}

const HASHED_AT_ONCE = 64 * 1024;

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
