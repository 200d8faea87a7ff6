import type { KernelMemory } from './memory.ts';

/** Names of system calls by number: on x86-64, aarch64 and i386, in this order. */
export type SystemCalls = readonly ReadonlyMap<string, string>[];

/** As in kernel/audit-calls.ts. */
const MACHINES = 3;
const MOST_CALLS = 512;
const LONGEST_NAME = 32;

/** Tells the kernel. */
export function setSystemCalls(memory: KernelMemory, calls: SystemCalls): void {
  const count = calls.reduce((sum, { size }) => sum + size, 0);
  const table = memory.take(MACHINES * MOST_CALLS * 4 + count * LONGEST_NAME);
  let names = MACHINES * MOST_CALLS * 4;
  calls.slice(0, MACHINES).forEach((ofMachine, machine) => {
    for (const [number, name] of ofMachine) {
      const at = Number(number);
      if (!(at < MOST_CALLS) || name.length > LONGEST_NAME) continue;
      memory.words[(table >> 2) + machine * MOST_CALLS + at] = names * 256 + name.length;
      for (let i = 0; i < name.length; i++) memory.bytes[table + names++] = name.charCodeAt(i);
    }
  });
  memory.kernel.setCalls(table);
}
