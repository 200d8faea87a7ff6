import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import fc from 'fast-check';

import { regressionCases, sigmahq } from '../../test/regression/regression-case.ts';
import type { Json } from '../event/json.ts';
import { parseJson } from '../event/parse-json.ts';
import { evtxToJson } from '../sources/evtx.ts';
import { readChunk } from './read-chunk.ts';

/** Writes BinXML of our own: one chunk, one template that every record uses. */
class ChunkWriter {
  readonly bytes = new Uint8Array(65_536);
  readonly #view = new DataView(this.bytes.buffer);
  readonly #names = new Map<string, number>();
  at = 512;

  u8(value: number): this {
    this.#view.setUint8(this.at++, value);
    return this;
  }
  u16(value: number): this {
    this.#view.setUint16(this.at, value, true);
    this.at += 2;
    return this;
  }
  u32(value: number): this {
    this.#view.setUint32(this.at, value, true);
    this.at += 4;
    return this;
  }
  u64(value: bigint): this {
    this.#view.setBigUint64(this.at, value, true);
    this.at += 8;
    return this;
  }
  text(value: string): this {
    for (let i = 0; i < value.length; i++) this.u16(value.charCodeAt(i));
    return this;
  }
  name(name: string): this {
    const known = this.#names.get(name);
    if (known !== undefined) return this.u32(known);
    this.u32(this.at + 4);
    this.#names.set(name, this.at);
    return this.u32(0).u16(0).u16(name.length).text(name).u16(0);
  }
  open(name: string, attributes: Readonly<Record<string, string | number>> = {}): this {
    const names = Object.keys(attributes);
    this.u8(names.length > 0 ? 0x41 : 0x01)
      .u16(0)
      .u32(0)
      .name(name);
    if (names.length > 0) this.u32(0);
    for (const [key, value] of Object.entries(attributes)) {
      this.u8(0x06).name(key);
      if (typeof value === 'string') this.u8(0x05).u8(1).u16(value.length).text(value);
      else this.u8(0x0e).u16(value).u8(0);
    }
    return this.u8(0x02);
  }
  slot(index: number): this {
    return this.u8(0x0e).u16(index).u8(0);
  }
  close(): this {
    return this.u8(0x04);
  }
  patch(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }
}

type Value = readonly [type: number, write: (to: ChunkWriter) => unknown, size: number];

/** A chunk with a record for each list of values; slot 0 is EventID, 1 the time, from 2 on the fields named. */
function chunkOf(fields: readonly string[], records: readonly (readonly Value[])[]): Uint8Array {
  const to = new ChunkWriter();
  let template = 0;
  for (const values of records) {
    const start = to.at;
    to.u32(0x2a2a).u32(0).u64(1n).u64(0n).u8(0x0f).u8(1).u8(1).u8(0).u8(0x0c).u8(1).u32(7);
    to.u32(template === 0 ? to.at + 4 : template);
    if (template === 0) {
      template = to.at;
      to.u32(0).u64(0n).u64(0n).u32(0);
      const body = to.at;
      to.u8(0x0f).u8(1).u8(1).u8(0).open('Event', { xmlns: 'urn:x' }).open('System');
      to.open('Provider', { Name: 'Microsoft-Windows-Sysmon' }).close();
      to.open('EventID').slot(0).close().open('TimeCreated', { SystemTime: 1 }).close().close().open('EventData');
      fields.forEach((field, i) =>
        to
          .open('Data', { Name: field })
          .slot(i + 2)
          .close(),
      );
      to.close().close().u8(0);
      to.patch(body - 4, to.at - body);
    }
    to.u32(values.length);
    for (const [type, , size] of values) to.u16(size).u8(type).u8(0);
    for (const [, write] of values) write(to);
    to.u8(0);
    const size = to.at + 4 - start;
    to.u32(size).patch(start + 4, size);
  }
  to.bytes.set([0x45, 0x6c, 0x66, 0x43, 0x68, 0x6e, 0x6b, 0]);
  to.patch(48, to.at);
  return to.bytes;
}

const text = (value: string): Value => [1, (to) => to.text(value), 2 * value.length];
const id: Value = [6, (to) => to.u16(1), 2];
const time: Value = [0x11, (to) => to.u64(133_000_000_000_000_000n), 8];

const sample = chunkOf(
  ['Image', 'Hex', 'Big', 'Flag', 'Sid', 'List', 'Guid', 'None', 'Bytes'],
  ['a.exe', 'b"é.exe'].map((image): readonly Value[] => [
    id,
    time,
    text(image),
    [0x15, (to) => to.u64(0xfe_dcban), 8],
    [0x0a, (to) => to.u64(18_446_744_073_709_551_615n), 8],
    [0x0d, (to) => to.u32(1), 4],
    [0x13, (to) => to.u8(1).u8(2).u16(0).u32(0x0500_0000).u32(32).u32(544), 16],
    [0x81, (to) => to.text('x\0y\0'), 8],
    [0x0f, (to) => to.u32(0x1234_5678).u16(0x9abc).u16(0xdef0).u64(0x0807_0605_0403_0201n), 16],
    [0x00, () => undefined, 0],
    [0x0e, (to) => to.u8(0xca).u8(0xfe), 2],
  ]),
);

test('every type of value, names and templates used again', () => {
  const problems: string[] = [];
  const records = readChunk(sample, ({ message }) => problems.push(message));
  assert.deepEqual(problems, []);
  const expected = (image: string): Json => ({
    Event: {
      '#attributes': { xmlns: 'urn:x' },
      System: {
        Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } },
        EventID: 1,
        TimeCreated: { '#attributes': { SystemTime: '2022-06-18T04:26:40.000000Z' } },
      },
      EventData: {
        Image: image,
        Hex: '0xfedcba',
        Big: 18_446_744_073_709_551_615n,
        Flag: true,
        Sid: 'S-1-5-32-544',
        List: ['x', 'y'],
        Guid: '12345678-9ABC-DEF0-0102-030405060708',
        None: '',
        Bytes: 'CAFE',
      },
    },
  });
  assert.deepEqual(records, ['a.exe', 'b"é.exe'].map(expected));
});

test('a file as it streams in, whole or cut, in pieces of any size', async () => {
  const header = new Uint8Array(4096);
  header.set([0x45, 0x6c, 0x66, 0x46, 0x69, 0x6c, 0x65, 0]);
  const broken = sample.slice();
  broken[512] = 0;
  const file = Buffer.concat([
    header,
    sample,
    broken,
    new Uint8Array(65_536),
    sample.subarray(0, 30_000),
    Buffer.from('rest'),
  ]);
  const read = async (size: number): Promise<readonly [string, readonly string[]]> => {
    const problems: string[] = [];
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
    }
    let out = '';
    for await (const bytes of evtxToJson(pieces(), ({ byte, line }) => problems.push(`${byte}:${line}`)))
      out += Buffer.from(bytes).toString();
    return [out, problems];
  };
  const whole = await read(file.length);
  assert.equal(whole[0].trim().split('\n').length, 4);
  assert.deepEqual(whole[1], [`${4096 + 65_536 + 512}:3`]);
  for (const size of [1000, 4096, 65_537]) assert.deepEqual(await read(size), whole);
});

test('what is no event log passes as it is', async () => {
  for (const plain of ['', 'a', '{"a":1}\n', 'ElfFile', 'ElfFilx\0 and so on']) {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const byte of Buffer.from(plain)) yield Uint8Array.of(byte);
    }
    let out = '';
    for await (const bytes of evtxToJson(pieces(), () => assert.fail())) out += Buffer.from(bytes).toString();
    assert.equal(out, plain);
  }
});

test('any bytes anywhere: never a throw, and the time stays bounded', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 8, max: 2400 }), fc.integer({ min: 0, max: 255 })), { maxLength: 20 }),
      fc.integer({ min: 0, max: 65_536 }),
      (changes, length) => {
        const chunk = sample.slice();
        for (const [at, byte] of changes) chunk[at] = byte;
        assert.ok(readChunk(chunk.subarray(0, length), () => undefined).length <= 2400);
      },
    ),
    { numRuns: 3000 },
  );
});

test(
  "SigmaHQ's event logs give what the JSON beside them says",
  {
    skip: existsSync(sigmahq) ? false : 'shared data is not here: data/sigmahq',
  },
  () => {
    let files = 0;
    for (const { name, files: paths } of regressionCases()) {
      const path = paths['evtx'];
      if (path === undefined) continue;
      files++;
      const bytes = readFileSync(path);
      const found: Json[] = [];
      for (let at = 4096; at < bytes.length; at += 65_536)
        found.push(...readChunk(bytes.subarray(at, at + 65_536), ({ message }) => assert.fail(`${name}: ${message}`)));
      const wanted = readFileSync(paths['json'] ?? paths['jsoncls'] ?? '', 'utf8')
        .split(/(?<=^\})\s*(?=\{)/m)
        .map(parseJson);
      assert.deepEqual(found.map(trimmed), wanted.map(trimmed), name);
    }
    assert.ok(files >= 126, `${files} files`);
  },
);

/** The JSON files have lost the blanks around values that the logs have. */
function trimmed(value: unknown): unknown {
  if (typeof value === 'string') return value.trim();
  if (Array.isArray(value)) return value.map(trimmed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, trimmed(one)]));
}
