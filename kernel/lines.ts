/**
 * Writes the offset of each line feed in [start, end) to `into` (u32 each), at most `most`; gives how many there are.
 * 16 bytes beyond `end` are read and must be memory.
 */
export function findLines(start: usize, end: usize, into: usize, most: i32): i32 {
  const feed = i8x16.splat(10);
  let count = 0;
  for (let at = start; at < end; at += 16) {
    let mask = i8x16.bitmask(i8x16.eq(v128.load(at), feed));
    if (end - at < 16) mask &= (1 << (<i32>(end - at))) - 1;
    while (mask != 0 && count < most) {
      store<u32>(into + ((<usize>count) << 2), <u32>(at + ctz(mask)));
      count++;
      mask &= mask - 1;
    }
    if (count >= most) break;
  }
  return count;
}
