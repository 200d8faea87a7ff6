import type { WindowEntry } from './figure.ts';

/**
 * The most members that occur in the order of the rule, each by an event of its own that is not before the one of the
 * member before it. `best[n]`: the chains of n members, by the member that they end with.
 */
export function longestChain(entries: readonly WindowEntry[], members: number): number {
  const endsWith: number[] = Array.from({ length: members }, () => 0);
  let pending: { member: number; length: number }[] = [];
  let event = -1;
  const settle = (): void => {
    for (const { member, length } of pending) endsWith[member] = Math.max(endsWith[member] ?? 0, length);
    pending = [];
  };
  for (const entry of entries) {
    // Chains that this very event ends are not gone on with by the same event.
    if (entry.event !== event) settle();
    event = entry.event;
    let before = 0;
    for (let i = 0; i < entry.member; i++) before = Math.max(before, endsWith[i] ?? 0);
    pending.push({ member: entry.member, length: before + 1 });
  }
  settle();
  return Math.max(0, ...endsWith);
}
