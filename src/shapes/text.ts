import type { JsonObject } from '../event/json.ts';
import { auditEvent } from './audit/audit-event.ts';
import { auditStamp } from './audit-line.ts';
import { syslogHost } from './syslog.ts';
import { eventXml } from './sysmon-xml.ts';
import { ownObject } from './values.ts';

/**
 * Reads a record that is not JSON: the raw lines of one audit event, joined by line feeds, or a line that holds a
 * Sysmon `<Event>`. Either may stand behind a syslog header. Any other text is not recognised, which is no error.
 */
export function decodeText(
  text: string,
): { readonly record: JsonObject } | { readonly unrecognised: true } | { readonly error: string } {
  if (auditStamp(text) !== undefined) {
    const record = auditEvent(text);
    return record === undefined ? { unrecognised: true } : { record };
  }
  const at = text.indexOf('<Event');
  const next = text.charAt(at + '<Event'.length);
  if (at < 0 || (next !== '>' && next !== ' ')) return { unrecognised: true };
  const record = eventXml(text.slice(at));
  if (typeof record === 'string') return { error: record };
  const host = syslogHost(text.slice(0, at));
  const system = ownObject(ownObject(record, 'Event') ?? {}, 'System');
  if (host === undefined || system === undefined || Object.hasOwn(system, 'Computer')) return { record };
  return { record: { Event: { ...ownObject(record, 'Event'), System: { ...system, Computer: host } } } };
}
