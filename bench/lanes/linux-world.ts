// A fleet of Linux machines: programs, who runs them, and what they do.
import { digest } from '../../tools/example/random.ts';
import type { Values } from './values.ts';

export interface LinuxImage {
  readonly executable: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
}

export interface LinuxProcess extends LinuxImage {
  readonly parent: LinuxImage;
  readonly leader: LinuxImage;
}

export interface LinuxMachine {
  readonly name: string;
  readonly ip: string;
  readonly id: string;
  readonly user: string;
  readonly uid: number;
}

type Program = readonly [executable: string, args: (values: Values) => readonly string[]];

const PROGRAMS: readonly [Program, ...Program[]] = [
  [
    '/usr/bin/python3.11',
    (v) => ['python3', `/srv/app/${v.word()}/worker.py`, '--queue', v.word(), '--batch', `${v.serial()}`],
  ],
  [
    '/usr/bin/node',
    (v) => [
      'node',
      '--max-old-space-size=2048',
      `/srv/web/${v.word()}/server.js`,
      `--port=${v.random.int(3000, 3999)}`,
    ],
  ],
  [
    '/usr/lib/jvm/java-21/bin/java',
    (v) => [
      'java',
      '-Xmx2g',
      '-XX:+UseG1GC',
      `-Dapp.name=${v.word()}`,
      '-jar',
      `/opt/services/${v.word()}.jar`,
      '--spring.profiles.active=prod',
    ],
  ],
  [
    '/usr/bin/git',
    (v) => ['git', '-C', `/home/build/${v.word()}`, 'fetch', '--prune', 'origin', `refs/heads/feature-${v.word()}`],
  ],
  ['/usr/bin/gcc-12', (v) => ['gcc', '-O2', '-Wall', '-c', `src/${v.word()}.c`, '-o', `build/${v.word()}.o`]],
  ['/usr/bin/dash', (v) => ['sh', '-c', `test -e /run/${v.word()}.pid && exec /opt/tools/check-${v.word()}`]],
  ['/usr/bin/sed', (v) => ['sed', '-n', `s/^${v.word()}=//p`, `/srv/conf/${v.word()}.ini`]],
  ['/usr/bin/logger', (v) => ['logger', '-t', 'cron', `job ${v.word()} finished in ${v.serial()} ms`]],
  [
    '/usr/bin/psql',
    (v) => [
      'psql',
      '-h',
      'db.example.com',
      '-d',
      v.word(),
      '-Atc',
      `SELECT count(*) FROM ${v.word()} WHERE id > ${v.serial()}`,
    ],
  ],
  [
    '/usr/bin/restic',
    (v) => [
      'restic',
      '-r',
      `rest:https://backup.example.com/${v.word()}/`,
      'backup',
      '--tag',
      v.word(),
      `/srv/data/${v.word()}`,
    ],
  ],
  ['/usr/sbin/logrotate', (v) => ['logrotate', '-s', `/var/lib/logrotate/${v.word()}`, `/etc/logrotate.d/${v.word()}`]],
  ['/usr/bin/docker', (v) => ['docker', 'inspect', '--format', '{{.State.Health.Status}}', v.word()]],
];

const SHELLS: readonly [Program, ...Program[]] = [
  ['/usr/bin/bash', (v) => ['bash', `/opt/jobs/${v.word()}.sh`, '--verbose']],
  ['/usr/lib/systemd/systemd', (v) => ['/usr/lib/systemd/systemd', `--unit=${v.word()}.service`]],
  ['/usr/bin/make', (v) => ['make', '-j4', `build-${v.word()}`]],
];

/** What an ordinary machine runs. */
export function linuxProcess(values: Values): LinuxProcess {
  return child(values, image(values, values.random.pick([...PROGRAMS] as [Program, ...Program[]])));
}

/** A kubectl, harmless or not. */
export function linuxKubectl(values: Values, isHit: boolean): LinuxProcess {
  const namespace = `team-${values.word()}`;
  const executable = isHit ? '/tmp/kubectl' : '/usr/local/bin/kubectl';
  const words = isHit
    ? ['port-forward', '--address', '0.0.0.0', '-n', namespace, 'svc/orders-db', '5432:5432']
    : ['get', 'pods', '-n', namespace, '-o', 'wide'];
  return child(values, image(values, [executable, () => [executable, ...words]], ''));
}

function child(values: Values, of: LinuxImage): LinuxProcess {
  const shell = (): LinuxImage => image(values, values.random.pick([...SHELLS] as [Program, ...Program[]]));
  return { ...of, parent: shell(), leader: shell() };
}

/** `place` goes before the program's file name, so that every path can be one of its own. */
function image(values: Values, [executable, args]: Program, place = `${values.word()}/`): LinuxImage {
  const at = executable.lastIndexOf('/') + 1;
  const path = `${executable.slice(0, at)}${place}${executable.slice(at)}`;
  return {
    executable: path,
    args: args(values),
    directory: `/srv/work/${values.word()}`,
    md5: digest('md5', path),
    sha1: digest('sha1', path),
    sha256: digest('sha256', path),
  };
}

export function linuxMachine(values: Values): LinuxMachine {
  const word = values.word();
  return {
    name: `srv-${word}.example.com`,
    ip: values.ip(),
    id: digest('md5', word),
    user: `svc-${word}`,
    uid: 1000 + values.serial(),
  };
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a process does besides starting. */
export interface LinuxActivity {
  readonly kind: 'start' | 'connect' | 'file' | 'lookup' | 'end';
  readonly process: LinuxProcess;
  readonly machine: LinuxMachine;
  readonly path: string;
  readonly domain: string;
  readonly peer: string;
}

/** Two starts among five events; kubectl where asked for. */
export function linuxActivities(values: Values): (part: 'ordinary' | 'near' | 'hit') => LinuxActivity {
  const machine = values.pool(300, () => linuxMachine(values));
  const process = values.pool(400, () => linuxProcess(values));
  const near = values.pool(20, () => linuxKubectl(values, false));
  const hit = values.pool(5, () => linuxKubectl(values, true));
  const path = values.pool(400, () => `/var/lib/services/${values.word()}/segment-${values.serial()}.dat`);
  const domain = values.pool(200, () => `${values.word()}.services.example.com`);
  const peer = values.pool(200, () => values.ip());
  return (part) => {
    values.begin();
    return {
      kind: part === 'ordinary' ? values.random.pick(['start', 'start', 'connect', 'file', 'lookup', 'end']) : 'start',
      process: part === 'hit' ? hit() : part === 'near' ? near() : process(),
      machine: machine(),
      path: path(),
      domain: domain(),
      peer: peer(),
    };
  };
}
