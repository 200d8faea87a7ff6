import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../event/json.ts';
import { gkeTarget } from './kubernetes-audit.ts';
import { recognise } from './recognise.ts';

const EVENT = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Metadata',
  auditID: 'a-1',
  stage: 'ResponseStarted',
  requestURI: '/api/v1/namespaces/default/pods/pod-1/portforward',
  verb: 'create',
  user: { username: 'alice', groups: ['dev', 'system:authenticated'] },
  sourceIPs: ['192.0.2.7'],
  userAgent: 'kubectl/v1.31.0',
  objectRef: { resource: 'pods', subresource: 'portforward', namespace: 'default', name: 'pod-1', apiVersion: 'v1' },
  responseStatus: { code: 101 },
  requestReceivedTimestamp: '2024-03-01T10:00:00.123456Z',
  annotations: { 'authorization.k8s.io/decision': 'allow' },
};
const forms: readonly (readonly [string, JsonObject])[] = [
  ['kubernetes-audit', EVENT],
  [
    'kubernetes-audit',
    Object.fromEntries(Object.entries(EVENT).filter(([key]) => key !== 'kind' && key !== 'apiVersion')),
  ],
  [
    'kubernetes-audit-aks',
    { category: 'kube-audit', operationName: 'x', time: '2024-03-01T10:00:01Z', properties: { log: EVENT } },
  ],
  [
    'kubernetes-audit-aks',
    {
      category: 'kube-audit-admin',
      operationName: 'x',
      time: '2024-03-01T10:00:01Z',
      properties: { log: JSON.stringify(EVENT) },
    },
  ],
  [
    'kubernetes-audit-ecs',
    { '@timestamp': '2024-03-01T10:00:00.123456Z', event: { kind: 'event' }, kubernetes: { audit: EVENT } },
  ],
  [
    'kubernetes-audit-gke',
    {
      timestamp: '2024-03-01T10:00:00.123456Z',
      insertId: 'a-1',
      resource: { type: 'k8s_cluster' },
      protoPayload: {
        serviceName: 'k8s.io',
        methodName: 'io.k8s.core.v1.pods.portforward.create',
        resourceName: 'core/v1/namespaces/default/pods/pod-1/portforward',
        authenticationInfo: { principalEmail: 'alice' },
        requestMetadata: { callerIp: '192.0.2.7', callerSuppliedUserAgent: 'kubectl/v1.31.0' },
      },
    },
  ],
];

test('a port-forward reads alike in every form of the audit log', () => {
  for (const [name, record] of forms) {
    const shape = recognise(record);
    assert.equal(shape?.name, name);
    const read = (field: string): unknown => shape?.field(field)?.(record);
    assert.equal(read('verb'), 'create', name);
    assert.equal(read('objectRef.resource'), 'pods', name);
    assert.equal(read('objectRef.subresource'), 'portforward', name);
    assert.equal(read('objectRef.namespace'), 'default', name);
    assert.equal(read('objectRef.name'), 'pod-1', name);
    assert.equal(read('kubernetes.audit.objectRef.name'), 'pod-1', name);
    assert.equal(read('user.username'), 'alice', name);
    assert.equal(read('user.name'), 'alice', name);
    assert.deepEqual(read('sourceIPs'), ['192.0.2.7'], name);
    assert.equal(read('userAgent'), 'kubectl/v1.31.0', name);
    assert.equal(shape?.time(record), '2024-03-01T10:00:00.123456Z', name);
    assert.deepEqual(
      shape?.logSource(record),
      { product: 'kubernetes', category: 'application', service: 'audit' },
      name,
    );
    assert.equal(shape?.processStart(record), undefined, name);
  }
});

test('an annotation with dots in its key, and what is not there', () => {
  const shape = recognise(EVENT);
  assert.equal(shape?.field('annotations.authorization.k8s.io/decision')?.(EVENT), 'allow');
  assert.equal(shape?.field('objectRef.missing')?.(EVENT), undefined);
  assert.equal(shape?.field('__proto__.x')?.(EVENT), undefined);
  const broken = { category: 'kube-audit', operationName: 'x', properties: { log: '{"kind":' } };
  assert.equal(recognise(broken)?.name, 'kubernetes-audit-aks');
  assert.equal(recognise(broken)?.field('verb')?.(broken), undefined);
});

test('resource names of Cloud Logging', () => {
  const cases: readonly (readonly [string, Partial<ReturnType<typeof gkeTarget>>])[] = [
    [
      'core/v1/namespaces/default/pods/x/exec',
      { apiGroup: undefined, apiVersion: 'v1', namespace: 'default', resource: 'pods', name: 'x', subresource: 'exec' },
    ],
    [
      'rbac.authorization.k8s.io/v1/clusterroles/admin',
      {
        apiGroup: 'rbac.authorization.k8s.io',
        namespace: undefined,
        resource: 'clusterroles',
        name: 'admin',
        subresource: undefined,
      },
    ],
    ['core/v1/namespaces/default', { namespace: undefined, resource: 'namespaces', name: 'default' }],
    ['core/v1/nodes/n-1/proxy', { resource: 'nodes', name: 'n-1', subresource: 'proxy' }],
    ['', { apiGroup: '', resource: undefined }],
  ];
  for (const [resourceName, expected] of cases) {
    const target = gkeTarget(resourceName);
    for (const key of Object.keys(expected))
      assert.equal(Reflect.get(target, key), Reflect.get(expected, key), `${resourceName} ${key}`);
  }
});
