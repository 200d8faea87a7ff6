import type { Alert } from '../alert/alert.ts';
import type { Origin } from '../origin/origin.ts';
import type { AlertFormat } from './format.ts';
import { GuideTexts } from './guide-text.ts';
import { constant } from './json-output.ts';
import type { JsonOutput } from './json-output.ts';
import { jsonText } from './json-text.ts';
import { writeKubectl } from './kubectl-object.ts';
import { LeadTexts } from './lead-text.ts';
import { writeProcess } from './ndjson-process.ts';
import { RuleTexts } from './rule-text.ts';
import { ThreatTexts } from './threat-text.ts';

const ID = constant('{"id":');
const TIME = constant(',"time":');
const KUBECTL = constant(',"kubectl":');
const ORIGIN = constant(',"origin":{"kind":');
const REASONS = constant(',"reasons":');
const KINDS = constant(',"kinds":');
const SCRIPT = constant(',"script":');
const REMOTE = constant(',"remote":');
const BINARY_LOCATION = constant(',"binary_location":');
const CLOSE = constant('}');
const BYTE = constant(',"byte":');
const ORIGINAL = constant(',"original":');
const END = constant('}}\n');

/**
 * One alert a line: the format that other programs are written against (docs/output-formats.md). It is written straight
 * into bytes, because a scan that finds much does little else.
 */
export function ndjsonFormat(): AlertFormat {
  const leads = new LeadTexts();
  const rules = new RuleTexts();
  const threats = new ThreatTexts();
  const guides = new GuideTexts();
  const events = new EventTexts();
  return {
    name: 'ndjson',
    begin: () => '',
    alert(alert, out) {
      const { kubectl, origin, correlation, process } = alert;
      out.bytes(ID);
      out.uuid(alert.identity);
      out.bytes(TIME);
      out.stringOrNull(alert.time);
      leads.write(out, alert);
      rules.write(out, alert.rules);
      if (kubectl !== undefined) {
        out.bytes(KUBECTL);
        writeKubectl(out, kubectl);
      }
      if (origin !== undefined) writeOrigin(out, origin);
      if (correlation !== undefined) out.text(`,"correlation":${jsonText(correlation)}`);
      if (process !== undefined) writeProcess(out, process);
      out.bytes(threats.of(alert.rules));
      guides.write(out, alert);
      events.write(out, alert.event);
    },
    end: () => '',
  };
}

function writeOrigin(out: JsonOutput, origin: Origin): void {
  out.bytes(ORIGIN);
  out.string(origin.kind);
  out.bytes(REASONS);
  out.strings(origin.reasons);
  out.bytes(KINDS);
  out.strings(origin.kinds);
  out.bytes(SCRIPT);
  out.stringOrNull(origin.script);
  out.bytes(REMOTE);
  out.boolean(origin.remote);
  out.bytes(BINARY_LOCATION);
  out.stringOrNull(origin.binary_location);
  out.bytes(CLOSE);
}

/** `event` of alerts. Events come in runs of one shape and file, for which that is made once. */
class EventTexts {
  #shape = '';
  #file = '';
  #head: Uint8Array | undefined;

  /** `original` is the record's own text where that is JSON, so nothing of it is lost in between. */
  write(out: JsonOutput, { shape, place, original }: Alert['event']): void {
    out.bytes(this.#headOf(shape, place.file));
    out.number(place.line);
    out.bytes(BYTE);
    out.number(place.byte);
    out.bytes(ORIGINAL);
    if ('json' in original) out.text(original.json);
    else out.string(original.text);
    out.bytes(END);
  }

  #headOf(shape: string, file: string): Uint8Array {
    if (this.#head === undefined || this.#file !== file || this.#shape !== shape) {
      this.#shape = shape;
      this.#file = file;
      this.#head = constant(`,"event":{${jsonText({ shape, file }).slice(1, -1)},"line":`);
    }
    return this.#head;
  }
}
