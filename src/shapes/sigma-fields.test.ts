import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../event/json.ts';
import { unwrap } from './envelope.ts';
import { recognise } from './recognise.ts';
import { shapeByName } from './shapes.ts';
import { sigma } from './sigma-fields.ts';

test('an event that says where it comes from is of the shape, whatever else it looks like', () => {
  const cases: readonly (readonly [Record<string, string | number>, boolean])[] = [
    [{ product: 'windows', category: 'process_creation', Image: 'C:\\a.exe' }, true],
    [{ product: 'Windows', service: 'sysmon', EventID: 1, Channel: 'Microsoft-Windows-Sysmon/Operational' }, true],
    [{ product: 'cisco', service: 'aaa', message: 'x' }, true],
    [{ product: 'Some Firewall', category: 'traffic' }, false],
    [{ product: 'windows', category: 5 }, false],
    [{ product: 'windows', category: 'x'.repeat(101) }, false],
  ];
  for (const [record, expected] of cases) assert.equal(recognise(record) === sigma, expected, JSON.stringify(record));
});

test('one that says less is of it too, after all other shapes and envelopes', () => {
  const cases: readonly (readonly [JsonObject, string | undefined])[] = [
    [{ product: 'windows', EventID: '1' }, 'sigma'],
    [{ category: 'process_creation', service: 'x' }, 'sigma'],
    [{ category: 'kube-audit', properties: { log: '{}' } }, 'kubernetes-audit-aks'],
    [{ category: 'traffic' }, undefined],
    [{ product: 'a firewall' }, undefined],
  ];
  for (const [record, name] of cases) assert.equal(recognise(record)?.name, name, JSON.stringify(record));
  const inner = { product: 'linux', category: 'process_creation', Image: '/bin/x' };
  assert.deepEqual(unwrap({ product: 'windows', message: JSON.stringify(inner) }), [inner]);
  assert.equal(shapeByName('sigma'), sigma);
});

test('its log source, its start and its fields', () => {
  const record = {
    product: 'linux',
    category: 'process_creation',
    UtcTime: '2026-01-01 00:00:01.5',
    Image: '/usr/bin/kubectl',
    CommandLine: 'kubectl proxy',
    User: 'joe',
    ParentImage: '/bin/sh',
    message: 'm',
  };
  assert.deepEqual(sigma.logSource(record), { product: 'linux', category: 'process_creation' });
  const start = sigma.processStart(record);
  assert.equal(start?.executable, '/usr/bin/kubectl');
  assert.equal(start?.os, 'linux');
  assert.equal(start?.parent?.executable, '/bin/sh');
  assert.equal(sigma.time(record), '2026-01-01T00:00:01.500Z');
  assert.equal(sigma.field('message')?.(record), 'm');
  assert.equal(sigma.field('process.executable')?.(record), '/usr/bin/kubectl');
  assert.equal(sigma.processStart({ ...record, category: 'file_event' }), undefined);
});
