import type { Json, JsonObject } from '../../event/json.ts';
import { auditNode, auditStamp } from '../audit-line.ts';
import { syslogHost } from '../syslog.ts';
import type { AuditRecord, RawValue } from './audit-record.ts';
import { auditRecord } from './audit-record.ts';
import { STRING_FIELDS, fromHex } from './audit-values.ts';

/** Records of one event; the kernel writes at most a few hundred PATH records. */
const MOST_RECORDS = 2_000;
const MOST_ARGUMENTS = 32_768;
/** More lost arguments than this, and only those that came are listed. */
const WIDEST_GAP = 64;

/** A key of decoded events only: how many raw lines there were. */
export const FROM_LINES = 'LINES';

/**
 * One audit event out of its raw lines, in the form LAUREL gives it: `ID`, `NODE` (and `LINES`), and an object per record type
 * (an array where a type comes more than once, always for PATH). `EXECVE.ARGV` and `PROCTITLE.ARGV` are arrays.
 * Lines that are no audit records are passed over; `undefined` where none is.
 */
export function auditEvent(lines: string): JsonObject | undefined {
  const byType = new Map<string, AuditRecord[]>();
  let id: string | undefined;
  let node: string | undefined;
  let count = 0;
  for (const line of lines.split('\n')) {
    const stamp = auditStamp(line);
    if (stamp === undefined) continue;
    if (++count > MOST_RECORDS) break;
    id ??= stamp.id;
    node ??= auditNode(line, stamp) ?? syslogHost(line.slice(0, stamp.typeAt));
    const record = auditRecord(line, stamp);
    const same = byType.get(record.type);
    if (same) same.push(record);
    else byType.set(record.type, [record]);
  }
  if (id === undefined) return undefined;
  const entries: [string, Json][] = [
    ['ID', id],
    [FROM_LINES, count],
  ];
  if (node !== undefined) entries.push(['NODE', node]);
  for (const [type, records] of byType) if (type !== 'EOE') entries.push([type, ofType(type, records)]);
  // Defines own properties, whatever a forged type is called.
  return Object.fromEntries(entries);
}

function ofType(type: string, records: readonly AuditRecord[]): Json {
  if (type === 'EXECVE') return { ARGV: argumentVector(records), ...argumentCount(records) };
  if (type === 'PROCTITLE') {
    const title = records[0]?.fields.get('proctitle');
    return {
      ARGV:
        title === undefined
          ? []
          : valueOf('proctitle', title)
              .split('\u0000')
              .filter((part) => part !== ''),
    };
  }
  const objects = records.map(({ fields }) =>
    Object.fromEntries([...fields].map(([key, value]) => [key, valueOf(key, value)])),
  );
  const [only] = objects;
  return type === 'PATH' || objects.length !== 1 || only === undefined ? objects : only;
}

function valueOf(key: string, { text, quoted }: RawValue): string {
  return quoted || !STRING_FIELDS.has(key) ? text : fromHex(text);
}

function argumentCount(records: readonly AuditRecord[]): JsonObject {
  const argc = records.map(({ fields }) => fields.get('argc')?.text).find((text) => text !== undefined);
  return argc === undefined ? {} : { argc };
}

/**
 * The arguments of an exec. Long ones come in pieces `a10[0]`, `a10[1]`, …, long vectors over several records, in any
 * order, and some may be lost: a lost argument is empty, unless so many are lost that places say nothing any more.
 */
function argumentVector(records: readonly AuditRecord[]): string[] {
  const pieces = new Map<number, RawValue[]>();
  for (const { fields } of records) {
    for (const [key, value] of fields) {
      const place = /^a(\d{1,5})(?:\[(\d{1,5})\])?$/.exec(key);
      if (!place) continue;
      const index = Number(place[1]);
      if (index >= MOST_ARGUMENTS) continue;
      const of = pieces.get(index) ?? [];
      const piece = Number(place[2] ?? '0');
      // Sparse beyond reason is forged; such a piece goes last.
      of[Math.min(piece, of.length + WIDEST_GAP)] ??= value;
      pieces.set(index, of);
    }
  }
  const indexes = [...pieces.keys()].sort((a, b) => a - b);
  const last = indexes.at(-1) ?? -1;
  const missing = last + 1 - indexes.length;
  const places = missing > 0 && missing <= WIDEST_GAP ? Array.from({ length: last + 1 }, (_, i) => i) : indexes;
  return places.map((index) => joined(pieces.get(index) ?? []));
}

/** Pieces are cut anywhere, in the middle of a UTF-8 character too: hexadecimal is joined before it is read. */
function joined(pieces: readonly (RawValue | undefined)[]): string {
  const present = pieces.filter((piece) => piece !== undefined);
  if (present.every(({ quoted }) => !quoted)) return fromHex(present.map(({ text }) => text).join(''));
  return present.map(({ text, quoted }) => (quoted ? text : fromHex(text))).join('');
}
