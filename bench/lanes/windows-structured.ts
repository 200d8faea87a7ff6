// Windows events as collectors flatten them: every value a field of its own, Sigma's names, the log source beside them.
import { iso } from '../../tools/example/time.ts';
import type { Lane, LaneEvent, Part } from './lane.ts';
import { IN_TEMPORARY_DIRECTORY } from './lane.ts';
import type { Values } from './values.ts';
import { WINDOWS_HITS, guid, windowsHit, windowsKubectl, windowsMachine, windowsProcess } from './windows-world.ts';
import type { WindowsMachine, WindowsProcess } from './windows-world.ts';

export const windowsStructured: Lane = {
  name: 'windows-structured',
  title: 'Windows, structured',
  shape: 'sigma',
  writer(values) {
    const { random } = values;
    const machine = values.pool(300, () => windowsMachine(values));
    const process = values.pool(400, () => windowsProcess(values));
    const near = values.pool(20, () => windowsKubectl(values, false));
    const kubectl = values.pool(5, () => windowsKubectl(values, true));
    const others = WINDOWS_HITS.map((hit) => ({
      rule: hit.rule,
      draw: values.pool(5, () => windowsHit(values, hit)),
    }));
    const kinds = eventKinds(values);
    let hits = 0;
    const start = (child: WindowsProcess, at: WindowsMachine): LaneEvent => ({
      record: creation(values, child, at),
      startsProcess: true,
    });
    return (part: Part): LaneEvent => {
      values.begin();
      const at = machine();
      if (part === 'near') return start(near(), at);
      if (part === 'hit') {
        const other = others[hits++ % (others.length + 1)];
        return other === undefined
          ? { ...start(kubectl(), at), pack: IN_TEMPORARY_DIRECTORY, rule: 'Port forwarded with kubectl' }
          : { ...start(other.draw(), at), rule: other.rule };
      }
      if (random.chance(0.3)) return start(process(), at);
      return { record: random.pick(kinds)(process(), at), startsProcess: false };
    };
  },
};

const header = (
  values: Values,
  source: { readonly category?: string; readonly service?: string },
  channel: string,
  id: number,
  at: WindowsMachine,
): object => ({
  product: 'windows',
  ...source,
  EventID: id,
  Channel: channel,
  Computer: at.name,
  UtcTime: iso(values.time, 3).replace('T', ' ').slice(0, -1),
});

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';

function creation(values: Values, child: WindowsProcess, at: WindowsMachine): object {
  const { random } = values;
  return {
    ...header(values, { category: 'process_creation' }, SYSMON, 1, at),
    ProcessGuid: guid(values),
    ProcessId: String(random.int(500, 60_000)),
    Image: child.image,
    Description: child.description,
    Company: child.company,
    OriginalFileName: child.file,
    CommandLine: child.commandLine,
    CurrentDirectory: child.directory,
    User: values.account(at.user),
    IntegrityLevel: child.integrity,
    Hashes: child.hashes,
    ParentProcessId: String(random.int(500, 60_000)),
    ParentImage: child.parentImage,
    ParentCommandLine: child.parentCommandLine,
  };
}

type Kind = (process: WindowsProcess, at: WindowsMachine) => object;

/** What is no start of a process, each kind as often as the next. */
function eventKinds(values: Values): [Kind, ...Kind[]] {
  const { random } = values;
  const script = values.pool(80, () => powershell(values));
  const share = values.pool(200, () => `C:\\Shares\\finance\\${values.word()}\\report-${values.serial()}.xlsx`);
  const key = values.pool(
    300,
    () =>
      `HKU\\S-1-5-21-1004336348-1177238915-682003330-${values.serial()}\\Software\\Contoso\\${values.word()}\\Settings`,
  );
  const library = values.pool(300, () => `C:\\Program Files\\Contoso\\${values.word()}\\lib${values.word()}.dll`);
  const peer = values.pool(200, () => values.ip());
  const security = (id: number, at: WindowsMachine): object => ({
    ...header(values, { service: 'security' }, 'Security', id, at),
    Provider_Name: 'Microsoft-Windows-Security-Auditing',
    EventRecordID: values.serial(),
    Level: 0,
    Keywords: '0x8020000000000000',
    SubjectUserSid: at.sid,
    SubjectUserName: values.account(at.user.slice(5)),
    SubjectDomainName: 'CORP',
    SubjectLogonId: `0x${random.hex(6)}`,
  });
  return [
    (_, at) => ({
      ...security(4624, at),
      TargetUserSid: at.sid,
      TargetUserName: at.user.slice(5),
      TargetDomainName: 'CORP',
      TargetLogonId: `0x${random.hex(7)}`,
      LogonType: 3,
      LogonProcessName: 'Kerberos',
      AuthenticationPackageName: 'Kerberos',
      WorkstationName: '-',
      LogonGuid: guid(values),
      IpAddress: peer(),
      IpPort: String(random.int(49_152, 65_535)),
    }),
    (process, at) => ({
      ...security(4663, at),
      ObjectServer: 'Security',
      ObjectType: 'File',
      ObjectName: share(),
      HandleId: `0x${random.hex(4)}`,
      AccessList: '%%4416\r\n\t\t\t\t%%4423',
      AccessMask: '0x81',
      ProcessId: `0x${random.hex(4)}`,
      ProcessName: process.image,
      ResourceAttributes: 'S:AI',
    }),
    (process, at) => ({
      ...security(5156, at),
      ProcessId: random.int(500, 60_000),
      Application: `\\device\\harddiskvolume3${process.image.slice(2).toLowerCase()}`,
      Direction: '%%14593',
      SourceAddress: values.ip(),
      SourcePort: String(random.int(49_152, 65_535)),
      DestAddress: peer(),
      DestPort: '443',
      Protocol: 6,
      FilterRTID: random.int(60_000, 90_000),
      LayerName: '%%14611',
      LayerRTID: 48,
    }),
    (_, at) => ({
      ...header(values, { category: 'ps_script' }, 'Microsoft-Windows-PowerShell/Operational', 4104, at),
      MessageNumber: 1,
      MessageTotal: 1,
      ScriptBlockText: script(),
      ScriptBlockId: random.uuid(),
      Path: '',
      UserID: at.sid,
    }),
    (process, at) => ({
      ...header(values, { category: 'registry_set' }, SYSMON, 13, at),
      EventType: 'SetValue',
      ProcessGuid: guid(values),
      ProcessId: String(random.int(500, 60_000)),
      Image: process.image,
      TargetObject: `${key()}\\Revision`,
      Details: `DWORD (0x${random.hex(8)})`,
      User: values.account(at.user),
    }),
    (process, at) => ({
      ...header(values, { category: 'network_connection' }, SYSMON, 3, at),
      ProcessGuid: guid(values),
      ProcessId: String(random.int(500, 60_000)),
      Image: process.image,
      User: values.account(at.user),
      Protocol: 'tcp',
      Initiated: 'true',
      SourceIsIpv6: 'false',
      SourceIp: values.ip(),
      SourceHostname: at.name,
      SourcePort: String(random.int(49_152, 65_535)),
      DestinationIsIpv6: 'false',
      DestinationIp: peer(),
      DestinationHostname: '',
      DestinationPort: '443',
    }),
    (process, at) => ({
      ...header(values, { category: 'image_load' }, SYSMON, 7, at),
      ProcessGuid: guid(values),
      ProcessId: String(random.int(500, 60_000)),
      Image: process.image,
      ImageLoaded: library(),
      Description: process.description,
      Company: process.company,
      Hashes: process.hashes,
      Signed: 'true',
      Signature: process.company,
      SignatureStatus: 'Valid',
      User: values.account(at.user),
    }),
  ];
}

/** A block of an administrator's script, some 500 letters. */
function powershell(values: Values): string {
  const name = values.word();
  return [
    `function Update-${name} {`,
    '    [CmdletBinding()]',
    `    param([string]$Site = "site-${values.word()}", [int]$Depth = ${values.random.int(1, 9)})`,
    `    $items = Get-ChildItem -LiteralPath "D:\\Sites\\$Site\\${values.word()}" | Where-Object { $_.Length -gt ${values.serial()} }`,
    '    foreach ($item in $items) {',
    `        Write-Verbose "checking $($item.Name) against ${values.word()}"`,
    `        if ($item.LastWriteTime -lt (Get-Date).AddDays(-${values.random.int(2, 90)})) { $script:old += 1 }`,
    '    }',
    '    return $items | Sort-Object -Property LastWriteTime',
    '}',
  ].join('\r\n');
}
