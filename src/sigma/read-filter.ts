import type { RuleReference } from './correlation-rule.ts';
import type { Say } from './read-detection.ts';
import type { MapNode, RuleEntry } from './yaml-reader.ts';

/** Rules that one document may refer to. */
export const MOST_REFERENCES = 10_000;

/** The `rules` of a filter: ids or names, or `any` for every rule of the log source. */
export function readFilterRules(filter: RuleEntry, say: Say): readonly RuleReference[] | 'any' {
  if (filter.value.kind !== 'map') return [];
  const given = filter.value.entries.find(({ key }) => key === 'rules');
  if (given === undefined) {
    say('filter-rules', 'the filter names no rules; expected rules: a list of ids or names, or any', filter.keySpan);
    return [];
  }
  sayReading(filter.value, say);
  if (given.value.kind === 'scalar' && given.value.text.toLowerCase() === 'any') return 'any';
  return readReferences(given, say, 'filter-rules');
}

function sayReading(filter: MapNode, say: Say): void {
  const condition = filter.entries.find(({ key }) => key === 'condition')?.value;
  if (condition?.kind === 'scalar' && !/\bnot\b/i.test(condition.text)) {
    say(
      'filter-reading',
      'this filter keeps only the events for which its condition holds, as in pySigma',
      condition.span,
      'warning',
      'to leave out what it describes, which is what the specification says filters are for, write not before it',
    );
  }
}

/** A list of ids or names; a single text counts as a list of one. */
export function readReferences(
  { value, keySpan }: RuleEntry,
  say: Say,
  code: 'filter-rules' | 'correlation-rules',
): readonly RuleReference[] {
  if (value.kind === 'map' || (value.kind === 'scalar' && value.value === null)) {
    say(code, 'expected rules: a list of ids or names', value.span);
    return [];
  }
  const items = value.kind === 'list' ? value.items : [value];
  if (items.length === 0) say(code, 'rules is empty; expected a list of ids or names', keySpan);
  if (items.length > MOST_REFERENCES) say(code, `${items.length} rules; expected at most ${MOST_REFERENCES}`, keySpan);
  const references = new Map<string, RuleReference>();
  for (const item of items.slice(0, MOST_REFERENCES)) {
    if (item.kind !== 'scalar' || item.value === null) say(code, 'expected the id or name of a rule', item.span);
    else if (references.has(item.text)) say(code, `${item.text.slice(0, 80)} stands there twice`, item.span, 'warning');
    else references.set(item.text, { to: item.text, span: item.span });
  }
  return [...references.values()];
}
