import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';

import type { Alert } from '../alert/alert.ts';
import { buildAlert } from '../alert/build-alert.ts';
import { AlertWriter } from './alert-writer.ts';

function alertOf(line: number, size = 10): Alert {
  return buildAlert({
    matches: [],
    process: undefined,
    kubectl: undefined,
    origin: undefined,
    shape: 's',
    place: { file: 'f', line, byte: 0 },
    time: null,
    original: { text: 'x'.repeat(size) },
    identity: '0'.repeat(64),
    correlation: undefined,
  });
}

/** A stream that takes a chunk when it is told to, and reads it only then. */
class Slow extends Writable {
  readonly lines: number[] = [];
  chunks = 0;
  #take: (() => void) | undefined;

  constructor(highWaterMark: number) {
    super({ highWaterMark });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#take = () => {
      this.chunks++;
      for (const text of chunk.toString().split('\n'))
        if (text !== '') this.lines.push((JSON.parse(text) as { event: { line: number } }).event.line);
      done();
    };
  }

  take(): void {
    const take = this.#take;
    this.#take = undefined;
    take?.();
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('alerts that come together go out together, and at once', async () => {
  const out = new Slow(1 << 20);
  const writer = new AlertWriter(out, 'ndjson', () => []);
  for (let line = 1; line <= 5; line++) assert.equal(writer.alert(alertOf(line)), undefined);
  await nextTurn();
  out.take();
  assert.deepEqual([out.chunks, out.lines], [1, [1, 2, 3, 4, 5]]);
});

test('a stream that takes no more is waited for, and chunks under way keep what is in them', async () => {
  const out = new Slow(1);
  const writer = new AlertWriter(out, 'ndjson', () => []);
  const sizes = [10, 70_000, 10, 200_000, 30_000, 30_000, 30_000];
  let line = 0;
  const state = { isWritten: false };
  const writing = (async () => {
    await writer.begin();
    for (let round = 0; round < 20; round++) for (const size of sizes) await writer.alert(alertOf(++line, size));
    await writer.end();
    state.isWritten = true;
  })();
  let most = 0;
  for (let turn = 0; turn < 2000 && !state.isWritten; turn++) {
    await nextTurn();
    most = Math.max(most, out.writableLength);
    if (turn % 3 === 0) out.take();
  }
  await writing;
  await nextTurn();
  out.take();
  assert.deepEqual(
    out.lines,
    Array.from({ length: 20 * sizes.length }, (_, i) => i + 1),
  );
  // Two chunks at most: the one under way, and the one that was begun before the stream said so.
  assert.ok(most < 600_000, `${most} bytes waited`);
});

test('a stream that fails is heard of by whoever waits', async () => {
  const out = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => done(new Error('no space')) });
  out.on('error', () => undefined);
  const writer = new AlertWriter(out, 'ndjson', () => []);
  await assert.rejects(async () => {
    await writer.alert(alertOf(1, 100_000));
    await writer.end();
  }, /no space/);
});

test('a stream that takes all at once is waited for after a few chunks, since it cannot say that it is done before', async () => {
  let chunks = 0;
  const out = new Writable({
    highWaterMark: 1 << 30,
    write: (_chunk, _encoding, done) => {
      chunks++;
      done();
    },
  });
  const writer = new AlertWriter(out, 'ndjson', () => []);
  let inARow = 0;
  for (let line = 1; line <= 50; line++) {
    const before = chunks;
    const wait = writer.alert(alertOf(line, 100_000));
    inARow += chunks - before;
    if (wait === undefined) continue;
    await wait;
    assert.ok(inARow <= 4, `${inARow} chunks without a pause`);
    inARow = 0;
  }
  await writer.end();
  assert.equal(chunks, 50);
});

test('a stream that fails while chunks are under way is heard of, too', async () => {
  const out = new Writable({
    highWaterMark: 1 << 30,
    write: (_chunk, _encoding, done) => void setImmediate(() => done(new Error('no space'))),
  });
  out.on('error', () => undefined);
  const writer = new AlertWriter(out, 'ndjson', () => []);
  await assert.rejects(async () => {
    for (let line = 1; line <= 10; line++) await writer.alert(alertOf(line, 100_000));
  }, /no space/);
});
