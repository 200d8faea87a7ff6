import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { createKernel } from '../kernel/kernel.ts';
import { IdIndex } from './id-index.ts';
import { isIdByte } from './needle.ts';
import { RawWindow } from './raw-window.ts';

const LOOK_BACK_BYTES = 1024 * 1024;
const PREFIXES = [' pid=', '"TargetProcessId":"'];

/** A log of short lines, each with an id behind one of the texts, and the ids in it; numbers come again now and then. */
function log(seed: number, bytes: number): { readonly bytes: Buffer; readonly needles: readonly string[] } {
  let state = seed | 1;
  const next = (below: number): number => {
    state = (Math.imul(state, 0x41c64e6d) + 12345) | 0;
    return (state >>> 8) % below;
  };
  const lines: string[] = [];
  const needles: string[] = [];
  for (let size = 0; size < bytes;) {
    const needle = `${PREFIXES[next(2)] ?? ''}${next(40) === 0 ? next(9) : next(1e7)}`;
    const line = `${'x'.repeat(next(300))}${needle}" ${'y'.repeat(next(300))}\n`;
    if (next(50) === 0) needles.push(needle);
    lines.push(line);
    size += line.length;
  }
  return { bytes: Buffer.from(lines.join('')), needles };
}

test('an id is found where a plain search finds it, in a window that moves', () => {
  const kernel = createKernel(1);
  assert.ok(kernel);
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 3 * LOOK_BACK_BYTES }), fc.boolean(), (seed, begin, isAmid) => {
      const { bytes, needles } = log(seed, 2 * LOOK_BACK_BYTES);
      const needleAt = 64 * 1024;
      const indexAt = needleAt + 1024;
      const window = new RawWindow(kernel, indexAt + IdIndex.bytesFor(LOOK_BACK_BYTES), 2 * LOOK_BACK_BYTES);
      const index = new IdIndex(kernel, window, indexAt, LOOK_BACK_BYTES);
      index.clear();
      const from = isAmid ? begin % bytes.length : 0;
      if (isAmid)
        window.resetAmid(from, Math.floor(LOOK_BACK_BYTES / 3), (offset, into) => bytes.copy(into, 0, offset));
      else window.reset(0);
      for (let at = from; at < bytes.length; at += 300_000) {
        window.append(bytes.subarray(at, at + 300_000), window.placeOf(at - LOOK_BACK_BYTES));
        window.seal();
        for (const needle of ['" pid=no', ' pid=12', ...needles]) {
          const before = Math.min(bytes.length, at + ((needle.length * 7919 + at) % 300_000));
          const begins = window.offsetOf(window.reach(window.placeOf(before - LOOK_BACK_BYTES)));
          const floor = Math.max(begins, before - LOOK_BACK_BYTES);
          const length = window.bytes.write(needle, needleAt);
          window.bytes[needleAt + length] = 0;
          const found = lastWhole(before, floor, (end) => {
            const place = index.findLast(window.placeOf(floor), window.placeOf(end), needle, needleAt, length);
            return place === 0 ? -1 : window.offsetOf(place);
          });
          const wanted = lastWhole(before, floor, (end) => bytes.subarray(0, end).lastIndexOf(needle));
          assert.equal(found, wanted, `${needle} in [${floor}, ${before})`);

          /** The last place where the needle's id does not go on. */
          function lastWhole(end: number, least: number, last: (end: number) => number): number {
            for (let to = end; ;) {
              const at = last(to);
              if (at < least) return -1;
              if (!isIdByte(bytes[at + length])) return at;
              to = at + length - 1;
            }
          }
        }
      }
    }),
    { numRuns: 20 },
  );
});
