import assert from 'node:assert/strict';
import { test } from 'node:test';

import { buildAlert } from '../alert/build-alert.ts';
import { RuleCard } from '../alert/rule-card.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import { JsonOutput } from './json-output.ts';
import { LeadTexts } from './lead-text.ts';

const HIGH = '\ud83d';
const LOW = '\ude00';

test('titles that go on behind the rule’s, that were cut, or whose characters would come apart', () => {
  const text = 'title: t\nlevel: high\nlogsource: {product: p}\ndetection: {a: {b: c}, condition: a}';
  const [rule] = parseRules({ name: 'r.yml', text }).rules;
  assert.ok(rule);
  const leads = new LeadTexts();
  const out = new JsonOutput();
  for (const title of ['', 'Plain', '"\\\n', 'é'.repeat(40), `ends in half ${HIGH}`, 'x'.repeat(160), 'y'.repeat(200)])
    for (const host of [undefined, '', 'web-1', '"', `${LOW} half`, 'h'.repeat(200)]) {
      const card = new RuleCard({ ...rule, title });
      const alert = buildAlert({
        matches: [{ card, evidence: [] }],
        process: host === undefined ? undefined : { host: { name: host } },
        kubectl: undefined,
        origin: undefined,
        shape: 's',
        place: { file: 'f', line: 1, byte: 0 },
        time: null,
        original: { text: '' },
        identity: '0'.repeat(32),
        correlation: undefined,
      });
      for (const { title: shown } of [alert, { title: `${title}${LOW}` }, { title: 'another' }]) {
        leads.write(out, { severity: 'high', title: shown, rules: alert.rules });
        const chunk = out.take();
        const expected = { severity: 'high', risk_score: 73, title: shown };
        assert.equal(`{${chunk.toString().slice(1)}}`, JSON.stringify(expected));
        out.giveBack(chunk);
      }
    }
});
