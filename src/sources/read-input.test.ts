import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { listInputs } from './list-inputs.ts';
import { readInput } from './read-input.ts';
import { SourceError } from './source-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'portreeve-sources-'));
after(() => rmSync(folder, { recursive: true }));

const plain = Array.from({ length: 20_000 }, (_, i) => `{"i":${i},"r":"${Math.sin(i)}"}\n`).join('');

/** What can be read of bytes in a file, and how reading ended. */
async function read(bytes: Uint8Array): Promise<{ readonly text: string; readonly error: SourceError | undefined }> {
  const path = join(folder, 'input');
  writeFileSync(path, bytes);
  const parts: Buffer[] = [];
  try {
    for await (const chunk of readInput({ name: path, path, size: bytes.length }, () => undefined)) {
      parts.push(Buffer.from(chunk));
    }
  } catch (error) {
    assert.ok(error instanceof SourceError);
    return { text: Buffer.concat(parts).toString(), error };
  }
  return { text: Buffer.concat(parts).toString(), error: undefined };
}

const half = (bytes: Uint8Array): number => Math.floor(bytes.length / 2);
const gz = gzipSync(plain);
const zst = zstdCompressSync(plain);
/** RFC 8878, 3.1.2: a frame that decoders pass over. */
const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

test('reads plain, gzip and zstd by their first bytes, several members and frames too', async () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['plain', Buffer.from(plain), plain],
    ['empty', Buffer.alloc(0), ''],
    ['one byte', Buffer.from('x'), 'x'],
    ['gzip', gz, plain],
    ['gzip, two members', Buffer.concat([gz, gz]), plain + plain],
    ['zstd', zst, plain],
    ['zstd, three frames and a skippable one', Buffer.concat([zst, skippable, zst, zst]), plain + plain + plain],
    ['zstd, an empty frame between', Buffer.concat([zst, zstdCompressSync(''), zst]), plain + plain],
    ['zstd that begins with a skippable frame', Buffer.concat([skippable, zst]), plain],
  ];
  for (const [name, bytes, text] of cases) {
    const got = await read(bytes);
    assert.equal(got.error, undefined, name);
    assert.ok(got.text === text, `${name}: ${got.text.length} characters, expected ${text.length}`);
  }
});

test('reads what the zstd program writes, checksums and all', async (t) => {
  const made = spawnSync('zstd', ['-c', '--check', '-19', '-'], { input: plain });
  if (made.error) {
    t.skip('the zstd program is not here');
    return;
  }
  const got = await read(Buffer.concat([made.stdout, made.stdout]));
  assert.equal(got.error, undefined);
  assert.ok(got.text === plain + plain);
});

test('cut or damaged compression: what was there comes out, then the error says where', async () => {
  const damaged = Buffer.from(gz);
  damaged.fill(0xff, half(gz), half(gz) + 64);
  const cases: readonly (readonly [string, Uint8Array, string, number])[] = [
    ['gzip, half', gz.subarray(0, half(gz)), 'input-cut', 0.45],
    ['gzip, half of the second member', Buffer.concat([gz, gz.subarray(0, half(gz))]), 'input-cut', 1.45],
    ['gzip, head only', gz.subarray(0, 6), 'input-cut', 0],
    ['gzip, damaged', damaged, 'input-corrupt', 0.3],
    ['zstd, half', zst.subarray(0, half(zst)), 'input-cut', 0.3],
    ['zstd, half of the second frame', Buffer.concat([zst, zst.subarray(0, half(zst))]), 'input-cut', 1.3],
    ['zstd, then rubbish', Buffer.concat([zst, Buffer.from('rubbish')]), 'input-corrupt', 1],
  ];
  for (const [name, bytes, code, least] of cases) {
    const got = await read(bytes);
    assert.equal(got.error?.code, code, name);
    // Deflate has no checksum before its end, so damage may come out as rubbish; what precedes it must be whole.
    const expected = (plain + plain).slice(0, plain.length * least);
    assert.ok(got.text.startsWith(expected), `${name}: ${got.text.length} of ${plain.length} characters`);
  }
});

test('UTF-16 by mark and without one, and UTF-8 with a mark, become plain UTF-8', async () => {
  const text = '{"user":"zoë 😀"}\r\n{"b":2}\n';
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(little).swap16();
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['UTF-8 with a mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
    ['UTF-16 LE with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), little])],
    ['UTF-16 BE with a mark', Buffer.concat([Buffer.from([0xfe, 0xff]), big])],
    ['UTF-16 LE', little],
    ['UTF-16 BE', big],
    ['UTF-16 LE, compressed', gzipSync(Buffer.concat([Buffer.from([0xff, 0xfe]), little]))],
  ];
  for (const [name, bytes] of cases) assert.equal((await read(bytes)).text, text, name);
});

test('a plain file may be drained by who reads it; what is compressed is decoded as ever', async () => {
  const path = join(folder, 'drained');
  for (const [bytes, drained] of [
    [Buffer.from(plain), true],
    [gz, false],
  ] as const) {
    writeFileSync(path, bytes);
    const parts: Buffer[] = [];
    let asked = 0;
    let progress = 0;
    const input = { name: path, path, size: bytes.length };
    const chunks = readInput(input, (count) => (progress += count), undefined, {
      drain: (next) => {
        // Not the first time: the rest is as much as it says.
        if (++asked === 1) return Promise.resolve(false);
        const room = Buffer.alloc(1000);
        for (let count = next(room); count > 0; count = next(room)) parts.push(Buffer.from(room.subarray(0, count)));
        return Promise.resolve(true);
      },
    });
    for await (const chunk of chunks) parts.push(Buffer.from(chunk));
    assert.ok(Buffer.concat(parts).toString() === plain);
    assert.equal(progress, bytes.length);
    assert.equal(asked > 0, drained);
  }
});

test('lists files of folders in order, without following links to folders, and names what is missing', async () => {
  const root = join(folder, 'tree');
  mkdirSync(join(root, 'b'), { recursive: true });
  writeFileSync(join(root, 'c.log'), 'x');
  writeFileSync(join(root, 'a.log'), 'xy');
  writeFileSync(join(root, 'b', 'd.log'), '');
  symlinkSync(root, join(root, 'b', 'loop'));
  symlinkSync(join(root, 'a.log'), join(root, 'link.log'));
  symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
  const problems: string[] = [];
  const inputs = await listInputs([root, '-', join(root, 'missing')], (name, error) =>
    problems.push(`${error.code} ${name}`),
  );
  assert.deepEqual(
    inputs.map(({ name, size }) => [name, size]),
    [
      [join(root, 'a.log'), 2],
      [join(root, 'b', 'd.log'), 0],
      [join(root, 'c.log'), 1],
      [join(root, 'link.log'), 2],
      ['<stdin>', null],
    ],
  );
  assert.deepEqual(problems, [`input-missing ${join(root, 'dangling')}`, `input-missing ${join(root, 'missing')}`]);
});
