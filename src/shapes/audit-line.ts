import { syslogHost } from './syslog.ts';

/** How far into a line its stamp may begin: a syslog header and `node=` come first. */
const LONGEST_HEADER = 400;

const ZERO = 48;
const NINE = 57;

/** Where the parts of a raw audit line stand. */
export interface AuditStamp {
  /** Offset of `type=`. */
  readonly typeAt: number;
  readonly type: string;
  /** `1604996384.965:93777` */
  readonly id: string;
  /** Offset of what follows `): `. */
  readonly bodyAt: number;
}

/**
 * Finds `type=… msg=audit(TS:SERIAL):` (auditd) or `type=… audit(TS:SERIAL):` (the kernel, by way of syslog).
 * `undefined`: no audit record.
 */
export function auditStamp(line: string): AuditStamp | undefined {
  const open = line.indexOf('audit(');
  if (open < 0 || open > LONGEST_HEADER || line.charCodeAt(0) === 0x7b /* { */) return undefined;
  const typeAt = line.lastIndexOf('type=', open);
  if (typeAt < 0) return undefined;
  const typeEnd = line.indexOf(' ', typeAt);
  if (typeEnd < 0 || typeEnd > open) return undefined;
  const between = line.slice(typeEnd + 1, open);
  if (between !== 'msg=' && between !== '') return undefined;
  let at = open + 'audit('.length;
  const idAt = at;
  let dots = 0;
  let colons = 0;
  for (; at < line.length && at - idAt < 40; at++) {
    const unit = line.charCodeAt(at);
    if (unit >= ZERO && unit <= NINE) continue;
    if (unit === 0x2e && colons === 0) dots++;
    else if (unit === 0x3a) colons++;
    else break;
  }
  if (line.charCodeAt(at) !== 0x29 || colons !== 1 || dots > 1) return undefined;
  const bodyAt = line.charCodeAt(at + 1) === 0x3a ? at + 2 : at + 1;
  return { typeAt, type: line.slice(typeAt + 'type='.length, typeEnd), id: line.slice(idAt, at), bodyAt };
}

/** The name after `node=`, which auditd writes first when `name_format` is set. */
export function auditNode(line: string, stamp: AuditStamp): string | undefined {
  const at = line.lastIndexOf('node=', stamp.typeAt);
  if (at < 0) return undefined;
  const end = line.indexOf(' ', at);
  return end > at && end < stamp.typeAt ? line.slice(at + 'node='.length, end) : undefined;
}

/** Which event a line is a record of. */
export interface AuditGroup {
  /** The same text for each record of one event: its node or the host that a syslog header names, its time and serial. */
  readonly key: string;
  /**
   * The last record of its event? Only EOE says so (1320 where the kernel writes the number): events with a single record have
   * none, and PROCTITLE is last by custom but arrives out of order.
   */
  readonly last: boolean;
}

/** `undefined` for a line that is no audit record. Cheap: it is asked of every line. */
export function auditGroup(line: string): AuditGroup | undefined {
  const stamp = auditStamp(line);
  if (stamp === undefined) return undefined;
  const node = stamp.typeAt === 0 ? undefined : (auditNode(line, stamp) ?? syslogHost(line.slice(0, stamp.typeAt)));
  return {
    key: node === undefined ? stamp.id : `${node} ${stamp.id}`,
    last: stamp.type === 'EOE' || stamp.type === '1320',
  };
}
