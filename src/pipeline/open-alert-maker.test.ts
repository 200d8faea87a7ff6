import assert from 'node:assert/strict';
import { test } from 'node:test';

import { JsonOutput } from '../sinks/json-output.ts';
import { ndjsonFormat } from '../sinks/ndjson.ts';
import { closeAlerts } from '../sinks/open-alerts.ts';
import { AlertMaker } from './alert-maker.ts';
import type { Finding } from './finding.ts';
import { loadLibrary } from './load-library.ts';
import { OpenAlertMaker } from './open-alert-maker.ts';
import type { RuleTexts } from './rule-texts.ts';

const rule = (id: number): string => `title: Rule ${id}
id: 7c1f5b3a-0d1e-4c57-9a5e-00000000000${id}
logsource: { category: process_creation }
detection: { selection: { Image: a }, condition: selection }
level: ${id === 0 ? 'low' : 'high'}
`;
const text = [0, 1, 2].map((id) => rule(id));
const bytes = Buffer.from(text.join(''));
const guide = (value: string): { name: string; text: string } => ({ name: `${value}.md`, text: `of {{${value}}}` });
const guides = new Map([0, 1, 2].map((id) => [id, guide(['rule.title', 'event.line', 'alert.id'][id] ?? '')]));
const table = {
  bytes,
  names: ['0.yml', '1.yml', '2.yml'],
  ends: text.map((_, id) => text.slice(0, id + 1).join('').length),
};
const texts: RuleTexts = {
  table,
  files: text.map((one, id) => ({ source: { name: `${id}.yml`, text: one }, guide: guides.get(id) ?? guide('') })),
  guides,
  hash: 'hash',
  pipelines: [],
  placeholders: new Map(),
  choice: {},
};
const library = await loadLibrary(texts);

function finding(line: number, more: Partial<Finding> = {}): Finding {
  return {
    shape: 'ecs',
    place: { file: 'f', line, byte: 10 * line },
    time: null,
    matches: [{ rule: 0, evidence: [] }],
    process: { commandLine: 'kubectl proxy', host: { name: 'h' } },
    intent: null,
    origin: null,
    original: { json: '{"a":1}' },
    observation: null,
    nth: 0,
    ...more,
  };
}

/** How many are taken; whoever puts all together says what one maker alone says. */
function taken(findings: readonly Finding[]): number {
  const { open, left } = new OpenAlertMaker(library).take(findings);
  const format = ndjsonFormat();
  const [out, expected] = [new JsonOutput(), new JsonOutput()];
  const [maker, whole] = [new AlertMaker(library), new AlertMaker(library)];
  if (open !== undefined)
    for (const alert of closeAlerts(open, 0, (first) => maker.identityOf(first))) alert.write(out);
  for (const one of left) format.alert(maker.make(one), out);
  for (const one of findings) format.alert(whole.make(one), expected);
  assert.equal(out.take().toString(), expected.take().toString());
  return findings.length - left.length;
}

test('alerts are written up to the first of which more is made, and the others are left', () => {
  assert.equal(taken([]), 0);
  // The same text again and again: each has an id of its own.
  assert.equal(taken([finding(1), finding(2), finding(3, { nth: 1 }), finding(4, { nth: 1 })]), 4);
  const observation = { id: 'f:1:0', time: 0, rules: [0], fields: {}, place: { file: 'f', line: 1, byte: 0 } };
  assert.equal(taken([finding(1), finding(2, { observation }), finding(3)]), 1);
});

test('an alert whose guide says its line or its id is left, and those behind it', () => {
  for (const number of [1, 2]) {
    const matches = [0, number].map((of) => ({ rule: of, evidence: [] }));
    assert.equal(taken([finding(1), finding(2), finding(3, { matches }), finding(4)]), 2);
    assert.equal(taken([finding(1, { matches })]), 0);
  }
});

test('no more is written of a batch than there is room for, but for the alert that fills it', () => {
  const original = { text: 'x'.repeat(300_000) };
  assert.equal(taken(Array.from({ length: 9 }, (_, line) => finding(line, { original }))), 4);
});
