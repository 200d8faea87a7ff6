// Which literals stand in the values of a line. What rules wait for is kept per node; each literal is found by four of its
// bytes (or all, where it is shorter and anchored) and then compared in full, capitals made small on both sides.
import { sameFolded } from './bytes';
import { FIFTEENS, highNibbles, SPACES } from './sixteens';

/**
 * The witnesses of one node (u32 each):
 *   0 list for "is there"   4 list for "a number that is not a plain integer"   8 whether a literal may stand in a number's text
 *  12 bytes by themselves: how many, then each with its list
 *  16 heads by whole value   20 mask
 *  24 heads by the first four bytes  28 mask     32 heads by the first eight  36 mask
 *  40 heads by the last four bytes   44 mask     48 heads by the last eight   52 mask
 *  56 heads by two bytes within      60 mask     64 nibbles   (literals of 2 and 3 bytes)
 *  68 heads by four bytes within     72 mask     76 nibbles   (longer ones, where they are few; those of 4 to 6 bytes)
 *  80 heads by four bytes at every fourth place   84 mask   (7 to 10 bytes, where there are many)
 *  88 heads by eight bytes at every fourth place  92 mask   (longer literals, where there are many)
 *  96 bitmap of four bytes of either             100 its mask   104 bitmap of eight bytes   108 its mask
 *
 * What is looked for at every fourth place has four entries, so that one of its runs of bytes stands there.
 * A list is the line that it was given for last (u64), its length and then the numbers of witnesses. Heads are places of the first entry of a chain. An entry is
 * next, hash, literal, length, offset of the hashed bytes in it, list. Nibbles are, for each of the hashed bytes, 16 bytes for
 * its lower half and 16 for its upper: the bits that they share are groups of literals that may begin there.
 */
const PRESENT: usize = 0;
const ODD: usize = 4;
const NUMERIC: usize = 8;
const SINGLE: usize = 12;
const WHOLE: usize = 16;
const FIRST_FOUR: usize = 24;
const FIRST_EIGHT: usize = 32;
const LAST_FOUR: usize = 40;
const LAST_EIGHT: usize = 48;
const PAIR: usize = 56;
const FOUR: usize = 68;
const EVERY_FOUR: usize = 80;
const EVERY_EIGHT: usize = 88;
const EVERY: usize = 96;
const EVERY_LONG: usize = 104;

const PLAIN: u32 = 3;
const NUMBER: u32 = 4;
const NULL: u32 = 6;

/** Each byte with its bit for small letters; other characters fall together too, and are told apart afterwards. */
const SMALL: u32 = 0x20202020;
const SMALL_EIGHT: u64 = 0x2020202020202020;

@inline
function mix(gram: u32): u32 {
  const h = gram * 0x9e3779b1;
  return h ^ (h >> 15);
}

/** The four bytes at `at`, or as many as there are. */
@inline
function gramAt(at: usize, length: u32): u32 {
  const bytes = load<u32>(at) | SMALL;
  return length >= 4 ? bytes : bytes & ((<u32>1 << (length << 3)) - 1);
}

/** The factor of `mix`, four times. */
const FACTORS: usize = memory.data<u32>([0x9e3779b1, 0x9e3779b1, 0x9e3779b1, 0x9e3779b1], 16);

let into: usize = 0;
let most: i32 = 0;
let found: i32 = 0;

/** Lines are counted, so that a list is given once for each: what stands in a line a thousand times is one witness. */
let line: u64 = 0;

/** What is beyond `most` is not counted: then every rule is tried, and the line need not be looked through. */
@inline
function give(list: usize): void {
  if (load<u64>(list) == line) return;
  store<u64>(list, line);
  const count = load<u32>(list, 8);
  for (let i: u32 = 1; i <= count; i++) {
    if (found >= most) {
      found = most + 1;
      return;
    }
    store<u32>(into + (<usize>found << 2), load<u32>(list + 8 + (<usize>i << 2)));
    found++;
  }
}

/** More was found than is kept. */
@inline
function isFull(): bool {
  return found > most;
}

/** The hash of eight bytes. */
@inline
function hashEight(at: usize): u32 {
  const h = (load<u64>(at) | SMALL_EIGHT) * 0x9e3779b97f4a7c15;
  return <u32>(h >> 32);
}

/** The hash of the `size` bytes (4 or 8) at `at`. */
export function hashGram(at: usize, size: u32): u32 {
  return size == 8 ? hashEight(at) : mix(load<u32>(at) | SMALL);
}

/** Adds the hash of a gram to a bitmap. */
export function addGram(bitmap: usize, mask: u32, hash: u32): void {
  const bit = hash & mask;
  const byte = bitmap + <usize>(bit >> 3);
  store<u8>(byte, <u8>(<u32>load<u8>(byte) | (1 << (bit & 7))));
}

/** The hash of two bytes. */
@inline
function hashPair(bytes: u32): u32 {
  return mix((bytes | SMALL) & 0xffff);
}

/**
 * Adds to nibbles the `size` bytes (2 or 4) that the caller chose of a folded literal, as one of `group` (0 to 7); gives their
 * hash.
 */
export function addFew(nibbles: usize, at: usize, size: u32, group: u32): u32 {
  for (let i: u32 = 0; i < size; i++) {
    const byte = <u32>load<u8>(at + i);
    const table = nibbles + (<usize>i << 5);
    addNibbles(table, byte, 1 << group);
    if (byte >= 0x61 && byte <= 0x7a) addNibbles(table, byte - 0x20, 1 << group);
  }
  return size == 2 ? hashPair(load<u32>(at)) : hashGram(at, size);
}

function addNibbles(table: usize, byte: u32, group: u32): void {
  const low = table + <usize>(byte & 15);
  const high = table + 16 + <usize>(byte >> 4);
  store<u8>(low, <u8>(<u32>load<u8>(low) | group));
  store<u8>(high, <u8>(<u32>load<u8>(high) | group));
}

/** The hash of a whole value: its length, its first four bytes and its last four. */
export function hashWhole(at: usize, length: u32): u32 {
  const first = gramAt(at, length);
  const last = length >= 4 ? load<u32>(at + length - 4) | SMALL : 0;
  return mix(first ^ (length * 0x85ebca6b)) ^ mix(last + 0x27d4eb2f);
}

/** Entries whose literal is the whole of the value (`exact`), begins it or ends it. */
@inline
function chain(entryAt: u32, hash: u32, value: usize, length: u32, exact: bool, atEnd: bool): void {
  let entry = <usize>entryAt;
  while (entry != 0) {
    if (load<u32>(entry, 4) == hash) {
      const size = load<u32>(entry, 12);
      if (exact ? size == length : size <= length) {
        const place = atEnd ? value + length - size : value;
        if (sameFolded(place, load<u32>(entry, 8), size)) give(load<u32>(entry, 20));
      }
    }
    entry = load<u32>(entry);
  }
}

/** While all of a line is looked at, its tokens: what is found must stand in one of its values. */
let valuesFrom: usize = 0;
let valuesTo: usize = 0;

/** Do the bytes stand in a value of the line? Its token is the last of those that begin before them. */
function isInValue(from: usize, to: usize): bool {
  let low = valuesFrom;
  let high = valuesTo;
  while (low < high) {
    const middle = low + ((((high - low) >> 4) >> 1) << 4);
    if (<usize>load<u32>(middle, 4) <= from) low = middle + 16;
    else high = middle;
  }
  if (low == valuesFrom) return false;
  const token = low - 16;
  return ((load<u32>(token) >> 24) & 0x7f) <= NULL && <usize>load<u32>(token, 8) >= to;
}

@inline
function giveWithin(head: usize, hash: u32, at: usize, value: usize, length: u32): void {
  let entry: usize = load<u32>(head);
  while (entry != 0) {
    if (load<u32>(entry, 4) == hash) {
      const size = load<u32>(entry, 12);
      const from = at - load<u32>(entry, 16);
      if (
        from >= value &&
        from + size <= value + length &&
        load<u64>(load<u32>(entry, 20)) != line &&
        sameFolded(from, load<u32>(entry, 8), size) &&
        (valuesTo == 0 || isInValue(from, from + size))
      )
        give(load<u32>(entry, 20));
    }
    entry = load<u32>(entry);
  }
}

/** Four bytes at every fourth place of the value, and eight where the four are known. */
function lookEvery(table: usize, value: usize, length: u32): void {
  const bitmap: usize = load<u32>(table, EVERY);
  const bits: u32 = load<u32>(table, EVERY + 4);
  const small = v128.load(SPACES);
  const factor = v128.load(FACTORS);
  const mask = i32x4.splat(bits);
  const last = value + length - 4;
  for (let block = value; block <= last; block += 16) {
    const grams = i32x4.mul(v128.or(v128.load(block), small), factor);
    const hashes = v128.xor(grams, i32x4.shr_u(grams, 15));
    const places = v128.and(hashes, mask);
    const a = <u32>i32x4.extract_lane(places, 0);
    const b = <u32>i32x4.extract_lane(places, 1);
    const c = <u32>i32x4.extract_lane(places, 2);
    const d = <u32>i32x4.extract_lane(places, 3);
    const passed =
      ((<u32>load<u8>(bitmap + <usize>(a >> 3)) >> (a & 7)) & 1) |
      (((<u32>load<u8>(bitmap + <usize>(b >> 3)) >> (b & 7)) & 1) << 1) |
      (((<u32>load<u8>(bitmap + <usize>(c >> 3)) >> (c & 7)) & 1) << 2) |
      (((<u32>load<u8>(bitmap + <usize>(d >> 3)) >> (d & 7)) & 1) << 3);
    if (passed == 0) continue;
    if (isFull()) return;
    if (passed & 1) every(table, <u32>i32x4.extract_lane(hashes, 0), block, value, length);
    if (passed & 2) every(table, <u32>i32x4.extract_lane(hashes, 1), block + 4, value, length);
    if (passed & 4) every(table, <u32>i32x4.extract_lane(hashes, 2), block + 8, value, length);
    if (passed & 8) every(table, <u32>i32x4.extract_lane(hashes, 3), block + 12, value, length);
  }
}

function every(table: usize, hash: u32, at: usize, value: usize, length: u32): void {
  const end = value + length;
  if (at + 4 > end) return;
  const fours: usize = load<u32>(table, EVERY_FOUR);
  if (fours != 0) giveWithin(fours + (<usize>(hash & load<u32>(table, EVERY_FOUR + 4)) << 2), hash, at, value, length);
  const eights: usize = load<u32>(table, EVERY_EIGHT);
  if (eights == 0 || at + 8 > end) return;
  const long = hashEight(at);
  const bit = long & load<u32>(table, EVERY_LONG + 4);
  const bitmap: usize = load<u32>(table, EVERY_LONG);
  if (((<u32>load<u8>(bitmap + <usize>(bit >> 3)) >> (bit & 7)) & 1) == 0) return;
  giveWithin(eights + (<usize>(long & load<u32>(table, EVERY_EIGHT + 4)) << 2), long, at, value, length);
}

/** The first or last bytes of the value. */
@inline
function lookOutside(table: usize, fields: usize, size: u32, value: usize, length: u32, atEnd: bool): void {
  const heads: usize = load<u32>(table + fields);
  if (heads == 0) return;
  const hash = hashGram(atEnd ? value + length - size : value, size);
  const mask: u32 = load<u32>(table + fields, 4);
  chain(load<u32>(heads + (<usize>(hash & mask) << 2)), hash, value, length, false, atEnd);
}

@inline
function groups(low: v128, high: v128, bytes: v128, fifteens: v128): v128 {
  return v128.and(
    i8x16.relaxed_swizzle(low, v128.and(bytes, fifteens)),
    i8x16.relaxed_swizzle(high, highNibbles(bytes, fifteens)),
  );
}

/** Two bytes at any place of the value, 16 places at a time. */
function lookPair(table: usize, value: usize, length: u32): void {
  const heads: usize = load<u32>(table, PAIR);
  const mask: u32 = load<u32>(table, PAIR + 4);
  const nibbles: usize = load<u32>(table, PAIR + 8);
  const fifteens = v128.load(FIFTEENS);
  const low0 = v128.load(nibbles);
  const high0 = v128.load(nibbles, 16);
  const low1 = v128.load(nibbles, 32);
  const high1 = v128.load(nibbles, 48);
  const last = value + length - 2;
  for (let block = value; block <= last; block += 16) {
    const both = v128.and(groups(low0, high0, v128.load(block), fifteens), groups(low1, high1, v128.load(block, 1), fifteens));
    if (!v128.any_true(both)) continue;
    if (isFull()) return;
    let places = i8x16.bitmask(i8x16.ne(both, i8x16.splat(0)));
    do {
      const at = block + ctz(places);
      places &= places - 1;
      if (at > last) return;
      const hash = hashPair(load<u32>(at));
      giveWithin(heads + (<usize>(hash & mask) << 2), hash, at, value, length);
    } while (places != 0);
  }
}

/**
 * Four bytes at any place of the value, 32 places at a time. Places are counted by the last of the four bytes, so each 16
 * bytes are turned into groups once, and moved beside those before them.
 */
function lookFour(table: usize, value: usize, length: u32): void {
  const nibbles: usize = load<u32>(table, FOUR + 8);
  const fifteens = v128.load(FIFTEENS);
  const low0 = v128.load(nibbles);
  const high0 = v128.load(nibbles, 16);
  const low1 = v128.load(nibbles, 32);
  const high1 = v128.load(nibbles, 48);
  const low2 = v128.load(nibbles, 64);
  const high2 = v128.load(nibbles, 80);
  const low3 = v128.load(nibbles, 96);
  const high3 = v128.load(nibbles, 112);
  let first = i8x16.splat(0);
  let second = first;
  let third = first;
  const end = value + length;
  for (let block = value; block < end; block += 32) {
    const one = v128.load(block);
    const first1 = groups(low0, high0, one, fifteens);
    const second1 = groups(low1, high1, one, fifteens);
    const third1 = groups(low2, high2, one, fifteens);
    const found1 = v128.and(
      v128.and(i8x16.shuffle(first, first1, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28),
        i8x16.shuffle(second, second1, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29)),
      v128.and(i8x16.shuffle(third, third1, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30),
        groups(low3, high3, one, fifteens)),
    );
    const two = v128.load(block, 16);
    first = groups(low0, high0, two, fifteens);
    second = groups(low1, high1, two, fifteens);
    third = groups(low2, high2, two, fifteens);
    const found2 = v128.and(
      v128.and(i8x16.shuffle(first1, first, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28),
        i8x16.shuffle(second1, second, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29)),
      v128.and(i8x16.shuffle(third1, third, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30),
        groups(low3, high3, two, fifteens)),
    );
    if (!v128.any_true(v128.or(found1, found2))) continue;
    if (isFull()) return;
    const none = i8x16.splat(0);
    const places = <u32>i8x16.bitmask(i8x16.ne(found1, none)) | (<u32>i8x16.bitmask(i8x16.ne(found2, none)) << 16);
    foursAt(table, block - 3, places, value, length);
  }
}

/** Four bytes at each of `places` behind `block`: are they a literal's? */
function foursAt(table: usize, block: usize, places: u32, value: usize, length: u32): void {
  const heads: usize = load<u32>(table, FOUR);
  const mask: u32 = load<u32>(table, FOUR + 4);
  const last = value + length - 4;
  do {
    const at = block + <usize>ctz(places);
    places &= places - 1;
    if (at > last) return;
    const hash = mix(load<u32>(at) | SMALL);
    giveWithin(heads + (<usize>(hash & mask) << 2), hash, at, value, length);
  } while (places != 0);
}

/** Literals of one byte. */
function lookSingle(single: usize, value: usize, length: u32): void {
  const count = load<u32>(single);
  const end = value + length;
  for (let i: u32 = 0; i < count; i++) {
    const byte = i8x16.splat(<i8>load<u32>(single + (<usize>i << 3), 4));
    for (let at = value; at < end; at += 16) {
      let bits = i8x16.bitmask(i8x16.eq(v128.load(at), byte));
      // All places of a line, since some are in keys.
      while (bits != 0) {
        const place = at + ctz(bits);
        bits &= bits - 1;
        if (place >= end || (valuesTo != 0 && !isInValue(place, place + 1))) continue;
        give(load<u32>(single + 8 + (<usize>i << 3)));
        at = end;
        break;
      }
    }
  }
}

function look(table: usize, value: usize, length: u32): void {
  const heads = <usize>load<u32>(table, WHOLE);
  if (heads != 0) {
    const hash = hashWhole(value, length);
    const mask = load<u32>(table, WHOLE + 4);
    chain(load<u32>(heads + (<usize>(hash & mask) << 2)), hash, value, length, true, false);
  }
  if (load<u32>(table, SINGLE) != 0) lookSingle(load<u32>(table, SINGLE), value, length);
  if (length >= 2 && load<u32>(table, PAIR) != 0) lookPair(table, value, length);
  if (length < 4) return;
  lookOutside(table, FIRST_FOUR, 4, value, length, false);
  lookOutside(table, LAST_FOUR, 4, value, length, true);
  if (load<u32>(table, FOUR) != 0) lookFour(table, value, length);
  if (load<u32>(table, EVERY) != 0) lookEvery(table, value, length);
  if (length < 8) return;
  lookOutside(table, FIRST_EIGHT, 8, value, length, false);
  lookOutside(table, LAST_EIGHT, 8, value, length, true);
}

/** A number that is written in a way of its own stands where a rule looks for what may be in one: its text is not what rules compare. */
let isOdd: bool = false;
export function foundOddNumber(): bool {
  return isOdd;
}

@inline
function lookAt(table: usize, token: usize, kind: u32): void {
  const present = <usize>load<u32>(table, PRESENT);
  if (present != 0) give(present);
  if (kind > NULL) return;
  if (isFull()) return;
  const value = <usize>load<u32>(token, 4);
  const length = load<u32>(token, 8) - <u32>value;
  if (kind == NUMBER && load<u32>(table, NUMERIC) != 0 && !isExact(value, length)) isOdd = true;
  const odd = <usize>load<u32>(table, ODD);
  if (odd != 0 && kind != PLAIN && isOddNumber(value, length, kind)) give(odd);
  look(table, value, length);
}

@inline
function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

/** Of integers up to so long every digit is kept (src/event/parse-json.ts). */
const LONGEST_EXACT: u32 = 40;

/** Is it an integer whose text rules compare as it stands, of however many digits? */
function isExact(value: usize, length: u32): bool {
  if (length > LONGEST_EXACT) return false;
  const end = value + length;
  let at = value;
  if (load<u8>(at) == 0x2d) at++;
  if (load<u8>(at) == 0x30) return false;
  while (at < end && isDigit(load<u8>(at))) at++;
  return at == end;
}

/** Text that a number may be equal to though it is written otherwise: `+1`, `01`, `1.0`, `1e3`. */
function isOddNumber(value: usize, length: u32, kind: u32): bool {
  if (kind == NUMBER) return true;
  if (length == 0 || length > 64) return false;
  const first = load<u8>(value);
  if (first == 0x2b || first == 0x2e) return true;
  let at = value;
  const end = value + length;
  if (first == 0x2d) at++;
  if (at >= end || !isDigit(load<u8>(at))) return at < end && load<u8>(at) == 0x2e;
  if (load<u8>(at) == 0x30 && (at + 1 < end || first == 0x2d)) return true;
  while (at < end && isDigit(load<u8>(at))) at++;
  return at < end ? load<u8>(at) == 0x2e || (load<u8>(at) | 0x20) == 0x65 : length > 15;
}

/**
 * Writes the witnesses in the tokens to `out`, at most `limit` of them; gives how many there are, which may be more.
 * `tables`: for each node the place of its witnesses, or 0; that of node 0 stands for every value of the line, which lies in
 * [start, end). Keys are no values: nothing is looked for in them.
 */
export function findWitnesses(
  tokens: usize,
  count: i32,
  tables: usize,
  start: usize,
  end: usize,
  out: usize,
  limit: i32,
): i32 {
  into = out;
  most = limit;
  found = 0;
  line++;
  isOdd = false;
  const everywhere = <usize>load<u32>(tables);
  if (everywhere != 0) {
    const present = <usize>load<u32>(everywhere, PRESENT);
    if (present != 0) give(present);
    // At once, which costs less than value by value.
    valuesFrom = tokens;
    valuesTo = tokens + (<usize>count << 4);
    look(everywhere, start, <u32>(end - start));
    valuesTo = 0;
  }
  for (let i = 0; i < count; i++) {
    const token = tokens + (<usize>i << 4);
    const head = load<u32>(token);
    const node = <usize>(head & 0xffff);
    const kind = (head >> 24) & 0x7f;
    if (node != 0) {
      const table = <usize>load<u32>(tables + (node << 2));
      if (table != 0) lookAt(table, token, kind);
    }
    if (everywhere != 0 && kind == NUMBER && load<u32>(everywhere, NUMERIC) != 0) {
      const value = <usize>load<u32>(token, 4);
      if (!isExact(value, load<u32>(token, 8) - <u32>value)) isOdd = true;
    }
  }
  return found;
}
