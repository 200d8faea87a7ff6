import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { CommandContext, Intent } from './intent.ts';
import { explainIntent } from './explain-text.ts';
import { readCommand } from './read-command.ts';

type Expected = Partial<Record<keyof Intent, unknown>>;

function check(command: readonly string[] | string, context: CommandContext, expected: Expected): void {
  const intent = readCommand(command, context);
  const found = Object.fromEntries(Object.entries(intent).filter(([key]) => Object.hasOwn(expected, key)));
  assert.deepEqual(found, expected, Array.isArray(command) ? command.join(' ') : String(command));
}

/** Words by blanks: for the cases in which no word holds one. */
const words = (text: string): string[] => text.split(' ');

test('the subcommand is found as cobra finds it', () => {
  const cases: readonly (readonly [string, Expected])[] = [
    ['kubectl port-forward svc/web 80', { action: 'port-forward', verb: 'port-forward' }],
    ['kubectl --address 0.0.0.0 port-forward svc/web 80', { action: 'port-forward', exposure: ['bind-non-loopback'] }],
    ['kubectl --dry-run expose deploy web --port 80', { action: 'none', verb: null }],
    ['kubectl -- port-forward svc/web 80', { action: 'none', verb: null }],
    ['kubectl -h proxy', { action: 'none', verb: null, help: true }],
    ['kubectl -s proxy get pods', { action: 'none', verb: 'get' }],
    ['kubectl -sproxy get pods', { action: 'none', verb: 'get' }],
    ['kubectl -v=6 -n a proxy', { action: 'proxy', namespace: 'a' }],
    ['kubectl Proxy', { action: 'none', verb: null }],
    [
      'kubectl --insecure-skip-tls-verify=true proxy',
      { action: 'proxy', identity: { insecure_skip_tls_verify: true } },
    ],
    ['kubectl port-forward -- svc/web 80', { action: 'port-forward', target: 'service/web' }],
    ['kubectl --logtostderr proxy', { action: 'proxy' }],
    ['kubectl --log-dir expose proxy', { action: 'proxy' }],
    ['oc --loglevel expose proxy', { action: 'proxy' }],
  ];
  for (const [text, expected] of cases) check(words(text), {}, expected);
});

test('port-forward: targets, ports, addresses, and what fails', () => {
  const cases: readonly (readonly [string, Expected])[] = [
    ['kubectl port-forward web-0 :80', { target: 'pod/web-0', ports: [{ local: 0, remote: 80 }] }],
    [
      'kubectl port-forward sts/db http',
      {
        target: 'statefulset/db',
        ports: [{ local: null, remote: 'http' }],
        listen: [{ address: 'localhost', port: null }],
      },
    ],
    [
      'kubectl port-forward svc/web 1 2 --address ::1 --address 127.0.0.1,10.0.0.1',
      {
        exposure: ['bind-non-loopback'],
        listen: [
          { address: '::1', port: 1 },
          { address: '::1', port: 2 },
          { address: '127.0.0.1', port: 1 },
          { address: '127.0.0.1', port: 2 },
          { address: '10.0.0.1', port: 1 },
          { address: '10.0.0.1', port: 2 },
        ],
      },
    ],
    ['kubectl port-forward svc/web 80 --dry-run=client', { action: 'none', error: 'unknown flag --dry-run' }],
    ['kubectl port-forward svc/web 1:2:3', { action: 'none' }],
    ['kubectl port-forward svc/web 80-', { action: 'none' }],
    ['kubectl port-forward svc/web 99999', { action: 'none' }],
    ['kubectl port-forward svc/web 80 --address *', { action: 'none' }],
    ['kubectl port-forward svc/web 80 --address example.com', { action: 'none' }],
    ['kubectl port-forward a/b/c 80', { action: 'none' }],
    ['kubectl port-forward svc web 80', { action: 'port-forward', target: 'pod/svc' }],
    ['kubectl port-forward -n', { action: 'none' }],
    ['kubectl port-forward svc/web 80 --address=', { action: 'none' }],
  ];
  for (const [text, expected] of cases) check(words(text), {}, expected);
});

test('proxy: who can reach it', () => {
  const cases: readonly (readonly [string, Expected])[] = [
    ['kubectl proxy --address=', { exposure: ['bind-non-loopback'], listen: [{ address: '', port: 8001 }] }],
    ['kubectl proxy --address ::', { action: 'none' }],
    ['kubectl proxy --address [::1]', { exposure: [] }],
    ['kubectl proxy --address internal.example.com', { exposure: ['bind-non-loopback'] }],
    ['kubectl proxy --accept-hosts ^*$', { exposure: ['accept-hosts-wildcard'] }],
    ['kubectl proxy --accept-hosts localhost', { exposure: [] }],
    ['kubectl proxy --reject-paths ^/none', { exposure: ['reject-paths-relaxed'] }],
    ['kubectl proxy --disable-filter --accept-hosts *', { action: 'proxy', exposure: ['filter-disabled'] }],
    ['kubectl proxy --disable-filter=maybe', { action: 'none' }],
    ['kubectl proxy -u /run/k.sock --disable-filter', { exposure: [], listen: [{ unix: '/run/k.sock' }] }],
    ['kubectl proxy --port 70000', { action: 'none' }],
    ['kubectl proxy -w /srv -P /x/', { serves_files: '/srv' }],
    ['kubectl proxy --frobnicate', { action: 'none', not_understood: ['unknown flag --frobnicate'] }],
  ];
  for (const [text, expected] of cases) check(words(text), {}, expected);
});

test('expose: the service it makes', () => {
  const cases: readonly (readonly [readonly string[], Expected])[] = [
    [words('kubectl expose deploy/web --port 80 --type nodeport'), { action: 'none' }],
    [words('kubectl expose ds web --port 80'), { action: 'none' }],
    [
      words('kubectl expose deploy web --port=80,443'),
      {
        ports: [
          { port: 80, target: null },
          { port: 443, target: null },
        ],
      },
    ],
    [
      ['kubectl', 'expose', 'deploy', 'web', '--overrides', '{"spec":{"externalIPs":["203.0.113.9"]}}'],
      { exposure: ['external-ip'] },
    ],
    [
      ['kubectl', 'expose', 'deploy', 'web', '--overrides={not json'],
      { action: 'expose', not_understood: ['--overrides is no JSON'] },
    ],
    [words('kubectl expose deploy web --dry-run=server --port 1'), { action: 'none', dry_run: 'server' }],
    [words('kubectl expose deploy web --dry-run=none --port 1'), { action: 'expose', dry_run: 'none' }],
    [words('kubectl expose deploy web --dry-run=never --port 1'), { action: 'none' }],
    [words('kubectl expose -f x.yaml'), { action: 'expose', target: null }],
    [words('kubectl expose deploy'), { action: 'none' }],
    [words('oc expose svc/web'), { action: 'expose', exposure: ['route'], service: { type: 'Route' } }],
    [
      words('oc expose dc/web --port 80 --type LoadBalancer'),
      { exposure: ['loadbalancer'], target: 'deploymentconfig/web' },
    ],
  ];
  for (const [argv, expected] of cases) check(argv, {}, expected);
});

test('other changes to what can be reached', () => {
  const cases: readonly (readonly [readonly string[], Expected])[] = [
    [
      words('kubectl create svc nodeport web --tcp=80:8080'),
      { operation: 'create-service', exposure: ['nodeport'], target: 'service/web' },
    ],
    [words('kubectl create svc nodeport web --tcp=80 --dry-run=client'), { action: 'none', operation: null }],
    [words('kubectl create svc Nodeport web'), { action: 'none' }],
    [words('kubectl create ing web --rule=a/b=c:80'), { operation: 'create-ingress' }],
    [words('oc create route edge web --service=web'), { operation: 'create-route', exposure: ['route'] }],
    [words('kubectl run w --image=x --port=80 --expose'), { operation: 'expose-pod' }],
    [words('kubectl run w --image=x'), { action: 'none' }],
    [words('kubectl debug node/n1 -it --image=busybox'), { operation: 'host-network-pod', target: 'node/n1' }],
    [
      [
        'kubectl',
        'patch',
        'svc',
        'web',
        '-p',
        '[{"op":"replace","path":"/spec/type","value":"NodePort"}]',
        '--type=json',
      ],
      { operation: 'change-service', exposure: ['nodeport'] },
    ],
    [['kubectl', 'patch', 'svc', 'web', '-p', 'spec: {type: LoadBalancer}'], { exposure: ['loadbalancer'] }],
    [words('kubectl delete netpol deny-all'), { operation: 'delete-networkpolicy' }],
    [words('kubectl set selector svc web app=x'), { operation: 'change-service', verb: 'set' }],
    [words('kubectl set image deploy/web web=x'), { action: 'none' }],
    [
      words('kubectl get --raw /api/v1/namespaces/shop/services/https:web:443/proxy/x'),
      { operation: 'apiserver-proxy', target: 'service/web' },
    ],
    [words('kubectl get --raw /api/v1/pods'), { action: 'none' }],
    [
      words('kubectl exec web-0 -- /usr/bin/socat - TCP:10.0.0.5:5432'),
      { operation: 'exec-tunnel', target: 'pod/web-0' },
    ],
    [['kubectl', 'exec', 'web-0', '--', 'sh', '-c', 'cat </dev/tcp/10.0.0.5/80'], { operation: 'exec-tunnel' }],
    [words('kubectl exec web-0 -- nc -zv db 5432'), { action: 'none' }],
    [words('kubectl exec -it web-0 -- bash'), { action: 'none' }],
    [
      words('kubectl relay svc/web 80'),
      { operation: 'plugin-tunnel', plugin: 'relay', target: 'service/web', verb: null },
    ],
    [words('kubectl -n=a relay svc/web 80'), { action: 'none' }],
    [
      words('kubectl kuberc set --section=aliases --name x --command port-forward'),
      { operation: 'kuberc-alias-definition' },
    ],
  ];
  for (const [argv, expected] of cases) check(argv, {}, expected);
});

test('wrappers are taken off, and named', () => {
  const run = 'kubectl proxy';
  const cases: readonly (readonly [readonly string[], Expected])[] = [
    [['sudo', '-u', 'x', '--', ...words(run)], { action: 'proxy', wrappers: ['sudo'] }],
    [
      ['env', '-u', 'HOME', 'KUBECONFIG=/tmp/k', ...words(run)],
      { wrappers: ['env'], identity: { kubeconfig: '/tmp/k' } },
    ],
    [['bash', '-eo', 'pipefail', '-c', `cd / && ${run} >/dev/null 2>&1 &`], { action: 'proxy', wrappers: ['bash'] }],
    [['sh', '-c', `if true; then ${run}; fi`], { action: 'proxy' }],
    [['sh', '-c', `x=$(${run})`], { action: 'proxy' }],
    [['sh', '-c', `echo "${run}"`], { action: 'none' }],
    [['sh', '-c', `echo '${run}' # ${run}`], { action: 'none' }],
    [
      ['nohup', 'nice', '-n', '5', 'timeout', '-s', 'INT', '10m', ...words(run)],
      { wrappers: ['nohup', 'nice', 'timeout'] },
    ],
    [['ssh', '-p', '22', '-o', 'A=b', 'host-1', 'sudo', ...words(run)], { wrappers: ['ssh', 'sudo'], remote: true }],
    [
      ['docker', 'run', '--rm', '-it', '-v', '/a:/b', '--network', 'host', 'bitnami/kubectl:1.31', 'proxy'],
      { action: 'proxy', wrappers: ['docker'] },
    ],
    [['docker', 'exec', '-it', 'box', ...words(run)], { wrappers: ['docker'] }],
    [['docker', 'run', 'nginx', 'proxy'], { action: 'none' }],
    [
      ['kubectl', 'exec', 'box', '--', 'sh', '-c', `${run} --address 0.0.0.0`],
      { action: 'proxy', verb: 'exec', remote: true, wrappers: ['kubectl-exec', 'sh'] },
    ],
    [['tmux', 'new-session', '-d', '-s', 'x', run], { wrappers: ['tmux'], action: 'proxy' }],
    [['screen', '-dmS', 'x', ...words(run)], { wrappers: ['screen'] }],
    [['su', '-', 'x', '-c', run], { wrappers: ['su'], action: 'proxy' }],
    [['cmd.exe', '/d', '/s', '/c', `"C:\\tools\\kubectl.exe" proxy`], { wrappers: ['cmd'], action: 'proxy' }],
    [
      ['powershell.exe', '-NoProfile', '-ExecutionPolicy', 'Bypass', '-Command', `& kubectl proxy`],
      { wrappers: ['powershell'], action: 'proxy' },
    ],
    [
      ['pwsh', '-enc', Buffer.from('kubectl proxy', 'utf16le').toString('base64')],
      { wrappers: ['pwsh'], action: 'proxy' },
    ],
    [['xargs', '-n', '1', ...words(run)], { wrappers: ['xargs'] }],
    [['bash', '-c', `exec -a kworker ${run}`], { action: 'proxy', wrappers: ['bash', 'exec'] }],
    [['snap', 'run', 'microk8s.kubectl', 'proxy'], { action: 'proxy', wrappers: ['snap'] }],
    [
      ['sh', '-c', 'for i in 1 2; do kubectl port-forward svc/web 808$i:80 & done'],
      { action: 'port-forward', ports: [{ local: '808$i', remote: 80 }] },
    ],
    [['sh', '-c', 'exec /usr/bin/kubectl proxy'], { action: 'proxy', wrappers: ['sh', 'exec'] }],
    [['man', ...words(run)], { action: 'none', wrappers: [] }],
  ];
  for (const [argv, expected] of cases) check(argv, {}, expected);
});

test('a single string is split by the rules of its system', () => {
  check('  kubectl -n "a b" proxy', { os: 'linux' }, { action: 'proxy', namespace: 'a b', confidence: 'medium' });
  check(
    '"C:\\Program Files\\k\\kubectl.exe" proxy --www C:\\x\\',
    { os: 'windows' },
    { action: 'proxy', serves_files: 'C:\\x\\' },
  );
  check('sh -c kubectl proxy --address 0.0.0.0', { os: 'linux' }, { action: 'proxy', exposure: ['bind-non-loopback'] });
  check(
    'kubectl expose deploy web --overrides={"spec":{"type":"NodePort"}}',
    { os: 'linux' },
    { exposure: ['nodeport'] },
  );
  check(
    'kubectl get pods -l "app=proxy',
    { os: 'linux' },
    { action: 'none', verb: 'get', not_understood: ['unbalanced "'] },
  );
  check('', {}, { action: 'none', verb: null });
});

test('a string that a shell was given is read as one where kubectl would refuse its words', () => {
  const kubectl: CommandContext = { os: 'linux', executable: '/tmp/.x/kubectl' };
  const forward = { action: 'port-forward', target: 'service/db', ports: [{ local: 5432, remote: 5432 }] };
  for (const behind of [
    '> /tmp/x &',
    '>/dev/null 2>&1',
    '&> /tmp/x',
    '2>/dev/null',
    '&',
    '; id',
    '| tee /tmp/x',
    '&& id',
  ])
    check(`kubectl port-forward svc/db 5432:5432 ${behind}`, kubectl, {
      ...forward,
      error: null,
      confidence: 'medium',
    });
  check('kubectl port-forward svc/db 5432:5432; id', kubectl, forward);
  check('C:\\t\\kubectl.exe port-forward svc/db 5432 > C:\\t\\x', { os: 'windows' }, { ...forward });
  check('kubectl get pods && kubectl proxy --port 1', kubectl, {
    action: 'proxy',
    listen: [{ address: '127.0.0.1', port: 1 }],
  });
  check('./k port-forward svc/db 5432 &', { os: 'linux', executable: '/tmp/k', originalFileName: 'kubectl' }, forward);
  // Arguments that hold such signs are arguments, and so is each word of a list.
  check("kubectl proxy --accept-hosts ^(a|b)$ --reject-paths '<x>'", kubectl, { action: 'proxy', wrappers: [] });
  check(['kubectl', 'port-forward', 'svc/db', '5432:5432', '>', '/tmp/x'], kubectl, { action: 'none' });
  check('echo kubectl proxy > /tmp/x', { os: 'linux' }, { action: 'none' });
  check('git commit -m docs; kubectl proxy', { os: 'linux', executable: '/usr/bin/git' }, { action: 'none' });
});

test('a renamed kubectl is known by evidence, others are not', () => {
  const at = (executable: string): CommandContext => ({ os: 'linux', executable });
  const renamed: readonly (readonly [string, string])[] = [
    ['/opt/x', 'x port-forward svc/web 80'],
    ['/opt/x', 'x --kubeconfig /k port-forward web-0 80'],
    ['/tmp/x', './x proxy --port=9000'],
    ['/usr/local/bin/k', 'k proxy'],
    ['/opt/x', 'x proxy --accept-hosts=.*'],
    ['/opt/x', 'x expose deploy web --port=80'],
    ['/opt/x', 'kubectl proxy'],
  ];
  for (const [executable, text] of renamed) {
    const intent = readCommand(words(text), at(executable));
    assert.equal(intent.binary.kind, 'renamed', text);
    assert.notEqual(intent.action, 'none', text);
    assert.ok(intent.binary.evidence.length > 0, text);
  }
  const others: readonly (readonly [string, string])[] = [
    ['/opt/x', 'x proxy --port=9000'],
    ['/usr/bin/virtctl', 'virtctl port-forward vm/web 80'],
    ['/usr/bin/virtctl', 'virtctl expose vm web --port 80'],
    ['/tmp/go-build1/exe/main', 'main proxy --port=8001'],
    ['/usr/bin/git', 'git proxy get pods'],
    ['/opt/x', 'x expose me'],
  ];
  for (const [executable, text] of others) assert.equal(readCommand(words(text), at(executable)).action, 'none', text);
  assert.equal(
    readCommand(['svc.exe', 'get', 'pods'], {
      os: 'windows',
      executable: 'C:\\svc.exe',
      originalFileName: 'kubectl.exe',
    }).binary.kind,
    'renamed',
  );
});

test('a program keeps its name behind a wrapper', () => {
  assert.deepEqual(readCommand(['oc', 'proxy'], {}).argv, ['oc', 'proxy']);
  assert.deepEqual(readCommand(['sudo', 'oc', 'proxy'], {}).argv, ['oc', 'proxy']);
});

test('secrets are never kept', () => {
  for (const text of [
    'kubectl --token hunter2 proxy',
    'kubectl --token=hunter2 proxy',
    'kubectl --password hunter2 --username x proxy',
    '/opt/x --token hunter2 --server https://a proxy',
  ]) {
    const intent = readCommand(words(text), {});
    assert.equal(intent.action, 'proxy');
    assert.ok(!JSON.stringify(intent).includes('hunter2'), text);
  }
});

test('whatever the words are, there is an intent', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'kubectl',
      'oc',
      'k3s',
      'port-forward',
      'proxy',
      'expose',
      'svc/web',
      '8080:80',
      '--',
      '-n',
      '--address',
      '=',
      '--type=NodePort',
      'sh',
      '-c',
      'sudo',
      'env',
      'ssh',
      'docker',
      'run',
      '--overrides',
      '{"spec":',
      '-p',
      '[{}]',
      'create',
      'service',
      '__proto__',
      'constructor',
      '$(',
      '`',
      '"',
      "'",
      '\\',
      '\u0000',
      'kubectl-relay',
      'patch',
      'exec',
      'timeout',
      'cmd.exe',
      '/c',
      'powershell',
      '-enc',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const context = fc.record(
    { os: fc.constantFrom('linux', 'macos', 'windows'), executable: word },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(word, { maxLength: 14 }),
        fc.array(word, { maxLength: 14 }).map((list) => list.join(' ')),
        fc.string({ unit: 'binary', maxLength: 80 }),
      ),
      context,
      (command, given) => {
        const intent = readCommand(command, given);
        assert.ok(explainIntent(intent).length > 0);
        assert.ok(intent.action === 'none' || intent.error === null);
        if (
          Array.isArray(command) &&
          command.length > 0 &&
          intent.action !== 'none' &&
          given.executable === undefined
        ) {
          const behind = readCommand(['sudo', ...command], {});
          assert.deepEqual({ ...behind, wrappers: behind.wrappers.slice(1) }, readCommand(command, {}));
        }
      },
    ),
    { numRuns: 4000 },
  );
});

test('hostile sizes cost little', () => {
  const began = performance.now();
  readCommand(`sh -c "${'$('.repeat(100_000)}`, {});
  readCommand(`sh -c '${'a;'.repeat(100_000)}'`, {});
  readCommand(['sh', '-c', '`'.repeat(100_001)], {});
  readCommand(
    Array.from({ length: 1_000_000 }, () => 'sudo'),
    {},
  );
  readCommand(['kubectl', 'proxy', `--accept-hosts=${'(a+)+'.repeat(5000)}`], {});
  readCommand(['kubectl', 'port-forward', 'svc/web', ...Array.from({ length: 100_000 }, () => '80')], {});
  readCommand(`kubectl ${'{'.repeat(100_000)}`, {});
  assert.ok(performance.now() - began < 20_000, 'not a timing: a guard against something that is not linear');
});
