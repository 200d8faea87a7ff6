import type { Json, JsonObject } from '../../event/json.ts';
import { auditNode, auditStamp } from '../audit-line.ts';
import { syslogHost } from '../syslog.ts';
import { auditObject, auditType, rawPairs, valueOf } from './audit-record.ts';
import type { AuditBody, RawValue } from './audit-record.ts';
import { fromHex } from './audit-values.ts';

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
export function auditEvent(text: string): JsonObject | undefined {
  const byType = new Map<string, AuditBody[]>();
  let id: string | undefined;
  let node: string | undefined;
  let count = 0;
  for (let from = 0, to = 0; from <= text.length; from = to + 1) {
    to = text.indexOf('\n', from);
    if (to === -1) to = text.length;
    const line = text.slice(from, to);
    const stamp = auditStamp(line);
    if (stamp === undefined) continue;
    if (++count > MOST_RECORDS) break;
    id ??= stamp.id;
    node ??= auditNode(line, stamp) ?? syslogHost(line.slice(0, stamp.typeAt));
    const type = auditType(stamp);
    const same = byType.get(type);
    const body = { text, from: from + stamp.bodyAt, to };
    if (same) same.push(body);
    else byType.set(type, [body]);
  }
  if (id === undefined) return undefined;
  const entries: [string, Json][] = [
    ['ID', id],
    [FROM_LINES, count],
  ];
  if (node !== undefined) entries.push(['NODE', node]);
  for (const [type, found] of byType) if (type !== 'EOE') entries.push([type, ofType(type, found)]);
  // Defines own properties, whatever a forged type is called.
  return Object.fromEntries(entries);
}

function ofType(type: string, bodies: readonly AuditBody[]): Json {
  if (type === 'EXECVE') return execve(bodies.map((body) => rawPairs(body, type)));
  if (type === 'PROCTITLE') {
    const [first] = bodies;
    const title = first && rawPairs(first, type).get('proctitle');
    return {
      ARGV:
        title === undefined
          ? []
          : valueOf('proctitle', title.text, title.quoted)
              .split('\u0000')
              .filter((part) => part !== ''),
    };
  }
  const objects = bodies.map((body) => auditObject(body, type));
  const [only] = objects;
  return type === 'PATH' || objects.length !== 1 || only === undefined ? objects : only;
}

function execve(records: readonly ReadonlyMap<string, RawValue>[]): JsonObject {
  const [first] = records;
  const args = (records.length === 1 && first ? plainVector(first) : undefined) ?? argumentVector(records);
  const argc = records.map((fields) => fields.get('argc')?.text).find((text) => text !== undefined);
  return argc === undefined ? { ARGV: args } : { ARGV: args, argc };
}

/** `a0`, `a1`, …: names of the first arguments. */
const PLACES = Array.from({ length: 256 }, (_, place) => `a${place}`);

/** The arguments of a record that holds all of them whole and in order, as nearly every one does. */
function plainVector(fields: ReadonlyMap<string, RawValue>): string[] | undefined {
  const args: string[] = [];
  for (const [key, { text, quoted }] of fields) {
    if (key === PLACES[args.length]) args.push(quoted ? text : fromHex(text));
    else if (key !== 'argc') return undefined;
  }
  return args;
}

/**
 * The arguments of an exec. Long ones come in pieces `a10[0]`, `a10[1]`, …, long vectors over several records, in any
 * order, and some may be lost: a lost argument is empty, unless so many are lost that places say nothing any more.
 */
function argumentVector(records: readonly ReadonlyMap<string, RawValue>[]): string[] {
  const pieces = new Map<number, RawValue[]>();
  for (const fields of records) {
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
