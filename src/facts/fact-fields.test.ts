import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import type { FieldValue } from '../event/json.ts';
import type { ProcessStart } from '../event/process-start.ts';
import { deriveFacts } from './derive-facts.ts';
import { factField, factFields } from './fact-fields.ts';

const start = (line: string, more: Partial<ProcessStart> = {}): ProcessStart => ({
  os: 'linux',
  executable: '/usr/local/bin/kubectl',
  args: line.split(' '),
  parent: { name: 'bash', executable: '/usr/bin/bash', args: ['-bash'] },
  ...more,
});

const read = (field: string, from: ProcessStart, kuberc?: unknown): FieldValue =>
  factField(field)?.(deriveFacts(from, kuberc));

const forward = 'kubectl --as admin -n kube-system port-forward --address 0.0.0.0 svc/etcd 9000:2379 :http';

const VALUES: readonly (readonly [string, string, FieldValue])[] = [
  [forward, 'kubectl.action', 'port-forward'],
  [forward, 'kubectl.verb', 'port-forward'],
  [forward, 'kubectl.operation', undefined],
  [forward, 'kubectl.target', 'service/etcd'],
  [forward, 'kubectl.target.kind', 'service'],
  [forward, 'kubectl.target.name', 'etcd'],
  [forward, 'kubectl.namespace', 'kube-system'],
  [forward, 'kubectl.ports.remote', [2379, 'http']],
  [forward, 'kubectl.listen.address', ['0.0.0.0', '0.0.0.0']],
  [forward, 'kubectl.exposure', ['bind-non-loopback']],
  [forward, 'kubectl.exposed', true],
  [forward, 'kubectl.is_sensitive', true],
  [forward, 'kubectl.identity.as', 'admin'],
  [forward, 'kubectl.identity.token', false],
  [forward, 'kubectl.service.type', undefined],
  [forward, 'kubectl.wrappers', undefined],
  [forward, 'origin.kind', 'shell'],
  [forward, 'origin.suspicious', false],
  [forward, 'origin.benign', false],
  [forward, 'origin.binary_location', undefined],
  ['kubectl expose deploy web --port 80 --type NodePort', 'kubectl.service.type', 'NodePort'],
  ['kubectl expose deploy web --port 80 --type NodePort', 'kubectl.exposure', ['nodeport']],
  ['kubectl delete svc web', 'kubectl.operation', 'delete-service'],
  ['kubectl -n proxy get pods', 'kubectl.action', 'none'],
  ['kubectl -n proxy get pods', 'kubectl.exposed', false],
  ['kubectl proxy --help', 'kubectl.help', true],
];

for (const [line, field, value] of VALUES) {
  test(`${field} of ${line}`, () => {
    assert.deepEqual(read(field, start(line)), value);
  });
}

test('the argument vector goes before the command line, the command line before the image', () => {
  const confidence = (from: ProcessStart): FieldValue =>
    [read('kubectl.action', from), read('kubectl.confidence', from)] as FieldValue;
  const { args, ...bare } = start('kubectl proxy');
  assert.deepEqual(confidence({ ...bare, args: args ?? [], commandLine: 'kubectl get pods' }), ['proxy', 'high']);
  assert.deepEqual(confidence({ ...bare, commandLine: ' kubectl proxy' }), ['proxy', 'medium']);
  assert.equal(read('kubectl.action', bare), 'none');
  assert.equal(read('kubectl.action', { parent: {} }), 'none');
});

test('kuberc is read where the caller has it', () => {
  const kuberc = { aliases: [{ name: 'pf', command: 'port-forward', prependArgs: ['svc/web'], appendArgs: ['80'] }] };
  assert.equal(read('kubectl.action', start('kubectl pf')), 'none');
  assert.equal(read('kubectl.action', start('kubectl pf'), kuberc), 'port-forward');
});

test('each fact is worked out when asked for, and once', () => {
  let asked = 0;
  const facts = deriveFacts({
    args: ['kubectl', 'proxy'],
    get parent() {
      asked++;
      return { name: 'bash' };
    },
  });
  assert.equal(facts.intent.action, 'proxy');
  assert.equal(asked, 0, 'the intent needs nothing of the parent');
  assert.equal(facts.origin, facts.origin);
  assert.equal(facts.intent, facts.intent);
});

test('a name that is no fact has no reader, whatever it is', () => {
  for (const name of ['kubectl', 'kubectl.', 'kubectl.__proto__', '__proto__', 'constructor', 'Image', ''])
    assert.equal(factField(name), undefined, name);
});

test('every field reads every event, and is documented', () => {
  const page = readFileSync(new URL('../../docs/derived-fields.md', import.meta.url), 'utf8');
  const events: readonly ProcessStart[] = [
    start(forward),
    start(''),
    {},
    { args: [], parent: {} },
    { args: Array.from({ length: 2_000 }, () => '--'), commandLine: '\0' },
  ];
  for (const [name, reader] of factFields) {
    for (const event of events) {
      const value = reader(deriveFacts(event));
      assert.ok(
        value !== null && (!Array.isArray(value) || value.length > 0),
        `${name}: absent is undefined, never null or an empty list`,
      );
    }
    // `kubectl.target`, `.target.kind`: later fields of a row are written without their first part.
    const short = name.slice(name.indexOf('.'));
    const shorter = name.slice(name.lastIndexOf('.'));
    assert.ok(
      [name, short, shorter].some((spelling) => page.includes(`\`${spelling}\``)),
      `${name} is not in docs/derived-fields.md`,
    );
  }
});
