// CrowdStrike Falcon Data Replicator: one level, every value a string.
import { assertNever } from '../../src/base/invariant.ts';
import { digest } from '../../tools/example/random.ts';
import { SECOND, epochMillis, epochSeconds } from '../../tools/example/time.ts';
import type { Lane, LaneEvent, Part } from './lane.ts';
import { IN_TEMPORARY_DIRECTORY } from './lane.ts';
import { baseName, linuxActivities } from './linux-world.ts';
import type { LinuxActivity } from './linux-world.ts';
import type { Values } from './values.ts';

const CUSTOMER = digest('md5', 'customer');

export const crowdstrike: Lane = {
  name: 'crowdstrike',
  title: 'CrowdStrike FDR',
  shape: 'crowdstrike',
  writer(values) {
    const next = linuxActivities(values);
    return (part: Part): LaneEvent => {
      const activity = next(part);
      return {
        record: event(values, activity),
        startsProcess: activity.kind === 'start',
        ...(part === 'hit' ? { pack: IN_TEMPORARY_DIRECTORY, rule: 'Port forwarded with kubectl' } : {}),
      };
    };
  },
};

/** Falcon's own id of a process: unlike the kernel's never used twice. */
const processId = (values: Values): string => `76${values.random.int(1000, 9999)}${9_000_000_000 + values.serial()}`;

function event(values: Values, activity: LinuxActivity): object {
  const { kind, process, machine } = activity;
  const common = (name: string, version: number): object => ({
    event_simpleName: name,
    name: `${name}LinV${version}`,
    aid: machine.id,
    aip: '192.0.2.200',
    cid: CUSTOMER,
    ComputerName: machine.name,
    ConfigBuild: '1007.8.0018002.1',
    ConfigStateHash: '2710044133',
    EffectiveTransmissionClass: '2',
    Entitlements: '15',
    event_platform: 'Lin',
    EventOrigin: '1',
    id: values.random.uuid(),
    timestamp: String(epochMillis(values.time + SECOND / 2)),
  });
  const context = (): object => ({
    ContextProcessId: processId(values),
    ContextThreadId: '0',
    ContextTimeStamp: epochSeconds(values.time, 3),
  });
  switch (kind) {
    case 'start': {
      const parent = processId(values);
      const id = processId(values);
      return {
        ...common('ProcessRollup2', 12),
        CommandLine: process.args.join(' '),
        ImageFileName: process.executable,
        ParentBaseFileName: baseName(process.parent.executable),
        ParentProcessId: parent,
        SourceProcessId: parent,
        SourceThreadId: '0',
        TargetProcessId: id,
        RawProcessId: String(values.random.int(300, 4_000_000)),
        ProcessStartTime: epochSeconds(values.time, 3),
        ProcessEndTime: '',
        ProcessGroupId: id,
        SessionProcessId: processId(values),
        UserName: values.account(machine.user),
        UID: String(machine.uid),
        RUID: String(machine.uid),
        SVUID: String(machine.uid),
        GID: String(machine.uid),
        RGID: String(machine.uid),
        SVGID: String(machine.uid),
        LocalAddressIP4: machine.ip,
        MD5HashData: process.md5,
        SHA1HashData: '0'.repeat(40),
        SHA256HashData: process.sha256,
        Tags: '25, 27, 874, 12094627905582, 12094627906234',
      };
    }
    case 'end':
      return {
        ...common('TerminateProcess', 2),
        ...context(),
        RawProcessId: String(values.random.int(300, 4_000_000)),
        TargetProcessId: processId(values),
      };
    case 'connect':
      return {
        ...common('NetworkConnectIP4', 5),
        ...context(),
        ConnectionDirection: '0',
        ConnectionFlags: '0',
        InContext: '0',
        LocalAddressIP4: machine.ip,
        LocalPort: String(values.random.int(32_768, 60_999)),
        Protocol: '6',
        RemoteAddressIP4: activity.peer,
        RemotePort: '443',
      };
    case 'file':
      return {
        ...common('GenericFileWritten', 7),
        ...context(),
        GID: '0',
        TargetFileName: activity.path,
        UID: String(machine.uid),
        UserName: values.account(machine.user),
        UnixMode: '33188',
      };
    case 'lookup':
      return { ...common('DnsRequest', 3), ...context(), DomainName: activity.domain, RequestType: '1' };
    default:
      return assertNever(kind);
  }
}
