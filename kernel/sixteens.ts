// One byte sixteen times, in memory. A constant is made anew at each use (V8 takes three instructions for it, as many as for
// what it is used for); what is loaded before a loop stays in a register.

export const LINE_FEEDS: usize = memory.data<u64>([0x0a0a0a0a0a0a0a0a, 0x0a0a0a0a0a0a0a0a], 16);
export const FIFTEENS: usize = memory.data<u64>([0x0f0f0f0f0f0f0f0f, 0x0f0f0f0f0f0f0f0f], 16);
export const CAPITAL_AS: usize = memory.data<u64>([0x4141414141414141, 0x4141414141414141], 16);
export const TWENTY_SIXES: usize = memory.data<u64>([0x1a1a1a1a1a1a1a1a, 0x1a1a1a1a1a1a1a1a], 16);
export const LAST_CONTROLS: usize = memory.data<u64>([0x1f1f1f1f1f1f1f1f, 0x1f1f1f1f1f1f1f1f], 16);
export const SPACES: usize = memory.data<u64>([0x2020202020202020, 0x2020202020202020], 16);
export const QUOTES: usize = memory.data<u64>([0x2222222222222222, 0x2222222222222222], 16);
export const AMPERSANDS: usize = memory.data<u64>([0x2626262626262626, 0x2626262626262626], 16);
export const NUMBER_SIGNS: usize = memory.data<u64>([0x2323232323232323, 0x2323232323232323], 16);
export const PARENTHESES: usize = memory.data<u64>([0x2828282828282828, 0x2828282828282828], 16);
export const SLASHES: usize = memory.data<u64>([0x2f2f2f2f2f2f2f2f, 0x2f2f2f2f2f2f2f2f], 16);
export const ANGLES: usize = memory.data<u64>([0x3c3c3c3c3c3c3c3c, 0x3c3c3c3c3c3c3c3c], 16);
export const EQUALS: usize = memory.data<u64>([0x3d3d3d3d3d3d3d3d, 0x3d3d3d3d3d3d3d3d], 16);
export const BACKSLASHES: usize = memory.data<u64>([0x5c5c5c5c5c5c5c5c, 0x5c5c5c5c5c5c5c5c], 16);
export const BRACKETS: usize = memory.data<u64>([0x5d5d5d5d5d5d5d5d, 0x5d5d5d5d5d5d5d5d], 16);

/** The high half of each byte; `fifteens`: as above, loaded. */
@inline
export function highNibbles(bytes: v128, fifteens: v128): v128 {
  return v128.and(i16x8.shr_u(bytes, 4), fifteens);
}
