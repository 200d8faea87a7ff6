import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { paced, PAUSE } from './paced.ts';

const MS = 40;

/** Chunks of one byte each, every one so many milliseconds after the one before it. */
async function* slowly(...waits: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const [i, wait] of waits.entries()) {
    if (wait > 0) await sleep(wait);
    yield Uint8Array.of(i);
  }
}

async function told(chunks: AsyncIterable<Uint8Array>, ms = MS, waits = 0): Promise<string> {
  let text = '';
  for await (const one of paced(chunks, ms, () => waits-- > 0)) text += one === PAUSE ? '|' : String(one[0]);
  return text;
}

test('there is one pause behind what has come, however long nothing more does', async () => {
  assert.equal(await told(slowly(0, 0, 6 * MS, 0)), '01|23');
});

test('there are more pauses for as long as something waits for them', async () => {
  assert.equal(await told(slowly(0, 8 * MS, 0), MS, 2), '0|||12');
});

test('a steady trickle is no reason to wait', async () => {
  const text = await told(slowly(...Array.from({ length: 12 }, () => MS / 2)));
  assert.equal(text.replaceAll('|', ''), '01234567891011');
  assert.ok(text.split('|').length >= 4, text);
});

test('with no time to wait there is a pause behind each chunk', async () => {
  assert.equal(await told(slowly(0, 0, 0), 0), '0|1|2|');
});

test('an input that fails fails here, behind the pause', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(0);
    await sleep(3 * MS);
    throw new Error('gone');
  }
  const got: unknown[] = [];
  await assert.rejects(async () => {
    for await (const one of paced(failing(), MS, () => false)) got.push(one);
  }, /gone/);
  assert.deepEqual(got, [Uint8Array.of(0), PAUSE]);
});

test('who stops reading stops the source, and waits for nothing', async () => {
  let isStopped = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield Uint8Array.of(0);
      yield Uint8Array.of(1);
    } finally {
      isStopped = true;
    }
  }
  for await (const _ of paced(source(), MS, () => false)) break;
  await sleep(0);
  assert.ok(isStopped);
  const from = performance.now();
  async function* stuck(): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(0);
    await new Promise(() => undefined);
  }
  for await (const one of paced(stuck(), 1, () => false)) if (one === PAUSE) break;
  assert.ok(performance.now() - from < 5000);
});
