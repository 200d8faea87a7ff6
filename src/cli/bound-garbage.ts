import { setFlagsFromString } from 'node:v8';

/**
 * Events live for a moment: a young generation that grows, and a heap that may double before it is looked through, only
 * let more garbage lie (docs/decisions/2026-11-24-threads-and-memory.md). Asked for when the modules are there: they stay, and
 * looking through them over and over would take longer than loading them.
 */
export function boundGarbage(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
  // Of threads that begin later: it would stay at a mebibyte, and be looked through five times as often.
  setFlagsFromString('--min-semi-space-size=4');
}
