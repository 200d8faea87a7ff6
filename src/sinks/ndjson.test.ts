import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { Alert, AlertCorrelation } from '../alert/alert.ts';
import { buildAlert } from '../alert/build-alert.ts';
import { GuideTemplate } from '../alert/guide.ts';
import { ecsProcess } from '../alert/ecs.ts';
import { RuleCard } from '../alert/rule-card.ts';
import { ecsThreat } from '../alert/threat.ts';
import type { Evidence } from '../engine/evidence.ts';
import type { ProcessImage, ProcessStart } from '../event/process-start.ts';
import { readCommand } from '../kubectl/read-command.ts';
import type { Intent } from '../kubectl/intent.ts';
import type { Origin } from '../origin/origin.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import { JsonOutput } from './json-output.ts';
import { jsonText } from './json-text.ts';
import { kubectlObject } from './kubectl-object.ts';
import { ndjsonFormat } from './ndjson.ts';
import { closeAlerts, OpenAlertsWriter } from './open-alerts.ts';

/** The format said plainly: an object of all that is there, and the record's own text put in as it is. */
function plainLine(alert: Alert): string {
  const { place, shape, original } = alert.event;
  const threat = ecsThreat(alert.rules);
  const head = jsonText({
    id: alert.id,
    time: alert.time,
    severity: alert.severity,
    risk_score: alert.risk_score,
    title: alert.title,
    rules: alert.rules.map(({ id, title, level, tags, evidence, references, falsepositives }) => ({
      id,
      title,
      level,
      tags,
      evidence,
      references,
      falsepositives,
    })),
    kubectl: alert.kubectl === undefined ? undefined : kubectlObject(alert.kubectl),
    origin: alert.origin,
    correlation: alert.correlation,
    ...ecsProcess(alert.process),
    threat: Object.keys(threat).length === 0 ? undefined : threat,
    guide: alert.guide?.text,
  });
  const event = jsonText({ shape, file: place.file, line: place.line, byte: place.byte });
  const text = 'json' in original ? original.json : jsonText(original.text);
  return Buffer.from(`${head.slice(0, -1)},"event":${event.slice(0, -1)},"original":${text}}}\n`).toString();
}

const GUIDES = [
  undefined,
  '',
  'No placeholder: "quoted" \\ and é\n',
  '# {{rule.title}}\n{{user.name}}{{host.name}} {{host.name}}{{user.name|sh}} `{{process.pid|sh}}` {{alert.id}}\n',
  '{{user.name}}\ude00 \ud83d{{user.name}} {{kubectl.target|sh}}{{kubectl.argv}} {{process.parent.args}}',
];

const cards: readonly RuleCard[] = ['low', 'medium', 'critical', 'low', 'high', 'informational'].flatMap((level, i) => {
  const text = [
    `title: 'Rule ${i}, "so"'`,
    `level: ${level}`,
    ...(i % 2 === 0 ? [`id: 11111111-1111-4111-8111-11111111111${i}`] : []),
    ...(i % 3 === 0 ? [] : [`tags: [attack.t1090.00${i}, attack.execution, other.tag]`, "references: ['https://a/é']"]),
    ...(i % 2 === 0 ? [] : ["falsepositives: ['none \\ known']"]),
    'logsource: {category: process_creation}',
    'detection: {a: {Image: x}, condition: a}',
  ].join('\n');
  const [rule] = parseRules({ name: 'r.yml', text }).rules;
  assert.ok(rule);
  return GUIDES.map((guide) => new RuleCard(rule, guide === undefined ? undefined : { name: 'r.md', text: guide }));
});

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', '"', '\\', 'é', '{', 'x', '\n'), maxLength: 8 }),
  fc.string({ minLength: 90, maxLength: 450 }),
  fc.constantFrom('', '077', '12345678901234567', '4711'),
);
const some = { requiredKeys: [] };
const image: fc.Arbitrary<ProcessImage> = fc.record(
  {
    name: text,
    executable: text,
    commandLine: text,
    args: fc.array(text, { maxLength: 3 }),
    pid: text,
    entityId: text,
  },
  some,
);
const start: fc.Arbitrary<ProcessStart> = fc
  .tuple(
    image,
    fc.record(
      {
        os: fc.constant('linux' as const),
        workingDirectory: text,
        originalFileName: text,
        hashes: fc.record({ md5: text, sha256: text }, some),
        user: fc.record({ name: text, id: text, domain: text }, some),
        host: fc.record({ name: text, id: text }, some),
        container: fc.record({ id: text, name: text, image: text }, some),
        orchestrator: fc.record({ cluster: text, namespace: text, pod: text }, some),
        parent: image,
        ancestors: fc.array(image, { maxLength: 2 }),
        entry: fc.tuple(image, fc.record({ type: text }, some)).map(([of, type]) => ({ ...of, ...type })),
      },
      some,
    ),
  )
  .map(([of, rest]) => ({ ...of, ...rest }));
const intent: fc.Arbitrary<Intent> = fc
  .tuple(
    fc.constantFrom(
      ['kubectl', 'port-forward', '--address', '0.0.0.0', 'svc/db', '5432', ':80'],
      ['kubectl', 'proxy', '--unix-socket', '/x', '--www', '/srv'],
      ['kubectl', 'expose', 'deploy/web', '--type', 'NodePort', '--port', '80', '--cluster', 'c'],
      ['sudo', 'kubectl', '--as', 'me', '--token', 'x', 'create', 'service', 'nodeport', 'a', '--tcp=80'],
      ['kubectl', 'foo'],
      ['ls'],
    ),
    fc.array(text, { maxLength: 2 }),
  )
  .map(([words, more]) => readCommand([...words, ...more], {}));
const origin: fc.Arbitrary<Origin> = fc.record({
  kind: fc.constant('shell' as const),
  reasons: fc.array(text, { maxLength: 2 }),
  kinds: fc.constant(['shell' as const]),
  script: fc.option(text),
  remote: fc.boolean(),
  binary_location: fc.option(text),
});
const evidence: fc.Arbitrary<Evidence> = fc.record({
  selection: fc.constantFrom('a', 'b "c"'),
  field: fc.constantFrom(null, 'Image', 'é'),
  value: fc.option(text),
  pattern: fc.oneof(fc.constantFrom('x', 'contains: y'), text),
});
const correlation: fc.Arbitrary<AlertCorrelation> = fc.record({
  type: fc.constant('event_count'),
  timespan_seconds: fc.nat(),
  group: fc.dictionary(text, text, { maxKeys: 2 }),
  value: fc.double({ noNaN: true }),
  first: text,
  last: text,
  count: fc.nat(),
  events: fc.constant([{ rule: 'r', time: 't', file: 'f', line: 1, byte: 2 }]),
});

const maybe = { nil: undefined };
const alerts: fc.Arbitrary<Alert> = fc
  .tuple(
    fc.array(fc.record({ card: fc.constantFrom(...cards), evidence: fc.array(evidence, { maxLength: 3 }) }), {
      maxLength: 20,
    }),
    fc.tuple(fc.option(start, maybe), fc.option(intent, maybe), fc.option(origin, maybe)),
    fc.option(correlation, { nil: undefined, freq: 8 }),
    fc.tuple(text, text, fc.nat(), fc.nat(), fc.option(text), fc.boolean()),
  )
  .map(([matches, [process, kubectl, from], correlated, [name, file, line, byte, time, isJson]]) =>
    buildAlert({
      matches,
      process,
      kubectl,
      origin: from,
      shape: name,
      place: { file, line, byte },
      time,
      original: isJson ? { json: JSON.stringify({ name }) } : { text: name },
      identity: '0123456789abcdef'.repeat(4),
      correlation: correlated,
    }),
  );

test('ndjson: byte for byte what the plain way gives, whatever an alert holds', () => {
  // One format over all of them: what it keeps of one alert must not show on another.
  const format = ndjsonFormat();
  const out = new JsonOutput();
  fc.assert(
    fc.property(alerts, (alert) => {
      format.alert(alert, out);
      const chunk = out.take();
      assert.equal(chunk.toString(), plainLine(alert));
      out.giveBack(chunk);
    }),
    { numRuns: 1000 },
  );
});

test('alerts that are written open and closed elsewhere are the same, byte for byte', () => {
  const writer = new OpenAlertsWriter();
  const format = ndjsonFormat();
  const identityOf = (nth: number): string => String(nth).padStart(32, '\u00ff');
  fc.assert(
    fc.property(fc.array(alerts, { maxLength: 4 }), fc.nat(), (all, lines) => {
      const fitting = all.filter(({ guide }) => guide?.template.needsOrder !== true);
      const expected = new JsonOutput();
      fitting.forEach((alert, nth) => {
        writer.add(alert);
        const place = { ...alert.event.place, line: alert.event.place.line + lines };
        const event = { ...alert.event, place };
        format.alert(Object.assign(Object.create(alert), { identity: identityOf(nth), event }), expected);
      });
      assert.equal(writer.length > 0, fitting.length > 0);
      const open = structuredClone(writer.take());
      assert.equal(writer.length, 0);
      const closed = new JsonOutput();
      let count = 0;
      for (const alert of open === undefined ? [] : closeAlerts(open, lines, () => identityOf(count))) {
        assert.equal(alert.severity, fitting[count++]?.severity);
        alert.write(closed);
      }
      assert.equal(count, fitting.length);
      assert.equal(closed.take().toString(), expected.take().toString());
    }),
    { numRuns: 500 },
  );
});

test('what an alert’s guide says of others keeps it from being written open', () => {
  const needs = (guide: string): boolean => new GuideTemplate(guide).needsOrder;
  assert.equal(needs('{{alert.title}} {{event.file}} {{rule.id}} alert.id'), false);
  assert.equal(needs('`run {{ event.line |sh }}`') || needs('see {{alert.id}}'), true);
});

test('ndjson: more lists of rules than are kept', () => {
  const format = ndjsonFormat();
  const out = new JsonOutput();
  for (let i = 0; i < 9000; i++) {
    const matches = [i % 30, Math.floor(i / 30) % 30, (i * 7) % 30].flatMap((at) => {
      const card = cards[at];
      return card === undefined ? [] : [{ card, evidence: [] }];
    });
    const alert = buildAlert({
      matches,
      process: undefined,
      kubectl: undefined,
      origin: undefined,
      shape: 's',
      place: { file: 'f', line: i, byte: i },
      time: null,
      original: { text: '' },
      identity: '0'.repeat(64),
      correlation: undefined,
    });
    format.alert(alert, out);
    const chunk = out.take();
    assert.equal(chunk.toString(), plainLine(alert));
    out.giveBack(chunk);
  }
});
