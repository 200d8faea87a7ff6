import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BatchBuilder } from '../../src/frame/batch.ts';
import { Framer } from '../../src/frame/framer.ts';
import { LineFinder } from '../../src/frame/line-finder.ts';
import { createKernel, PAGE_BYTES } from '../../src/kernel/kernel.ts';
import { auditGroupOf } from '../../src/pipeline/audit-group.ts';
import { Random } from '../../tools/example/random.ts';

const SEED = process.env['PORTREEVE_FUZZ_SEED'] ?? String(Date.now() % 1_000_000);

/** Records as text with their places, the input handed over in chunks. Lines are found one by one where chunks are small. */
function framed(input: Buffer, chunk: number, maxRecordBytes: number): readonly string[] {
  const records: string[] = [];
  const builder = new BatchBuilder(
    64 * 1024,
    (size) => new Uint8Array(size),
    (batch) => {
      for (let i = 0; i < batch.count; i++) {
        const text = Buffer.from(batch.bytes.subarray(batch.starts[i], batch.ends[i])).toString('latin1');
        records.push(`${batch.lines[i]} ${batch.offsets[i]} ${text}`);
      }
    },
  );
  const report = ({ code }: { readonly code: string }): void => void records.push(code);
  const framer = new Framer({ file: '', maxRecordBytes, groupOf: auditGroupOf, report }, builder);
  for (let at = 0; at < input.length; at += chunk) framer.push(input.subarray(at, at + chunk));
  framer.end();
  return records;
}

/** An audit log as they are, and as they are not: events that interleave, that lack their last record or come twice, other lines between. */
function log(random: Random, events: number): Buffer {
  const open: string[][] = [];
  const lines: string[] = [];
  const end = random.pick(['\n', '\n', '\n', '\r\n']);
  for (let i = 0; i < events; i++) {
    const node = random.chance(0.1) ? `node=${random.pick(['a', 'b'])} ` : '';
    const serial = random.chance(0.05) ? 7 : i;
    const stamp = `msg=audit(1700000000.${random.pick(['123', '5'])}:${serial}):`;
    const types = ['SYSCALL', 'EXECVE', 'PATH', 'PROCTITLE'].slice(0, random.int(0, 4));
    if (random.chance(0.8)) types.push(random.pick(['EOE', 'EOE', 'EOE', '1320', 'EOE_']));
    open.push(types.map((type) => `${node}type=${type} ${stamp} ${'x'.repeat(random.int(0, 200))}`));
    if (random.chance(0.7)) lines.push(...(open.pop() ?? []));
    while (open.length > 3 || (open.length > 0 && random.chance(0.3))) {
      const of = random.pick([open[0] ?? [], ...open]);
      const line = of.shift();
      if (line === undefined) open.splice(open.indexOf(of), 1);
      else lines.push(line);
    }
    if (random.chance(0.1))
      lines.push(
        random.pick(['', '  ', '{"a":1}', 'text', `Oct  1 00:00:00 host type=PATH ${stamp} `, `type=EOE ${stamp}`]),
      );
  }
  return Buffer.from(lines.join(end) + (random.chance(0.5) ? end : ''));
}

test(`audit events are the same records whether their lines are found together or one by one (seed ${SEED})`, () => {
  const random = new Random(`${SEED} framing`);
  let records = 0;
  for (let times = 0; times < 60; times++) {
    const input = log(random, random.int(1, 1500));
    const longest = random.pick([64 * 1024, 300, 700]);
    const expected = framed(input, 997, longest);
    assert.deepEqual(framed(input, input.length, longest), expected);
    assert.deepEqual(framed(input, random.int(4096, 70_000), longest), expected);
    records += expected.length;
  }
  assert.ok(records > 10_000, String(records));
});

test('lines of events that never end, or that came before, are not read over and over', (t) => {
  const line = (serial: number, type: string): string => `type=${type} msg=audit(1700000000.123:${serial}): x`;
  const many = Array.from({ length: 20_000 }, () => line(1, 'PATH'));
  const asked = t.mock.method(LineFinder.prototype, 'event');
  const found = (lines: readonly string[], longest: number): number => {
    const before = asked.mock.calls.filter(({ result }) => result !== undefined).length;
    framed(Buffer.from(`${lines.join('\n')}\n`), 1024 * 1024, longest);
    return asked.mock.calls.filter(({ result }) => result !== undefined).length - before;
  };
  const pieces = Math.ceil((many.join('\n').length + 1000) / (256 * 1024));
  assert.equal(found(many, 1024 * 1024), 0);
  // Of each piece of the input at most one is looked at that is not taken.
  assert.ok(found([line(1, 'SYSCALL'), line(2, 'EOE'), ...many, line(1, 'EOE')], 16 * 1024 * 1024) <= pieces + 1);
  assert.ok(found([...many, line(1, 'EOE')], 4096) <= pieces + 1);
});

test('where no event was found, it is said which lines were read for that', () => {
  const kernel = createKernel(4);
  assert.ok(kernel);
  const { functions, memory } = kernel;
  const line = (serial: number): string => `type=PATH msg=audit(1700000000.123:${serial}): x\n`;
  const said = (text: string): number => {
    const bytes = Buffer.from(text);
    new Uint8Array(memory.buffer).set(bytes, PAGE_BYTES);
    assert.equal(functions.findEvent(PAGE_BYTES, PAGE_BYTES + bytes.length), 0);
    return functions.eventStopped() - PAGE_BYTES;
  };
  assert.equal(said(line(1).repeat(100)), line(1).length * 100);
  assert.equal(said(`${line(1).repeat(100)}${line(2)}`), line(1).length * 100);
  assert.equal(said(`${line(1).repeat(3)}type=EOE`), line(1).length * 3);
  assert.equal(said(`nothing\n${line(1)}`), 1);
});
