// SentinelOne Cloud Funnel 2.0: flat records; a new process is `tgt.process.*`, the one that acts `src.process.*`.
import { assertNever } from '../../src/base/invariant.ts';
import { Random, digest, uuidOf } from './random.ts';
import { SECOND, epochMillis, iso } from './time.ts';
import { baseName, content, userId } from './world.ts';
import type { Activity, Process } from './world.ts';
import type { Writer } from './writer.ts';

const COUNTERS = [
  'childProcCount',
  'crossProcessCount',
  'crossProcessDupRemoteProcessHandleCount',
  'crossProcessDupThreadHandleCount',
  'crossProcessOpenProcessCount',
  'crossProcessOutOfStorylineCount',
  'crossProcessThreadCreateCount',
  'dnsCount',
  'indicatorBootConfigurationUpdateCount',
  'indicatorEvasionCount',
  'indicatorExploitationCount',
  'indicatorGeneralCount',
  'indicatorInfostealerCount',
  'indicatorInjectionCount',
  'indicatorPersistenceCount',
  'indicatorPostExploitationCount',
  'indicatorRansomwareCount',
  'indicatorReconnaissanceCount',
  'moduleCount',
  'netConnCount',
  'netConnInCount',
  'netConnOutCount',
  'registryChangeCount',
  'tgtFileCreationCount',
  'tgtFileDeletionCount',
  'tgtFileModificationCount',
] as const;

type Flat = Readonly<Record<string, string | number | boolean>>;

export function sentinelone(): Writer {
  const random = new Random('sentinelone');
  let number = 0;
  return (activity) => {
    const parts = describe(activity);
    if (parts === undefined) return [];
    const { process, time } = activity;
    const trace = `01KN${random.hex(22).toUpperCase()}`;
    return [
      JSON.stringify({
        ...parts,
        'account.id': '1640000000000000001',
        'agent.uuid': uuidOf(digest('md5', `s1 ${process.host.name}`)),
        'agent.version': '24.3.2.8',
        'dataSource.category': 'security',
        'dataSource.name': 'SentinelOne',
        'dataSource.vendor': 'SentinelOne',
        'endpoint.name': process.host.name,
        'endpoint.os': 'linux',
        'endpoint.type': 'laptop',
        'event.id': `${trace}_${(++number % 90) + 1}`,
        'event.repetitionCount': 1,
        'event.time': epochMillis(time),
        'group.id': storyline(process),
        'i.scheme': 'edr',
        'i.version': 'preprocess-lib-1.0',
        'mgmt.id': '1337',
        'mgmt.osRevision': 'Debian GNU/12 (bookworm) 6.1.0-32-amd64',
        'mgmt.url': 'console.example.com',
        'os.name': 'Linux',
        'packet.id': random.uuid(),
        'process.unique.key': uid(process),
        'sca:atlantisIngestTime': epochMillis(time + 27 * SECOND),
        'sca:ingestTime': Math.floor(epochMillis(time + 33 * SECOND) / 1000),
        'site.id': '1640000000000000002',
        'site.name': 'Default site',
        timestamp: iso(time, 3),
        'trace.id': trace,
      }),
    ];
  };
}

function describe(activity: Activity): Flat | undefined {
  const { process } = activity;
  switch (activity.kind) {
    case 'start':
      return {
        'event.category': 'process',
        'event.type': 'Process Creation',
        'meta.event.name': 'PROCESSCREATION',
        ...image('tgt.process', process),
        'tgt.file.isSigned': 'unsigned',
        ...(process.parent ? acting(process.parent) : {}),
      };
    case 'connect':
      return {
        'event.category': 'ip',
        'event.type': 'IP Connect',
        'meta.event.name': 'TCPV4',
        'event.network.connectionStatus': 'SUCCESS',
        'event.network.direction': 'OUTGOING',
        'event.network.protocolName': activity.port === 443 ? 'https' : 'tcp',
        'dst.ip.address': activity.ip,
        'dst.port.number': activity.port,
        'src.ip.address': process.host.ip,
        'src.port.number': activity.localPort,
        ...acting(process),
      };
    case 'file':
      return {
        'event.category': 'file',
        'event.type': activity.change === 'create' ? 'File Creation' : 'File Deletion',
        'meta.event.name': activity.change === 'create' ? 'FILECREATION' : 'FILEDELETION',
        'tgt.file.path': activity.path,
        'tgt.file.isSigned': 'unsigned',
        ...acting(process),
      };
    case 'lookup':
      return {
        'event.category': 'dns',
        'event.type': 'DNS Resolved',
        'meta.event.name': 'DNS',
        'event.dns.request': activity.domain,
        'event.dns.response': '10.20.0.5;',
        ...acting(process),
      };
    case 'login':
      return {
        'event.category': 'logins',
        'event.type': 'Login',
        'meta.event.name': 'WINLOGONATTEMPT',
        'event.login.userName': activity.user,
        'event.login.loginIsSuccessful': true,
        'src.endpoint.ip.address': activity.ip,
        ...acting(process),
      };
    case 'exit':
    case 'listen':
      return undefined;
    default:
      return assertNever(activity);
  }
}

/** The acting process, its counters and its parent. */
function acting(process: Process): Flat {
  return {
    ...image('src.process', process),
    ...Object.fromEntries(COUNTERS.map((name) => [`src.process.${name}`, 0])),
    ...(process.parent ? image('src.process.parent', process.parent) : {}),
  };
}

function image(prefix: string, process: Process): Flat {
  const name = baseName(process.executable);
  const fields: Flat = {
    // On Linux the agent writes a blank first.
    cmdline: ` ${process.args.join(' ')}`,
    displayName: name,
    name,
    eUserName: process.user,
    eUserUid: userId(process.user),
    rUserName: process.user,
    rUserUid: userId(process.user),
    'image.path': process.executable,
    'image.sha1': digest('sha1', content(process)),
    integrityLevel: 'INTEGRITY_LEVEL_UNKNOWN',
    isNative64Bit: false,
    isRedirectCmdProcessor: false,
    isStorylineRoot: false,
    pid: process.pid,
    sessionId: 0,
    signedStatus: 'unsigned',
    startTime: epochMillis(process.start),
    'storyline.id': storyline(process),
    subsystem: 'SUBSYSTEM_UNKNOWN',
    uid: uid(process),
    ...(process.login === undefined ? {} : { lUserName: process.login, lUserUid: userId(process.login) }),
  };
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [`${prefix}.${key}`, value]));
}

const uid = (process: Process): string => uuidOf(digest('md5', `${process.host.name} ${process.pid} ${process.start}`));
const storyline = (process: Process): string => uid(process.leader ?? process);
