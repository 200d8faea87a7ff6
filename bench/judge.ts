import { ruleId } from '../src/alert/rule-card.ts';
import { matchesPlain } from '../src/engine/plain.ts';
import { isFor } from '../src/engine/rule-set.ts';
import type { Batch } from '../src/frame/batch.ts';
import { schemaOf } from '../src/pipeline/event-schema.ts';
import { readRecord } from '../src/pipeline/read-record.ts';
import { ScanEvent } from '../src/pipeline/scan-event.ts';
import { forcedShape, recordsOf } from './subjects.ts';
import type { Loaded, Matches } from './subjects.ts';

/** Throws where two engines do not say the same of the same events. */
export function mustAgree(what: string, one: Matches, other: Matches): void {
  const others = new Set(other);
  const ones = new Set(one);
  const only = one.find((match) => !others.has(match)) ?? other.find((match) => !ones.has(match));
  if (one.length !== other.length || only !== undefined)
    throw new Error(
      `${what}: ${one.length} and ${other.length} matches; the first difference: ${only ?? 'a match told twice'}`,
    );
}

/**
 * Asks the plain matcher about a sample of the events, of those that matched and of the others, and throws where it says
 * something else. Events whose source sends only a parent's id are judged without look-back. Gives how many were asked about.
 */
export function judgeSample(loaded: Loaded, batches: readonly Batch[], matches: Matches, most: number): number {
  const { library } = loaded;
  const found = new Map(matches.map((match) => [Number(match.split(' ', 1)[0]), match]));
  const total = batches.reduce((sum, { count }) => sum + count, 0);
  const every = Math.max(1, Math.floor((2 * total) / most));
  let ordinary = 0;
  let matched = 0;
  let nth = 0;
  for (const { line, text } of recordsOf(batches)) {
    const expected = found.get(line);
    const wanted = expected === undefined ? nth % every === 0 && ordinary < most / 2 : matched < most / 2;
    nth++;
    if (!wanted) continue;
    if (expected === undefined) ordinary++;
    else matched++;
    const ids = readRecord(text, forcedShape(loaded)).events.flatMap(({ shape, record }) => {
      const event = new ScanEvent(shape, record, () => undefined);
      const schema = schemaOf(shape, library.givenLogSource);
      const source = schema.logSource(event);
      return library.rules
        .filter((rule) => isFor(rule.logsource, source) && matchesPlain(rule, schema, event))
        .map(ruleId);
    });
    const plain = ids.length === 0 ? undefined : [line, ...ids.sort()].join(' ');
    if (plain !== expected)
      throw new Error(
        `line ${line}: the plain matcher says ${plain ?? 'nothing'}, the engine ${expected ?? 'nothing'}`,
      );
  }
  return ordinary + matched;
}
