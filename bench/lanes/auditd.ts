// Linux auditd's own lines: one event is several records that bear the same number.
import { assertNever } from '../../src/base/invariant.ts';
import { epochSeconds } from '../../tools/example/time.ts';
import type { Lane, LaneEvent, Part } from './lane.ts';
import { IN_TEMPORARY_DIRECTORY } from './lane.ts';
import { baseName, linuxActivities } from './linux-world.ts';
import type { LinuxActivity } from './linux-world.ts';
import type { Values } from './values.ts';

const UNSET = 4294967295;
/** The kernel keeps this much of a process title, and of a name. */
const TITLE_BYTES = 128;
const COMM_BYTES = 15;

export const auditd: Lane = {
  name: 'auditd',
  title: 'auditd (audit.log)',
  shape: 'auditd',
  writer(values) {
    const next = linuxActivities(values);
    return (part: Part): LaneEvent => {
      const activity = next(part);
      return {
        record: lines(values, activity),
        startsProcess: activity.kind === 'start',
        ...(part === 'hit' ? { pack: IN_TEMPORARY_DIRECTORY, rule: 'Port forwarded with kubectl' } : {}),
      };
    };
  },
};

function lines(values: Values, activity: LinuxActivity): readonly string[] {
  const stamp = `msg=audit(${epochSeconds(values.time, 3)}:${values.serial()}):`;
  return records(values, activity).map(([type, text]) => `type=${type} ${stamp} ${text}`);
}

type AuditRecord = readonly [type: string, text: string];

function records(values: Values, activity: LinuxActivity): readonly AuditRecord[] {
  const { kind, process, machine } = activity;
  const title = Buffer.from(process.args.join('\0')).subarray(0, TITLE_BYTES).toString('hex').toUpperCase();
  switch (kind) {
    case 'start':
      return [
        ['SYSCALL', syscall(values, activity, 59, 'exec')],
        [
          'EXECVE',
          `argc=${process.args.length} ${process.args.map((word, index) => `a${index}=${untrusted(word)}`).join(' ')}`,
        ],
        ['CWD', `cwd=${untrusted(process.directory)}`],
        ...[process.executable, '/lib64/ld-linux-x86-64.so.2'].map((path, item): AuditRecord => [
          'PATH',
          `item=${item} name=${untrusted(path)} ${inode(values)}`,
        ]),
        ['PROCTITLE', `proctitle=${title}`],
        ['EOE', ''],
      ];
    case 'connect':
      return [
        ['SYSCALL', syscall(values, activity, 42, 'net')],
        ['SOCKADDR', `saddr=020001BB${hexAddress(activity.peer)}0000000000000000`],
        ['PROCTITLE', `proctitle=${title}`],
        ['EOE', ''],
      ];
    case 'file':
      return [
        ['SYSCALL', syscall(values, activity, 257, 'files')],
        ['CWD', `cwd=${untrusted(process.directory)}`],
        ['PATH', `item=0 name=${untrusted(activity.path)} ${inode(values)}`],
        ['PROCTITLE', `proctitle=${title}`],
        ['EOE', ''],
      ];
    case 'end':
      return [['SERVICE_STOP', message(`unit=${values.word()} comm="systemd" exe="/usr/lib/systemd/systemd"`)]];
    case 'lookup':
      return [
        [
          'CRED_ACQ',
          message(
            `op=PAM:setcred grantors=pam_permit acct=${untrusted(values.account(machine.user))} exe="/usr/sbin/cron"`,
          ),
        ],
      ];
    default:
      return assertNever(kind);
  }
}

const message = (text: string): string =>
  `pid=1 uid=0 auid=${UNSET} ses=${UNSET} subj=unconfined msg='${text} hostname=? addr=? terminal=? res=success'`;

const inode = (values: Values): string =>
  `inode=${values.random.int(1000, 900_000)} dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0`;

function syscall(values: Values, { process, machine }: LinuxActivity, number: number, key: string): string {
  const { random } = values;
  const ids = ['uid', 'gid', 'euid', 'suid', 'fsuid', 'egid', 'sgid', 'fsgid'];
  return (
    `arch=c000003e syscall=${number} success=yes exit=0 a0=${random.hex(12)} a1=${random.hex(12)} a2=${random.hex(12)} a3=8 items=2` +
    ` ppid=${random.int(300, 4_000_000)} pid=${random.int(300, 4_000_000)} auid=${UNSET} ${ids.map((name) => `${name}=${machine.uid}`).join(' ')}` +
    ` tty=(none) ses=${UNSET} comm=${untrusted(baseName(process.executable).slice(0, COMM_BYTES))} exe=${untrusted(process.executable)} subj=unconfined key="${key}"`
  );
}

/** Quoted, or in hexadecimal where a blank, a quote or a byte beyond ASCII is in it. */
function untrusted(text: string): string {
  return /^[!#-~]*$/.test(text) ? `"${text}"` : Buffer.from(text).toString('hex').toUpperCase();
}

const hexAddress = (ip: string): string =>
  ip
    .split('.')
    .map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'))
    .join('');
