import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { parseJson } from '../event/parse-json.ts';
import { unwrap } from '../shapes/envelope.ts';
import { recognise } from '../shapes/recognise.ts';
import type { Shape } from '../shapes/shape.ts';
import { decodeText } from '../shapes/text.ts';
import { unrecognisedShape } from './unrecognised-shape.ts';

export type RecordDiagnosticCode =
  | 'json-invalid'
  | 'json-too-deep'
  | 'json-not-an-object'
  | 'record-binary'
  | 'record-malformed'
  | 'record-invalid-utf8'
  | 'record-too-many-events'
  | 'correlation-no-time';

/** What one framed record holds. */
export interface ReadRecord {
  readonly events: readonly { readonly shape: Shape; readonly record: JsonObject }[];
  /** It is JSON (its text may stand in JSON output as it is), or a line or lines of text. */
  readonly isJson: boolean;
  readonly problem?: { readonly code: RecordDiagnosticCode; readonly message: string };
}

/** Deeper nesting than any vendor's; what walks a record may count on it. */
const DEEPEST = 100;
/** Events in one record (an EventList, an Event Hub batch). */
const MOST_EVENTS = 10_000;
const LONGEST_QUOTE = 80;

/** Reads one record's text. `forced`: taken as this shape whatever it looks like. */
export function readRecord(text: string, forced: Shape | undefined): ReadRecord {
  const first = text.charCodeAt(0);
  return first === 0x7b || first === 0x5b ? readJson(text, forced) : readText(text, forced);
}

function readJson(text: string, forced: Shape | undefined): ReadRecord {
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    // A line may begin with a bracket and be no JSON at all.
    if (text.charCodeAt(0) === 0x5b) {
      const asText = readText(text, forced);
      if (asText.problem === undefined && asText.events.length > 0) return asText;
    }
    return { events: [], isJson: false, problem: jsonProblem(text, error) };
  }
  if (isDeeperThan(value, DEEPEST)) {
    return {
      events: [],
      isJson: true,
      problem: {
        code: 'json-too-deep',
        message: `values are nested more than ${DEEPEST} deep; the record was passed over`,
      },
    };
  }
  if (isObject(value)) {
    const inner = eventsIn(value, forced);
    const [only] = inner;
    // Nearly every record is one event.
    if (only !== undefined && inner.length === 1)
      return { events: [{ shape: shapeOf(only, forced), record: only }], isJson: true };
  }
  const records = isArray(value) ? value.filter(isObject) : isObject(value) ? [value] : [];
  if (records.length === 0) {
    return {
      events: [],
      isJson: true,
      problem: { code: 'json-not-an-object', message: `found ${quote(text)}; expected a JSON object` },
    };
  }
  const inner = records.flatMap((record) => eventsIn(record, forced));
  const events = inner.slice(0, MOST_EVENTS).map((record) => ({ shape: shapeOf(record, forced), record }));
  if (inner.length <= MOST_EVENTS) return { events, isJson: true };
  return {
    events,
    isJson: true,
    problem: {
      code: 'record-too-many-events',
      message: `the record holds ${inner.length} events; only the first ${MOST_EVENTS} were read`,
    },
  };
}

/** The events that a record is or holds. */
export function eventsIn(record: JsonObject, forced: Shape | undefined): readonly JsonObject[] {
  return forced?.recognise(record) ? [record] : unwrap(record);
}

export function shapeOf(record: JsonObject, forced: Shape | undefined): Shape {
  return forced ?? recognise(record) ?? unrecognisedShape;
}

function readText(text: string, forced: Shape | undefined): ReadRecord {
  const decoded = decodeText(text);
  if ('record' in decoded) {
    const shape = forced ?? recognise(decoded.record) ?? unrecognisedShape;
    return { events: [{ shape, record: decoded.record }], isJson: false };
  }
  if ('error' in decoded) {
    return { events: [], isJson: false, problem: { code: 'record-malformed', message: decoded.error } };
  }
  if (text.includes('\u0000')) {
    return {
      events: [],
      isJson: false,
      problem: {
        code: 'record-binary',
        message: `found binary data ${quote(text)}; expected JSON, an audit record or an event in XML`,
      },
    };
  }
  return { events: [], isJson: false };
}

/** V8's message names an offset in the text, which says more when the text around it is shown. */
function jsonProblem(text: string, error: unknown): { readonly code: RecordDiagnosticCode; readonly message: string } {
  const detail = error instanceof Error ? error.message : String(error);
  if (text.includes('\u0000')) {
    return { code: 'record-binary', message: `found binary data ${quote(text)}; expected JSON` };
  }
  const position = /at position (\d{1,12})/.exec(detail)?.[1];
  if (position !== undefined) {
    const at = Number(position);
    return {
      code: 'json-invalid',
      message: `not valid JSON at character ${at + 1}, near ${quote(text.slice(Math.max(0, at - 20), at + 40))}`,
    };
  }
  if (detail.includes('end of JSON')) {
    return {
      code: 'json-invalid',
      message: `the JSON ends early, after ${text.length} characters, at ${quote(text.slice(-40))}`,
    };
  }
  return { code: 'json-invalid', message: `not valid JSON: ${quote(text)}` };
}

function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isDeeperThan(value: Json | undefined, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (isArray(value)) {
    for (const item of value) if (typeof item === 'object' && isDeeperThan(item, levels - 1)) return true;
    return false;
  }
  for (const key in value) {
    const inner = value[key];
    if (typeof inner === 'object' && isDeeperThan(inner, levels - 1)) return true;
  }
  return false;
}
