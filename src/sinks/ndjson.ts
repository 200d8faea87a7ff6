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
  const parts = new NdjsonParts();
  return {
    name: 'ndjson',
    begin: () => '',
    alert(alert, out) {
      writeId(out, alert.identity);
      parts.writeToLine(out, alert);
      out.number(alert.event.place.line);
      parts.writeFromLine(out, alert.event);
    },
    end: () => '',
  };
}

/** Begins an alert. */
export function writeId(out: JsonOutput, identity: string): void {
  out.bytes(ID);
  out.uuid(identity);
}

/** What stands behind the id of an alert, and around the number of its line. */
export class NdjsonParts {
  readonly #leads = new LeadTexts();
  readonly #rules = new RuleTexts();
  readonly #threats = new ThreatTexts();
  readonly #guides = new GuideTexts();
  readonly #events = new EventTexts();

  writeToLine(out: JsonOutput, alert: Alert): void {
    const { kubectl, origin, correlation, process, event } = alert;
    out.bytes(TIME);
    out.stringOrNull(alert.time);
    this.#leads.write(out, alert);
    this.#rules.write(out, alert.rules);
    if (kubectl !== undefined) {
      out.bytes(KUBECTL);
      writeKubectl(out, kubectl);
    }
    if (origin !== undefined) writeOrigin(out, origin);
    if (correlation !== undefined) out.text(`,"correlation":${jsonText(correlation)}`);
    if (process !== undefined) writeProcess(out, process);
    out.bytes(this.#threats.of(alert.rules));
    this.#guides.write(out, alert);
    out.bytes(this.#events.headOf(event.shape, event.place.file));
  }

  /** `original` is the record's own text where that is JSON, so nothing of it is lost in between. */
  writeFromLine(out: JsonOutput, { place, original }: Alert['event']): void {
    out.bytes(BYTE);
    out.number(place.byte);
    out.bytes(ORIGINAL);
    if ('json' in original) out.text(original.json);
    else out.string(original.text);
    out.bytes(END);
  }
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

/** How `event` of alerts begins. Events come in runs of one shape and file, for which that is made once. */
class EventTexts {
  #shape = '';
  #file = '';
  #head: Uint8Array | undefined;

  headOf(shape: string, file: string): Uint8Array {
    if (this.#head === undefined || this.#file !== file || this.#shape !== shape) {
      this.#shape = shape;
      this.#file = file;
      this.#head = constant(`,"event":{${jsonText({ shape, file }).slice(1, -1)},"line":`);
    }
    return this.#head;
  }
}
