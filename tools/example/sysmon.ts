// Sysmon for Linux: a syslog line each, with the event in XML.
import { assertNever } from '../../src/base/invariant.ts';
import { Random, digest } from './random.ts';
import { iso } from './time.ts';
import type { Micros } from './time.ts';
import { content, userId } from './world.ts';
import type { Activity, Process } from './world.ts';
import type { Writer } from './writer.ts';

const PROVIDER = '{ff032593-a8d3-4f13-b0d6-01fc615a0f97}';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

type Data = readonly (readonly [string, string | number])[];

export function sysmon(): Writer {
  const random = new Random('sysmon');
  let record = 20_114;
  const line = (process: Process, time: Micros, id: number, version: number, data: Data): string => {
    const { name } = process.host;
    const values = data.map(([key, value]) => `<Data Name="${key}">${escape(String(value))}</Data>`).join('');
    const system =
      `<System><Provider Name="Linux-Sysmon" Guid="${PROVIDER}"/><EventID>${id}</EventID><Version>${version}</Version><Level>4</Level><Task>${id}</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords>` +
      `<TimeCreated SystemTime="${iso(time, 9)}"/><EventRecordID>${++record}</EventRecordID><Correlation/><Execution ProcessID="812" ThreadID="812"/><Channel>Linux-Sysmon/Operational</Channel><Computer>${name}</Computer><Security UserId="0"/></System>`;
    return `${syslogTime(time)} ${name} sysmon: <Event>${system}<EventData>${values}</EventData></Event>`;
  };
  return (activity) => {
    const { process, time } = activity;
    // Every second end is enough to show that ends are no starts.
    if (activity.kind === 'exit' && !random.chance(0.5)) return [];
    const event = describe(activity);
    return event === undefined ? [] : [line(process, time, event.id, event.version, event.data)];
  };
}

function describe(
  activity: Activity,
): { readonly id: number; readonly version: number; readonly data: Data } | undefined {
  const { process, time } = activity;
  const first: Data = [
    ['RuleName', '-'],
    ['UtcTime', utc(time)],
    ['ProcessGuid', guid(process)],
    ['ProcessId', process.pid],
  ];
  switch (activity.kind) {
    case 'start': {
      const { parent } = process;
      return {
        id: 1,
        version: 5,
        data: [
          ...first,
          ['Image', process.executable],
          ['FileVersion', '-'],
          ['Description', '-'],
          ['Product', '-'],
          ['Company', '-'],
          ['OriginalFileName', '-'],
          ['CommandLine', process.args.join(' ')],
          ['CurrentDirectory', process.cwd],
          ['User', process.user],
          ['LogonGuid', guid(process.leader ?? process)],
          ['LogonId', userId(process.login ?? process.user)],
          ['TerminalSessionId', process.session ?? 4294967295],
          ['IntegrityLevel', 'no level'],
          ['Hashes', `MD5=${digest('md5', content(process))},SHA256=${digest('sha256', content(process))}`],
          ['ParentProcessGuid', parent ? guid(parent) : '{00000000-0000-0000-0000-000000000000}'],
          ['ParentProcessId', parent?.pid ?? 0],
          // Of what runs since before Sysmon started it knows no more than the number.
          ['ParentImage', parent && !parent.old ? parent.executable : '-'],
          ['ParentCommandLine', parent && !parent.old ? parent.args.join(' ') : '-'],
          ['ParentUser', parent && !parent.old ? parent.user : '-'],
        ],
      };
    }
    case 'exit':
      return { id: 5, version: 3, data: [...first, ['Image', process.executable], ['User', process.user]] };
    case 'connect':
      return {
        id: 3,
        version: 5,
        data: [
          ...first,
          ['Image', process.executable],
          ['User', process.user],
          ['Protocol', 'tcp'],
          ['Initiated', 'true'],
          ['SourceIsIpv6', 'false'],
          ['SourceIp', process.host.ip],
          ['SourceHostname', '-'],
          ['SourcePort', activity.localPort],
          ['SourcePortName', '-'],
          ['DestinationIsIpv6', 'false'],
          ['DestinationIp', activity.ip],
          ['DestinationHostname', '-'],
          ['DestinationPort', activity.port],
          ['DestinationPortName', '-'],
        ],
      };
    case 'file':
      if (activity.change === 'delete') return undefined;
      return {
        id: 11,
        version: 2,
        data: [
          ...first,
          ['Image', process.executable],
          ['TargetFilename', activity.path],
          ['CreationUtcTime', utc(time)],
          ['User', process.user],
        ],
      };
    case 'listen':
    case 'lookup':
    case 'login':
      return undefined;
    default:
      return assertNever(activity);
  }
}

const utc = (time: Micros): string => iso(time, 3).replace('T', ' ').replace('Z', '');

function syslogTime(time: Micros): string {
  const text = iso(time, 0);
  const month = MONTHS[Number(text.slice(5, 7)) - 1] ?? 'Jan';
  return `${month} ${String(Number(text.slice(8, 10))).padStart(2, ' ')} ${text.slice(11, 19)}`;
}

function guid(process: Process): string {
  const hex = digest('md5', `${process.host.name} ${process.pid} ${process.start}`);
  return `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-69b4-${hex.slice(12, 16)}-${hex.slice(16, 22)}550000}`;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
