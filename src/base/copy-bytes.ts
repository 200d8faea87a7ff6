import { nativeBuffers } from './native-buffer.ts';

/** Up to here calling for native code takes longer than doing without. */
const SHORT = 256;

/**
 * As `into.set(from.subarray(start, end), at)`, where there is room. `TypedArray.prototype.set` copies shared memory word by word,
 * at a fifth of the speed.
 */
export function copyBytes(from: Uint8Array, start: number, end: number, into: Uint8Array, at: number): void {
  const isPlain = from.buffer instanceof ArrayBuffer && into.buffer instanceof ArrayBuffer;
  if (isPlain || nativeBuffers === undefined || end - start < SHORT) {
    into.set(from.subarray(start, end), at);
    return;
  }
  // All but the last: what is copied whole, `Buffer` copies with `set`.
  const last = from[end - 1] ?? 0;
  nativeBuffers.prototype.copy.call(from, into, at, start, end - 1);
  into[at + end - 1 - start] = last;
}
