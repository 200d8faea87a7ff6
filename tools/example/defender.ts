// Microsoft Defender for Endpoint on Linux, streamed to an Event Hub: rows of advanced hunting in an envelope.
import { assertNever } from '../../src/base/invariant.ts';
import { Random, digest, uuidOf } from './random.ts';
import { MINUTE, SECOND, iso } from './time.ts';
import { baseName, content, userId } from './world.ts';
import type { Activity, Process } from './world.ts';
import type { Writer } from './writer.ts';

/** Properties that Linux never fills. */
const VERSION_INFO = [
  'CompanyName',
  'FileDescription',
  'InternalFileName',
  'OriginalFileName',
  'ProductName',
  'ProductVersion',
] as const;

const nulls = (prefix: string): object =>
  Object.fromEntries(VERSION_INFO.map((name) => [`${prefix}VersionInfo${name}`, null]));

export function defender(): Writer {
  const random = new Random('defender');
  let report = 9200;
  return (activity) => {
    const row = describe(activity);
    if (row === undefined) return [];
    const { process, time } = activity;
    return [
      JSON.stringify({
        time: iso(time + 4 * MINUTE, 7),
        tenantId: uuidOf(digest('md5', 'tenant')),
        operationName: 'Publish',
        category: `AdvancedHunting-${row.table}`,
        _TimeReceivedBySvc: iso(time + 2 * MINUTE + random.int(0, SECOND), 7),
        properties: {
          ActionType: row.action,
          AppGuardContainerId: null,
          DeviceId: digest('sha1', `device ${process.host.name}`),
          DeviceName: `${process.host.name}.example.com`,
          MachineGroup: 'Linux Servers',
          ReportId: ++report,
          Timestamp: iso(time, 6),
          ...row.fields,
        },
        Tenant: 'DefaultTenant',
      }),
    ];
  };
}

interface Row {
  readonly table: string;
  readonly action: string;
  readonly fields: object;
}

function describe(activity: Activity): Row | undefined {
  const { process } = activity;
  switch (activity.kind) {
    case 'start':
      return { table: 'DeviceProcessEvents', action: 'ProcessCreated', fields: created(process) };
    case 'connect':
      return {
        table: 'DeviceNetworkEvents',
        action: 'ConnectionSuccess',
        fields: {
          AdditionalFields: null,
          LocalIP: process.host.ip,
          LocalIPType: 'Private',
          LocalPort: activity.localPort,
          Protocol: 'Tcp',
          RemoteIP: activity.ip,
          RemoteIPType: activity.ip.startsWith('10.') ? 'Private' : 'Public',
          RemotePort: activity.port,
          RemoteUrl: null,
          ...initiating(process, process.pid, process.parent),
        },
      };
    case 'file':
      return {
        table: 'DeviceFileEvents',
        action: activity.change === 'create' ? 'FileCreated' : 'FileDeleted',
        fields: {
          AdditionalFields: null,
          FileName: baseName(activity.path),
          FileOriginIP: null,
          FileOriginReferrerUrl: null,
          FileOriginUrl: null,
          FileSize: null,
          FolderPath: activity.path,
          MD5: null,
          PreviousFileName: '',
          PreviousFolderPath: '',
          RequestProtocol: 'Local',
          SHA1: null,
          SHA256: null,
          ShareName: null,
          ...initiating(process, process.pid, process.parent),
        },
      };
    case 'login':
      return {
        table: 'DeviceLogonEvents',
        action: 'LogonSuccess',
        fields: {
          AccountDomain: process.host.name,
          AccountName: activity.user,
          AccountSid: null,
          AdditionalFields: JSON.stringify({ PosixUserId: userId(activity.user) }),
          FailureReason: null,
          IsLocalAdmin: false,
          LogonId: 0,
          LogonType: 'Network',
          Protocol: 'ssh',
          RemoteDeviceName: null,
          RemoteIP: activity.ip,
          RemoteIPType: 'Private',
          RemotePort: activity.port,
          ...initiating(process, process.pid, process.parent),
        },
      };
    case 'exit':
    case 'listen':
    case 'lookup':
      return undefined;
    default:
      return assertNever(activity);
  }
}

function created(process: Process): object {
  // On Linux the initiating process is the image before the exec: the forked parent, under the new process's own pid.
  const before = process.before ?? process.parent;
  return {
    AccountDomain: process.host.name,
    AccountName: process.user,
    AccountObjectId: null,
    AccountSid: null,
    AccountUpn: null,
    AdditionalFields: JSON.stringify({
      InitiatingProcessPosixSessionId: (process.leader ?? process).pid,
      InitiatingProcessCurrentWorkingDirectory: before?.cwd ?? '/',
      ProcessPosixEffectiveUser: posixUser(process),
      ProcessPosixProcessGroupId: process.pid,
      ProcessPosixSessionId: (process.leader ?? process).pid,
      ProcessCurrentWorkingDirectory: process.cwd,
      ProcessPosixFilePermissions: [
        'OthersExecute',
        'OthersRead',
        'GroupExecute',
        'GroupRead',
        'UserExecute',
        'UserWrite',
        'UserRead',
      ],
    }),
    CreatedProcessSessionId: null,
    FileName: baseName(process.executable),
    FileSize: 20_000 + (Number.parseInt(digest('md5', content(process)).slice(0, 5), 16) % 900_000),
    FolderPath: process.executable,
    IsProcessRemoteSession: false,
    LogonId: 0,
    MD5: digest('md5', content(process)),
    ProcessCommandLine: process.args.join(' '),
    ProcessCreationTime: iso(process.start, 6),
    ProcessId: process.pid,
    ProcessIntegrityLevel: null,
    ProcessRemoteSessionDeviceName: null,
    ProcessRemoteSessionIP: null,
    ProcessTokenElevation: 'None',
    ...nulls('Process'),
    SHA1: digest('sha1', content(process)),
    SHA256: digest('sha256', content(process)),
    ...(before ? initiating(before, process.pid, process.parent) : {}),
  };
}

function initiating(process: Process, pid: number, parent: Process | undefined): object {
  return {
    InitiatingProcessAccountDomain: process.host.name,
    InitiatingProcessAccountName: process.user,
    InitiatingProcessAccountObjectId: null,
    InitiatingProcessAccountSid: null,
    InitiatingProcessAccountUpn: null,
    InitiatingProcessCommandLine: process.args.join(' '),
    InitiatingProcessCreationTime: iso(process.start, 6),
    InitiatingProcessFileName: baseName(process.executable),
    InitiatingProcessFolderPath: process.executable,
    InitiatingProcessId: pid,
    InitiatingProcessIntegrityLevel: null,
    InitiatingProcessLogonId: 0,
    InitiatingProcessMD5: digest('md5', content(process)),
    InitiatingProcessParentCreationTime: parent ? iso(parent.start, 6) : null,
    InitiatingProcessParentFileName: parent ? baseName(parent.executable) : '',
    InitiatingProcessParentId: parent?.pid ?? 0,
    InitiatingProcessRemoteSessionDeviceName: null,
    InitiatingProcessRemoteSessionIP: null,
    InitiatingProcessSHA1: digest('sha1', content(process)),
    InitiatingProcessSHA256: digest('sha256', content(process)),
    InitiatingProcessSessionId: null,
    InitiatingProcessSignatureStatus: 'Unknown',
    InitiatingProcessSignerType: 'Unknown',
    InitiatingProcessTokenElevation: 'None',
    ...nulls('InitiatingProcess'),
    IsInitiatingProcessRemoteSession: false,
  };
}

const posixUser = (process: Process): object => ({
  Name: process.user,
  DomainName: process.host.name,
  LogonId: 0,
  PosixUserId: userId(process.user),
  PrimaryPosixGroup: { Name: process.user, PosixGroupId: userId(process.user) },
});
