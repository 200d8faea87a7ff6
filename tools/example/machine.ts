// One machine during the night: processes start, connect, write and end on it.
import { Random } from './random.ts';
import { MINUTE, NIGHT_BEGINS, SECOND } from './time.ts';
import type { Micros } from './time.ts';
import { OUTSIDE, host } from './world.ts';
import type { Activity, ApiRequest, Host, HostName, Process, User } from './world.ts';

export interface StartOptions {
  readonly executable?: string;
  readonly script?: string;
  readonly cwd?: string;
  readonly user?: User;
  readonly api?: readonly ApiRequest[];
  /** Runs on; otherwise the process ends after `lasts`. */
  readonly stays?: boolean;
  readonly lasts?: Micros;
}

/** Programs that are not in /usr/bin, or whose file has another name. */
const PROGRAMS: ReadonlyMap<string, string> = new Map([
  ...['kubectl', 'helm', 'terraform', 'skaffold', 'k9s', 'kustomize'].map(
    (name) => [name, `/usr/local/bin/${name}`] as const,
  ),
  ...['logrotate', 'cron', 'sshd', 'nginx', 'fstrim', 'iptables', 'sshd', 'runuser', 'ldconfig'].map(
    (name) => [name, `/usr/sbin/${name}`] as const,
  ),
  ...['psql', 'pg_dump', 'postgres'].map((name) => [name, `/usr/lib/postgresql/15/bin/${name}`] as const),
  ['sh', '/usr/bin/dash'],
  ['/bin/sh', '/usr/bin/dash'],
  ['/bin/bash', '/usr/bin/bash'],
  ['awk', '/usr/bin/mawk'],
  ['vim', '/usr/bin/vim.basic'],
  ['java', '/usr/lib/jvm/java-17-openjdk-amd64/bin/java'],
  ['python3', '/usr/bin/python3.11'],
  ['scp', '/usr/bin/scp'],
]);

export class Machine {
  readonly host: Host;
  readonly random: Random;
  readonly activities: Activity[] = [];
  readonly systemd: Process;
  readonly cron: Process;
  readonly sshd: Process;
  readonly #processes: Process[] = [];
  #sessions = 40;

  constructor(name: HostName) {
    this.host = host(name);
    this.random = new Random(`machine ${name}`);
    this.systemd = this.daemon(undefined, '/usr/lib/systemd/systemd', ['/sbin/init'], 'root');
    this.cron = this.daemon(this.systemd, '/usr/sbin/cron', ['/usr/sbin/cron', '-f'], 'root');
    this.sshd = this.daemon(
      this.systemd,
      '/usr/sbin/sshd',
      ['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups'],
      'root',
    );
  }

  /** Something that runs since the machine was started, two days ago. */
  daemon(parent: Process | undefined, executable: string, args: readonly string[], user: User, cwd = '/'): Process {
    const start =
      NIGHT_BEGINS - 2 * 24 * 60 * MINUTE + this.#processes.length * 3 * SECOND + this.random.int(0, SECOND);
    return this.#add({ parent, executable, args, user, cwd, start, old: true, login: undefined, leader: undefined });
  }

  /** `line` is split at blanks, `'…'` kept together; the first word says which program it is. */
  run(time: Micros, parent: Process, line: string, options: StartOptions = {}): Process {
    return this.start(time, parent, words(line), options);
  }

  start(time: Micros, parent: Process, args: readonly string[], options: StartOptions = {}): Process {
    const first = args[0] ?? '';
    const executable =
      options.executable ?? PROGRAMS.get(first) ?? (first.startsWith('/') ? first : `/usr/bin/${first}`);
    const { script, api } = options;
    const process = this.#add({
      parent,
      executable,
      args,
      script,
      api,
      start: time,
      cwd: options.cwd ?? parent.cwd,
      user: options.user ?? parent.user,
      login: parent.login,
      leader: sessionOf(parent),
      tty: parent.tty,
      session: parent.session,
    });
    this.activities.push({ kind: 'start', time, process });
    if (options.stays !== true) this.exit(time + (options.lasts ?? this.random.int(3_000, 900_000)), process);
    return process;
  }

  /** A script that is started by its `#!interpreter` line. */
  script(
    time: Micros,
    parent: Process,
    interpreter: string,
    path: string,
    args: readonly string[] = [],
    options: StartOptions = {},
  ): Process {
    return this.start(time, parent, [interpreter, path, ...args], { ...options, script: path });
  }

  /** The process becomes another program and keeps its pid. */
  become(time: Micros, before: Process, args: readonly string[], options: StartOptions = {}): Process {
    const executable = options.executable ?? PROGRAMS.get(args[0] ?? '') ?? args[0] ?? '';
    const { leader, tty, session, parent, user, login } = before;
    const process = this.#add({
      parent,
      executable,
      args,
      before,
      start: time,
      cwd: before.cwd,
      user,
      login,
      leader,
      tty,
      session,
    });
    this.activities.push({ kind: 'start', time, process });
    if (options.stays !== true) this.exit(time + (options.lasts ?? this.random.int(3_000, 900_000)), process);
    return process;
  }

  exit(time: Micros, process: Process, code = 0): void {
    this.activities.push({ kind: 'exit', time, process, code });
  }

  connect(time: Micros, process: Process, ip: string, port: number): void {
    this.activities.push({ kind: 'connect', time, process, ip, port, localPort: this.random.int(32768, 60999) });
  }

  listen(time: Micros, process: Process, ip: string, port: number): void {
    this.activities.push({ kind: 'listen', time, process, ip, port });
  }

  file(time: Micros, process: Process, path: string, change: 'create' | 'delete' = 'create'): void {
    this.activities.push({ kind: 'file', time, process, path, change });
  }

  lookup(time: Micros, process: Process, domain: string): void {
    this.activities.push({ kind: 'lookup', time, process, domain });
  }

  /** Somebody comes in by ssh: the login shell. */
  login(time: Micros, user: User, ip: string): Process {
    const connection = this.start(time - SECOND, this.sshd, ['/usr/sbin/sshd', '-D', '-R'], { stays: true });
    const privileged = this.#add({
      parent: connection,
      executable: '/usr/sbin/sshd',
      args: [`sshd: ${user}@pts/0`],
      user,
      login: user,
      start: time - 120_000,
      cwd: '/',
      leader: undefined,
      forked: true,
    });
    this.activities.push({
      kind: 'login',
      time: time - 100_000,
      process: connection,
      user,
      ip,
      port: this.random.int(40000, 60000),
    });
    const shell = this.#add({
      parent: privileged,
      executable: '/usr/bin/bash',
      args: ['-bash'],
      user,
      login: user,
      start: time,
      cwd: `/home/${user}`,
      leader: undefined,
      remoteIp: ip,
      tty: this.#sessions % 4,
      session: ++this.#sessions,
    });
    this.activities.push({ kind: 'start', time, process: shell });
    return shell;
  }

  /** A cron job: cron's child runs `sh -c command`. */
  cronJob(time: Micros, user: User, command: string): Process {
    const child = this.#add({
      parent: this.cron,
      executable: '/usr/sbin/cron',
      args: ['/usr/sbin/CRON', '-f'],
      user: 'root',
      login: user,
      start: time,
      cwd: '/',
      leader: undefined,
      forked: true,
      session: ++this.#sessions,
    });
    return this.start(time + 9_000, child, ['/bin/sh', '-c', command], {
      user,
      cwd: user === 'root' ? '/root' : `/home/${user}`,
      lasts: 2 * SECOND,
    });
  }

  /** A sensor that starts tells what runs already. */
  inventory(time: Micros): void {
    for (const process of this.#processes) {
      if (process.old) this.activities.push({ kind: 'start', time, process });
    }
  }

  /** An address on the Internet that is none of the intruder's. */
  outside(): string {
    return this.random.pick(OUTSIDE);
  }

  /** Orders the night and numbers its processes; nothing may be added afterwards. */
  finish(): void {
    this.activities.sort((a, b) => a.time - b.time);
    let pid = 0;
    const inOrder = [...this.#processes].sort((a, b) => a.start - b.start);
    for (const process of inOrder) {
      if (process.before) {
        process.pid = process.before.pid;
        continue;
      }
      pid += process === this.systemd ? 1 : this.random.int(1, process.old ? 160 : 5);
      process.pid = pid;
    }
  }

  #add(
    parts: Pick<Process, 'parent' | 'executable' | 'args' | 'user' | 'cwd' | 'start' | 'login' | 'leader'> &
      Partial<Process>,
  ): Process {
    const process: Process = {
      host: this.host,
      script: undefined,
      tty: undefined,
      remoteIp: undefined,
      session: undefined,
      old: false,
      forked: false,
      before: undefined,
      api: undefined,
      pid: 0,
      ...parts,
    };
    this.#processes.push(process);
    return process;
  }
}

/** systemd gives each service a session of its own; all others stay in their parent's. */
function sessionOf(parent: Process): Process | undefined {
  return parent.parent === undefined ? undefined : (parent.leader ?? parent);
}

/** `a 'b c' d` → three words. Enough for the commands of the example; no escapes. */
function words(line: string): string[] {
  const parts: string[] = [];
  for (const [index, piece] of line.split("'").entries()) {
    if (index % 2 === 1) parts.push(piece);
    else parts.push(...piece.split(' ').filter((word) => word !== ''));
  }
  return parts;
}
