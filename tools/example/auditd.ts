// Linux auditd as audisp-remote forwards it: `node=` first, names resolved after a 0x1d byte (log_format = ENRICHED), EOE kept.
import { assertNever } from '../../src/base/invariant.ts';
import { Random } from './random.ts';
import { epochSeconds } from './time.ts';
import { commName, userId } from './world.ts';
import type { Process, User } from './world.ts';
import type { Writer } from './writer.ts';

const UNSET = 4294967295;
const ENRICHED = '\u001d';
/** The kernel keeps this much of the process title. */
const TITLE_BYTES = 128;

export function auditd(): Writer {
  const random = new Random('auditd');
  let serial = 41_873;
  return (activity) => {
    const { process, time } = activity;
    const stamp = (): string => `msg=audit(${epochSeconds(time, 3)}:${++serial}):`;
    const records = (lines: readonly string[]): readonly string[] => {
      const message = stamp();
      return lines.map((line) => {
        const [type = '', ...rest] = line.split(' ');
        return `node=${process.host.name} type=${type} ${message} ${rest.join(' ')}`;
      });
    };
    switch (activity.kind) {
      case 'start':
        return records(execve(process, random));
      case 'connect':
        return records([
          syscall(process, {
            number: 42,
            name: 'connect',
            exit: activity.port === 443 ? -115 : 0,
            a: ['5', random.hex(12), '10', '0'],
            items: 0,
            key: '"net"',
          }),
          `SOCKADDR saddr=0200${hexPort(activity.port)}${hexAddress(activity.ip)}0000000000000000${ENRICHED}SADDR={ saddr_fam=inet laddr=${activity.ip} lport=${activity.port} }`,
          'PROCTITLE proctitle=' + title(process),
          'EOE ',
        ]);
      case 'login':
        return [
          ...records([
            userMessage(
              'USER_AUTH',
              process,
              undefined,
              `op=pubkey_auth rport=${activity.port} acct="${activity.user}" exe="/usr/sbin/sshd" hostname=? addr=${activity.ip} terminal=? res=success`,
            ),
          ]),
          ...records([
            userMessage(
              'USER_ACCT',
              process,
              undefined,
              `op=PAM:accounting grantors=pam_permit acct="${activity.user}" exe="/usr/sbin/sshd" hostname=${activity.ip} addr=${activity.ip} terminal=ssh res=success`,
            ),
          ]),
          ...records([
            `USER_LOGIN pid=${process.pid} uid=0 auid=${userId(activity.user)} ses=${process.pid % 97} subj=unconfined msg='op=login id=${userId(activity.user)} exe="/usr/sbin/sshd" hostname=${activity.ip} addr=${activity.ip} terminal=/dev/pts/0 res=success'${ENRICHED}UID="root" AUID="${activity.user}" ID="${activity.user}"`,
          ]),
        ];
      case 'exit':
        // systemd reports the end of its services; the ends of processes are not audited.
        if (process.parent?.parent !== undefined || process.old) return [];
        return records([
          `SERVICE_STOP pid=1 uid=0 auid=${UNSET} ses=${UNSET} subj=unconfined msg='unit=${commName(process)} comm="systemd" exe="/usr/lib/systemd/systemd" hostname=? addr=? terminal=? res=success'${ENRICHED}UID="root" AUID="unset"`,
        ]);
      case 'listen':
      case 'file':
      case 'lookup':
        return [];
      default:
        return assertNever(activity);
    }
  };
}

function userMessage(type: string, process: Process, login: User | undefined, text: string): string {
  return `${type} pid=${process.pid} uid=0 auid=${login === undefined ? UNSET : userId(login)} ses=${UNSET} subj=unconfined msg='${text}'${ENRICHED}UID="root" AUID="${login ?? 'unset'}"`;
}

/** The records of one execve, in the kernel's order. */
function execve(process: Process, random: Random): string[] {
  const opened = process.script === undefined ? [process.executable] : [process.script, process.args[0] ?? ''];
  const paths = [...opened, '/lib64/ld-linux-x86-64.so.2'];
  return [
    syscall(process, {
      number: 59,
      name: 'execve',
      exit: 0,
      a: [random.hex(12), random.hex(12), random.hex(12), '8'],
      items: paths.length,
      key: '"exec"',
    }),
    `EXECVE argc=${process.args.length} ${process.args.map((word, index) => `a${index}=${untrusted(word)}`).join(' ')}`,
    `CWD cwd=${untrusted(process.cwd)}`,
    ...paths.map(
      (path, item) =>
        `PATH item=${item} name=${untrusted(path)} inode=${inode(path)} dev=${path.startsWith('/dev/shm/') ? '00:1a' : '08:01'} mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0${ENRICHED}OUID="root" OGID="root"`,
    ),
    `PROCTITLE proctitle=${title(process)}`,
    'EOE ',
  ];
}

interface Call {
  readonly number: number;
  readonly name: string;
  readonly exit: number;
  readonly a: readonly [string, string, string, string];
  readonly items: number;
  readonly key: string;
}

function syscall(process: Process, call: Call): string {
  const { user, login } = process;
  const id = userId(user);
  const [a0, a1, a2, a3] = call.a;
  const ids = ['uid', 'gid', 'euid', 'suid', 'fsuid', 'egid', 'sgid', 'fsgid'];
  return (
    `SYSCALL arch=c000003e syscall=${call.number} success=${call.exit < 0 ? 'no' : 'yes'} exit=${call.exit} a0=${a0} a1=${a1} a2=${a2} a3=${a3} items=${call.items} ppid=${process.parent?.pid ?? 0} pid=${process.pid}` +
    ` auid=${login === undefined ? UNSET : userId(login)} ${ids.map((name) => `${name}=${id}`).join(' ')} tty=${process.tty === undefined ? '(none)' : `pts${process.tty}`} ses=${process.session ?? UNSET}` +
    ` comm=${untrusted(commName(process))} exe=${untrusted(process.executable)} subj=unconfined key=${call.key}` +
    `${ENRICHED}ARCH=x86_64 SYSCALL=${call.name} AUID="${login ?? 'unset'}" ${ids.map((name) => `${name.toUpperCase()}="${user}"`).join(' ')}`
  );
}

/** The kernel's audit_log_untrustedstring: quoted, or in hexadecimal when a blank, a quote or a byte beyond ASCII is in it. */
function untrusted(text: string): string {
  return /^[!#-~]*$/.test(text) ? `"${text}"` : Buffer.from(text).toString('hex').toUpperCase();
}

/** The arguments with a zero byte between them, cut. */
function title(process: Process): string {
  const bytes = Buffer.from(process.args.join('\0')).subarray(0, TITLE_BYTES);
  return process.args.length === 1 ? untrusted(bytes.toString()) : bytes.toString('hex').toUpperCase();
}

const hexPort = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');
const hexAddress = (ip: string): string =>
  ip
    .split('.')
    .map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'))
    .join('');

/** The same file, the same number. */
function inode(path: string): number {
  let number = 5381;
  for (const letter of path) number = (number * 33 + (letter.codePointAt(0) ?? 0)) % 900_000;
  return 1000 + number;
}
