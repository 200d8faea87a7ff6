// Streams made to cost as much as they can: what they hold is taken from the rules that are to read them.
import { Random } from '../../tools/example/random.ts';
import type { SigmaRule } from '../../src/sigma/rule.ts';
import type { Lane } from './lane.ts';
import { Values } from './values.ts';

/** A kind of hostile stream. */
export interface Attack {
  readonly name: string;
  readonly title: string;
  /** One line, made of an ordinary record. */
  readonly line: (record: object, texts: RuleTexts, random: Random) => string;
}

/** Texts that rules look for, without wildcards. */
export interface RuleTexts {
  readonly whole: readonly [string, ...string[]];
  /** Cut out of them, so that tables of four and eight bytes let them pass and nothing comes of it. */
  readonly pieces: readonly [string, ...string[]];
}

/** The key that hostile values stand in: most rules for process starts look there. */
const FIELD = 'CommandLine';
const LONG_BYTES = 1024 * 1024;
/** More literals than the kernel keeps of one line. */
const MANY_LITERALS = 1500;
const DEEP = 90;

const joined = (from: readonly [string, ...string[]], count: number, random: Random): string =>
  Array.from({ length: count }, () => random.pick(from)).join(' ');

const word = (random: Random): string => random.hex(12);

export const attacks: readonly Attack[] = [
  {
    name: 'colliding',
    title: 'values of pieces of literals',
    line: (record, { pieces }, random) =>
      JSON.stringify({
        ...record,
        [FIELD]: joined(pieces, 60, random),
        ParentCommandLine: joined(pieces, 60, random),
        Image: `C:\\${joined(pieces, 10, random)}.exe`,
      }),
  },
  {
    name: 'literals',
    title: 'lines of many rules’ literals',
    line: (record, { whole }, random) => JSON.stringify({ ...record, [FIELD]: joined(whole, 40, random) }),
  },
  {
    name: 'witnesses',
    title: 'more literals in a line than are kept',
    line: (record, { whole }, random) => JSON.stringify({ ...record, [FIELD]: joined(whole, MANY_LITERALS, random) }),
  },
  {
    name: 'sources',
    title: 'a log source for each line',
    line: (record, _, random) =>
      JSON.stringify({
        ...record,
        product: word(random),
        service: word(random),
        EventID: random.int(1, 1e9),
        Channel: word(random),
      }),
  },
  {
    name: 'keys',
    title: 'new keys in each line',
    line: (record, _, random) =>
      JSON.stringify({
        ...record,
        ...Object.fromEntries(Array.from({ length: 12 }, () => [word(random), { [word(random)]: word(random) }])),
      }),
  },
  {
    name: 'long',
    title: 'lines of 1 MiB',
    line: (record, { pieces }, random) => {
      const text = joined(pieces, 200, random);
      return JSON.stringify({ ...record, [FIELD]: text.repeat(Math.ceil(LONG_BYTES / text.length)) });
    },
  },
  {
    name: 'escapes',
    title: 'an escape in every value',
    line: (record) =>
      JSON.stringify(record)
        .replaceAll(/"([A-Za-z]):/g, '"\\u0043:')
        .replaceAll(/e/g, '\\u0065'),
  },
  {
    name: 'deep',
    title: 'values nested 90 deep',
    line: (record, _, random) =>
      JSON.stringify({
        ...record,
        Deep: JSON.parse(`${'{"a":['.repeat(DEEP / 2)}"${word(random)}"${']}'.repeat(DEEP / 2)}`) as unknown,
      }),
  },
  {
    name: 'kubectl',
    title: 'kubectl in each line',
    line: (record, _, random) =>
      JSON.stringify({ ...record, Image: 'C:\\bin\\kubectl.exe', [FIELD]: `kubectl get pods ${word(random)}` }),
  },
];

/** What the rules look for in process starts on Windows. */
export function textsOf(rules: readonly SigmaRule[]): RuleTexts {
  const whole = new Set<string>();
  for (const { logsource, identifiers } of rules)
    if (logsource.category === 'process_creation' && logsource.product === 'windows') textsIn(identifiers, whole);
  const pieces = [...whole].flatMap((text) => {
    const cut: string[] = [];
    for (let at = 1; at + 9 < text.length && cut.length < 4; at += 5) cut.push(text.slice(at, at + 8));
    return cut.filter((piece) => !holdsOneOf(piece, whole));
  });
  return { whole: atLeastOne([...whole].filter((text) => text.length > 3)), pieces: atLeastOne(pieces) };
}

function holdsOneOf(piece: string, texts: ReadonlySet<string>): boolean {
  for (let from = 0; from < piece.length; from++)
    for (let to = from + 1; to <= piece.length; to++) if (texts.has(piece.slice(from, to))) return true;
  return false;
}

function textsIn(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if ('kind' in value && value.kind === 'text' && 'text' in value && typeof value.text === 'string')
    into.add(value.text);
  else for (const one of Object.values(value)) textsIn(one, into);
}

function atLeastOne(texts: readonly string[]): [string, ...string[]] {
  const [first, ...others] = texts;
  if (first === undefined) throw new Error('the rules look for no text in process starts on Windows');
  return [first, ...others];
}

/** Lines of an attack up to a size, made of process starts of the lane. */
export function attackStream(attack: Attack, lane: Lane, texts: RuleTexts, seed: string, bytes: number): Buffer {
  const values = new Values(`${seed} ${attack.name}`, false);
  const random = new Random(`${seed} ${attack.name} texts`);
  const next = lane.writer(values);
  const lines: string[] = [];
  for (let size = 0; size < bytes;) {
    const { record, startsProcess } = next('ordinary');
    if (!startsProcess) continue;
    const line = attack.line(record, texts, random);
    lines.push(line);
    size += line.length + 1;
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}
