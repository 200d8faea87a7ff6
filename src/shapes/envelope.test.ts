import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../event/json.ts';
import { unwrap } from './envelope.ts';
import { recognise } from './recognise.ts';

const AUDIT = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  auditID: 'a-1',
  verb: 'create',
  stage: 'ResponseStarted',
  objectRef: { resource: 'pods', subresource: 'portforward', namespace: 'default', name: 'pod-1' },
  user: { username: 'alice' },
};
const ROLLUP = {
  event_simpleName: 'ProcessRollup2',
  aid: 'a',
  cid: 'c',
  ImageFileName: '/usr/bin/kubectl',
  CommandLine: 'kubectl proxy',
};
const ECS = {
  '@timestamp': '2024-03-01T10:00:00Z',
  event: { category: ['process'], type: ['start'] },
  agent: { type: 'endpoint' },
};
const LINE = 'type=EXECVE msg=audit(1709287200.123:7): argc=2 a0="kubectl" a1="proxy"';
const otlp = (body: JsonObject): JsonObject => ({
  resourceLogs: [{ resource: {}, scopeLogs: [{ logRecords: [{ timeUnixNano: '1', body }] }] }],
});

const cases: readonly (readonly [string, JsonObject, readonly (string | undefined)[]])[] = [
  ['no envelope', AUDIT, ['kubernetes-audit']],
  ['an Elasticsearch hit', { _index: 'x', _id: '1', _source: ECS }, ['elastic']],
  ['a hit of something unknown', { _index: 'x', _source: { a: 1 } }, [undefined]],
  ['fluent-bit', { '@timestamp': 1764730101.93, cluster_name: 'c', log: JSON.stringify(AUDIT) }, ['kubernetes-audit']],
  ['fluent-bit with an audit line', { date: 1.5, log: LINE }, ['auditd']],
  [
    'filebeat',
    {
      '@timestamp': '2024-03-01T10:00:00Z',
      agent: { type: 'filebeat' },
      ecs: {},
      event: {},
      message: JSON.stringify(ROLLUP),
    },
    ['crowdstrike'],
  ],
  [
    'filebeat with text',
    { '@timestamp': '2024-03-01T10:00:00Z', agent: { type: 'filebeat' }, event: { kind: 'event' }, message: 'hello' },
    ['ecs'],
  ],
  [
    'an EventList',
    { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [AUDIT, AUDIT] },
    ['kubernetes-audit', 'kubernetes-audit'],
  ],
  [
    'Event Hub',
    {
      records: [
        { category: 'kube-audit', operationName: 'x', properties: { log: JSON.stringify(AUDIT) } },
        { category: 'AdvancedHunting-DeviceProcessEvents', properties: { ActionType: 'ProcessCreated' } },
      ],
    },
    ['kubernetes-audit-aks', 'defender'],
  ],
  ['CloudTrail', { Records: [{ eventSource: 'eks.amazonaws.com', eventName: 'ListClusters' }] }, ['aws-cloudtrail']],
  [
    '{"json":…}',
    { '@timestamp': 'x', json: { type: 'ingress.event.procstart', cb_server: 's' }, tags: [] },
    ['carbon-black-edr'],
  ],
  [
    'go-libaudit',
    { test_name: 'x', event: { record_type: 'syscall', summary: { action: 'executed' } } },
    ['auditd-coalesced'],
  ],
  ['OTLP with text', otlp({ stringValue: JSON.stringify(AUDIT) }), ['kubernetes-audit']],
  [
    'OTLP with values',
    otlp({
      kvlistValue: {
        values: [
          { key: 'event_simpleName', value: { stringValue: 'ProcessRollup2' } },
          { key: 'n', value: { intValue: '9223372036854775807' } },
          { key: 'l', value: { arrayValue: { values: [{ boolValue: true }] } } },
        ],
      },
    }),
    ['crowdstrike'],
  ],
  ['OTLP with an unknown body', otlp({ stringValue: 'hello' }), [undefined]],
  [
    'envelope in an envelope',
    { _source: { message: JSON.stringify({ log: JSON.stringify(AUDIT) }) } },
    ['kubernetes-audit'],
  ],
  ['Panther keeps its keys', { ...ROLLUP, fdr_event_type: 'ProcessRollup2', event: ROLLUP }, ['crowdstrike']],
  [
    'a core/v1 event is no audit event',
    { kind: 'Event', apiVersion: 'v1', involvedObject: { kind: 'Pod' }, reason: 'Started', message: 'x' },
    [undefined],
  ],
  ['junk', { kind: 0 }, [undefined]],
  ['nothing', {}, [undefined]],
  [
    'broken JSON inside',
    { log: '{"kind":"Event"', message: '{', json: null, records: [], items: [1, 'x'], _source: 'text' },
    [undefined],
  ],
  ['items of something else', { items: [{ a: 1 }, { b: 2 }] }, [undefined]],
];

test('envelopes are opened, and nothing else', () => {
  for (const [label, record, expected] of cases)
    assert.deepEqual(
      unwrap(record).map((one) => recognise(one)?.name),
      expected,
      label,
    );
});

test('what is no envelope comes back as it is', () => {
  const record = { a: { b: 1 } };
  assert.equal(unwrap(record)[0], record);
});
