import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordDiagnostic } from '../base/diagnostic.ts';
import { BatchBuilder } from './batch.ts';
import type { Batch } from './batch.ts';
import { Framer } from './framer.ts';

interface Framed {
  readonly records: readonly { readonly text: string; readonly line: number; readonly byte: number }[];
  readonly problems: readonly RecordDiagnostic[];
  readonly batches: readonly Batch[];
  /** Records that had been handed out at each pause. */
  readonly paused: readonly number[];
}

interface Settings {
  readonly chunk?: number;
  readonly maxRecordBytes?: number;
  readonly batch?: number;
  readonly first?: number;
  /** Offsets behind which the input pauses; one byte comes at a time. */
  readonly pauses?: readonly number[];
}

/** Frames `input`, handed over in chunks of a size, with audit lines of the form `audit KEY text` or `audit KEY end`. */
function frame(
  input: string | Uint8Array,
  { pauses = [], chunk = pauses.length > 0 ? 1 : 7, maxRecordBytes = 1000, batch = 64, first = batch }: Settings = {},
): Framed {
  const batches: Batch[] = [];
  const problems: RecordDiagnostic[] = [];
  const builder = new BatchBuilder(
    batch,
    (size) => new Uint8Array(size),
    (sealed) => batches.push(sealed),
    first,
  );
  const framer = new Framer(
    {
      file: 'in.log',
      maxRecordBytes,
      groupOf(bytes, start, end) {
        const [word, key, rest] = Buffer.from(bytes.subarray(start, end)).toString('latin1').split(' ');
        return word === 'audit' && key !== undefined ? { key, last: rest === 'end' } : undefined;
      },
      report: (problem) => problems.push(problem),
    },
    builder,
  );
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const paused: number[] = [];
  const reused = new Uint8Array(chunk);
  for (let at = 0; at < bytes.length; at += chunk) {
    const part = bytes.subarray(at, at + chunk);
    reused.set(part);
    framer.push(reused.subarray(0, part.length));
    reused.fill(0x21); // whoever kept a reference now sees rubbish
    if (pauses.includes(at + 1)) {
      framer.pause();
      paused.push(batches.reduce((count, sealed) => count + sealed.count, 0));
    }
  }
  framer.end();
  const records = batches.flatMap(({ bytes: data, count, starts, ends, lines, offsets }) =>
    Array.from({ length: count }, (_, i) => ({
      text: Buffer.from(data.subarray(starts[i], ends[i])).toString(),
      line: lines[i] ?? -1,
      byte: offsets[i] ?? -1,
    })),
  );
  return { records, problems, batches, paused };
}

const texts = ({ records }: Framed): string[] => records.map(({ text }) => text);

const CHUNKS = [1, 2, 3, 7, 16, 100_000];

test('lines: each is a record with its line and byte, whatever the chunks', () => {
  for (const chunk of CHUNKS) {
    const framed = frame('{"a":1}\n\n  \r\n{"b":2}\r\n{"c":3}', { chunk });
    assert.deepEqual(framed.records, [
      { text: '{"a":1}', line: 1, byte: 0 },
      { text: '{"b":2}', line: 4, byte: 13 },
      { text: '{"c":3}', line: 5, byte: 22 },
    ]);
    assert.deepEqual(framed.problems, []);
  }
});

test('lines: a long input crosses the probe and batch borders without losing or moving a record', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `{"i":${i},"pad":"${'x'.repeat(i % 50)}"}`);
  const framed = frame(`${lines.join('\n')}\n`, { chunk: 1013, batch: 4096 });
  assert.deepEqual(texts(framed), lines);
  let byte = 0;
  framed.records.forEach((record, i) => {
    assert.equal(record.line, i + 1);
    assert.equal(record.byte, byte);
    byte += record.text.length + 1;
  });
  framed.batches.forEach(({ sequence }, i) => assert.equal(sequence, i));
});

test('lines: many at a time are cut as they are one by one', () => {
  // A number that looks random and is the same in every run.
  let state = 1;
  const upTo = (most: number): number => (state = (state * 48_271) % 2_147_483_647) % most;
  const pieces = [
    (): string => `{"i":${upTo(9999)},"pad":"${'x'.repeat(upTo(200))}"}`,
    (): string => '',
    (): string => ' \t\r',
    (): string => `  \t{"blanks":${upTo(9)}} `,
    (): string => `{"carriage":"return"}\r`,
    (): string => `no object ${upTo(99)}`,
    (): string => `{"long":"${'y'.repeat(990 + upTo(20))}"}`,
    (): string => `{"longest":"${'z'.repeat(upTo(6) === 0 ? 300_000 : 5000)}"}`,
    (): string => `audit ${upTo(3)} ${upTo(4) === 0 ? 'end' : 'more'}`,
  ];
  for (const kinds of [pieces, pieces.slice(0, 7), pieces.slice(0, 5)]) {
    const lines = Array.from({ length: 6000 }, () => (upTo(3) > 0 ? pieces[0] : kinds[upTo(kinds.length)])?.() ?? '');
    const input = lines.join('\n');
    const oneByOne = frame(input, { chunk: 1000, batch: 5000 });
    for (const chunk of [4096, 70_001, 1_000_000, 10_000_000]) {
      const many = frame(input, { chunk, batch: 5000 });
      assert.deepEqual(many.records, oneByOne.records);
      assert.deepEqual(many.problems, oneByOne.problems);
    }
    // Records of audit lines leave later than they came.
    const expected: string[] = [];
    let offset = 0;
    lines.forEach((line, i) => {
      const text = line.replace(/^[ \t\r]+|\r$/g, '');
      if (text !== '' && text.length <= 1000 && !text.startsWith('audit')) expected.push(`${i + 1} ${offset} ${text}`);
      offset += line.length + 1;
    });
    assert.deepEqual(
      oneByOne.records
        .filter(({ text }) => !text.startsWith('audit'))
        .map(({ text, line, byte }) => `${line} ${byte} ${text}`),
      expected,
    );
  }
});

test('lines: one that is too long is named and passed over, its neighbours stay', () => {
  for (const chunk of CHUNKS) {
    const framed = frame(`{"a":1}\n{"b":"${'x'.repeat(5000)}"}\n{"c":3}\n${'y'.repeat(2000)}`, { chunk });
    assert.deepEqual(texts(framed), ['{"a":1}', '{"c":3}']);
    assert.deepEqual(
      framed.problems.map(({ code, place }) => [code, place.line, place.byte]),
      [
        ['record-too-long', 2, 8],
        ['record-too-long', 4, 5025],
      ],
    );
    assert.match(framed.problems[0]?.message ?? '', /has 5008 bytes.*is 1000/);
  }
});

test('lines: a cut record does not swallow the next', () => {
  assert.deepEqual(texts(frame('{"a":"x\n{"b":2}\n')), ['{"a":"x', '{"b":2}']);
});

test('documents: pretty-printed objects and the elements of an array', () => {
  const pretty = '{\n  "a": "}{",\n  "b": [1, {"c": "\\""}]\n}\n{\n  "d": 4\n}\n';
  for (const chunk of CHUNKS) {
    const framed = frame(pretty, { chunk });
    assert.deepEqual(
      framed.records.map(({ text, line, byte }) => [JSON.parse(text), line, byte]),
      [
        [{ a: '}{', b: [1, { c: '"' }] }, 1, 0],
        [{ d: 4 }, 5, pretty.lastIndexOf('\n{') + 1],
      ],
    );
  }
  assert.deepEqual(texts(frame('[{"a":1},\n{"b":[2]}]\n')), ['{"a":1}', '{"b":[2]}']);
  assert.deepEqual(texts(frame('[\n  {\n    "a": 1\n  }\n]')), ['{     "a": 1   }']);
});

test('documents: damage costs one document', () => {
  const framed = frame('{\n  "a": "cut\n{\n  "b": 2\n}\n');
  assert.deepEqual(
    texts(framed).map((text) => text.trim()),
    ['{   "a": "cut', '{   "b": 2 }'],
  );
  const stray = frame('{\n"a":1\n}\nnonsense\n{\n"b":2\n}');
  assert.equal(texts(stray).length, 2);
  assert.deepEqual(
    stray.problems.map(({ code, place }) => [code, place.line, place.byte]),
    [['document-cut', 4, 10]],
  );
  const endless = frame(`[\n{"a":1},\n{"b":"${'x'.repeat(3000)}"},\n{"c":3}]`);
  assert.deepEqual(texts(endless), ['{"a":1}', '{"c":3}']);
  assert.deepEqual(
    endless.problems.map(({ code, place }) => [code, place.line]),
    [['record-too-long', 3]],
  );
});

test('audit: the lines of an event leave as one record, in the order of their first lines', () => {
  const framed = frame('audit 1 a\naudit 2 a\n{"x":1}\naudit 1 b\naudit 2 b\naudit 2 end\naudit 3 a\naudit 1 end\n');
  assert.deepEqual(framed.records, [
    { text: '{"x":1}', line: 3, byte: 20 },
    { text: 'audit 1 a\naudit 1 b\naudit 1 end', line: 1, byte: 0 },
    { text: 'audit 2 a\naudit 2 b\naudit 2 end', line: 2, byte: 10 },
    { text: 'audit 3 a', line: 7, byte: 60 },
  ]);
});

test('audit: an event whose end never comes is given up after a while, and cannot grow without bound', () => {
  const other = Array.from({ length: 600 }, (_, i) => `audit n${i} end`);
  const framed = frame(['audit 1 a', ...other, 'audit 1 b'].join('\n'), { chunk: 512 });
  assert.equal(framed.records.length, 602);
  assert.equal(framed.records[0]?.text, 'audit 1 a');
  const forged = frame(Array.from({ length: 300 }, () => 'audit 1 xxxxxxxxxxxxxxxxxx').join('\n'), { chunk: 512 });
  assert.ok(forged.records.every(({ text }) => text.length <= 1000));
  assert.equal(forged.records.flatMap(({ text }) => text.split('\n')).length, 300);
});

test('the first batch is small, and those that follow grow up to the largest', () => {
  const { records, batches } = frame('12345678\n'.repeat(100), { batch: 400, first: 16 });
  assert.deepEqual(
    batches.map(({ count }) => count),
    [2, 8, 32, 50, 8],
  );
  assert.equal(records.length, 100);
  assert.deepEqual(new Set(records.map(({ text }) => text)), new Set(['12345678']));
});

test('pauses: whole lines are handed out, and the rest of one is waited for', () => {
  const input = '{"a":1}\n{"b":2}\n{"c":3}\n';
  const whole = frame(input);
  const { records, paused } = frame(input, { pauses: [3, 8, 8, 12, 20] });
  assert.deepEqual(records, whole.records);
  assert.deepEqual(paused, [0, 1, 1, 2]);
});

test('pauses: a document is not taken for lines because its first line has not come, or blank lines have', () => {
  const input = '\n \n{\n "a": 1\n}\n{\n "b": 2\n}\n';
  const whole = frame(input);
  assert.equal(whole.records.length, 2);
  for (let at = 1; at <= input.length; at++) {
    const { records, problems } = frame(input, { pauses: [at] });
    assert.deepEqual(records, whole.records, `a pause behind ${at} bytes`);
    assert.deepEqual(problems, []);
  }
});

test('pauses: an audit event is waited for until the second pause behind its beginning', () => {
  const input = ['audit 1 a', 'audit 2 a', 'plain', 'audit 1 b', 'audit 2 end', 'audit 3 a', 'audit 1 c', ''].join(
    '\n',
  );
  const behind = (text: string): number => input.indexOf(text) + text.length + 1;
  const { records, paused } = frame(input, { pauses: ['audit 2 a', 'audit 2 end', 'audit 3 a'].map(behind) });
  assert.deepEqual(
    records.map(({ text }) => text),
    ['plain', 'audit 1 a\naudit 1 b', 'audit 2 a\naudit 2 end', 'audit 3 a', 'audit 1 c'],
  );
  assert.deepEqual(paused, [0, 3, 3]);
});

test('pauses: an event of which something comes again and again keeps no other waiting', () => {
  const lines = ['audit 1 a', 'audit 2 end', 'audit 1 b', 'audit 1 c', 'audit 1 d', ''];
  const ends = lines.slice(0, -1).map((_, i) => lines.slice(0, i + 1).join('\n').length + 1);
  const { paused } = frame(lines.join('\n'), { pauses: ends });
  // At the second pause what came before it; then two lines at every second one.
  assert.deepEqual(paused, [0, 2, 2, 3, 3]);
});
