import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXAMPLE, makeExample, staleFiles } from './make-example.ts';

test('the committed example is what the program makes', () => {
  assert.deepEqual(staleFiles(), []);
});

test('the program makes the same bytes each time', () => {
  const again = makeExample();
  for (const [name, text] of makeExample()) assert.ok(again.get(name) === text, name);
});

test('each expected alert is where expected.json says', () => {
  const files = makeExample();
  const { alerts }: { alerts: { file: string; line: number; command: string; severities: string[] }[] } = JSON.parse(
    readFileSync(join(EXAMPLE, 'expected.json'), 'utf8'),
  );
  assert.ok(alerts.length >= 12);
  for (const { file, line, command, severities } of alerts) {
    assert.ok(severities.length > 0);
    const lines =
      files
        .get(file)
        ?.split('\n')
        .slice(line - 1, line + 1) ?? [];
    // auditd puts the words into the record after the first, one by one.
    const held =
      file === 'auditd-audit.log' ? (lines[1] ?? '').replaceAll(/ a\d+="([^"]*)"/g, ' $1') : (lines[0] ?? '');
    assert.ok(held.includes(command), `${file}:${line} does not hold ${command}`);
  }
});

test('each severity is there, in each file of a product', () => {
  const { alerts }: { alerts: { file: string; severities: string[] }[] } = JSON.parse(
    readFileSync(join(EXAMPLE, 'expected.json'), 'utf8'),
  );
  assert.deepEqual(
    new Set(alerts.map(({ severities }) => severities[0])),
    new Set(['low', 'medium', 'high', 'critical']),
  );
  assert.equal(new Set(alerts.map(({ file }) => file)).size, 6);
});

test('events are in the order of their times', () => {
  const times: readonly (readonly [string, RegExp])[] = [
    ['elastic-defend.ndjson', /"@timestamp":"([^"]+)"/],
    ['crowdstrike-fdr.ndjson', /"timestamp":"([^"]+)"/],
    ['sentinelone-cloud-funnel.ndjson.gz', /"timestamp":"([^"]+)"/],
    ['auditd-audit.log', /audit\(([\d.]+):/],
    ['sysmon-linux-syslog.log', /SystemTime="([^"]+)"/],
    ['defender-event-hub.ndjson', /"Timestamp":"([^"]+)"/],
    ['kubernetes-audit.ndjson', /"stageTimestamp":"([^"]+)"/],
  ];
  const files = makeExample();
  for (const [file, pattern] of times) {
    const found = (files.get(file) ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => pattern.exec(line)?.[1] ?? '');
    assert.ok(found.length > 300 && found.every((time) => time !== ''), file);
    assert.deepEqual(found, [...found].sort(), file);
  }
});

test('all is small enough to ship', () => {
  let bytes = 0;
  for (const [name, text] of makeExample()) bytes += name.endsWith('.gz') ? text.length / 10 : text.length;
  assert.ok(bytes < 6_000_000, `${bytes} bytes`);
});
