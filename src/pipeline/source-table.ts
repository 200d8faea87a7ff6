import type { Source } from '../base/source.ts';

/**
 * Texts as their files have them, one after another: thousands of small files in one run of shared memory, which every
 * thread can read. Plain data: it travels between threads.
 */
export interface SourceTable {
  readonly bytes: Uint8Array;
  readonly names: readonly string[];
  /** Where in `bytes` each text ends. */
  readonly ends: readonly number[];
}

export interface RuleText {
  readonly source: Source;
  /** The investigation guide beside the rule file (`name.yml` → `name.md`), if there is one. */
  readonly guide?: Source;
}

/** The text of number `i`; without a byte-order mark, and U+FFFD for what is not UTF-8. */
export function textOf({ bytes, ends }: SourceTable, i: number): string {
  const [start, end] = [ends[i - 1] ?? 0, ends[i] ?? 0];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', start, end);
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Every text, each decoded when it is first asked for. */
export function sourcesOf(table: SourceTable): readonly Source[] {
  return table.names.map((name, i) => new TableSource(name, table, i));
}

/** Every text with its guide; `guides` has them by number. */
export function ruleTextsOf(table: SourceTable, guides: ReadonlyMap<number, Source>): readonly RuleText[] {
  return sourcesOf(table).map((source, i) => {
    const guide = guides.get(i);
    return guide === undefined ? { source } : { source, guide };
  });
}

class TableSource implements Source {
  readonly name: string;
  readonly #table: SourceTable;
  readonly #number: number;
  #text: string | undefined;

  constructor(name: string, table: SourceTable, number: number) {
    this.name = name;
    this.#table = table;
    this.#number = number;
  }

  get text(): string {
    return (this.#text ??= textOf(this.#table, this.#number));
  }
}
