import type { LabelledCase } from './labelled-case.ts';

/** A case as a source would report it: the lines of its log, the last of which (or the last event) is the process start itself. */
export type Render = (labelled: LabelledCase, index: number) => readonly string[];

const TIME = '2026-03-14T01:02:03.456Z';
const EPOCH_MS = Date.parse(TIME);

/** The vector as one string: blanks between words on Linux and macOS, the C runtime's quoting on Windows. */
export function joined(argv: readonly string[], os: LabelledCase['os']): string {
  return os === 'windows' ? argv.map(windowsQuote).join(' ') : argv.join(' ');
}

function windowsQuote(word: string): string {
  if (word !== '' && !/[\s"]/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

function commandLine({ argv, command_line: line, os }: LabelledCase): string {
  return argv === undefined ? (line ?? '') : joined(argv, os);
}

function parentLine({ parent, os }: LabelledCase): string | undefined {
  return parent.argv === null ? undefined : joined(parent.argv, os);
}

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** Elastic Defend. */
export const elastic: Render = (labelled, index) => {
  const { argv, executable, os, parent, user } = labelled;
  return [
    JSON.stringify({
      '@timestamp': TIME,
      agent: { type: 'endpoint', version: '9.0.0' },
      event: {
        kind: 'event',
        category: ['process'],
        type: ['start'],
        action: 'exec',
        module: 'endpoint',
        dataset: 'endpoint.events.process',
      },
      host: { name: labelled.id, os: { type: os } },
      user: { name: user },
      process: {
        pid: 5000 + index,
        name: baseName(executable),
        executable,
        command_line: commandLine(labelled),
        ...(argv === undefined ? {} : { args: argv, args_count: argv.length }),
        parent: {
          pid: 4000,
          name: parent.name,
          ...(parent.executable === null ? {} : { executable: parent.executable }),
          ...(parent.argv === null ? {} : { args: parent.argv, command_line: parentLine(labelled) }),
        },
      },
    }),
  ];
};

/** CrowdStrike Falcon Data Replicator: a command line, and no more of the parent than its name. */
export const crowdstrike: Render = (labelled, index) => [
  JSON.stringify({
    event_simpleName: 'ProcessRollup2',
    event_platform: { linux: 'Lin', macos: 'Mac', windows: 'Win' }[labelled.os],
    aid: 'ffffffffffffffffffffffffffffff01',
    cid: 'ffffffffffffffffffffffffffffff30',
    ComputerName: labelled.id,
    UserName: labelled.user,
    ImageFileName: labelled.executable,
    CommandLine: commandLine(labelled),
    ParentBaseFileName: labelled.parent.name,
    TargetProcessId: String(10_000_000_000 + index),
    ParentProcessId: String(20_000_000_000 + index),
    RawProcessId: String(5000 + index),
    ProcessStartTime: String(EPOCH_MS / 1000),
    timestamp: String(EPOCH_MS),
  }),
];

/** SentinelOne Cloud Funnel 2.0; on Linux the command line begins with a blank. */
export const sentinelone: Render = (labelled, index) => {
  const { executable, os, parent, user } = labelled;
  const line = parentLine(labelled);
  return [
    JSON.stringify({
      'event.type': 'Process Creation',
      'event.category': 'process',
      'meta.event.name': 'PROCESSCREATION',
      'event.time': EPOCH_MS,
      'endpoint.name': labelled.id,
      'endpoint.os': os === 'macos' ? 'osx' : os,
      'agent.uuid': `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      'tgt.process.name': baseName(executable),
      'tgt.process.image.path': executable,
      'tgt.process.cmdline': `${os === 'linux' ? ' ' : ''}${commandLine(labelled)}`,
      'tgt.process.pid': 5000 + index,
      'tgt.process.user': user,
      'src.process.name': parent.name,
      'src.process.pid': 4000,
      ...(parent.executable === null ? {} : { 'src.process.image.path': parent.executable }),
      ...(line === undefined ? {} : { 'src.process.cmdline': line }),
    }),
  ];
};

/** Sysmon: event 1 of Windows as evtx_dump writes it, of Linux and macOS cases as syslog and XML. */
export const sysmon: Render = (labelled, index) => {
  const { executable, os, parent, user } = labelled;
  const data: Record<string, string> = {
    UtcTime: '2026-03-14 01:02:03.456',
    ProcessGuid: `{00000000-0000-0000-0000-${String(index).padStart(12, '0')}}`,
    ProcessId: String(5000 + index),
    Image: executable,
    CommandLine: commandLine(labelled),
    User: user,
    ParentProcessId: '4000',
    ParentImage: parent.executable ?? '-',
    ParentCommandLine: parentLine(labelled) ?? '-',
  };
  if (os === 'windows') {
    return [
      JSON.stringify({
        Event: {
          System: {
            Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } },
            EventID: 1,
            Channel: 'Microsoft-Windows-Sysmon/Operational',
            Computer: labelled.id,
            TimeCreated: { '#attributes': { SystemTime: TIME } },
          },
          EventData: data,
        },
      }),
    ];
  }
  const fields = Object.entries(data).map(([name, value]) => `<Data Name="${name}">${xml(value)}</Data>`);
  return [
    `Mar 14 01:02:03 ${labelled.id} sysmon: <Event><System><Provider Name="Linux-Sysmon" Guid="{ff032593-a8d3-4f13-b0d6-01fc615a0f97}"/><EventID>1</EventID><Version>5</Version><Level>4</Level><TimeCreated SystemTime="2026-03-14T01:02:03.456789000Z"/><EventRecordID>${index}</EventRecordID><Channel>Linux-Sysmon/Operational</Channel><Computer>${labelled.id}</Computer></System><EventData>${fields.join('')}</EventData></Event>`,
  ];
};

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Linux auditd: the parent is an earlier execve of its own, and is found by looking back. */
export const auditd: Render = (labelled, index) => {
  const { argv, executable, parent } = labelled;
  const pid = 5000 + index;
  const ppid = 100_000 + index;
  // A source that gives only a line has no vector to write: what auditd saw is the words that a shell made of it.
  const lines: string[] = [];
  if (parent.executable !== null && parent.argv !== null)
    lines.push(...execve(labelled.id, 2 * index, ppid, 1, parent.executable, parent.argv));
  lines.push(...execve(labelled.id, 2 * index + 1, pid, ppid, executable, argv ?? []));
  return lines;
};

function execve(
  node: string,
  serial: number,
  pid: number,
  ppid: number,
  exe: string,
  args: readonly string[],
): readonly string[] {
  const head = (type: string): string =>
    `node=${node} type=${type} msg=audit(${(EPOCH_MS / 1000).toFixed(3)}:${serial + 1}):`;
  return [
    `${head('SYSCALL')} arch=c000003e syscall=59 success=yes exit=0 a0=55 a1=55 a2=55 a3=8 items=2 ppid=${ppid} pid=${pid} auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 ses=3 comm=${value(baseName(exe).slice(0, 15))} exe=${value(exe)} key="exec"`,
    `${head('EXECVE')} argc=${args.length}${args.map((arg, i) => ` a${i}=${value(arg)}`).join('')}`,
    `${head('CWD')} cwd="/"`,
    `${head('PATH')} item=0 name=${value(exe)} inode=1 dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`,
    `${head('PROCTITLE')} proctitle=${Buffer.from(args.join('\0')).subarray(0, 128).toString('hex').toUpperCase()}`,
  ];
}

/** auditd quotes what has no blank, quote or byte beyond printable ASCII, and writes anything else in hexadecimal. */
function value(text: string): string {
  return /^[!#-~]*$/.test(text) ? `"${text}"` : Buffer.from(text).toString('hex').toUpperCase();
}
