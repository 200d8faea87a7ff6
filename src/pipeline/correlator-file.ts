import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

import { isSavedEntry, isSavedGroup, isStateHead } from '../correlate/state.ts';
import type { CorrelatorState, SavedGroup } from '../correlate/state.ts';
import type { GroupEntry } from '../correlate/group.ts';

/** A state file that cannot be gone on from. */
export class CorrelatorStateError extends Error {
  override readonly name = 'CorrelatorStateError';
}

const EMPTY: CorrelatorState = {
  version: 2,
  latest: null,
  nextEvent: 0,
  counts: { observed: 0, duplicates: 0, late: 0, ungrouped: 0, dropped_groups: 0, dropped_entries: 0 },
  groups: [],
};

const FORMAT = 'portreeve correlation state';
/** A line holds one event's values, or what is known of a group; both are bounded where they are made. */
const LONGEST_LINE = 64 * 1024 * 1024;
const WRITTEN_AT_ONCE = 256 * 1024;

/**
 * The state in the file, or one to begin with where there is no file. `rules`: the hash of the rules it belongs to.
 * A file is lines of JSON: a head, each group followed by its events, and an end with the CRC-32 of all bytes before it.
 */
export async function loadCorrelatorState(path: string, rules: string): Promise<CorrelatorState> {
  const reader = new StateReader(path, rules);
  let checksum = 0;
  try {
    for await (const { text, bytes } of lines(path)) {
      reader.line(text, checksum);
      checksum = crc32(bytes, checksum);
    }
  } catch (cause) {
    if (cause instanceof CorrelatorStateError) throw cause;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return EMPTY;
    throw new CorrelatorStateError(`cannot read the correlation state ${path}`, { cause });
  }
  return reader.end();
}

class StateReader {
  readonly #path: string;
  readonly #rules: string;
  #head: Omit<CorrelatorState, 'groups'> | undefined;
  readonly #groups: (SavedGroup & { entries: GroupEntry[] })[] = [];
  /** Events of the last group that are still to come. */
  #wanted = 0;
  #isEnded = false;
  #number = 0;

  constructor(path: string, rules: string) {
    this.#path = path;
    this.#rules = rules;
  }

  /** `checksum`: of the lines before this one. */
  line(text: string, checksum: number): void {
    this.#number++;
    const value = this.#parsed(text);
    if (this.#isEnded) this.#damaged('goes on after its end');
    if (this.#head === undefined) {
      this.#head = this.#readHead(value);
    } else if (this.#wanted > 0) {
      const group = this.#groups.at(-1);
      if (!isSavedEntry(value, group?.entries.at(-1))) return this.#damaged('has no event where one should be');
      group?.entries.push(value);
      this.#wanted--;
    } else if (isRecord(value) && 'end' in value) {
      if (value['end'] !== this.#groups.length || value['crc32'] !== checksum)
        this.#damaged('does not have the checksum that it says');
      this.#isEnded = true;
    } else {
      const count = isRecord(value) ? value['entries'] : undefined;
      if (!isSavedGroup(value) || typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0)
        return this.#damaged('has no group where one should be');
      const { correlation, key, said } = value;
      this.#groups.push({ correlation, key, said, entries: [] });
      this.#wanted = count;
    }
  }

  end(): CorrelatorState {
    if (this.#head === undefined) return this.#foreign();
    if (!this.#isEnded) this.#damaged('is cut short');
    return { ...this.#head, groups: this.#groups };
  }

  #readHead(value: unknown): Omit<CorrelatorState, 'groups'> {
    if (!isRecord(value)) return this.#foreign();
    const { format, rules } = value;
    if (format !== FORMAT || !isStateHead(value)) return this.#foreign();
    const { version, latest, nextEvent, counts } = value;
    if (rules !== this.#rules)
      throw new CorrelatorStateError(
        `the correlation state ${this.#path} belongs to other rules; remove it to begin anew, or give the rules it was made with`,
      );
    return { version, latest, nextEvent, counts };
  }

  #parsed(text: string): unknown {
    // JSON may have blanks around it; a line that we wrote has none.
    const line = text.endsWith('\n') ? text.slice(0, -1) : text;
    if (line.trim() !== line) this.#damaged('has blanks around it');
    try {
      return JSON.parse(text);
    } catch {
      return this.#head === undefined ? this.#foreign() : this.#damaged('is not JSON');
    }
  }

  #foreign(): never {
    throw new CorrelatorStateError(
      `${this.#path} is no correlation state; expected what --correlation-state has written`,
    );
  }

  #damaged(what: string): never {
    throw new CorrelatorStateError(
      `the correlation state ${this.#path} is damaged: at line ${this.#number} it ${what}; remove it to begin anew`,
    );
  }
}

/** The lines of a file; `bytes` with the end of the line. */
async function* lines(path: string): AsyncGenerator<{ readonly text: string; readonly bytes: Buffer }> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of createReadStream(path)) {
    let rest: Buffer = piece;
    for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
      const bytes = Buffer.concat([...held, rest.subarray(0, end + 1)]);
      yield { text: bytes.toString('utf8'), bytes };
      held = [];
      size = 0;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) held.push(rest);
    size += rest.length;
    if (size > LONGEST_LINE)
      throw new CorrelatorStateError(`${path} is no correlation state: a line of more than ${LONGEST_LINE} bytes`);
  }
  if (size > 0) yield { text: Buffer.concat(held).toString('utf8'), bytes: Buffer.concat(held) };
}

/** Written whole or not at all: to a file beside it, flushed, then renamed. */
export async function saveCorrelatorState(path: string, rules: string, state: CorrelatorState): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(beside, 'w', 0o600);
    try {
      let checksum = 0;
      for (const text of written(rules, state)) {
        checksum = crc32(text, checksum);
        await file.writeFile(text);
      }
      await file.writeFile(`${JSON.stringify({ end: state.groups.length, crc32: checksum })}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw new CorrelatorStateError(`cannot write the correlation state ${path}`, { cause });
  }
}

/** The rename too must outlast a loss of power. Not every system can flush a folder. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // What was renamed is there all the same.
  }
}

function* written(rules: string, { groups, ...head }: CorrelatorState): Generator<string> {
  let text = `${JSON.stringify({ format: FORMAT, rules, ...head })}\n`;
  for (const { entries, ...group } of groups) {
    text += `${JSON.stringify({ ...group, entries: entries.length })}\n`;
    for (const entry of entries) {
      text += `${JSON.stringify(entry)}\n`;
      if (text.length < WRITTEN_AT_ONCE) continue;
      yield text;
      text = '';
    }
  }
  yield text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
