import type { LineGroup } from '../frame/audit-events.ts';
import { auditGroup } from '../shapes/audit-line.ts';

/** How much of a line its key is looked for in: `type=`, `node=` and a syslog header come first. */
const KEY_BYTES = 512;
/** So much suffices for most. */
const FEW_BYTES = 96;

/** The audit event that the line at [start, end) is of; `undefined` where it does not show at once that it is an audit record. */
export function auditGroupOf(bytes: Uint8Array, start: number, end: number): LineGroup | undefined {
  const few = auditGroup(headOf(bytes, start, Math.min(end, start + FEW_BYTES)));
  if (few !== undefined || end - start <= FEW_BYTES) return few;
  return auditGroup(headOf(bytes, start, Math.min(end, start + KEY_BYTES)));
}

/** A character for each byte. */
function headOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, start, end);
}
