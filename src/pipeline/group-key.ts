import type { GroupKey } from '../frame/audit-events.ts';
import { auditKey, endsAuditEvent } from '../shapes/audit-line.ts';

/** Which lines are records of one audit event. */
export const groupKey: GroupKey = (line) => {
  const key = auditKey(line);
  return key === undefined ? undefined : { key, last: endsAuditEvent(line) };
};
