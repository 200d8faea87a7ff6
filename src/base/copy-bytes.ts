/** Node's `Buffer.prototype.copy`: by the machine's own code where it copies part of an array. */
type Copy = (this: Uint8Array, into: Uint8Array, at: number, start: number, end: number) => number;

function nativeCopy(): Copy | undefined {
  const buffers: unknown = Reflect.get(globalThis, 'Buffer');
  const prototype: unknown = typeof buffers === 'function' ? Reflect.get(buffers, 'prototype') : undefined;
  const copy: unknown =
    typeof prototype === 'object' && prototype !== null ? Reflect.get(prototype, 'copy') : undefined;
  return isCopy(copy) ? copy : undefined;
}

function isCopy(value: unknown): value is Copy {
  return typeof value === 'function';
}

const native = nativeCopy();
/** Up to here calling for native code takes longer than doing without. */
const SHORT = 256;

/**
 * As `into.set(from.subarray(start, end), at)`, where there is room. `TypedArray.prototype.set` copies shared memory word by word,
 * at a fifth of the speed.
 */
export function copyBytes(from: Uint8Array, start: number, end: number, into: Uint8Array, at: number): void {
  const isPlain = from.buffer instanceof ArrayBuffer && into.buffer instanceof ArrayBuffer;
  if (isPlain || native === undefined || end - start < SHORT) {
    into.set(from.subarray(start, end), at);
    return;
  }
  // All but the last: what is copied whole is copied with `set`.
  const last = from[end - 1] ?? 0;
  native.call(from, into, at, start, end - 1);
  into[at + end - 1 - start] = last;
}
