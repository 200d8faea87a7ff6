import { AuditEvents, LINES_OPEN } from '../frame/audit-events.ts';
import type { GroupOf, LineGroup } from '../frame/audit-events.ts';
import type { Batch } from '../frame/batch.ts';
import { trimLine } from '../frame/framer.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { RawWindow } from './raw-window.ts';

/** How far around a line other lines of its audit event are looked for. */
export const AROUND_BYTES = 256 * 1024;
/** So much of it at once: most events lie together, and 512 lines are less than the whole. */
const STEP_BYTES = 16 * 1024;

/** Bytes read first, where the beginning of a line is not in the window. */
const FIRST_STEP = 16 * 1024;

const LINE_FEED = 10;
const OPEN_BRACE = 0x7b;

/** Where one line's record lies in the window, blanks around it left out. */
export interface RawLine {
  readonly start: number;
  readonly end: number;
  /** First byte of the line. */
  readonly lineStart: number;
}

/** A record as it is framed when something asks for it. */
export interface RawRecord {
  /** In the order of the input; several for an audit event. */
  readonly lines: readonly RawLine[];
  readonly isAudit: boolean;
  /** No other line can belong to it, whatever follows. */
  readonly isComplete: boolean;
}

/** What `all` gives. */
export interface AllRecords {
  readonly records: readonly RawRecord[];
  /** The last line of each audit event that began before. */
  readonly begun: readonly RawLine[];
}

/** Frames single records of the window: the line around a place, with the other lines of its audit event. */
export class RawRecords {
  readonly #window: RawWindow;
  readonly #kernel: Kernel;
  readonly #groupOf: GroupOf;
  readonly #maxBytes: number;
  /** Kernel memory for a text to look for. */
  readonly #needle: number;

  constructor(window: RawWindow, kernel: Kernel, groupOf: GroupOf, maxBytes: number, needle: number) {
    this.#window = window;
    this.#kernel = kernel;
    this.#groupOf = groupOf;
    this.#maxBytes = maxBytes;
    this.#needle = needle;
  }

  /** The line that `place` lies in. */
  lineAt(place: number, end: number): RawLine {
    const { bytes } = this.#window;
    const lineStart = this.lineStartBefore(place, this.#window.first);
    const found = bytes.subarray(0, end).indexOf(LINE_FEED, place);
    const trimmed = trimLine(bytes, lineStart, found === -1 ? end : found);
    return { start: trimmed.first, end: trimmed.end, lineStart };
  }

  /** Where the line that `place` lies in begins, or `floor` where that is not behind it. */
  lineStartBefore(place: number, floor: number): number {
    const { bytes } = this.#window;
    let to = place;
    for (let step = FIRST_STEP; ; step *= 2) {
      const start = Math.max(floor, this.#window.start);
      const feed = to > start ? bytes.subarray(start, to).lastIndexOf(LINE_FEED) : -1;
      if (feed !== -1) return start + feed + 1;
      if (start <= floor || this.#window.reach(start - step) >= start) return start;
      to = start;
    }
  }

  /** The record that a line is, or is part of. `end`: where what can be seen ends. */
  recordOf(line: RawLine, end: number): RawRecord {
    const group = this.#group(line);
    if (group === undefined) return { lines: [line], isAudit: false, isComplete: true };
    const { bytes } = this.#window;
    const open = bytes.subarray(line.start, line.end).indexOf('audit(');
    const close = bytes.subarray(line.start, line.end).indexOf(')', open);
    const needle = bytes.toString('latin1', line.start + open, line.start + close + 1);
    const before = this.#linesBefore(line, needle, group.key);
    const { after, isComplete } = group.last
      ? { after: [], isComplete: true }
      : this.#linesAfter(line, needle, group.key, end);
    const lines: RawLine[] = [];
    let size = 0;
    for (const one of [...before, line, ...after]) {
      size += one.end - one.start + 1;
      if (size > this.#maxBytes) break;
      lines.push(one);
    }
    return {
      lines: lines.length === 0 ? [line] : lines,
      isAudit: true,
      isComplete: isComplete || size > this.#maxBytes,
    };
  }

  #group({ start, end }: RawLine): LineGroup | undefined {
    const { bytes } = this.#window;
    return bytes[start] === OPEN_BRACE ? undefined : this.#groupOf(bytes, start, end);
  }

  #linesBefore(line: RawLine, needle: string, key: string): readonly RawLine[] {
    const length = this.#put(needle);
    const lines: RawLine[] = [];
    let from = line.lineStart;
    for (;;) {
      const found = this.#lastBefore(from, length);
      if (found === 0) break;
      const earlier = this.lineAt(found, from);
      if (earlier.lineStart >= from) break;
      from = earlier.lineStart;
      const group = this.#group(earlier);
      if (group?.key !== key) continue;
      if (group.last) break;
      lines.push(earlier);
    }
    return lines.reverse();
  }

  #linesAfter(
    line: RawLine,
    needle: string,
    key: string,
    end: number,
  ): { readonly after: readonly RawLine[]; readonly isComplete: boolean } {
    const length = this.#put(needle);
    const lines: RawLine[] = [];
    let last = line.end;
    for (;;) {
      const found = this.#firstBehind(last, end, length);
      if (found === 0) return { after: lines, isComplete: false };
      const later = this.lineAt(found, end);
      last = Math.max(later.end, found + length);
      const group = this.#group(later);
      if (group?.key !== key) continue;
      lines.push(later);
      if (group.last) return { after: lines, isComplete: true };
    }
  }

  /** The last place of the needle before `from`, within the lines and bytes that are looked through; or 0. */
  #lastBefore(from: number, length: number): number {
    const { functions } = this.#kernel;
    const floor = Math.max(this.#window.reach(from - AROUND_BYTES), from - AROUND_BYTES);
    let lines = 0;
    for (let to = from; to > floor;) {
      const start = Math.max(floor, to - STEP_BYTES);
      // One that begins in this step may end in the one behind it.
      const found = functions.findLastText(start, Math.min(from, to + length - 1), this.#needle, length);
      lines += functions.countLineFeeds(Math.max(found, start), to);
      if (lines > LINES_OPEN) return 0;
      if (found !== 0) return found;
      to = start;
    }
    return 0;
  }

  /** The first place of the needle in [from, end), within the same bounds; or 0. */
  #firstBehind(from: number, end: number, length: number): number {
    const { functions } = this.#kernel;
    const most = Math.min(end, from + AROUND_BYTES);
    let lines = 0;
    for (let start = from; start < most;) {
      const to = Math.min(most, start + STEP_BYTES);
      const found = functions.findText(start, Math.min(most, to + length - 1), this.#needle, length);
      lines += functions.countLineFeeds(start, found === 0 ? to : found);
      if (lines > LINES_OPEN) return 0;
      if (found !== 0) return found;
      start = to;
    }
    return 0;
  }

  #put(needle: string): number {
    return this.#window.bytes.write(needle, this.#needle, 'latin1');
  }

  /** Are there audit records in [from, to)? */
  holdsAudit(from: number, to: number): boolean {
    const length = this.#put('audit(');
    return this.#kernel.functions.findText(from, to, this.#needle, length) !== 0;
  }

  /** Every record whose first line lies in [from, to), as the framer would give them. `end`: where what can be seen ends. */
  all(from: number, to: number, end: number, hasAudit: boolean): AllRecords {
    const { bytes } = this.#window;
    const records: RawRecord[] = [];
    const begun: RawLine[] = [];
    const audit = new AuditEvents<RawLine>(this.#maxBytes, (lines, _line, place, isComplete) => {
      const last = lines.at(-1);
      if (place >= from && place < to) records.push({ lines, isAudit: true, isComplete });
      else if (place < from && last !== undefined && last.lineStart >= from) begun.push(last);
    });
    const before = from - AROUND_BYTES;
    const first = hasAudit ? this.lineAt(Math.max(this.#window.reach(before), before), to).lineStart : from;
    for (let at = first; at < (hasAudit ? end : to);) {
      const found = bytes.subarray(0, end).indexOf(LINE_FEED, at);
      const lineEnd = found === -1 ? end : found;
      const trimmed = trimLine(bytes, at, lineEnd);
      const line = { start: trimmed.first, end: trimmed.end, lineStart: at };
      at = lineEnd + 1;
      if (line.start === line.end) continue;
      const group = hasAudit ? this.#group(line) : undefined;
      const taken =
        group !== undefined &&
        audit.take({ group, size: line.end - line.start, line: 0, offset: line.lineStart, keep: () => line });
      if (!taken && line.lineStart >= from && line.lineStart < to)
        records.push({ lines: [line], isAudit: false, isComplete: true });
    }
    audit.end();
    return { records: records.sort(byFirstLine), begun };
  }
}

/** Records in the order of the input. */
export function byFirstLine(a: RawRecord, b: RawRecord): number {
  return (a.lines[0]?.lineStart ?? 0) - (b.lines[0]?.lineStart ?? 0);
}

/** A batch of records, copied out of the window. `lineOf` gives the number of the line that begins at a place. */
export function batchOf(
  records: readonly RawRecord[],
  window: RawWindow,
  lineOf: (place: number) => number,
): Batch | undefined {
  const count = records.length;
  if (count === 0) return undefined;
  let size = 0;
  for (const { lines } of records) for (const { start, end } of lines) size += end - start + 1;
  const bytes = new Uint8Array(size);
  const batch = {
    sequence: 0,
    bytes,
    count,
    starts: new Uint32Array(count),
    ends: new Uint32Array(count),
    lines: new Float64Array(count),
    offsets: new Float64Array(count),
  };
  let to = 0;
  records.forEach(({ lines }, i) => {
    const first = lines[0]?.lineStart ?? 0;
    batch.lines[i] = lineOf(first);
    batch.offsets[i] = window.offsetOf(first);
    batch.starts[i] = to;
    for (const { start, end } of lines) {
      bytes.set(window.bytes.subarray(start, end), to);
      to += end - start;
      bytes[to++] = LINE_FEED;
    }
    // Behind the last line there is one too, which is none of the record.
    batch.ends[i] = to - 1;
  });
  return batch;
}
