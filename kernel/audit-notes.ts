// What is noted of an audit event while its records are copied: where some values stand, of each the first.

/** Written in the copy. */
export const OF_IMAGE: usize = 0;
export const OF_USER: usize = 1;
export const OF_MACHINE: usize = 2;
export const OF_CALL: usize = 3;
export const OF_CALL_NAME: usize = 4;
export const OF_SUCCESS: usize = 5;
export const OF_DIRECTORY: usize = 6;
/** In the lines. */
export const OF_TITLE: usize = 7;
export const OF_ARGUMENTS: usize = 8;
const KINDS: usize = 9;

/** For each kind where it begins and ends (u32 each); 0: it is not there. */
const NOTES: usize = memory.data(9 * 8, 16);

export function clearNotes(): void {
  memory.fill(NOTES, 0, KINDS << 3);
}

export function note(kind: usize, from: usize, end: usize): void {
  if (isNoted(kind)) return;
  store<u32>(NOTES + (kind << 3), <u32>from);
  store<u32>(NOTES + (kind << 3), <u32>end, 4);
}

@inline
export function isNoted(kind: usize): bool {
  return load<u32>(NOTES + (kind << 3), 4) != 0;
}

@inline
export function noteFrom(kind: usize): usize {
  return load<u32>(NOTES + (kind << 3));
}

@inline
export function noteEnd(kind: usize): usize {
  return load<u32>(NOTES + (kind << 3), 4);
}
