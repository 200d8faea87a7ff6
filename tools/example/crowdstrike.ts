// CrowdStrike Falcon Data Replicator: raw sensor events, every value a string.
import { assertNever } from '../../src/base/invariant.ts';
import { Random, digest } from './random.ts';
import { SECOND, epochMillis, epochSeconds } from './time.ts';
import type { Micros } from './time.ts';
import { baseName, content, userId } from './world.ts';
import type { Activity, Process } from './world.ts';
import type { Writer } from './writer.ts';

const CUSTOMER = digest('md5', 'customer');

export function crowdstrike(): Writer {
  const random = new Random('crowdstrike');
  /** Falcon's own ids: 64 bits, unlike the kernel's never used twice. */
  const ids = new Map<Process, string>();
  const idOf = (process: Process): string => {
    const known = process.before ? idOf(process.before) : ids.get(process);
    if (known !== undefined) return known;
    const id = `76${random.int(1000, 9999)}${String(9_000_000_000 + ids.size * 977 + random.int(0, 900))}`;
    ids.set(process, id);
    return id;
  };
  const common = (process: Process, time: Micros, name: string, version: number): Readonly<Record<string, string>> => ({
    event_simpleName: name,
    name: `${name}LinV${version}`,
    aid: digest('md5', `aid ${process.host.name}`),
    aip: '192.0.2.200',
    cid: CUSTOMER,
    ComputerName: process.host.name,
    ConfigBuild: '1007.8.0018002.1',
    ConfigStateHash: '2710044133',
    EffectiveTransmissionClass: '2',
    Entitlements: '15',
    event_platform: 'Lin',
    EventOrigin: '1',
    id: random.uuid(),
    timestamp: String(epochMillis(time + SECOND / 2)),
  });
  const rollup = (process: Process): Readonly<Record<string, string>> => {
    const id = String(userId(process.user));
    const parent = process.parent ? idOf(process.parent) : '1';
    const leader = idOf(process.leader ?? process);
    return {
      CommandLine: process.args.join(' '),
      ImageFileName: process.executable,
      ParentBaseFileName: process.parent ? baseName(process.parent.executable) : '',
      ParentProcessId: parent,
      SourceProcessId: parent,
      SourceThreadId: '0',
      TargetProcessId: idOf(process),
      RawProcessId: String(process.pid),
      ProcessStartTime: epochSeconds(process.start, 3),
      ProcessEndTime: '',
      ProcessGroupId: idOf(process),
      SessionProcessId: leader,
      UserName: process.user,
      UID: id,
      RUID: id,
      SVUID: id,
      GID: id,
      RGID: id,
      SVGID: id,
      LocalAddressIP4: process.host.ip,
      MD5HashData: digest('md5', content(process)),
      SHA1HashData: '0'.repeat(40),
      SHA256HashData: digest('sha256', content(process)),
      Tags: '25, 27, 874, 12094627905582, 12094627906234',
    };
  };
  return (activity) => {
    const record = event(activity);
    return record === undefined ? [] : [JSON.stringify(record)];
  };

  function event(activity: Activity): Readonly<Record<string, string>> | undefined {
    const { process, time } = activity;
    const context = { ContextProcessId: idOf(process), ContextThreadId: '0', ContextTimeStamp: epochSeconds(time, 3) };
    switch (activity.kind) {
      case 'start':
        if (process.old)
          return {
            ...common(process, time, 'SyntheticProcessRollup2', 5),
            ...rollup(process),
            ContextTimeStamp: epochSeconds(time, 3),
            SyntheticPR2Flags: '8',
          };
        return { ...common(process, time, 'ProcessRollup2', 12), ...rollup(process) };
      case 'exit':
        if (!random.chance(0.4)) return undefined;
        return {
          ...common(process, time, 'TerminateProcess', 2),
          ...context,
          RawProcessId: String(process.pid),
          TargetProcessId: idOf(process),
        };
      case 'connect':
        return {
          ...common(process, time, 'NetworkConnectIP4', 5),
          ...context,
          ConnectionDirection: '0',
          ConnectionFlags: '0',
          InContext: '0',
          LocalAddressIP4: process.host.ip,
          LocalPort: String(activity.localPort),
          Protocol: '6',
          RemoteAddressIP4: activity.ip,
          RemotePort: String(activity.port),
        };
      case 'listen':
        return {
          ...common(process, time, 'NetworkListenIP4', 5),
          ...context,
          ConnectionDirection: '2',
          ConnectionFlags: '0',
          InContext: '0',
          LocalAddressIP4: activity.ip,
          LocalPort: String(activity.port),
          Protocol: '6',
          RemoteAddressIP4: '0.0.0.0',
          RemotePort: '0',
        };
      case 'file':
        if (activity.change === 'delete') return undefined;
        return {
          ...common(process, time, activity.path.endsWith('.sh') ? 'NewScriptWritten' : 'GenericFileWritten', 7),
          ...context,
          GID: '0',
          TargetFileName: activity.path,
          UID: String(userId(process.user)),
          UnixMode: '33188',
        };
      case 'lookup':
        return { ...common(process, time, 'DnsRequest', 3), ...context, DomainName: activity.domain, RequestType: '1' };
      case 'login':
        return {
          ...common(process, time, 'UserLogon', 4),
          AuthenticationId: String(userId(activity.user)),
          LogonTime: epochSeconds(time, 3),
          LogonType: '10',
          RemoteAddressIP4: activity.ip,
          UID: String(userId(activity.user)),
          UserName: activity.user,
          UserIsAdmin: '0',
        };
      default:
        return assertNever(activity);
    }
  }
}
