// Windows events with their message as the event viewer renders it: few fields, one of them long.
import { iso } from '../../tools/example/time.ts';
import type { Lane, LaneEvent, Part } from './lane.ts';
import { IN_TEMPORARY_DIRECTORY } from './lane.ts';
import type { Values } from './values.ts';
import { WINDOWS_HITS, guid, windowsHit, windowsKubectl, windowsMachine, windowsProcess } from './windows-world.ts';
import type { WindowsMachine, WindowsProcess } from './windows-world.ts';

export const windowsRaw: Lane = {
  name: 'windows-raw',
  title: 'Windows, raw message',
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
    let hits = 0;
    const start = (child: WindowsProcess): LaneEvent => ({
      record: creation(values, child, machine()),
      startsProcess: true,
    });
    return (part: Part): LaneEvent => {
      values.begin();
      if (part === 'near') return start(near());
      if (part === 'hit') {
        const other = others[hits++ % (others.length + 1)];
        return other === undefined
          ? { ...start(kubectl()), pack: IN_TEMPORARY_DIRECTORY, rule: 'Port forwarded with kubectl' }
          : { ...start(other.draw()), rule: other.rule };
      }
      if (random.chance(0.35)) return start(process());
      const kind = random.pick([logon, access, service]);
      return { record: kind(values, process(), machine()), startsProcess: false };
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
  '@timestamp': iso(values.time, 6),
});

function creation(values: Values, child: WindowsProcess, at: WindowsMachine): object {
  const user = values.account(at.user);
  const id = values.random.int(500, 60_000);
  return {
    ...header(values, { category: 'process_creation' }, 'Microsoft-Windows-Sysmon/Operational', 1, at),
    Image: child.image,
    CommandLine: child.commandLine,
    User: user,
    Message: message('Process Create', [
      ['RuleName', '-'],
      ['ProcessGuid', guid(values)],
      ['ProcessId', String(id)],
      ['Image', child.image],
      ['Description', child.description],
      ['CommandLine', child.commandLine],
      ['CurrentDirectory', child.directory],
      ['User', user],
      ['IntegrityLevel', child.integrity],
    ]),
  };
}

function logon(values: Values, _: WindowsProcess, at: WindowsMachine): object {
  const address = values.ip();
  const user = values.account(at.user);
  return {
    ...header(values, { service: 'security' }, 'Security', 4624, at),
    TargetUserName: user.slice(5),
    LogonType: 3,
    IpAddress: address,
    Message: message('An account was successfully logged on.', [
      ['Subject', ''],
      ['\tSecurity ID', 'S-1-0-0'],
      ['\tAccount Name', '-'],
      ['Logon Information', ''],
      ['\tLogon Type', '3'],
      ['\tElevated Token', 'Yes'],
      ['New Logon', ''],
      ['\tSecurity ID', at.sid],
      ['\tAccount Name', user],
      ['\tAccount Domain', 'CORP'],
      ['\tLogon ID', `0x${values.random.hex(7)}`],
      ['\tLogon GUID', guid(values)],
      ['Network Information', ''],
      ['\tWorkstation Name', '-'],
      ['\tSource Network Address', address],
      ['\tSource Port', String(values.random.int(49_152, 65_535))],
      ['\tLogon Process', 'Kerberos'],
      ['\tAuthentication Package', 'Kerberos'],
      ['\tTransited Services', '-'],
      ['\tPackage Name (NTLM only)', '-'],
    ]),
  };
}

function access(values: Values, process: WindowsProcess, at: WindowsMachine): object {
  const user = values.account(at.user);
  return {
    ...header(values, { service: 'security' }, 'Security', 4663, at),
    ProcessName: process.image,
    SubjectUserName: user.slice(5),
    Message: message('An attempt was made to access an object.', [
      ['Subject', ''],
      ['\tSecurity ID', at.sid],
      ['\tAccount Name', user],
      ['\tAccount Domain', 'CORP'],
      ['\tLogon ID', `0x${values.random.hex(7)}`],
      ['Object', ''],
      ['\tObject Server', 'Security'],
      ['\tObject Type', 'File'],
      ['\tObject Name', `${process.directory}data\\cache-${values.serial()}.bin`],
      ['\tHandle ID', `0x${values.random.hex(4)}`],
      ['\tResource Attributes', 'S:AI'],
      ['Process Information', ''],
      ['\tProcess ID', `0x${values.random.hex(4)}`],
      ['\tProcess Name', process.image],
      ['Access Request Information', ''],
      ['\tAccesses', 'ReadData (or ListDirectory)\r\n\t\t\t\tReadAttributes'],
      ['\tAccess Mask', '0x81'],
    ]),
  };
}

function service(values: Values, process: WindowsProcess, at: WindowsMachine): object {
  const name = process.description;
  return {
    ...header(values, { service: 'system' }, 'System', 7036, at),
    Provider_Name: 'Service Control Manager',
    param1: name,
    param2: 'running',
    Message: message(`The ${name} service entered the running state.`, [
      ['Record', String(values.serial())],
      ['Binary', process.commandLine],
      ['Data', values.random.hex(120)],
      ['Correlation', guid(values)],
      ['User', values.account(at.sid)],
    ]),
  };
}

function message(title: string, fields: readonly (readonly [string, string])[]): string {
  return [title, ...fields.map(([name, value]) => `${name}:${value === '' ? '' : `\t${value}`}`)].join('\r\n');
}
