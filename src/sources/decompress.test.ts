import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';

import { decompress } from './decompress.ts';
import { SourceError } from './source-error.ts';

/** What comes of bytes that arrive in parts, in memory that is used again. */
async function decoded(parts: readonly Uint8Array[]): Promise<{ readonly text: string; readonly error: string }> {
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      const chunk = Uint8Array.from(part);
      yield chunk;
      chunk.fill(0xaa);
    }
  }
  let text = '';
  try {
    for await (const chunk of decompress(source())) text += Buffer.from(chunk).toString();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { text, error: error.code };
  }
  return { text, error: '' };
}

/** A member whose header has all that RFC 1952 knows. */
function fullMember(text: string): Buffer {
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(text), 0);
  tail.writeUInt32LE(Buffer.byteLength(text), 4);
  const head = Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3]);
  const extra = Buffer.from([4, 0, 1, 2, 0, 3]);
  return Buffer.concat([head, extra, Buffer.from('name\0comment\0hc'), deflateRawSync(text), tail]);
}

const members = Buffer.concat([gzipSync('first'), fullMember('second'), gzipSync(''), fullMember('third')]);

test('gzip: members with every kind of header, cut into two chunks at every byte', async () => {
  for (let at = 0; at <= members.length; at++) {
    const got = await decoded([members.subarray(0, at), members.subarray(at)]);
    assert.deepEqual(got, { text: 'firstsecondthird', error: '' }, `cut at ${at}`);
  }
});

test('gzip: byte by byte', async () => {
  const got = await decoded(Array.from(members, (byte) => Uint8Array.of(byte)));
  assert.deepEqual(got, { text: 'firstsecondthird', error: '' });
});

test('gzip: zeros behind the last member are padding, however many and wherever they arrive', async () => {
  for (const zeros of [1, 7, 8, 511, 512, 100_000]) {
    const padding = Buffer.alloc(zeros);
    assert.deepEqual(await decoded([Buffer.concat([members, padding])]), { text: 'firstsecondthird', error: '' });
    assert.deepEqual(await decoded([members, padding]), { text: 'firstsecondthird', error: '' });
  }
});

test('gzip: what follows a whole member does not take it away', async () => {
  for (const tail of ['garbage', '\u001f', '\n', '\0\0\0x', 'x'.repeat(70_000)]) {
    const whole = Buffer.concat([members, Buffer.from(tail)]);
    const got = await decoded([whole]);
    assert.equal(got.text, 'firstsecondthird', tail.slice(0, 10));
    assert.equal(got.error, tail === '\u001f' ? 'input-cut' : 'input-corrupt', tail.slice(0, 10));
  }
  const damaged = Buffer.concat([members, fullMember('fourth')]);
  damaged[damaged.length - 1] = 1;
  assert.deepEqual(await decoded([damaged]), { text: 'firstsecondthirdfourth', error: 'input-corrupt' });
});

test('gzip: cut at every byte, all of the members before it comes out', async () => {
  const ends = [gzipSync('first').length, gzipSync('first').length + fullMember('second').length];
  for (let end = 4; end < members.length; end++) {
    const got = await decoded([members.subarray(0, end)]);
    const least = end >= (ends[1] ?? 0) ? 'firstsecond' : end >= (ends[0] ?? 0) ? 'first' : '';
    assert.ok(got.text.startsWith(least), `cut at ${end}: ${got.text}`);
    const isBetween = end === ends[0] || end === ends[1] || end === members.length - fullMember('third').length;
    assert.equal(got.error, isBetween ? '' : 'input-cut', `cut at ${end}`);
  }
});

test('many members and frames of every size, in chunks of every size', async () => {
  for (const [compress, name] of [
    [gzipSync, 'gzip'],
    [zstdCompressSync, 'zstd'],
  ] as const) {
    const texts = [0, 1, 100, 40_000, 65_536, 300_000].map((size) => randomBytes(size / 2).toString('hex'));
    const whole = Buffer.concat(texts.map((text) => compress(text)));
    for (const size of [1000, 65_535, 65_536, 65_537, whole.length]) {
      const parts: Uint8Array[] = [];
      for (let at = 0; at < whole.length; at += size) parts.push(whole.subarray(at, at + size));
      const got = await decoded(parts);
      assert.equal(got.error, '');
      assert.ok(got.text === texts.join(''), `${name} in chunks of ${size}: ${got.text.length}`);
    }
  }
});

test('random bytes behind a magic number end with an error, never in silence', { timeout: 60_000 }, async () => {
  for (let i = 0; i < 300; i++) {
    for (const head of [
      [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3],
      [0x28, 0xb5, 0x2f, 0xfd],
    ]) {
      const got = await decoded([Buffer.concat([Buffer.from(head), randomBytes(1 + ((i * 37) % 500))])]);
      assert.notEqual(got.error, '');
    }
  }
});

test('gzip: members of every size around those that are decoded at once, cut anywhere', async () => {
  const sizes = [0, 1, 100, 16_000, 16_384, 17_000, 60_000, 262_143, 262_144, 262_145, 400_000];
  const random = randomBytes(400_000).toString('latin1');
  // What cannot be made smaller, and what can.
  const texts = sizes.flatMap((size) => [random.slice(0, size), 'x'.repeat(size)]);
  const all = Buffer.concat(texts.map((text) => gzipSync(Buffer.from(text, 'latin1'))));
  const expected = Buffer.from(texts.join(''), 'latin1').toString();
  for (const step of [1000, 7777, 65_536, all.length]) {
    const parts = Array.from({ length: Math.ceil(all.length / step) }, (_, i) =>
      all.subarray(i * step, (i + 1) * step),
    );
    const bytes: Buffer[] = [];
    async function* source(): AsyncGenerator<Uint8Array> {
      for (const part of parts) {
        const chunk = Uint8Array.from(part);
        yield chunk;
        chunk.fill(0xaa);
      }
    }
    for await (const chunk of decompress(source())) bytes.push(Buffer.from(chunk));
    assert.ok(Buffer.concat(bytes).toString() === expected, `parts of ${step}`);
  }
});
