import type { Span } from '../base/source.ts';
import type { SigmaDiagnosticCode } from './diagnostic-codes.ts';
import type { RuleValue } from './field-test.ts';
import { chainProblems } from './modifier-chain.ts';
import { isModifier, modifierNames } from './modifier-names.ts';
import type { Modifier } from './modifier-names.ts';
import { readValue } from './modifiers.ts';
import { expandPlaceholders, readPlaceholders } from './placeholders.ts';
import type { ResolvePlaceholder } from './placeholders.ts';
import type { Detection } from './rule.ts';
import { spanWithin } from './span-within.ts';
import type { RuleEntry, RuleNode } from './yaml-reader.ts';

/** Reports a problem; without a severity it is an error. */
export type Say = (
  code: SigmaDiagnosticCode,
  message: string,
  at: Span,
  severity?: 'error' | 'warning',
  help?: string,
) => void;

type ListNode = RuleNode & { readonly kind: 'list' };

/** Reads what a search identifier holds; `undefined` where nothing of it can be used. */
export function readDetection(node: RuleNode, say: Say, resolve: ResolvePlaceholder = noValues): Detection | undefined {
  switch (node.kind) {
    case 'map':
      if (node.entries.length === 0) return empty(node.span, say);
      return all(
        node.entries.flatMap((entry) => readEntry(entry, say, resolve) ?? []),
        node.span,
      );
    case 'list': {
      const mappings = node.items.filter((item) => item.kind === 'map');
      if (mappings.length === 0) return keywords(node, [], say);
      const plain = node.items.filter((item) => item.kind !== 'map');
      const items: Detection[] = mappings.flatMap((item) => readDetection(item, say, resolve) ?? []);
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

function keywords(node: ListNode, modifiers: readonly Modifier[], say: Say): Detection | undefined {
  return fieldTest(null, modifiers, node, node.span, say);
}

/** `field|modifier|…: value or list`; a key that begins with `|` is for keywords. */
function readEntry({ key, keySpan, value }: RuleEntry, say: Say, resolve: ResolvePlaceholder): Detection | undefined {
  const [field = '', ...written] = key.split('|');
  const modifiers = readModifiers(written, field.length + 1, key, keySpan, say);
  if (modifiers === undefined) return undefined;
  if (key === '') {
    say('value-type', 'an empty key; expected a field name', keySpan);
    return undefined;
  }
  const isKeyword = field === '';
  const problems = chainProblems(modifiers, isKeyword);
  for (const { code, message } of problems) say(code, message, keySpan);
  if (problems.length > 0) return undefined;
  const list: ListNode = value.kind === 'list' ? value : { kind: 'list', items: [value], span: value.span };
  const expanded = modifiers.includes('expand') ? expandList(list, say, resolve) : undefined;
  if (expanded === undefined) return fieldTest(isKeyword ? null : field, modifiers, list, keySpan, say);
  if (expanded.items.length < list.items.length) return undefined;
  // What is expanded is plain: a percent sign in it means itself.
  const plain = modifiers.filter((name) => name !== 'expand');
  return fieldTest(isKeyword ? null : field, plain, expanded, keySpan, say);
}

const noValues: ResolvePlaceholder = () => undefined;

/** The list with every placeholder resolved; undefined where no value has one, so that nothing is to be done. */
function expandList(list: ListNode, say: Say, resolve: ResolvePlaceholder): ListNode | undefined {
  const hasOne = list.items.some(
    (item) => item.kind === 'scalar' && readPlaceholders(item.text).placeholders.length > 0,
  );
  if (!hasOne) return undefined;
  const items = list.items.flatMap((item): readonly RuleNode[] => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') return [item];
    const { texts, unresolved } = expandPlaceholders(item.value, resolve);
    if (texts !== undefined) return texts.map((text) => ({ ...item, value: text, text }));
    const name = unresolved?.slice(0, 80);
    if (name === undefined) say('placeholder-unresolved', 'the placeholders come to more than 10000 values', item.span);
    else
      say(
        'placeholder-unresolved',
        `the placeholder %${name}% has no value here; the rule is left out`,
        item.span,
        'error',
        `give it with --placeholder ${name}=VALUE, or in the vars of a --pipeline`,
      );
    return [];
  });
  return { ...list, items };
}

function readModifiers(
  written: readonly string[],
  from: number,
  key: string,
  keySpan: Span,
  say: Say,
): readonly Modifier[] | undefined {
  const spanOf = spanWithin(key, keySpan);
  const modifiers: Modifier[] = [];
  let offset = from;
  for (const name of written) {
    const at = spanOf(offset, offset + name.length);
    offset += name.length + 1;
    if (isModifier(name)) modifiers.push(name);
    else
      say(
        'modifier-unknown',
        `the modifier ${JSON.stringify(name.slice(0, 80))} is none of Sigma's`,
        at,
        'error',
        helpFor(name),
      );
  }
  return modifiers.length === written.length ? modifiers : undefined;
}

function helpFor(name: string): string | undefined {
  if (name.toLowerCase() === 'not')
    return 'there is no such modifier: put the fields into a search identifier of their own, and not before it in the condition; or use neq';
  const nearest =
    modifierNames.find((other) => other === name.toLowerCase()) ??
    modifierNames.find((other) => name.length > 2 && other.startsWith(name.toLowerCase().slice(0, 4)));
  return nearest && `did you mean ${nearest}?`;
}

function fieldTest(
  field: string | null,
  modifiers: readonly Modifier[],
  list: ListNode,
  span: Span,
  say: Say,
): Detection | undefined {
  if (list.items.length === 0) {
    say('selection-empty', `${field ?? 'the list'} has no values`, list.span);
    return undefined;
  }
  const values: RuleValue[] = [];
  for (const item of list.items) {
    if (item.kind !== 'scalar') {
      say('value-type', `found a ${item.kind === 'map' ? 'mapping' : 'list'}; expected a value`, item.span);
      continue;
    }
    const { tests, problems } = readValue(item.value, item.text, modifiers, field === null);
    for (const { code, severity, message, at } of problems) {
      say(code, message, at ? spanWithin(item.text, item.span)(at.start, at.end) : item.span, severity);
    }
    if (tests.length > 0)
      values.push({ text: item.value === null ? 'null' : item.text, value: item.value, tests, span: item.span });
  }
  if (values.length < list.items.length) return undefined;
  const isAll = modifiers.includes('all');
  // "Single item values are not allowed to have an all modifier": it means the same without, so the rule may stay.
  if (isAll && values.length === 1)
    say('all-single-value', 'all with a single value; expected a list, or no all', span, 'warning');
  const test = { field, modifiers, all: isAll, negated: modifiers.includes('neq'), values, span };
  return { kind: 'field', test, span };
}
