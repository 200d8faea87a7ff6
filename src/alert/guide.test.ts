import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { printable } from '../base/print-diagnostic.ts';
import type { ProcessImage, ProcessStart } from '../event/process-start.ts';
import { readCommand } from '../kubectl/read-command.ts';
import type { Origin } from '../origin/origin.ts';
import { buildAlert } from './build-alert.ts';
import type { AlertInput } from './build-alert.ts';
import type { Alert } from './alert.ts';
import { ecsProcess } from './ecs.ts';
import { GuideTemplate, markdownText, shellQuote } from './guide.ts';

function alertOf(process: ProcessStart | undefined): Alert {
  return buildAlert(inputOf(process));
}

function inputOf(process: ProcessStart | undefined): AlertInput {
  return {
    matches: [],
    process,
    kubectl: undefined,
    origin: undefined,
    shape: 's',
    place: { file: 'f', line: 1, byte: 0 },
    time: null,
    original: { text: '' },
    identity: '0'.repeat(64),
    correlation: undefined,
  };
}

const text = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('', '077', '12345678901234567', 'a b', '-x', '_'));
const images: fc.Arbitrary<ProcessImage> = fc.record(
  {
    name: text,
    executable: text,
    commandLine: text,
    args: fc.array(text, { maxLength: 3 }),
    pid: text,
    entityId: text,
  },
  { requiredKeys: [] },
);
const starts: fc.Arbitrary<ProcessStart> = fc
  .tuple(
    images,
    fc.record(
      {
        os: fc.constant('linux' as const),
        workingDirectory: text,
        originalFileName: text,
        hashes: fc.record({ md5: text, sha1: text, sha256: text }, { requiredKeys: [] }),
        user: fc.record({ name: text, id: text, domain: text }, { requiredKeys: [] }),
        host: fc.record({ name: text, id: text }, { requiredKeys: [] }),
        container: fc.record({ id: text, name: text, image: text }, { requiredKeys: [] }),
        orchestrator: fc.record({ cluster: text, namespace: text, pod: text }, { requiredKeys: [] }),
        parent: images,
        ancestors: fc.array(images, { maxLength: 2 }),
        entry: images,
      },
      { requiredKeys: [] },
    ),
  )
  .map(([image, rest]) => ({ ...image, ...rest }));

/** What stands at a path of the ECS document, said plainly. */
function plainly(start: ProcessStart | undefined, path: string): string {
  return plainlyIn(ecsProcess(start), path);
}

function plainlyIn(document: unknown, path: string): string {
  let found = document;
  for (const key of path.split('.'))
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined;
  const value = Array.isArray(found)
    ? found.map((one) => (typeof one === 'object' ? Object.values(one).join(':') : String(one))).join(' ')
    : found;
  const isText =
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    (typeof value === 'string' && (value !== '' || Array.isArray(found)));
  if (!isText || (Array.isArray(found) && found.length === 0)) return '(not in this event)';
  return markdownText(printable(String(value)));
}

const IMAGE = ['name', 'executable', 'command_line', 'args', 'args_count', 'pid', 'entity_id', 'args.0', 'none'];
const PATHS = [
  ...['process', 'process.parent', 'process.parent.parent', 'process.entry_leader'].flatMap((path) => [
    path,
    ...IMAGE.map((name) => `${path}.${name}`),
  ]),
  'process.entry_leader.entry_meta.type',
  'process.working_directory',
  'process.pe.original_file_name',
  ...['md5', 'sha1', 'sha256'].map((name) => `process.hash.${name}`),
  'user.name',
  'user.id',
  'user.domain',
  'host.name',
  'host.id',
  'host.os.type',
  'host.os',
  'user',
  'container.id',
  'container.name',
  'container.image.name',
  'container.image',
  ...['cluster.name', 'namespace', 'resource.name', 'resource.type', 'type'].map((name) => `orchestrator.${name}`),
];

test('a value of a guide is what stands at its path in the ECS document', () => {
  const templates = PATHS.map((path) => new GuideTemplate(`{{${path}}}`));
  fc.assert(
    fc.property(fc.option(starts, { nil: undefined }), (start) => {
      const alert = alertOf(start);
      PATHS.forEach((path, i) => assert.equal(templates[i]?.render(alert), plainly(start, path), path));
    }),
    { numRuns: 300 },
  );
});

test('the short way for plain values gives what the long one would', () => {
  const inText = new GuideTemplate('{{host.name}}');
  const inShell = new GuideTemplate('{{host.name|sh}}');
  const check = (name: string): void => {
    const alert = alertOf({ host: { name } });
    const cut = printable(name.length > 400 ? `${name.slice(0, 400)}…` : name);
    assert.equal(inText.render(alert), name === '' ? '(not in this event)' : markdownText(cut));
    assert.equal(inShell.render(alert), name === '' ? "''" : shellQuote(cut));
  };
  for (let code = 0; code < 0x300; code++)
    for (const name of [String.fromCharCode(code), `a${String.fromCharCode(code)}`, `${String.fromCharCode(code)}a`])
      check(name);
  for (const size of [399, 400, 401, 402]) check('x'.repeat(size));
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 500 }), check));
});

test('values of kubectl and origin are what stands at their paths', () => {
  const kubectl = readCommand(
    ['kubectl', 'port-forward', '--address', '0.0.0.0', '-n', 'a_b', 'svc/db', '5432', ':80'],
    {},
  );
  const exposed = readCommand(['kubectl', 'expose', 'deploy/web', '--type', 'NodePort', '--name', 'w'], {});
  const origin: Origin = {
    kind: 'shell',
    reasons: ['a_b', 'c'],
    kinds: ['shell'],
    script: null,
    remote: false,
    binary_location: 'temp',
  };
  for (const intent of [kubectl, exposed, undefined])
    for (const from of [origin, undefined]) {
      const alert = buildAlert({ ...inputOf(undefined), kubectl: intent, origin: from });
      const roots = { kubectl: intent ?? {}, origin: from ?? {} };
      for (const [root, keys] of [
        ['kubectl', [...Object.keys(kubectl), 'service.name', 'service.type', 'binary.kind', 'ports.0.local']],
        ['origin', [...Object.keys(origin).filter((key) => key !== 'reasons'), 'reasons.1']],
      ] as const)
        for (const key of keys)
          assert.equal(new GuideTemplate(`{{${root}.${key}}}`).render(alert), plainlyIn(roots, `${root}.${key}`), key);
    }
});

test('reasons of an origin are told apart', () => {
  const origin = (reasons: readonly string[]): Origin => ({
    kind: 'shell',
    reasons,
    kinds: ['shell'],
    script: null,
    remote: false,
    binary_location: null,
  });
  const told = (reasons: readonly string[]): string =>
    new GuideTemplate('{{origin.reasons}}').render(buildAlert({ ...inputOf(undefined), origin: origin(reasons) }));
  assert.equal(
    told(['the parent is bash, a shell', 'it lies in /tmp']),
    'the parent is bash, a shell; it lies in /tmp',
  );
  assert.equal(told(['one']), 'one');
  assert.equal(told([]), '(not in this event)');
});

test('`kubectl.made` is what can be deleted to undo a command', () => {
  for (const [command, made] of [
    ['kubectl expose deployment/web --type=NodePort --port=80', 'service/web'],
    ['kubectl expose deploy web --port=80 --name public', 'service/public'],
    ['oc expose svc/web', 'route/web'],
    ['kubectl run w --image=x --port=80 --expose', 'service/w'],
    ['kubectl create service nodeport web --tcp=80:80', 'service/web'],
    ['kubectl create ingress web --rule=a.example/*=web:80', 'ingress/web'],
    ['kubectl port-forward svc/web 8080:80', "''"],
    ['kubectl delete networkpolicy deny-all', "''"],
  ] as const) {
    const alert = buildAlert({ ...inputOf(undefined), kubectl: readCommand(command.split(' '), {}) });
    assert.equal(new GuideTemplate('{{kubectl.made|sh}}').render(alert), made, command);
  }
});

test('what is no placeholder stays as it is, and the rest of a guide is kept to the letter', () => {
  const alert = alertOf({ host: { name: 'h' } });
  for (const [template, rendered] of [
    ['', ''],
    ['{{host.name}}', 'h'],
    ['{{{host.name}}}', '{h}'],
    ['{{host.name}}{{ host.name|sh }}{{host.name', 'hh{{host.name'],
    ['{{Host.name}} {{host.name | sh}} {{}}\n', '{{Host.name}} {{host.name | sh}} {{}}\n'],
    ['$& $1 {{host.name}}\ud83d', '$& $1 h\ud83d'],
  ] as const)
    assert.equal(new GuideTemplate(template).render(alert), rendered);
});

test('a command of a code block that lacks a value is a comment', () => {
  const guide = new GuideTemplate(
    'See {{host.name|sh}}.\n```sh\nkubectl get {{kubectl.target|sh}} -n {{kubectl.namespace|sh}}\nkill {{process.pid|sh}}\nps\n```\n-n {{kubectl.namespace|sh}}\n',
  );
  const rendered = (command: string, start: ProcessStart | undefined): string =>
    guide.render(buildAlert({ ...inputOf(start), kubectl: readCommand(command.split(' '), {}) }));
  assert.equal(
    rendered('kubectl port-forward -n a svc/db 1', { pid: '7' }),
    "See ''.\n```sh\nkubectl get service/db -n a\nkill 7\nps\n```\n-n a\n",
  );
  assert.equal(
    rendered('kubectl port-forward svc/db 1', undefined),
    "See ''.\n```sh\n# not in this event: kubectl get service/db -n ''\n# not in this event: kill ''\nps\n```\n-n ''\n",
  );
});
