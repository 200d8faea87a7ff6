import type { Diagnostic } from '../base/diagnostic.ts';
import type { Source, Span } from '../base/source.ts';
import { splitDocuments } from '../sigma/yaml-documents.ts';
import { readDocument } from '../sigma/yaml-reader.ts';
import type { MapNode, RuleNode } from '../sigma/yaml-reader.ts';

export type CaseDiagnostic = Diagnostic<'rule-test-invalid'>;

/** One expectation of a rule: what comes of these events, in this order. */
export interface RuleCase {
  readonly name: string;
  /** Id, name or title; absent where the rule file has one rule. */
  readonly rule: string | undefined;
  /** Each one record as a scan would read it: JSON, or a line. */
  readonly events: readonly string[];
  /** Files of events, relative to the test file. */
  readonly files: readonly string[];
  readonly shape: string | undefined;
  /** How often the rule matches: a number, or at least once. */
  readonly expected: number | 'some';
  /** Search identifiers that hold for some of the events. */
  readonly selections: readonly string[];
  readonly span: Span;
}

const MOST_CASES = 10_000;
const KEYS = 'name rule events files shape expect selections'.split(' ');

/** Reads `NAME.tests.yml`: a list of cases. A bad case is reported and left out; its neighbours stay. Never throws. */
export function readCases(source: Source): {
  readonly cases: readonly RuleCase[];
  readonly diagnostics: readonly CaseDiagnostic[];
} {
  const diagnostics: CaseDiagnostic[] = [];
  const say = (message: string, span: Span): void =>
    void diagnostics.push({ code: 'rule-test-invalid', severity: 'error', message, span });
  const start: Span = { source, start: 0, end: 1 };
  const [document] = splitDocuments(source.text);
  const root = document && readDocument(document, source, (_code, message, span) => say(message, span));
  if (root?.kind !== 'list') {
    if (diagnostics.length === 0) say('expected a list of cases: name, events, expect', root?.span ?? start);
    return { cases: [], diagnostics };
  }
  if (root.items.length > MOST_CASES) say(`${root.items.length} cases; expected at most ${MOST_CASES}`, start);
  const cases = root.items.slice(0, MOST_CASES).flatMap((node, i) => readCase(node, i, say) ?? []);
  return { cases, diagnostics };
}

function readCase(node: RuleNode, number: number, say: (message: string, span: Span) => void): RuleCase | undefined {
  if (node.kind !== 'map') {
    say('expected a case: a mapping with events and expect', node.span);
    return undefined;
  }
  const before: { wrong: boolean } = { wrong: false };
  const note = (message: string, span: Span): void => {
    before.wrong = true;
    say(message, span);
  };
  for (const { key, keySpan } of node.entries)
    if (!KEYS.includes(key)) note(`found ${JSON.stringify(key.slice(0, 60))}; expected ${KEYS.join(', ')}`, keySpan);
  const events = member(node, 'events');
  const files = texts(member(node, 'files'), note);
  if (events === undefined && files.length === 0) note('the case has neither events nor files', node.span);
  if (events !== undefined && events.kind !== 'list')
    note('expected events: a list of mappings, or of texts', events.span);
  const expected = readExpected(member(node, 'expect'), node.span, note);
  const items = events?.kind === 'list' ? events.items : [];
  const made: RuleCase = {
    name: text(member(node, 'name')) ?? `case ${number + 1}`,
    rule: text(member(node, 'rule')),
    events: items.map((item) => (item.kind === 'scalar' ? item.text : JSON.stringify(plain(item)))),
    files,
    shape: text(member(node, 'shape')),
    expected,
    selections: texts(member(node, 'selections'), note),
    span: node.span,
  };
  return before.wrong ? undefined : made;
}

function readExpected(
  node: RuleNode | undefined,
  span: Span,
  note: (message: string, span: Span) => void,
): number | 'some' {
  const found = text(node);
  if (found === 'match') return 'some';
  if (found === 'no-match') return 0;
  const count = found === undefined ? NaN : Number(found);
  if (!Number.isInteger(count) || count < 0)
    note('expected expect: match, no-match, or how often the rule matches', node?.span ?? span);
  return count;
}

function member(node: MapNode, name: string): RuleNode | undefined {
  return node.entries.find(({ key }) => key === name)?.value;
}

function text(node: RuleNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? node.text : undefined;
}

function texts(node: RuleNode | undefined, note: (message: string, span: Span) => void): readonly string[] {
  const items = node === undefined ? [] : node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => {
    const found = text(item);
    if (found === undefined) note('expected text', item.span);
    return found ?? [];
  });
}

function plain(node: RuleNode): unknown {
  if (node.kind === 'scalar') return typeof node.value === 'bigint' ? String(node.value) : node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
}
