// The night as it would have been without the intruder: services, timers, cron, people at shells, builds, tools.
import type { Machine } from './machine.ts';
import { MINUTE, NIGHT_BEGINS, NIGHT_ENDS, SECOND, at } from './time.ts';
import type { Micros } from './time.ts';
import { API_SERVER, host } from './world.ts';
import type { Process, User } from './world.ts';

type Lines = readonly [string, ...string[]];

const SHELL_WORK: Lines = [
  'ls -la',
  'ls --color=auto /var/log',
  'cat /etc/os-release',
  'df -h',
  'free -m',
  'uptime',
  'ps aux',
  'ps -ef',
  'tail -n 100 /var/log/syslog',
  'grep -c error /var/log/syslog',
  'less /var/log/dpkg.log',
  'id',
  'who',
  'date',
  'du -sh /var/log',
  "find . -name '*.yaml' -newer README.md",
  'hostname -f',
  'journalctl -u ssh --since today',
  'systemctl status cron',
  'curl -sI https://status.example.com/',
  'dig +short api.k8s.example.com',
  'ss -tlnp',
  'ip -brief address',
  'git status',
  'git pull --ff-only',
  'git log --oneline -5',
  'vim notes.md',
  'tmux ls',
  "awk '{print $1}' access.log",
  'sort -u hosts.txt',
  'wc -l hosts.txt',
  'stat deploy.yaml',
  'sudo systemctl is-active chrony',
  'sudo apt list --upgradable',
  'ping -c 3 10.20.0.5',
  'openssl x509 -noout -enddate -in tls.crt',
];

const CLUSTER_READS: Lines = [
  'kubectl get pods -A',
  'kubectl get nodes',
  'kubectl get nodes -o wide',
  'kubectl -n shop get pods',
  'kubectl -n shop get deployments',
  'kubectl -n shop logs deploy/web --tail=50',
  'kubectl -n shop describe pod web-6c9f7',
  'kubectl get events -A',
  'kubectl config get-contexts',
  'kubectl config use-context staging',
  'kubectl -n payments get services',
  'kubectl top nodes',
  'kubectl version',
  'kubectl -n shop rollout status deploy/web',
  'kubectl -n monitoring get servicemonitors',
  'kubectl get --raw /readyz',
  'kubectl -n staging apply -f deploy.yaml',
  'kubectl diff -f deploy.yaml',
  'kubectl -n shop exec deploy/web -- date',
  'helm list -A',
  'helm -n shop history web',
  'kubectl auth can-i list pods',
  'kubectl -n staging get ingress',
  'kubectl explain deployment.spec',
  'kubectl -n shop get hpa',
];

/** They hold the words, and open nothing. */
const LOOK_ALIKES: Lines = [
  'kubectl -n proxy get pods',
  'kubectl describe pod expose',
  'kubectl get svc expose -o yaml',
  'kubectl get pods -l app=proxy',
  'kubectl -n proxy logs deploy/proxy --tail=20',
  'kubectl port-forward --help',
  'kubectl help expose',
  'kubectl expose deployment web --port=80 --dry-run=client -o yaml',
  "grep -rn 'kubectl port-forward' docs/",
  "git commit -m 'docs: kubectl proxy --address for the lab'",
  'man kubectl-port-forward',
  'vim runbooks/kubectl-expose.md',
  'kubectl config use-context proxy',
  'kubectl -n staging delete pod port-forward-test',
  'less docs/port-forward.md',
  'kubectl get deployment proxy -o jsonpath={.spec.replicas}',
  'helm -n staging upgrade expose ./charts/expose',
  'kubectl auth can-i create pods/portforward',
  "echo 'kubectl proxy is not needed any more'",
  'kubectl completion bash proxy',
  'ssh -L 8080:127.0.0.1:80 web-1 hostname',
];

/** What every machine does by itself. */
export function services(machine: Machine): void {
  const {
    random,
    systemd,
    host: { name },
  } = machine;
  const agent = machine.daemon(systemd, '/usr/bin/python3.11', ['/usr/bin/python3', '/opt/monitor/agent.py'], 'root');
  machine.daemon(systemd, '/usr/sbin/chronyd', ['/usr/sbin/chronyd', '-F', '1'], 'root');
  const resolver = machine.daemon(
    systemd,
    '/usr/lib/systemd/systemd-resolved',
    ['/lib/systemd/systemd-resolved'],
    'root',
  );

  every(machine, 6, (time) => {
    for (const line of ['df -P', 'ps -eo pid,comm,pcpu', 'uptime'])
      machine.run(time + random.int(0, 2 * SECOND), agent, line);
    if (random.chance(0.4)) machine.connect(time + 3 * SECOND, agent, '10.20.0.8', 9091);
    if (random.chance(0.3))
      machine.lookup(
        time + 3 * SECOND,
        resolver,
        random.pick(['metrics.example.com', 'deb.example.org', 'api.k8s.example.com', 'ntp.example.net']),
      );
  });
  every(machine, 20, (time) => {
    const shell = machine.cronJob(time, 'root', 'command -v debian-sa1 > /dev/null && debian-sa1 1 1');
    const script = machine.script(time + 20_000, shell, '/bin/sh', '/usr/lib/sysstat/debian-sa1', ['1', '1']);
    machine.become(time + 40_000, script, [
      '/usr/lib/sysstat/sadc',
      '-F',
      '-L',
      '-S',
      'DISK',
      '1',
      '1',
      '/var/log/sysstat',
    ]);
  });
  every(machine, 60, (time) => {
    const shell = machine.cronJob(time + 17 * MINUTE, 'root', 'cd / && run-parts --report /etc/cron.hourly');
    machine.run(time + 17 * MINUTE + 15_000, shell, 'run-parts --report /etc/cron.hourly');
  });
  const rotate = at('00:00:07');
  const logrotate = machine.run(rotate, systemd, 'logrotate /etc/logrotate.conf', { lasts: 4 * SECOND });
  for (const log of ['syslog', 'auth.log', 'dpkg.log'])
    machine.file(rotate + random.int(0, 2 * SECOND), logrotate, `/var/log/${log}.1`);
  machine.run(
    rotate + 3 * SECOND,
    machine.start(rotate + 2 * SECOND, logrotate, ['sh', '-c', '/usr/lib/rsyslog/rsyslog-rotate']),
    'systemctl kill -s HUP rsyslog.service',
  );
  const backup = machine.script(at('00:00:12'), systemd, '/bin/sh', '/usr/libexec/dpkg/dpkg-db-backup');
  for (const line of [
    'tar -cf alternatives.tar.0 -C /var/lib/dpkg alternatives',
    'cmp -s dpkg.status.0 /var/lib/dpkg/status',
    'gzip -9n alternatives.tar.0',
  ])
    machine.run(at('00:00:13') + random.int(0, SECOND), backup, line);
  machine.run(at('00:15:00') + random.int(0, 5 * MINUTE), systemd, '/usr/bin/systemd-tmpfiles --clean');
  aptDaily(machine, at('02:10:00') + random.int(0, 90 * MINUTE));
  if (name !== 'dev-1')
    machine.run(
      at('04:10:00') + random.int(0, 20 * MINUTE),
      systemd,
      'fstrim --listed-in /etc/fstab:/proc/self/mountinfo --verbose --quiet-unsupported',
    );
}

function aptDaily(machine: Machine, time: Micros): void {
  const daily = machine.script(time, machine.systemd, '/bin/sh', '/usr/lib/apt/apt.systemd.daily', ['update'], {
    lasts: 40 * SECOND,
  });
  machine.run(time + 200_000, daily, 'apt-config shell StampFile APT::Periodic::Update-Package-Lists/f');
  const update = machine.run(time + SECOND, daily, 'apt-get -qq -y update', { lasts: 30 * SECOND });
  for (const method of ['http', 'https', 'gpgv', 'store']) {
    const child = machine.run(
      time + machine.random.int(2 * SECOND, 12 * SECOND),
      update,
      `/usr/lib/apt/methods/${method}`,
      { user: '_apt', lasts: 9 * SECOND },
    );
    if (method.startsWith('http'))
      machine.connect(child.start + 300_000, child, machine.outside(), method === 'http' ? 80 : 443);
  }
  machine.file(time + 25 * SECOND, update, '/var/lib/apt/lists/deb.example.org_debian_dists_bookworm_InRelease');
  machine.run(time + 31 * SECOND, daily, 'touch /var/lib/apt/periodic/update-stamp');
}

/** Somebody works at a shell for a while. */
function session(
  machine: Machine,
  clock: string,
  user: User,
  from: string,
  count: number,
  more: Lines = SHELL_WORK,
): Process {
  const { random } = machine;
  let time = at(clock);
  const shell = machine.login(time, user, from);
  machine.run(time + 90_000, shell, '/usr/bin/locale-check C.UTF-8');
  for (let i = 0; i < count; i++) {
    time += random.int(4 * SECOND, 70 * SECOND);
    typed(machine, time, shell, random.pick(random.chance(0.35) ? more : SHELL_WORK));
  }
  machine.exit(time + random.int(10 * SECOND, 200 * SECOND), shell);
  return shell;
}

/** A line typed at a shell; what `sudo` runs is a process of its own. */
function typed(machine: Machine, time: Micros, shell: Process, line: string): Process {
  if (line.startsWith('sudo ')) {
    const sudo = machine.run(time, shell, line, { user: 'root', lasts: SECOND });
    return machine.run(time + 30_000, sudo, line.slice(5), { user: 'root', lasts: SECOND / 2 });
  }
  const process = machine.run(
    time,
    shell,
    line,
    line.startsWith('kubectl') ? { lasts: machine.random.int(150_000, 900_000) } : {},
  );
  if (/^kubectl .*(get|describe|logs|apply|diff|top) /.test(line) && !line.includes('--help'))
    machine.connect(time + 60_000, process, API_SERVER, 6443);
  return process;
}

/** Operations: shells with cluster reads, all look-alikes, and one person on call who forwards a port. */
export function operations(machine: Machine): void {
  session(machine, '00:04:10', 'alice', '10.20.0.90', 26, CLUSTER_READS);
  session(machine, '01:02:40', 'bob', '10.20.0.31', 18, CLUSTER_READS);
  session(machine, '03:31:05', 'bob', '10.20.0.31', 22, CLUSTER_READS);
  lookAlikes(machine, '00:31:00', 'alice', '10.20.0.90');
  const watch = machine.daemon(
    machine.systemd,
    '/usr/bin/python3.11',
    ['/usr/bin/python3', '/opt/watch/cluster_watch.py', '--interval', '600'],
    'deploy',
  );
  every(machine, 10, (time) => {
    machine.run(time, watch, 'kubectl get nodes -o json', { lasts: SECOND });
    machine.run(time + 2 * SECOND, watch, 'kubectl -n shop get pods -o json', { lasts: SECOND });
  });
}

function lookAlikes(machine: Machine, clock: string, user: User, from: string): void {
  let time = at(clock);
  const shell = machine.login(time, user, from);
  for (const line of LOOK_ALIKES) {
    time += machine.random.int(8 * SECOND, 50 * SECOND);
    typed(machine, time, shell, line);
  }
  machine.exit(time + MINUTE, shell);
}

/** A runner of GitHub Actions: each job runs its steps as scripts in `_temp`. */
export function builds(machine: Machine): void {
  const { random } = machine;
  const listener = machine.daemon(
    machine.systemd,
    '/home/ci/actions-runner/bin/Runner.Listener',
    ['/home/ci/actions-runner/bin/Runner.Listener', 'run', '--startuptype', 'service'],
    'ci',
    '/home/ci/actions-runner',
  );
  const dockerd = machine.daemon(machine.systemd, '/usr/bin/dockerd', ['/usr/bin/dockerd', '-H', 'fd://'], 'root');
  const containerd = machine.daemon(machine.systemd, '/usr/bin/containerd', ['/usr/bin/containerd'], 'root');
  for (const clock of ['00:09:00', '00:47:00', '01:21:00', '02:31:00', '03:14:00', '04:02:00', '04:46:00']) {
    let time = at(clock) + random.int(0, 40 * SECOND);
    const worker = machine.start(
      time,
      listener,
      ['/home/ci/actions-runner/bin/Runner.Worker', 'spawnclient', '110', '113'],
      { lasts: 9 * MINUTE },
    );
    const step = (commands: readonly string[]): void => {
      time += random.int(2 * SECOND, 20 * SECOND);
      const script = `/home/ci/actions-runner/_work/_temp/${random.uuid()}.sh`;
      const cwd = '/home/ci/actions-runner/_work/shop/shop';
      machine.file(time - 50_000, worker, script);
      const bash = machine.start(time, worker, ['/usr/bin/bash', '-e', script], { cwd, lasts: 60 * SECOND });
      for (const command of commands) {
        time += random.int(1 * SECOND, 6 * SECOND);
        machine.run(time, bash, command, { cwd, lasts: random.int(1 * SECOND, 40 * SECOND) });
      }
      machine.file(time + SECOND, worker, script, 'delete');
    };
    step([
      'git version',
      'git init .',
      'git -c protocol.version=2 fetch --no-tags --depth=1 origin main',
      'git checkout --progress --force main',
    ]);
    step(['npm ci', 'node node_modules/.bin/tsc -b', 'node --test', 'npm run build']);
    step(['java -jar gradle/wrapper/gradle-wrapper.jar test', 'python3 -m pytest -q', 'make lint']);
    const image = `registry.example.com/shop/web:${random.hex(7)}`;
    step([`docker build -t ${image} .`, `docker push ${image}`]);
    machine.connect(time, dockerd, machine.outside(), 443);
    const shim = machine.start(
      time + SECOND,
      containerd,
      [
        '/usr/bin/containerd-shim-runc-v2',
        '-namespace',
        'moby',
        '-id',
        random.hex(64),
        '-address',
        '/run/containerd/containerd.sock',
      ],
      { lasts: 50 * SECOND },
    );
    machine.run(time + 2 * SECOND, shim, 'runc --root /var/run/docker/runtime-runc/moby init');
    step(['kubectl -n staging apply -f deploy/', 'kubectl -n staging rollout status deploy/web --timeout=120s']);
    // The end-to-end tests reach the staging service through a forwarded port on loopback: a build's ordinary work.
    step([
      'kubectl -n staging port-forward svc/web 18080:80',
      'curl -s --retry 5 http://127.0.0.1:18080/healthz',
      'node test/e2e.js http://127.0.0.1:18080',
    ]);
  }
  session(machine, '00:58:00', 'bob', '10.20.0.31', 12);
}

/** A workstation: an IDE, Lens and skaffold start kubectl by themselves, on loopback. */
export function development(machine: Machine): void {
  const { random } = machine;
  const home = { user: 'bob', cwd: '/home/bob' } as const;
  const desktop = machine.daemon(
    machine.systemd,
    '/usr/lib/systemd/systemd',
    ['/lib/systemd/systemd', '--user'],
    'bob',
    '/home/bob',
  );
  const lens = machine.daemon(desktop, '/opt/Lens/lens-desktop', ['/opt/Lens/lens-desktop'], 'bob', '/home/bob');
  const code = machine.daemon(
    desktop,
    '/usr/share/code/code',
    ['/usr/share/code/code', '--type=utility', '--utility-sub-type=node.mojom.NodeService'],
    'bob',
    '/home/bob/src/shop',
  );
  const idea = machine.daemon(
    desktop,
    '/opt/idea/jbr/bin/java',
    ['/opt/idea/jbr/bin/java', '-Didea.paths.selector=IntelliJIdea2025.3', 'com.intellij.idea.Main'],
    'bob',
    '/home/bob/src/shop',
  );
  const terminal = machine.daemon(desktop, '/usr/bin/bash', ['bash'], 'bob', '/home/bob/src/shop');

  every(machine, 3, (time) => {
    for (const line of [
      'git status -z -uall',
      'git for-each-ref --format=%(refname) --sort=-committerdate refs/heads',
      'git rev-parse --show-toplevel',
    ]) {
      if (random.chance(0.6)) machine.run(time + random.int(0, 5 * SECOND), code, line);
    }
    if (random.chance(0.3))
      machine.file(
        time + 8 * SECOND,
        code,
        `/home/bob/.config/Code/User/workspaceStorage/${random.hex(16)}/state.vscdb`,
      );
    if (random.chance(0.3)) machine.connect(time + 9 * SECOND, code, machine.outside(), 443);
  });
  every(machine, 25, (time) => {
    machine.run(time, idea, 'git -c core.quotepath=false log --max-count=10 --format=%H', { ...home });
    const gradle = machine.run(
      time + 3 * SECOND,
      idea,
      'java -cp gradle-daemon.jar org.gradle.launcher.daemon.bootstrap.GradleDaemon 8.12',
      { ...home, lasts: 4 * MINUTE },
    );
    machine.run(time + 9 * SECOND, gradle, 'node scripts/generate.js', home);
  });
  const lensKubectl = '/home/bob/.config/Lens/binaries/x64/1.34.2/kubectl';
  for (const [clock, target] of [
    ['00:22:13', 'service/web 41873:80'],
    ['01:35:50', 'service/grafana 38211:3000'],
    ['04:28:02', 'pod/web-6c9f7 40125:8080'],
  ] as const) {
    const namespace = target.includes('grafana') ? 'monitoring' : 'staging';
    const forward = machine.run(
      at(clock),
      lens,
      `${lensKubectl} --kubeconfig /home/bob/.kube/config port-forward -n ${namespace} ${target}`,
      { ...home, lasts: 12 * MINUTE },
    );
    machine.listen(at(clock) + SECOND, forward, '127.0.0.1', Number(target.split(' ')[1]?.split(':')[0]));
  }
  for (const clock of ['00:12:30', '03:38:00'] as const) {
    const skaffold = machine.run(at(clock), terminal, 'skaffold dev --port-forward', { lasts: 40 * MINUTE });
    machine.run(at(clock) + 4 * SECOND, skaffold, 'docker version --format {{.Server.Version}}');
    machine.run(at(clock) + 20 * SECOND, skaffold, 'kubectl --context staging apply -f -');
    const pod = `web-dev-${random.hex(5)}`;
    const forward = machine.run(
      at(clock) + 40 * SECOND,
      skaffold,
      `kubectl --context staging port-forward --pod-running-timeout 1s --namespace staging pod/${pod} 8080:8080`,
      { lasts: 30 * MINUTE },
    );
    machine.listen(at(clock) + 41 * SECOND, forward, '127.0.0.1', 8080);
  }
  const make = machine.run(at('01:10:05'), terminal, 'make docs', { lasts: 20 * SECOND });
  machine.run(at('01:10:06'), make, "grep -rln 'port-forward' docs");
  for (const [index, line] of [
    'docker compose up -d',
    'docker ps',
    'docker run --rm --name proxy -p 127.0.0.1:8081:80 nginx:1.29',
    'npm test',
    'git push origin feature/expose-metrics',
    'kubectl -n staging get pods',
    'kubectl --context staging logs -f deploy/web-dev',
  ].entries()) {
    machine.run(at('00:40:00') + index * 95 * SECOND, terminal, line, { lasts: 5 * SECOND });
  }
}

/** nginx before Tomcat, certificates, and a deployment by hand. */
export function webServer(machine: Machine): Process {
  const { random } = machine;
  const nginx = machine.daemon(
    machine.systemd,
    '/usr/sbin/nginx',
    ['nginx: master process /usr/sbin/nginx -g daemon on; master_process on;'],
    'root',
  );
  // Restarted at midnight by its timer, so that its own start is in the log.
  const tomcat = machine.run(
    at('00:02:00'),
    machine.systemd,
    '/usr/lib/jvm/java-17-openjdk-amd64/bin/java -Djava.util.logging.config.file=/opt/tomcat/conf/logging.properties -Dcatalina.base=/opt/tomcat -Dcatalina.home=/opt/tomcat -classpath /opt/tomcat/bin/bootstrap.jar:/opt/tomcat/bin/tomcat-juli.jar org.apache.catalina.startup.Bootstrap start',
    { user: 'tomcat', cwd: '/opt/tomcat', stays: true },
  );
  machine.listen(at('00:02:09'), tomcat, '127.0.0.1', 8080);
  every(machine, 30, (time) => machine.run(time, nginx, '/usr/sbin/nginx -t -q'));
  every(machine, 15, (time) => {
    const shell = machine.cronJob(time, 'deploy', '/opt/shop/bin/health.sh');
    const script = machine.script(time + 20_000, shell, '/bin/sh', '/opt/shop/bin/health.sh');
    machine.run(time + 40_000, script, 'curl -fsS -o /dev/null http://127.0.0.1:8080/healthz');
    machine.run(time + 90_000, script, "logger -t health 'web is well'");
    if (random.chance(0.5)) machine.connect(time + SECOND, tomcat, '10.20.0.9', 5432);
  });
  const renew = machine.run(
    at('03:42:11'),
    machine.systemd,
    '/usr/bin/python3 /usr/bin/certbot -q renew --no-random-sleep-on-renew',
    { lasts: 20 * SECOND },
  );
  machine.connect(at('03:42:13'), renew, machine.outside(), 443);
  session(machine, '00:25:30', 'deploy', host('ops-1').ip, 22, CLUSTER_READS);
  session(machine, '01:40:00', 'deploy', host('ops-1').ip, 14);
  session(machine, '04:31:20', 'deploy', host('ops-1').ip, 20, LOOK_ALIKES);
  return tomcat;
}

/** PostgreSQL, nightly dumps, copies to the backup host. */
export function reporting(machine: Machine): void {
  const { random } = machine;
  const postgres = machine.daemon(
    machine.systemd,
    '/usr/lib/postgresql/15/bin/postgres',
    ['/usr/lib/postgresql/15/bin/postgres', '-D', '/var/lib/postgresql/15/main'],
    'postgres',
    '/var/lib/postgresql/15/main',
  );
  every(machine, 15, (time) => machine.connect(time, postgres, '10.20.0.52', 5432));
  for (const [index, database] of ['reports', 'audit', 'catalog', 'metrics'].entries()) {
    const time = at('01:05:00') + index * 8 * MINUTE;
    const script = machine.start(
      time,
      machine.cronJob(time, 'postgres', `/usr/local/bin/dump ${database}`),
      ['/bin/bash', '/usr/local/bin/dump', database],
      { script: '/usr/local/bin/dump', lasts: 5 * MINUTE },
    );
    machine.run(time + SECOND, script, `pg_dump -Fc -d ${database} -f /srv/backup/${database}.dump`, {
      lasts: 2 * MINUTE,
    });
    machine.file(time + 2 * SECOND, script, `/srv/backup/${database}.dump`);
    machine.run(time + 130 * SECOND, script, `gzip -f /srv/backup/${database}.dump`);
    machine.run(time + 140 * SECOND, script, `rsync -a /srv/backup/ backup.example.com:/srv/${database}/`);
    machine.run(time + 150 * SECOND, script, `tar -czf /srv/backup/${database}-conf.tgz /etc/postgresql`);
  }
  every(machine, 12, (time) => {
    const report = machine.run(time, machine.systemd, '/usr/bin/python3 /opt/reports/run.py --queue nightly', {
      user: 'deploy',
      cwd: '/opt/reports',
      lasts: 40 * SECOND,
    });
    machine.run(time + SECOND, report, "psql -h 127.0.0.1 -d reports -c 'select count(*) from runs'");
    machine.file(time + 5 * SECOND, report, `/opt/reports/out/${random.hex(8)}.csv`);
    if (random.chance(0.5)) machine.run(time + 8 * SECOND, report, 'gzip -9 /opt/reports/out/latest.csv');
  });
  session(machine, '00:35:00', 'alice', host('ops-1').ip, 20);
  session(machine, '02:22:00', 'deploy', host('ops-1').ip, 14, CLUSTER_READS);
  lookAlikes(machine, '04:20:00', 'bob', host('ops-1').ip);
}

/** Playbooks, and a unit that keeps `kubectl proxy` on loopback for a dashboard: a service manager's ordinary work. */
export function administration(machine: Machine): void {
  const { random } = machine;
  const proxy = machine.run(at('00:01:30'), machine.systemd, 'kubectl proxy --port=8001', {
    user: 'deploy',
    cwd: '/',
    stays: true,
  });
  machine.listen(at('00:01:31'), proxy, '127.0.0.1', 8001);
  for (const clock of ['00:50:00', '02:05:00', '04:40:00']) {
    const shell = machine.login(at(clock), 'alice', host('ops-1').ip);
    const playbook = machine.run(
      at(clock) + 9 * SECOND,
      shell,
      '/usr/bin/python3 /usr/bin/ansible-playbook -i hosts site.yml',
      { lasts: 3 * MINUTE },
    );
    for (const [index, target] of ['web-1', 'data-1', 'build-1'].entries()) {
      machine.run(
        at(clock) + (15 + index * 9) * SECOND,
        playbook,
        `ssh -o ControlMaster=auto -o ControlPersist=60s ${target} '/bin/sh -c true'`,
      );
    }
    for (const [index, line] of [
      'kubectl get nodes',
      'kubectl cordon node-3',
      'kubectl drain node-3 --ignore-daemonsets',
      'kubectl uncordon node-3',
      'kubectl -n proxy get pods',
      'terraform plan -out plan.bin',
    ].entries()) {
      typed(machine, at(clock) + (190 + index * 25) * SECOND, shell, line);
    }
    machine.exit(at(clock) + 7 * MINUTE, shell);
  }
  every(machine, 45, (time) => {
    const shell = machine.cronJob(time, 'deploy', 'kubectl get pods -A -o json > /var/lib/inventory/pods.json');
    machine.run(time + 20_000, shell, 'kubectl get pods -A -o json', { lasts: random.int(1 * SECOND, 3 * SECOND) });
  });
}

/** `job` every so many minutes of the night, not to the second. */
function every(machine: Machine, minutes: number, job: (time: Micros) => unknown): void {
  for (
    let time = NIGHT_BEGINS + machine.random.int(0, minutes * MINUTE);
    time < NIGHT_ENDS - 20 * MINUTE;
    time += minutes * MINUTE
  ) {
    job(time + machine.random.int(0, 20 * SECOND));
  }
}
