import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import fc from 'fast-check';

import type { Alert } from '../alert/alert.ts';
import { buildAlert } from '../alert/build-alert.ts';
import type { AlertInput } from '../alert/build-alert.ts';
import { GuideTemplate, unknownPlaceholders } from '../alert/guide.ts';
import { RuleCard } from '../alert/rule-card.ts';
import { readCommand } from '../kubectl/read-command.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import type { FormatContext } from './format.ts';
import { formatByName, formatNames } from './formats.ts';
import { JsonOutput } from './json-output.ts';

const source = {
  name: 'r.yml',
  text: `title: Tunnel
id: 11111111-1111-4111-8111-111111111111
level: high
description: why
tags: [attack.command-and-control, attack.t1090, attack.t1036.003, other.tag]
references: ['https://example.com/']
logsource:
    category: process_creation
detection:
    a:
        Image: x
    condition: a
---
title: Lesser
level: low
logsource:
    category: process_creation
detection:
    a:
        Image: x
    condition: a
`,
};
const [high, low] = twoRules();

function twoRules(): readonly [SigmaRule, SigmaRule] {
  const [first, second] = parseRules(source).rules;
  assert.ok(first && second);
  return [first, second];
}

const NASTY = 'a\u001b[2J\n"\u202e]}</b>`$(id)\u0000\ud800';

function input(text = 'x', given: Partial<AlertInput> = {}): AlertInput {
  return {
    matches: [
      { card: new RuleCard(low), evidence: [] },
      {
        card: new RuleCard(high, {
          name: 'r.md',
          text: '# {{rule.title}}\nBy {{user.name}} from {{process.parent.name}}: `kill`\n',
        }),
        evidence: [{ selection: 'a', field: 'Image', value: text, pattern: 'x' }],
      },
    ],
    process: {
      name: text,
      executable: `/tmp/${text}`,
      args: ['kubectl', text],
      pid: '77',
      os: 'linux',
      user: { name: text },
      host: { name: text },
      parent: { name: text, pid: '-5' },
    },
    kubectl: readCommand(['kubectl', 'port-forward', '--address', '0.0.0.0', 'svc/db', '5432'], {}),
    origin: { kind: 'shell', reasons: [text], kinds: ['shell'], script: null, remote: false, binary_location: null },
    shape: 'elastic',
    place: { file: `${text}.log`, line: 3, byte: 99 },
    time: '2026-03-14T01:02:03Z',
    original: { json: '{"id":12345678901234567890,"a":1}' },
    identity: createHash('sha256').update(text).digest('binary'),
    correlation: undefined,
    ...given,
  };
}

const context: FormatContext = {
  version: '1.2.3',
  width: 100,
  colour: false,
  rules: () => [{ id: 'x', title: 't', level: 'high', tags: [], references: [] }],
};

function written(name: string, alerts: readonly Alert[], given: FormatContext = context): string {
  const format = formatByName(name);
  assert.ok(format);
  const out = new JsonOutput();
  out.text(format.begin(given));
  for (const alert of alerts) format.alert(alert, out);
  out.text(format.end());
  return out.take().toString();
}

test('an alert: highest rule first, its level, a stable id', () => {
  const alert = buildAlert(input());
  assert.deepEqual(
    [alert.severity, alert.risk_score, alert.title],
    ['high', 73, 'Tunnel: port-forward service/db on x'],
  );
  assert.deepEqual(
    alert.rules.map(({ title }) => title),
    ['Tunnel', 'Lesser'],
  );
  assert.match(alert.id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(buildAlert(input()).id, alert.id);
  assert.equal(alert.guide?.text, '# Tunnel\nBy x from x: `kill`\n');
});

test('ndjson: the public fields, and the event as it came, digit for digit', () => {
  const line = written('ndjson', [buildAlert(input())]);
  assert.ok(line.endsWith('"original":{"id":12345678901234567890,"a":1}}}\n'));
  const alert: Record<string, unknown> = JSON.parse(line);
  assert.deepEqual(Object.keys(alert), [
    'id',
    'time',
    'severity',
    'risk_score',
    'title',
    'rules',
    'kubectl',
    'origin',
    'process',
    'user',
    'host',
    'threat',
    'guide',
    'event',
  ]);
  assert.deepEqual(alert['threat'], {
    framework: 'MITRE ATT&CK',
    tactic: { id: ['TA0011'], name: ['Command and Control'], reference: ['https://attack.mitre.org/tactics/TA0011/'] },
    technique: [
      { id: 'T1090', name: 'Proxy', reference: 'https://attack.mitre.org/techniques/T1090/' },
      {
        id: 'T1036',
        name: 'Masquerading',
        reference: 'https://attack.mitre.org/techniques/T1036/',
        subtechnique: [
          {
            id: 'T1036.003',
            name: 'Rename Legitimate Utilities',
            reference: 'https://attack.mitre.org/techniques/T1036/003/',
          },
        ],
      },
    ],
  });
  const text = JSON.parse(written('ndjson', [buildAlert(input('x', { original: { text: 'type=A\ntype=B' } }))]));
  assert.equal(text.event.original, 'type=A\ntype=B');
});

test('ocsf: what the class requires is there', () => {
  const finding = JSON.parse(written('ocsf', [buildAlert(input())]));
  assert.equal(finding.type_uid, finding.class_uid * 100 + finding.activity_id);
  for (const key of [
    'activity_id',
    'category_uid',
    'class_uid',
    'finding_info',
    'metadata',
    'severity_id',
    'time',
    'type_uid',
  ])
    assert.ok(finding[key] !== undefined, key);
  assert.deepEqual(
    [finding.finding_info.uid, finding.metadata.product.name, finding.severity_id, finding.time],
    [finding.metadata.uid, 'Portreeve', 4, Date.parse('2026-03-14T01:02:03Z')],
  );
  const without = JSON.parse(written('ocsf', [buildAlert(input('x', { time: null }))]));
  assert.deepEqual([without.time, without.unmapped.time_known], [0, false]);
});

test('sarif: one log, with rules and results', () => {
  for (const count of [0, 1, 3]) {
    const log = JSON.parse(
      written(
        'sarif',
        Array.from({ length: count }, () => buildAlert(input())),
      ),
    );
    assert.equal(log.runs[0].results.length, count);
    assert.equal(log.runs[0].tool.driver.rules.length, 1);
  }
});

test('table: no terminal is driven by what an event holds, and lines fit', () => {
  const text = written('table', [buildAlert(input(NASTY.repeat(50)))]);
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  for (const line of text.split('\n')) assert.ok(line.length <= 100, line);
  assert.match(text, /HIGH .*Tunnel/);
  const secret = buildAlert(
    input('x', { process: { commandLine: 'kubectl --token hunter2 --password=hunter2 proxy' } }),
  );
  assert.match(written('table', [secret]), /kubectl --token … --password=… proxy/);
  assert.match(written('table', []), /No alerts/);
  assert.ok(written('table', [buildAlert(input())], { ...context, colour: true }).includes('\u001b[1;31m'));
});

test('every JSON format: one line of valid JSON, whatever an event holds', () => {
  assert.deepEqual(formatNames, ['table', 'ndjson', 'ecs', 'ocsf', 'sarif']);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const alert = buildAlert(input(text + NASTY, { original: { text: text + NASTY } }));
      for (const name of ['ndjson', 'ecs', 'ocsf']) {
        const line = written(name, [alert]);
        assert.equal(line.indexOf('\n'), line.length - 1, name);
        JSON.parse(line);
      }
      JSON.parse(written('sarif', [alert]));
    }),
    { numRuns: 300 },
  );
});

test('guides: a value is text in text, and one word in a command', () => {
  const attacks = [
    "x'; touch /tmp/pwned; '",
    '$(id)',
    '`id`',
    '-rf',
    'a\nb',
    '"',
    '\\',
    "'",
    '{{user.name}}',
    '$HOME',
    '',
    '🙂',
  ];
  for (const attack of attacks) {
    const alert = buildAlert(input(attack));
    const command = new GuideTemplate('printf "%s|" {{user.name|sh}}').render(alert);
    const ran = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    assert.equal(ran.stdout.split('|').length, 2, `${command} printed ${ran.stdout}`);
    assert.equal(ran.stdout, `${attack.replace('\n', '\\u000a')}|`);
  }
  const link = new GuideTemplate('{{user.name}}').render(buildAlert(input('[click](https://example.com) <b>*x*')));
  assert.equal(link, '\\[click\\]\\(https://example.com\\) &lt;b&gt;\\*x\\*');
  assert.equal(
    new GuideTemplate('{{process.hash.md5}} {{kubectl.namespace|sh}}').render(buildAlert(input())),
    "(not in this event) ''",
  );
  assert.deepEqual(
    unknownPlaceholders('{{process.name}} {{evil.name}}').map(({ path }) => path),
    ['evil.name'],
  );
});
