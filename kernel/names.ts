// Numbers for values that come again, so that what was found out about a value need not be found out twice.
import { hashBytes, sameBytes } from './bytes';

/**
 * Values seen before, each with its hash, length, node and number (u32 each), and then its bytes. The size of a slot is an odd
 * number of cache lines, so that all sets of the processor's caches take part.
 */
let slots: usize = 0;
let mask: u32 = 0;
const SLOT: usize = 320;
const VALUE: usize = 16;
const LONGEST: u32 = 304;
/** For each node: hits, misses, values that are passed over until it is tried again (u32 each), one unused. */
let counts: usize = 0;

/** `slotsAt`, `countsAt`: zero. */
export function setNames(slotsAt: usize, slotsMask: u32, countsAt: usize): void {
  slots = slotsAt;
  mask = slotsMask;
  counts = countsAt;
}

/** After so many look-ups it is judged whether the values of a node come again: one in nine should. */
const JUDGED: u32 = 2048;
const RESTING: u32 = 65536;

/** The last of the kinds that are scalars (kernel/tokens.ts). */
const NULL: u32 = 6;

/** In place of a number: the value has none. */
const NO_NAME: u32 = 0xffffffff;

let lastNumber: u32 = 0;

/** The number of the token's value, which no other value of its node was ever given; NO_NAME: it has none. The token keeps it. */
export function nameValue(token: usize): u32 {
  const head = load<u32>(token);
  // Objects and lists are told by more than where they begin.
  const isScalar = ((head >> 24) & 0x7f) <= NULL;
  const value = <usize>load<u32>(token, 4);
  const name = isScalar ? find(head & 0xffff, value, load<u32>(token, 8) - <u32>value) : NO_NAME;
  store<u32>(token, name, 12);
  return name;
}

function find(node: u32, value: usize, length: u32): u32 {
  if (length > LONGEST) return NO_NAME;
  const count = counts + (<usize>node << 4);
  const rest = load<u32>(count, 8);
  if (rest > 0) {
    store<u32>(count, rest - 1, 8);
    return NO_NAME;
  }
  const hash = hashBytes(value, length, node);
  const slot = slots + <usize>(hash & mask) * SLOT;
  if (
    load<u32>(slot) == hash &&
    load<u32>(slot, 4) == length &&
    load<u32>(slot, 8) == node &&
    load<u32>(slot, 12) != 0 &&
    sameBytes(value, slot + VALUE, length)
  ) {
    store<u32>(count, load<u32>(count) + 1);
    return load<u32>(slot, 12);
  }
  const misses = load<u32>(count, 4) + 1;
  store<u32>(count, misses, 4);
  if (misses >= JUDGED) {
    if (load<u32>(count) * 8 < misses) store<u32>(count, RESTING, 8);
    store<u64>(count, 0);
  }
  if (lastNumber >= 0x7fffffff) return NO_NAME;
  lastNumber++;
  store<u32>(slot, hash);
  store<u32>(slot, length, 4);
  store<u32>(slot, node, 8);
  store<u32>(slot, lastNumber, 12);
  memory.copy(slot + VALUE, value, length);
  return lastNumber;
}
