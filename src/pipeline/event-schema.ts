import type { EventSchema } from '../engine/event-view.ts';
import type { FieldValue, Json, JsonObject, Scalar } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import type { LogSource } from '../event/log-source.ts';
import type { ProcessImage } from '../event/process-start.ts';
import { factField } from '../facts/fact-fields.ts';
import type { Shape } from '../shapes/shape.ts';
import { own, pidText } from '../shapes/values.ts';
import { completeWindowsSource } from '../shapes/windows-channels.ts';
import type { ScanEvent } from './scan-event.ts';

/** Values of one event that keywords are looked for in; a larger event is searched up to here. */
const MOST_KEYWORD_VALUES = 10_000;
const DEEPEST_KEYWORD_VALUE = 64;

/**
 * How rules read events of `shape`: the vendor's fields, then those found by look-back, then the derived ones. `given`: the
 * log source of events that do not say where they come from.
 */
export function schemaOf(shape: Shape, given: LogSource = {}): EventSchema<ScanEvent> {
  return {
    name: shape.name,
    field(name) {
      const fact = factField(name);
      if (fact) return (event) => (event.facts === null ? undefined : fact(event.facts));
      const sent = shape.field(name);
      const found = shape.lineage ? lookBackField(name) : undefined;
      if (sent && found) {
        return (event) => {
          const value = sent(event.record);
          return value === undefined ? found(event) : value;
        };
      }
      if (sent) return (event) => sent(event.record);
      return found;
    },
    keywords: (event) => keywordValues(event.record, shape.notKeywords),
    logSource: (event) => sourceOf(shape, given, event.record),
  };
}

/** Where a record comes from; `given` speaks for those that do not say it. */
export function sourceOf(shape: Shape, given: LogSource, record: JsonObject): LogSource {
  const said = shape.logSource(record);
  if (shape.name !== 'sigma' && shape.name !== 'unrecognised') return said;
  return completeWindowsSource({ ...given, ...said }, () => pidText(own(record, 'EventID')));
}

/** May the field come from the parent's own start, where a source sends only the parent's id? */
export function isLookBackField(name: string): boolean {
  return PARENT_FIELDS.has(name);
}

/** Parent fields of a source that sends only the parent's id: by their Sigma and ECS names. */
function lookBackField(name: string): ((event: ScanEvent) => FieldValue) | undefined {
  const read = PARENT_FIELDS.get(name);
  if (read === undefined) return undefined;
  return (event) => {
    const parent = event.start?.parent;
    return parent === undefined ? undefined : read(parent);
  };
}

const commandLine = (image: ProcessImage): FieldValue => image.commandLine ?? image.args?.join(' ');

const PARENT_FIELDS = new Map<string, (parent: ProcessImage) => FieldValue>([
  ['ParentImage', (parent) => parent.executable],
  ['ParentCommandLine', commandLine],
  ['ParentProcessId', (parent) => parent.pid],
  ['process.parent.name', (parent) => parent.name],
  ['process.parent.executable', (parent) => parent.executable],
  ['process.parent.command_line', commandLine],
  ['process.parent.args', (parent) => parent.args],
  ['process.parent.pid', (parent) => parent.pid],
]);

/** Every scalar of a record, depth first, within bounds; but for those of some keys at its top. */
function keywordValues(record: JsonObject, but: readonly string[] = []): readonly Scalar[] {
  const found: Scalar[] = [];
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (value === undefined || but.includes(key)) continue;
    if (typeof value === 'object' && value !== null) addScalars(value, 1, found);
    else if (found.length < MOST_KEYWORD_VALUES) found.push(value);
  }
  return found;
}

function addScalars(holder: readonly Json[] | JsonObject, depth: number, found: Scalar[]): void {
  if (depth > DEEPEST_KEYWORD_VALUE) return;
  for (const value of isObject(holder) ? Object.values(holder) : holder) {
    if (value === undefined || found.length >= MOST_KEYWORD_VALUES) return;
    if (typeof value === 'object' && value !== null) addScalars(value, depth + 1, found);
    else found.push(value);
  }
}
