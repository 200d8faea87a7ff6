// The system call of an audit event, by number on its machine and by name.
import { isNoted, noteEnd, noteFrom, OF_CALL, OF_CALL_NAME, OF_MACHINE } from './audit-notes';
import { numberAt } from './audit-pairs';
import { AARCH64, beginsWith, EXEC, I386, X86_64, ZERO_X } from './audit-words';

/**
 * Names of system calls on three machines (x86-64, aarch64, i386), for each MOST_CALLS words (u32): where the name begins, from
 * here, in the upper 24 bits, and its length below; 0: none.
 */
let table: usize = 0;
const MOST_CALLS: i32 = 512;
export function setCalls(at: usize): void {
  table = at;
}

let nameEnd: usize = 0;
/** One past the name that was found last. */
export function callNameEnd(): usize {
  return nameEnd;
}

/** Where the name of the call stands that was noted by number; 0: the table has none. */
export function callName(): usize {
  if (table == 0 || !isNoted(OF_CALL)) return 0;
  const machine = machineNumber();
  const number = numberAt(noteFrom(OF_CALL), noteEnd(OF_CALL));
  if (machine < 0 || number < 0 || number >= MOST_CALLS) return 0;
  const entry = load<u32>(table + (<usize>(machine * MOST_CALLS + number) << 2));
  if (entry == 0) return 0;
  const at = table + (entry >> 8);
  nameEnd = at + (entry & 0xff);
  return at;
}

/** Its place in the table, or -1. */
function machineNumber(): i32 {
  if (!isNoted(OF_MACHINE)) return -1;
  const end = noteEnd(OF_MACHINE);
  let at = noteFrom(OF_MACHINE);
  if (end - at == 10 && load<u16>(at) == ZERO_X) at += 2;
  if (end - at != 8) return -1;
  // Letters made small; digits have that bit.
  const machine = load<u64>(at) | 0x2020202020202020;
  return machine == X86_64 ? 0 : machine == AARCH64 ? 1 : machine == I386 ? 2 : -1;
}

/** Is it one that starts a program, by name or by its number on some machine? */
export function isExec(): bool {
  if (isNoted(OF_CALL_NAME) && beginsWith(noteFrom(OF_CALL_NAME), EXEC)) return true;
  if (!isNoted(OF_CALL)) return false;
  if (beginsWith(noteFrom(OF_CALL), EXEC)) return true;
  const number = numberAt(noteFrom(OF_CALL), noteEnd(OF_CALL));
  return number == 59 || number == 322 || number == 221 || number == 281 || number == 11 || number == 358;
}
