import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessImage, ProcessStart } from '../event/process-start.ts';
import type { OriginKind } from './origin.ts';
import { isBenign, isSuspicious, readOrigin } from './read-origin.ts';

const bash: ProcessImage = { name: 'bash', executable: '/usr/bin/bash', args: ['-bash'] };
const shDashC: ProcessImage = { name: 'sh', executable: '/usr/bin/dash', args: ['sh', '-c', 'kubectl proxy'] };

function startedBy(parent: ProcessImage | undefined, more: Partial<ProcessStart> = {}): ProcessStart {
  return {
    name: 'kubectl',
    executable: '/usr/local/bin/kubectl',
    args: ['kubectl', 'proxy'],
    ...(parent === undefined ? {} : { parent }),
    ...more,
  };
}

/** Parent, then kind, then whether it is suspicious and whether it is benign. */
const PARENTS: readonly (readonly [string, ProcessImage, OriginKind, boolean, boolean])[] = [
  ['login shell', bash, 'shell', false, false],
  ['shell without a path', { name: 'zsh' }, 'shell', false, false],
  ['busybox as sh', { name: 'busybox', executable: '/bin/busybox', args: ['ash'] }, 'shell', false, false],
  [
    'busybox timeout',
    { name: 'busybox', executable: '/bin/busybox', args: ['busybox', 'timeout', '5', 'kubectl'] },
    'wrapper',
    false,
    false,
  ],
  [
    'busybox crond',
    { name: 'busybox', executable: '/bin/busybox', args: ['/bin/busybox', 'crond'] },
    'scheduler',
    true,
    false,
  ],
  ['busybox, no words', { name: 'busybox' }, 'shell', false, false],
  ['explorer', { name: 'explorer.exe', executable: 'C:\\Windows\\explorer.exe' }, 'shell', false, false],
  [
    'shell with a script in /tmp',
    { name: 'sh', executable: '/usr/bin/dash', args: ['sh', '/var/tmp/.u/go.sh'] },
    'script',
    true,
    false,
  ],
  [
    'the same as one string',
    { name: 'sh', executable: '/usr/bin/dash', commandLine: 'sh -x /var/tmp/.u/go.sh' },
    'script',
    true,
    false,
  ],
  [
    'shell with a script elsewhere',
    { name: 'bash', executable: '/usr/bin/bash', args: ['bash', '/opt/app/run.sh'] },
    'shell',
    false,
    false,
  ],
  [
    'shell with a hidden script',
    { name: 'bash', executable: '/usr/bin/bash', args: ['bash', '/opt/app/.run.sh'] },
    'script',
    true,
    false,
  ],
  [
    'script from a descriptor',
    { name: 'bash', executable: '/usr/bin/bash', args: ['bash', '/dev/fd/63'] },
    'script',
    true,
    false,
  ],
  [
    'batch file in Temp',
    {
      name: 'cmd.exe',
      executable: 'C:\\Windows\\System32\\cmd.exe',
      commandLine: 'cmd.exe /c "C:\\Users\\alice\\AppData\\Local\\Temp\\x.bat"',
    },
    'script',
    true,
    false,
  ],
  [
    'PowerShell file in Public',
    { name: 'powershell.exe', args: ['powershell.exe', '-ep', 'bypass', '-File', 'C:\\Users\\Public\\x.ps1'] },
    'script',
    true,
    false,
  ],
  ['option that takes a value', { name: 'bash', args: ['bash', '--rcfile', '/tmp/rc', '-i'] }, 'shell', false, false],
  ['script after --', { name: 'bash', args: ['bash', '--', '/tmp/x'] }, 'script', true, false],
  ['path with dots', { name: 'bash', args: ['bash', '/opt/../tmp//./x'] }, 'script', true, false],
  [
    'named after a script',
    { name: 'tunnel.sh', executable: '/opt/app/tunnel.sh', args: ['/opt/app/tunnel.sh'] },
    'script',
    true,
    false,
  ],
  ['temporary directory', { name: 'upd', executable: '/var/tmp/upd', args: ['./upd'] }, 'temp-dir', true, false],
  ['image that is gone', { name: 'x', executable: '/tmp/x (deleted)' }, 'temp-dir', true, false],
  ['memfd', { name: 'memfd:x', executable: '/memfd:x (deleted)' }, 'temp-dir', true, false],
  ['shared memory', { name: 'x', executable: '/dev/shm/.a/x' }, 'temp-dir', true, false],
  [
    'macOS per-user temporary folder',
    { name: 'x', executable: '/private/var/folders/2k/abc/T/x' },
    'temp-dir',
    true,
    false,
  ],
  [
    'Users\\Public by device path',
    { name: 'a.exe', executable: '\\Device\\HarddiskVolume3\\Users\\Public\\a.exe' },
    'temp-dir',
    true,
    false,
  ],
  [
    'temporary directory inside a container',
    { name: 'a', executable: '/var/lib/docker/overlay2/4f/merged/tmp/a' },
    'temp-dir',
    true,
    false,
  ],
  ['only argv[0] names /tmp', { name: 'a', args: ['/tmp/a'] }, 'temp-dir', true, false],
  ['hidden name', { name: '.kworker', executable: '/opt/.kworker', args: ['[kworker/0:1]'] }, 'hidden', true, false],
  ['hidden name without a path', { name: '.x' }, 'hidden', true, false],
  ['hidden directory', { name: 'upd', executable: '/usr/lib/.d/upd' }, 'hidden', true, false],
  ['hidden directory in home', { name: 'upd', executable: '/home/alice/.cache/upd' }, 'hidden', true, false],
  [
    'dot directory where tools install',
    { name: 'helper', executable: '/home/alice/.local/bin/helper' },
    'home-dir',
    false,
    false,
  ],
  ['home', { name: 'fwd', executable: '/home/alice/bin/fwd' }, 'home-dir', false, false],
  [
    'python',
    { name: 'python3.11', executable: '/usr/bin/python3.11', args: ['python3', '/opt/x/c2.py'] },
    'interpreter',
    true,
    false,
  ],
  [
    'macOS framework Python',
    { name: 'Python', executable: '/opt/homebrew/Cellar/python@3.12/3.12.4/Python.app/Contents/MacOS/Python' },
    'interpreter',
    true,
    false,
  ],
  ['python with a script in /tmp', { name: 'python3', args: ['python3', '/tmp/pytest'] }, 'script', true, false],
  [
    'script host',
    { name: 'wscript.exe', executable: 'C:\\Windows\\System32\\wscript.exe' },
    'interpreter',
    true,
    false,
  ],
  ['Word', { name: 'WINWORD.EXE' }, 'interpreter', true, false],
  ['php-fpm with a version', { name: 'php-fpm8.2', executable: '/usr/sbin/php-fpm8.2' }, 'web-server', true, false],
  [
    'Tomcat',
    { name: 'java', executable: '/usr/bin/java', args: ['java', '-Dcatalina.base=/opt/tomcat'] },
    'web-server',
    true,
    false,
  ],
  [
    'gunicorn',
    { name: 'python3', executable: '/usr/bin/python3.11', args: ['/usr/bin/python3', '/usr/bin/gunicorn', 'app'] },
    'interpreter',
    true,
    false,
  ],
  ['database', { name: 'postgres', executable: '/usr/lib/postgresql/16/bin/postgres' }, 'web-server', true, false],
  ['cron', { name: 'cron', executable: '/usr/sbin/cron' }, 'scheduler', true, false],
  [
    'task scheduler',
    {
      name: 'svchost.exe',
      executable: 'C:\\Windows\\System32\\svchost.exe',
      commandLine: 'C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule',
    },
    'scheduler',
    true,
    false,
  ],
  [
    'another service host',
    { name: 'svchost.exe', commandLine: 'C:\\Windows\\system32\\svchost.exe -k LocalService' },
    'other',
    false,
    false,
  ],
  ['sshd', { name: 'sshd', executable: '/usr/sbin/sshd', args: ['sshd: alice@notty'] }, 'remote-login', false, false],
  ['sudo', { name: 'sudo', executable: '/usr/bin/sudo' }, 'wrapper', false, false],
  ['tmux server', { name: 'tmux: server', executable: '/usr/bin/tmux' }, 'wrapper', false, false],
  ['unknown program', { name: 'frobnicate', executable: '/usr/bin/frobnicate' }, 'other', false, false],
  [
    'systemd',
    { name: 'systemd', executable: '/usr/lib/systemd/systemd', args: ['/sbin/init'] },
    'service-manager',
    false,
    true,
  ],
  ['systemd of a home directory', { name: 'systemd', executable: '/home/alice/systemd' }, 'home-dir', false, false],
  ['systemd of /tmp', { name: 'systemd', executable: '/tmp/systemd' }, 'temp-dir', true, false],
  [
    'a program that calls itself systemd',
    { name: 'systemd', executable: '/usr/bin/python3.11' },
    'interpreter',
    true,
    false,
  ],
  ['tini', { name: 'tini', executable: '/sbin/tini' }, 'service-manager', false, true],
  [
    'containerd shim',
    { name: 'containerd-shim', executable: '/usr/bin/containerd-shim-runc-v2' },
    'container-runtime',
    false,
    true,
  ],
  [
    'supervisord as a script',
    {
      name: 'supervisord',
      executable: '/usr/bin/python3.11',
      args: ['/usr/bin/python3', '/usr/bin/supervisord', '-n'],
    },
    'service-manager',
    true,
    true,
  ],
  [
    'supervisord script of a home directory',
    { name: 'python3', executable: '/usr/bin/python3.11', args: ['python3', '/home/a/supervisord'] },
    'interpreter',
    true,
    false,
  ],
  [
    'skaffold in home',
    { name: 'skaffold', executable: '/home/dev/.local/bin/skaffold' },
    'developer-tool',
    false,
    true,
  ],
  ['skaffold in /tmp', { name: 'skaffold', executable: '/tmp/skaffold' }, 'temp-dir', true, false],
  ['hidden skaffold', { name: '.skaffold', executable: '/opt/.skaffold' }, 'hidden', true, false],
  ['skaffold in a hidden directory', { name: 'skaffold', executable: '/opt/.x/skaffold' }, 'hidden', true, false],
  [
    'a program that calls itself skaffold',
    { name: 'skaffold', executable: '/usr/bin/perl' },
    'interpreter',
    true,
    false,
  ],
  [
    'VS Code remote server',
    { name: 'node', executable: '/home/dev/.vscode-server/cli/servers/Stable-1/server/node' },
    'developer-tool',
    false,
    true,
  ],
  ['JetBrains', { name: 'java', executable: '/opt/idea/jbr/bin/java' }, 'developer-tool', false, true],
  [
    'VS Code on Windows',
    { name: 'Code.exe', executable: 'C:\\Users\\alice\\AppData\\Local\\Programs\\Microsoft VS Code\\Code.exe' },
    'developer-tool',
    false,
    true,
  ],
  [
    'VS Code in Temp',
    { name: 'Code.exe', executable: 'C:\\Users\\alice\\AppData\\Local\\Temp\\Code.exe' },
    'temp-dir',
    true,
    false,
  ],
  [
    'Lens as an AppImage',
    { name: 'lens-desktop', executable: '/tmp/.mount_LensAbc123/lens-desktop' },
    'developer-tool',
    true,
    true,
  ],
  [
    'minikube dashboard',
    { name: 'minikube', executable: '/usr/local/bin/minikube', args: ['minikube', 'dashboard'] },
    'developer-tool',
    false,
    true,
  ],
  [
    'minikube kubectl',
    { name: 'minikube', executable: '/usr/local/bin/minikube', args: ['minikube', 'kubectl', '--', 'proxy'] },
    'wrapper',
    false,
    false,
  ],
  [
    'npm',
    { name: 'node', executable: '/usr/bin/node', args: ['node', '/usr/bin/npm', 'run', 'dev'] },
    'developer-tool',
    true,
    true,
  ],
  [
    'GitHub Actions step',
    {
      name: 'bash',
      executable: '/usr/bin/bash',
      args: ['/usr/bin/bash', '-e', '-o', 'pipefail', '/home/runner/work/_temp/4f2a.sh'],
    },
    'ci',
    false,
    true,
  ],
  [
    'Jenkins step in /tmp',
    { name: 'sh', executable: '/usr/bin/dash', args: ['/bin/sh', '-xe', '/tmp/jenkins4711208837.sh'] },
    'ci',
    true,
    true,
  ],
  [
    'GitHub Actions step on Windows',
    {
      name: 'pwsh.exe',
      executable: 'C:\\Program Files\\PowerShell\\7\\pwsh.exe',
      args: ['pwsh.exe', '-command', ". 'D:\\a\\_temp\\4f2a.ps1'"],
    },
    'ci',
    false,
    true,
  ],
  ['Tekton step', { name: 'entrypoint', executable: '/tekton/bin/entrypoint' }, 'ci', false, true],
  [
    'jest of a project',
    { name: 'node', executable: '/usr/bin/node', args: ['node', '/home/dev/app/node_modules/.bin/jest'] },
    'ci',
    true,
    true,
  ],
  [
    'nearly a Jenkins step',
    { name: 'sh', executable: '/usr/bin/dash', args: ['/bin/sh', '-xe', '/tmp/jenkins-x.sh'] },
    'script',
    true,
    false,
  ],
  ['go test', { name: 'e2e.test', executable: '/tmp/go-build2188/b001/e2e.test' }, 'ci', true, true],
  ['go run', { name: 'main', executable: '/tmp/go-build2188/b001/exe/main' }, 'temp-dir', true, false],
  ['pytest', { name: 'python3', executable: '/usr/bin/python3', args: ['python3', '-m', 'pytest'] }, 'ci', true, true],
  ['nothing but placeholders', { name: '-', executable: '', commandLine: '-' }, 'unknown', false, false],
];

for (const [title, parent, kind, suspicious, benign] of PARENTS) {
  test(`parent: ${title}`, () => {
    const origin = readOrigin(startedBy(parent));
    assert.deepEqual(
      { kind: origin.kind, suspicious: isSuspicious(origin), benign: isBenign(origin) },
      { kind, suspicious, benign },
    );
    assert.equal(origin.kinds[0], kind);
    assert.ok(origin.reasons.length > 0);
    assert.ok(kind === 'unknown' || origin.reasons.some((reason) => reason.includes('process.parent.')));
  });
}

const cron: ProcessImage = { name: 'cron', executable: '/usr/sbin/cron' };
const nginx: ProcessImage = { name: 'nginx', executable: '/usr/sbin/nginx' };
const code: ProcessImage = { name: 'code', executable: '/usr/share/code/code' };

const CHAINS: readonly (readonly [string, ProcessImage, readonly ProcessImage[], OriginKind])[] = [
  ['web shell', shDashC, [nginx], 'web-server'],
  ['reverse shell of a web server', { name: 'bash', args: ['bash', '-i'] }, [nginx], 'web-server'],
  ['cron through sh -c and sudo', { name: 'sudo' }, [shDashC, cron], 'scheduler'],
  ['python that calls system()', shDashC, [{ name: 'python3', executable: '/usr/bin/python3' }], 'interpreter'],
  [
    'a terminal written in python',
    { name: 'bash', args: ['bash'] },
    [{ name: 'python3', executable: '/usr/bin/python3' }],
    'shell',
  ],
  ['an extension of an editor', shDashC, [code], 'developer-tool'],
  ["the shell in an editor's terminal", { name: 'bash', args: ['bash'] }, [code], 'shell'],
  ['a unit that runs sh -c', shDashC, [{ name: 'systemd', executable: '/usr/lib/systemd/systemd' }], 'service-manager'],
  ['a login shell below systemd', bash, [{ name: 'systemd', executable: '/usr/lib/systemd/systemd' }], 'shell'],
  [
    'npm script with its ancestors',
    shDashC,
    [{ name: 'node', executable: '/usr/bin/node', args: ['node', '/usr/bin/npm', 'run', 'pf'] }],
    'developer-tool',
  ],
  ['make below a web server', { name: 'make', executable: '/usr/bin/make' }, [nginx], 'developer-tool'],
];

for (const [title, parent, ancestors, kind] of CHAINS) {
  test(`ancestors: ${title}`, () => {
    assert.equal(readOrigin(startedBy(parent, { ancestors })).kind, kind);
  });
}

test('no parent at all is unknown, not benign', () => {
  const origin = readOrigin(startedBy(undefined));
  assert.equal(origin.kind, 'unknown');
  assert.equal(isBenign(origin), false);
});

test('the account of a build system explains a shell, but not a script in /tmp, a web server or a login', () => {
  const as = (parent: ProcessImage, ancestors: readonly ProcessImage[] = []): OriginKind =>
    readOrigin(startedBy(parent, { user: { name: 'CORP\\gitlab-runner' }, ancestors })).kind;
  assert.equal(as({ name: 'bash', executable: '/bin/bash', args: ['/bin/bash'] }), 'ci');
  assert.equal(as(bash), 'shell');
  assert.equal(as({ name: 'bash', args: ['bash', '/tmp/x.sh'] }), 'script');
  assert.equal(as(shDashC, [nginx]), 'web-server');
});

test('a kubectl that a tool keeps for itself tells the tool, unless a shell started it', () => {
  const own = '/home/dev/.garden/tools/kubectl/9c1f/kubectl';
  assert.equal(readOrigin(startedBy({ name: 'node' }, { executable: own })).kind, 'developer-tool');
  assert.equal(readOrigin(startedBy(bash, { executable: own })).kind, 'shell');
  assert.equal(
    readOrigin(startedBy({ name: 'node' }, { executable: '/tmp/.garden/tools/kubectl' })).kind,
    'interpreter',
  );
});

test('remote: parent, ancestor or entry leader', () => {
  assert.equal(readOrigin(startedBy(bash)).remote, false);
  assert.equal(
    readOrigin(startedBy(bash, { ancestors: [{ name: 'sshd', executable: '/usr/sbin/sshd' }] })).remote,
    true,
  );
  assert.equal(readOrigin(startedBy(bash, { entry: { type: 'sshd' } })).remote, true);
  assert.equal(readOrigin(startedBy(bash, { entry: { type: 'init' } })).remote, false);
});

const PLACES: readonly (readonly [string, string | null])[] = [
  ['/usr/local/bin/kubectl', null],
  ['/tmp/kubectl', 'temp'],
  ['/dev/shm/kubectl', 'shared-memory'],
  ['/home/dev/.garden/tools/kubectl/9c1f/kubectl', 'home'],
  ['/opt/.x/kubectl', 'hidden'],
  ['C:\\ProgramData\\chocolatey\\bin\\kubectl.exe', null],
  ['C:\\ProgramData\\k.exe', 'temp'],
  ['C:/Windows/Temp/k.exe', 'temp'],
  ['/var/lib/docker/overlay2/4f/merged/usr/bin/kubectl', 'container'],
  ['/tmpfiles/kubectl', null],
  ['kubectl', null],
];

for (const [path, place] of PLACES) {
  test(`place of ${path}`, () => {
    assert.equal(readOrigin(startedBy(bash, { executable: path })).binary_location, place);
  });
}

test('a relative script is looked for in the working directory', () => {
  const parent: ProcessImage = { name: 'bash', args: ['bash', './x.sh'] };
  assert.equal(readOrigin(startedBy(parent, { workingDirectory: '/tmp' })).kind, 'script');
  assert.equal(readOrigin(startedBy(parent, { workingDirectory: '/opt' })).kind, 'shell');
});

test('hostile values give an origin, quickly', () => {
  const long = 'a/'.repeat(500_000);
  const hostile: readonly ProcessImage[] = [
    { name: '__proto__', executable: '/constructor', args: ['toString'] },
    { name: long, executable: `/${long}`, args: Array.from({ length: 100_000 }, () => '-c') },
    { name: 'bash', commandLine: `bash ${'"'.repeat(100_000)}` },
    { name: 'java', args: [long, '\0', '\ud800'] },
    { name: 'cmd.exe', args: ['/c'] },
    { name: 'python', args: [] },
    { executable: '\\Device\\HarddiskVolume' },
    { name: 'x', executable: '/proc//fd' },
  ];
  const before = performance.now();
  for (const parent of hostile) {
    const origin = readOrigin(
      startedBy(parent, {
        ancestors: Array.from({ length: 5_000 }, () => shDashC),
        workingDirectory: long,
        env: JSON.parse('{"__proto__":"x"}') as Record<string, string>,
      }),
    );
    assert.ok(origin.reasons.every((reason) => reason.length < 1_000));
  }
  assert.ok(performance.now() - before < 2_000);
});
