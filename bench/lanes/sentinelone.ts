// SentinelOne Cloud Funnel 2.0: dotted names on one level, a hundred and more for a process start.
import { assertNever } from '../../src/base/invariant.ts';
import { epochMillis, iso } from '../../tools/example/time.ts';
import type { Lane, LaneEvent, Part } from './lane.ts';
import { IN_TEMPORARY_DIRECTORY } from './lane.ts';
import { baseName, linuxActivities } from './linux-world.ts';
import type { LinuxActivity, LinuxImage, LinuxMachine } from './linux-world.ts';
import type { Values } from './values.ts';

/** What the agent counts of the acting process. */
const COUNTERS = [
  'childProcCount',
  'crossProcessCount',
  'crossProcessOpenProcessCount',
  'crossProcessThreadCreateCount',
  'dnsCount',
  'indicatorEvasionCount',
  'indicatorExploitationCount',
  'indicatorGeneralCount',
  'indicatorInjectionCount',
  'indicatorPersistenceCount',
  'moduleCount',
  'netConnCount',
  'netConnInCount',
  'netConnOutCount',
  'tgtFileCreationCount',
  'tgtFileDeletionCount',
  'tgtFileModificationCount',
] as const;

export const sentinelone: Lane = {
  name: 'sentinelone',
  title: 'SentinelOne Cloud Funnel',
  shape: 'sentinelone',
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

function event(values: Values, activity: LinuxActivity): object {
  const { machine } = activity;
  const trace = `01KN${values.random.hex(22).toUpperCase()}`;
  return {
    timestamp: iso(values.time, 3),
    ...describe(values, activity),
    'account.id': '1640000000000000001',
    'agent.uuid': machine.id,
    'agent.version': '24.3.2.8',
    'dataSource.category': 'security',
    'dataSource.name': 'SentinelOne',
    'dataSource.vendor': 'SentinelOne',
    'endpoint.name': machine.name,
    'endpoint.os': 'linux',
    'endpoint.type': 'server',
    'event.id': `${trace}_${values.random.int(1, 90)}`,
    'event.repetitionCount': 1,
    'event.time': epochMillis(values.time),
    'group.id': values.random.hex(16).toUpperCase(),
    'i.scheme': 'edr',
    'i.version': 'preprocess-lib-1.0',
    'mgmt.id': '1337',
    'mgmt.url': 'console.example.com',
    'os.name': 'Linux',
    'packet.id': values.random.hex(32).toUpperCase(),
    'process.unique.key': values.random.hex(16).toUpperCase(),
    'sca:ingestTime': Math.floor(epochMillis(values.time) / 1000) + 33,
    'site.id': '1640000000000000002',
    'site.name': 'Default site',
    'trace.id': trace,
  };
}

function describe(values: Values, activity: LinuxActivity): object {
  const { kind, process, machine } = activity;
  switch (kind) {
    case 'start':
      return {
        'event.category': 'process',
        'event.type': 'Process Creation',
        'meta.event.name': 'PROCESSCREATION',
        ...image(values, 'tgt.process', process, machine),
        'tgt.file.isSigned': 'unsigned',
        ...acting(values, process.parent, process.leader, machine),
      };
    case 'end':
      return {
        'event.category': 'process',
        'event.type': 'Process Termination',
        'meta.event.name': 'PROCESSTERMINATION',
        ...acting(values, process, process.parent, machine),
      };
    case 'connect':
      return {
        'event.category': 'ip',
        'event.type': 'IP Connect',
        'meta.event.name': 'TCPV4',
        'event.network.connectionStatus': 'SUCCESS',
        'event.network.direction': 'OUTGOING',
        'event.network.protocolName': 'https',
        'dst.ip.address': activity.peer,
        'dst.port.number': 443,
        'src.ip.address': machine.ip,
        'src.port.number': values.random.int(32_768, 60_999),
        ...acting(values, process, process.parent, machine),
      };
    case 'file':
      return {
        'event.category': 'file',
        'event.type': 'File Creation',
        'meta.event.name': 'FILECREATION',
        'tgt.file.path': activity.path,
        'tgt.file.isSigned': 'unsigned',
        ...acting(values, process, process.parent, machine),
      };
    case 'lookup':
      return {
        'event.category': 'dns',
        'event.type': 'DNS Resolved',
        'meta.event.name': 'DNS',
        'event.dns.request': activity.domain,
        'event.dns.response': `${activity.peer};`,
        ...acting(values, process, process.parent, machine),
      };
    default:
      return assertNever(kind);
  }
}

function acting(values: Values, process: LinuxImage, parent: LinuxImage, machine: LinuxMachine): object {
  return {
    ...image(values, 'src.process', process, machine),
    ...Object.fromEntries(COUNTERS.map((name) => [`src.process.${name}`, values.random.int(0, 12)])),
    ...image(values, 'src.process.parent', parent, machine),
  };
}

function image(values: Values, prefix: string, of: LinuxImage, machine: LinuxMachine): object {
  const user = values.account(machine.user);
  return {
    // The Linux agent writes a blank first.
    [`${prefix}.cmdline`]: ` ${of.args.join(' ')}`,
    [`${prefix}.displayName`]: baseName(of.executable),
    [`${prefix}.name`]: baseName(of.executable),
    [`${prefix}.eUserName`]: user,
    [`${prefix}.eUserUid`]: machine.uid,
    [`${prefix}.rUserName`]: user,
    [`${prefix}.rUserUid`]: machine.uid,
    [`${prefix}.image.path`]: of.executable,
    [`${prefix}.image.sha1`]: of.sha1,
    [`${prefix}.integrityLevel`]: 'INTEGRITY_LEVEL_UNKNOWN',
    [`${prefix}.isNative64Bit`]: false,
    [`${prefix}.isStorylineRoot`]: false,
    [`${prefix}.pid`]: values.random.int(300, 4_000_000),
    [`${prefix}.sessionId`]: 0,
    [`${prefix}.signedStatus`]: 'unsigned',
    [`${prefix}.startTime`]: epochMillis(values.before()),
    [`${prefix}.storyline.id`]: values.random.hex(16).toUpperCase(),
    [`${prefix}.subsystem`]: 'SUBSYSTEM_UNKNOWN',
    [`${prefix}.uid`]: values.random.hex(16).toUpperCase(),
  };
}
