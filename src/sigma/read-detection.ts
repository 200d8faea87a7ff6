import type { Span } from '../base/source.ts';
import type { SigmaDiagnosticCode } from './diagnostic-codes.ts';
import type { RuleValue } from './field-test.ts';
import { isModifier, modifierNames, modifierProblems, readValue } from './modifiers.ts';
import type { Modifier } from './modifiers.ts';
import type { Detection } from './rule.ts';
import type { RuleEntry, RuleNode } from './yaml-reader.ts';

type Say = (code: SigmaDiagnosticCode, message: string, at: Span) => void;

/** Values that one entry may have. */
const MOST_VALUES = 100_000;

/** Reads what a search identifier holds; `undefined` where nothing of it can be used. */
export function readDetection(node: RuleNode, say: Say): Detection | undefined {
  switch (node.kind) {
    case 'map':
      if (node.entries.length === 0) return empty(node.span, say);
      return all(node.entries.flatMap((entry) => readEntry(entry, say) ?? []), node.span);
    case 'list': {
      const mappings = node.items.filter((item) => item.kind === 'map');
      if (mappings.length === 0) return keywords(node, [], say);
      const plain = node.items.filter((item) => item.kind !== 'map');
      const items: Detection[] = mappings.flatMap((item) => readDetection(item, say) ?? []);
      // A list may mix mappings and keywords; each item is one alternative.
      if (plain.length > 0) {
        const words = keywords({ kind: 'list', items: plain, span: node.span }, [], say);
        if (words) items.push(words);
      }
      return items.length === 0 ? undefined : { kind: 'any', items, span: node.span };
    }
    case 'scalar':
      if (node.value !== null) return keywords({ kind: 'list', items: [node], span: node.span }, [], say);
      return empty(node.span, say);
  }
}

function empty(span: Span, say: Say): undefined {
  say('selection-empty', 'the search identifier holds nothing; expected a mapping or a list', span);
}

/** Nothing, where every entry was bad: each of them has been reported. */
function all(items: readonly Detection[], span: Span): Detection | undefined {
  return items.length === 0 ? undefined : { kind: 'all', items, span };
}

function keywords(node: RuleNode & { readonly kind: 'list' }, modifiers: readonly Modifier[], say: Say): Detection | undefined {
  return fieldTest(null, modifiers, node, node.span, say);
}

/** `field|modifier|…: value or list`; a key that begins with `|` is for keywords. */
function readEntry({ key, keySpan, value }: RuleEntry, say: Say): Detection | undefined {
  const [field = '', ...written] = key.split('|');
  const modifiers: Modifier[] = [];
  let offset = field.length + 1;
  let known = true;
  for (const name of written) {
    const at = { ...keySpan, start: Math.min(keySpan.end, keySpan.start + offset), end: Math.min(keySpan.end, keySpan.start + offset + name.length) };
    offset += name.length + 1;
    if (isModifier(name)) {
      modifiers.push(name);
      continue;
    }
    known = false;
    const nearest = modifierNames.find((other) => other.startsWith(name.toLowerCase().slice(0, 4)));
    say('modifier-unknown', `the modifier ${JSON.stringify(name)} is none of Sigma's${nearest ? `; did you mean ${nearest}?` : ''}`, at);
  }
  if (!known) return undefined;
  const problems = modifierProblems(modifiers);
  for (const { code, message } of problems) say(code, message, keySpan);
  if (problems.length > 0) return undefined;
  const list: RuleNode & { readonly kind: 'list' } =
    value.kind === 'list' ? value : { kind: 'list', items: [value], span: value.span };
  return fieldTest(field === '' ? null : field, modifiers, list, keySpan, say);
}

function fieldTest(
  field: string | null,
  modifiers: readonly Modifier[],
  list: RuleNode & { readonly kind: 'list' },
  span: Span,
  say: Say,
): Detection | undefined {
  if (list.items.length === 0) {
    say('selection-empty', `${field ?? 'the list'} has no values`, list.span);
    return undefined;
  }
  if (list.items.length > MOST_VALUES) {
    say('value-type', `${list.items.length} values; expected at most ${MOST_VALUES}`, list.span);
    return undefined;
  }
  const values: RuleValue[] = [];
  let failed = false;
  for (const item of list.items) {
    if (item.kind !== 'scalar') {
      failed = true;
      say('value-type', `found a ${item.kind === 'map' ? 'mapping' : 'list'}; expected a value`, item.span);
      continue;
    }
    if (field === null && item.value === null) {
      failed = true;
      say('value-type', 'a keyword cannot be null', item.span);
      continue;
    }
    const outcome = readValue(item.value, item.text, modifiers);
    if ('problem' in outcome) {
      failed = true;
      say(outcome.problem.code, outcome.problem.message, item.span);
    } else {
      values.push({ text: item.value === null ? 'null' : item.text, tests: outcome.tests, span: item.span });
    }
  }
  if (failed) return undefined;
  const test = { field, modifiers, all: modifiers.includes('all'), negated: modifiers.includes('neq'), values, span };
  return { kind: 'field', test, span };
}
