import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../event/json.ts';
import { auditGroup } from './audit-line.ts';
import { auditd } from './auditd.ts';
import { recognise } from './recognise.ts';
import { decodeText } from './text.ts';

const STAMP = 'audit(1700000000.123:42)';
const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex').toUpperCase();
const SYSCALL = `type=SYSCALL msg=${STAMP}: arch=c000003e syscall=59 success=yes exit=0 a0=55f0 a1=55f1 a2=55f2 a3=8 items=2 ppid=900 pid=901 auid=1000 uid=1000 gid=1000 euid=1000 tty=pts0 ses=3 comm="kubectl" exe="/usr/local/bin/kubectl" key="exec"\u001dARCH=x86_64 SYSCALL=execve AUID="alice" UID="alice"`;
const EXECVE = `type=EXECVE msg=${STAMP}: argc=4 a0="kubectl" a1="port-forward" a2="svc/db" a3="5432:5432"`;
const CWD = `type=CWD msg=${STAMP}: cwd="/home/alice"`;

function decoded(...lines: readonly string[]): JsonObject {
  const result = decodeText(lines.join('\n'));
  assert.ok('record' in result, JSON.stringify(result));
  return result.record;
}

test('the records of one exec are one process start', () => {
  const event = decoded(
    SYSCALL,
    EXECVE,
    CWD,
    `type=PROCTITLE msg=${STAMP}: proctitle=${hex('kubectl\u0000port-forward')}`,
    `type=EOE msg=${STAMP}: `,
  );
  assert.equal(recognise(event), auditd);
  assert.deepEqual(auditd.processStart(event), {
    name: 'kubectl',
    executable: '/usr/local/bin/kubectl',
    args: ['kubectl', 'port-forward', 'svc/db', '5432:5432'],
    pid: '901',
    os: 'linux',
    time: '2023-11-14T22:13:20.123Z',
    workingDirectory: '/home/alice',
    user: { name: 'alice', id: '1000' },
    parent: { pid: '900' },
  });
  assert.deepEqual(auditd.logSource(event), { product: 'linux', service: 'auditd', category: 'process_creation' });
});

test('an exec whose arguments are lost or cut: the process title says them', () => {
  const title = `type=PROCTITLE msg=${STAMP}: proctitle=${hex('kubectl\u0000port-forward\u0000svc/db\u00005432')}`;
  const args = (...records: readonly string[]): readonly string[] | undefined =>
    auditd.processStart(decoded(...records))?.args;
  const whole = ['kubectl', 'port-forward', 'svc/db', '5432'];
  assert.deepEqual(args(SYSCALL, title), whole);
  const is32 = SYSCALL.replace('arch=c000003e syscall=59', 'arch=40000003 syscall=11').replace(/\u001d.*/, '');
  assert.deepEqual(args(is32, title), whole);
  assert.deepEqual(args(SYSCALL, `type=EXECVE msg=${STAMP}: argc=4 a0="kubectl" a1="po`, title), whole);
  // Nothing is lost, or the title is cut more than they are.
  assert.deepEqual(args(SYSCALL, `type=EXECVE msg=${STAMP}: argc=1 a0="kubectl"`, title), ['kubectl']);
  assert.deepEqual(
    args(SYSCALL, `type=EXECVE msg=${STAMP}: argc=9 ${EXECVE.slice(EXECVE.indexOf('a0='))} a4="x"`, title)?.length,
    5,
  );
  assert.equal(args(SYSCALL.replace('success=yes', 'success=no'), title), undefined);
  // Any other system call has the title of who calls.
  assert.equal(
    args(SYSCALL.replace('syscall=59', 'syscall=41').replace('SYSCALL=execve', 'SYSCALL=socket'), title),
    undefined,
  );
  assert.equal(args(SYSCALL), undefined);
});

test('a line that is cut within hexadecimal: what is whole of it', () => {
  const full = hex('kubectl port-forward svc/db 5432');
  for (const digits of [full.length, full.length - 1, full.length - 2, full.length - 3]) {
    const expected = 'kubectl port-forward svc/db 5432'.slice(0, digits >> 1);
    const cut = `type=EXECVE msg=${STAMP}: argc=3 a0="sh" a1="-c" a2=${full.slice(0, digits)}`;
    assert.deepEqual(auditd.processStart(decoded(SYSCALL, cut))?.args, ['sh', '-c', expected]);
    const title = `type=PROCTITLE msg=${STAMP}: proctitle=${full.slice(0, digits)}`;
    assert.equal(auditd.field('proctitle')?.(decoded(SYSCALL, EXECVE, title)), expected);
  }
  // Not in the middle of a line, and no numbers.
  assert.deepEqual(auditd.processStart(decoded(`type=EXECVE msg=${STAMP}: argc=2 a0=abcde a1="x"`))?.args, [
    'abcde',
    'x',
  ]);
  assert.equal(auditd.field('exit')?.(decoded(`type=SYSCALL msg=${STAMP}: pid=1 exit=123`)), '123');
});

test('fields of an audit event, by auditd and Sigma names', () => {
  const event = decoded(
    SYSCALL,
    EXECVE,
    CWD,
    `type=PATH msg=${STAMP}: item=0 name="/usr/local/bin/kubectl" nametype=NORMAL`,
    `type=PATH msg=${STAMP}: item=1 name="/lib64/ld.so" nametype=NORMAL`,
  );
  const cases: readonly (readonly [string, unknown])[] = [
    ['type', ['SYSCALL', 'EXECVE', 'CWD', 'PATH']],
    ['SYSCALL', 'execve'],
    ['syscall', ['59', 'execve']],
    ['a0', 'kubectl'],
    ['a1', 'port-forward'],
    ['a9', undefined],
    ['exe', '/usr/local/bin/kubectl'],
    ['SYSCALL.exe', '/usr/local/bin/kubectl'],
    ['comm', 'kubectl'],
    ['key', 'exec'],
    ['cwd', '/home/alice'],
    ['name', ['/usr/local/bin/kubectl', '/lib64/ld.so']],
    ['Image', '/usr/local/bin/kubectl'],
    ['CommandLine', 'kubectl port-forward svc/db 5432:5432'],
    ['process.parent.pid', '900'],
    ['user.audit.id', '1000'],
    ['ParentImage', undefined],
    ['__proto__', undefined],
  ];
  for (const [name, expected] of cases) assert.deepEqual(auditd.field(name)?.(event), expected, name);
});

test('arguments: hexadecimal, pieces, records out of order, lost ones', () => {
  const of = (...execve: readonly string[]): readonly string[] | undefined =>
    auditd.processStart(decoded(SYSCALL, ...execve.map((line) => `type=EXECVE msg=${STAMP}: ${line}`)))?.args;
  const bytes = hex('héllo');
  const cases: readonly (readonly [readonly string[], readonly string[] | undefined])[] = [
    [[`argc=2 a0="kubectl" a1=${hex('port forward')}`], ['kubectl', 'port forward']],
    [['argc=2 a0="kubectl" a1=""'], ['kubectl', '']],
    [['argc=2 a0="kubectl" a1="a=b c'], ['kubectl', 'a=b c']],
    // A piece ends within the two bytes of é.
    [
      [`argc=2 a0="sh" a1_len=12 a1[0]=${bytes.slice(0, 4)}`, `a1[1]=${bytes.slice(4)}`],
      ['sh', 'héllo'],
    ],
    [
      ['a2="three" a1="two"', 'argc=3 a0="one"'],
      ['one', 'two', 'three'],
    ],
    [['argc=3 a1="port-forward" a2="x"'], ['', 'port-forward', 'x']],
    [
      ['a10523="last"', 'a10522="one before"'],
      ['one before', 'last'],
    ],
    [['argc=1 a0=FF41'], ['\ufffdA']],
    [['argc=99999999999 a0="x" a99999999="y" a5[99999]="z"'], ['x', '', '', '', '', 'z']],
    [['argc=0'], undefined],
  ];
  for (const [records, expected] of cases) assert.deepEqual(of(...records), expected, records.join(' | '));
});

test('an exec that failed, and a system call without arguments, start nothing', () => {
  assert.equal(auditd.processStart(decoded(SYSCALL.replace('success=yes', 'success=no'), EXECVE)), undefined);
  assert.equal(auditd.processStart(decoded(SYSCALL)), undefined);
  assert.equal(auditd.logSource(decoded(SYSCALL)).category, 'other');
  assert.deepEqual(auditd.processStart(decoded(EXECVE))?.name, 'kubectl');
});

test('placeholders, deleted programs and names in pieces', () => {
  const start = (syscall: string): ReturnType<typeof auditd.processStart> =>
    auditd.processStart(decoded(syscall, EXECVE));
  assert.equal(
    start(SYSCALL.replace('exe="/usr/local/bin/kubectl"', `exe=${hex('/tmp/a b (deleted)')}`))?.executable,
    '/tmp/a b',
  );
  assert.equal(
    start(
      SYSCALL.replace('comm="kubectl"', 'comm="a-program-of-15"').replace('/kubectl"', '/a-program-of-15-and-more"'),
    )?.name,
    'a-program-of-15-and-more',
  );
  assert.equal(
    start(SYSCALL.replaceAll('uid=1000', 'uid=4294967295').replaceAll('UID="alice"', 'UID="unset"'))?.user,
    undefined,
  );
  assert.equal(start(SYSCALL.replace('exe="/usr/local/bin/kubectl"', 'exe=(null)'))?.executable, undefined);
});

test('headers, numbers instead of names, nested messages', () => {
  assert.equal(auditd.processStart(decoded(`node=host-1 ${SYSCALL}`, `node=host-1 ${EXECVE}`))?.host?.name, 'host-1');
  const bySyslog = `Nov 14 22:13:20 host-2 audispd: ${EXECVE}`;
  assert.equal(auditd.processStart(decoded(bySyslog))?.host?.name, 'host-2');
  assert.deepEqual(
    auditd.processStart(
      decoded(
        `<13>1 2023-11-14T22:13:20Z host-3 kernel - - - audit: ${EXECVE.replace('type=EXECVE msg=', 'type=1309 ')}`,
      ),
    )?.args?.[1],
    'port-forward',
  );
  const login = decoded(
    `type=USER_CMD msg=${STAMP}: pid=7 uid=1000 auid=1000 ses=1 msg='cwd="/home/alice" cmd=${hex('kubectl proxy')} terminal=pts/1 res=success'`,
  );
  assert.equal(auditd.field('cmd')?.(login), 'kubectl proxy');
  assert.equal(auditd.field('type')?.(login)?.toString(), 'USER_CMD');
  assert.equal(auditd.processStart(login), undefined);
});

test('keys group the lines of one event, and only those', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    [SYSCALL, '1700000000.123:42'],
    [`node=host-1 ${EXECVE}`, 'host-1 1700000000.123:42'],
    [`Nov 14 22:13:20 host-2 audispd: node=host-1 ${EXECVE}`, 'host-1 1700000000.123:42'],
    [`Nov 14 22:13:20 host-2 audispd: ${EXECVE}`, 'host-2 1700000000.123:42'],
    [`<13>1 2023-11-14T22:13:20Z host-3 audispd - - - ${EXECVE}`, 'host-3 1700000000.123:42'],
    [`type=UNKNOWN[1329] msg=${STAMP}:`, '1700000000.123:42'],
    ['kernel: audit: type=1300 audit(1.5:6): arch=c000003e', '1.5:6'],
    ['type=SYSCALL msg=audit(1700000000.123:42', undefined],
    ['type=SYSCALL msg=audit(1700000000.123): x', undefined],
    ['type=SYSCALL msg=audit(x:y): ', undefined],
    ['type=SYSCALL msg=g', undefined],
    ['msg=audit(1.2:3): type=SYSCALL', undefined],
    ['{"message":"type=SYSCALL msg=audit(1.2:3): x"}', undefined],
    [`${' '.repeat(100_000)}${SYSCALL}`, undefined],
    ['', undefined],
  ];
  for (const [line, expected] of cases) assert.equal(auditGroup(line)?.key, expected, line.slice(0, 80));
  assert.equal(auditGroup(`node=a type=EOE msg=${STAMP}: `)?.last, true);
  assert.equal(auditGroup('type=1320 audit(1.2:3):')?.last, true);
  assert.equal(auditGroup(SYSCALL)?.last, false);
  assert.equal(auditGroup('EOE'), undefined);
});

test('hostile audit lines are read within bounds', () => {
  const forged = decoded(`type=__proto__ msg=${STAMP}: __proto__=1 constructor=2`, EXECVE);
  assert.ok(Object.hasOwn(forged, '__proto__'));
  assert.equal(auditd.field('constructor')?.(forged), '2');
  const wide = decoded(`type=SYSCALL msg=${STAMP}: ${Array.from({ length: 60_000 }, (_, i) => `k${i}=v`).join(' ')}`);
  assert.ok(auditd.processStart(wide) === undefined);
  const quoted = decoded(`type=EXECVE msg=${STAMP}: ${"msg='".repeat(20_000)}`);
  assert.deepEqual(auditd.processStart(quoted)?.args, undefined);
});

const XML = (data: string, system = ''): string =>
  `<Event><System><Provider Name="Linux-Sysmon" Guid="{ff032593}"/><EventID>1</EventID>${system}<TimeCreated SystemTime="2023-11-14T22:13:20.123456000Z"/><Channel>Linux-Sysmon/Operational</Channel></System><EventData>${data}</EventData></Event>`;

test('a Sysmon event in a syslog line', () => {
  const line = `Nov 14 22:13:20 host-1 sysmon: ${XML('<Data Name="UtcTime">2023-11-14 22:13:20.120</Data><Data Name="ProcessId">77</Data><Data Name="Image">/usr/bin/kubectl</Data><Data Name="CommandLine">kubectl port-forward &quot;pod/a&#32;b&quot; 1&lt;2 &#x41;&amp;lt;</Data><Data Name="User">-</Data><Data Name="ParentImage">/usr/bin/bash</Data><Data Name="ParentCommandLine">-</Data><Data Name="Empty"/>')}`;
  const event = decoded(line);
  const shape = recognise(event);
  assert.equal(shape?.name, 'sysmon');
  assert.deepEqual(shape?.processStart(event), {
    name: 'kubectl',
    executable: '/usr/bin/kubectl',
    commandLine: 'kubectl port-forward "pod/a b" 1<2 A&lt;',
    pid: '77',
    os: 'linux',
    time: '2023-11-14T22:13:20.120Z',
    host: { name: 'host-1' },
    parent: { name: 'bash', executable: '/usr/bin/bash' },
  });
  assert.deepEqual(shape?.logSource(event), { product: 'linux', service: 'sysmon', category: 'process_creation' });
  assert.equal(shape?.field('EventID')?.(event), '1');
  assert.equal(shape?.field('ParentCommandLine')?.(event), undefined);
});

test('text that is no event, and XML that is cut', () => {
  const errors = [
    '<Event>',
    '<Event',
    '<Event><System></System><EventData>',
    XML('<Data Name="Image">x').slice(0, -20),
    '<Event><System a=b></System></Event>',
    '<Event><System><Provider Name="x',
    `<Event><System>${'<a>'.repeat(50_000)}`,
    '<Event/>',
    '<Event><!DOCTYPE x [<!ENTITY a "b">]></Event>',
  ];
  for (const text of errors) {
    const result = decodeText(text);
    assert.ok(!('record' in result), text.slice(0, 60));
  }
  assert.ok('error' in decodeText('<Event><System><EventID>1</EventID>'));
  for (const text of [
    '',
    'Running...',
    'Nov 14 22:13:20 host-1 sysmon[3041]: Sysmon v1.0.0',
    '<EventList>',
    'audit',
    '[INFO] a=b',
    '\u0000'.repeat(1000),
  ]) {
    assert.deepEqual(decodeText(text), { unrecognised: true }, text.slice(0, 60));
  }
});
