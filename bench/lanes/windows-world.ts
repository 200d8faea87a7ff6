// A fleet of Windows machines: programs, who runs them, and what they do.
import { digest } from '../../tools/example/random.ts';
import type { Values } from './values.ts';

export interface WindowsProcess {
  readonly image: string;
  readonly file: string;
  readonly commandLine: string;
  readonly directory: string;
  readonly company: string;
  readonly description: string;
  readonly version: string;
  readonly hashes: string;
  readonly integrity: string;
  readonly parentImage: string;
  readonly parentCommandLine: string;
}

interface Program {
  readonly folder: string;
  readonly file: string;
  readonly company: string;
  readonly description: string;
  readonly args: (values: Values) => string;
}

const SYSTEM32 = 'C:\\Windows\\System32';
/** Runs from one place on every machine, and rules know it. */
const SVCHOST = 'svchost.exe';
const MICROSOFT = 'Microsoft Corporation';

function program(
  folder: string,
  file: string,
  company: string,
  description: string,
  args: (values: Values) => string,
): Program {
  return { folder, file, company, description, args };
}

const PROGRAMS: readonly [Program, ...Program[]] = [
  program(SYSTEM32, SVCHOST, MICROSOFT, 'Host Process for Windows Services', (v) => `-k netsvcs -p -s ${v.word()}`),
  program(
    SYSTEM32,
    'backgroundTaskHost.exe',
    MICROSOFT,
    'Background Task Host',
    (v) => `-ServerName:App.${v.word()}.mca`,
  ),
  program(SYSTEM32, 'RuntimeBroker.exe', MICROSOFT, 'Runtime Broker', (v) => `-Embedding -session:${v.word()}`),
  program(SYSTEM32, 'taskhostw.exe', MICROSOFT, 'Host Process for Windows Tasks', (v) => `maintenance:${v.word()}`),
  program(
    SYSTEM32,
    'audiodg.exe',
    MICROSOFT,
    'Windows Audio Device Graph Isolation',
    (v) => `0x${v.random.hex(3)} ${v.serial()}`,
  ),
  program(
    SYSTEM32,
    'SearchProtocolHost.exe',
    MICROSOFT,
    'Microsoft Windows Search Protocol Host',
    (v) => `Global\\UsGthrFltPipeMssGthrPipe${v.serial()} ${v.serial()} 1 -2147483646`,
  ),
  program(
    'C:\\Program Files\\Google\\Chrome\\Application',
    'chrome.exe',
    'Google LLC',
    'Google Chrome',
    (v) =>
      `--type=renderer --lang=en-US --device-scale-factor=1 --renderer-client-id=${v.serial()} --launch-time-ticks=${v.serial()} --field-trial-handle=${v.serial()},i,${v.serial()} /prefetch:1`,
  ),
  program(
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application',
    'msedge.exe',
    MICROSOFT,
    'Microsoft Edge',
    (v) =>
      `--type=utility --utility-sub-type=storage.mojom.StorageService --lang=en-GB --service-sandbox-type=service --mojo-platform-channel-handle=${v.serial()}`,
  ),
  program(
    'C:\\Program Files\\Microsoft Office\\root\\Office16',
    'OUTLOOK.EXE',
    MICROSOFT,
    'Microsoft Outlook',
    (v) => `/select outlook:${v.word()}`,
  ),
  program(
    'C:\\Program Files\\Microsoft Office\\root\\Office16',
    'EXCEL.EXE',
    MICROSOFT,
    'Microsoft Excel',
    (v) => `"C:\\Users\\Public\\Documents\\Budget ${v.word()}.xlsx"`,
  ),
  program(
    'C:\\Program Files\\Contoso\\Inventory',
    'inventory-agent.exe',
    'Contoso Ltd',
    'Inventory Agent',
    (v) => `--scan --profile ${v.word()} --output C:\\ProgramData\\Contoso\\inventory-${v.serial()}.db`,
  ),
  program(
    'C:\\Program Files\\Fabrikam Backup',
    'fbackup.exe',
    'Fabrikam Inc',
    'Fabrikam Backup Client',
    (v) => `run --job ${v.word()} --volume D: --incremental --id ${v.serial()}`,
  ),
  program(
    'C:\\Program Files\\dotnet',
    'dotnet.exe',
    MICROSOFT,
    '.NET Host',
    (v) => `build C:\\src\\${v.word()}\\App.csproj -c Release -p:Version=1.4.${v.serial()}`,
  ),
  program(
    'C:\\Program Files\\Git\\cmd',
    'git.exe',
    'The Git Development Community',
    'Git for Windows',
    (v) => `fetch --prune origin refs/heads/feature-${v.word()}`,
  ),
  program(
    'C:\\Program Files\\Contoso\\Build',
    'contoso-build.exe',
    'Contoso Ltd',
    'Contoso Build',
    (v) => `test C:\\src\\${v.word()}\\tests --fail-fast --report report-${v.serial()}.xml`,
  ),
  program(
    'C:\\Program Files\\Adobe\\Acrobat DC\\Acrobat',
    'Acrobat.exe',
    'Adobe Inc.',
    'Adobe Acrobat',
    (v) => `"C:\\Users\\Public\\Documents\\Invoice ${v.serial()} ${v.word()}.pdf"`,
  ),
];

/** What an ordinary machine runs. */
export function windowsProcess(values: Values): WindowsProcess {
  const chosen = values.random.pick([...PROGRAMS] as [Program, ...Program[]]);
  const folder = chosen.file === SVCHOST ? chosen.folder : `${chosen.folder}\\${values.word()}`;
  return processOf(values, folder, chosen, chosen.args(values));
}

/** A kubectl, harmless or not. */
export function windowsKubectl(values: Values, isHit: boolean): WindowsProcess {
  const namespace = `team-${values.word()}`;
  const folder = isHit ? `C:\\Users\\dev.${values.word()}\\AppData\\Local\\Temp` : 'C:\\Program Files\\Kubernetes';
  const args = isHit
    ? `port-forward --address 0.0.0.0 -n ${namespace} svc/orders-db 5432:5432`
    : `get pods -n ${namespace} -o wide`;
  return processOf(
    values,
    folder,
    program(folder, 'kubectl.exe', '', '', () => args),
    args,
  );
}

/** Commands that `bench/rules`, and most rule sets, report. */
export const WINDOWS_HITS: readonly {
  readonly rule: string;
  readonly file: string;
  readonly args: (values: Values) => string;
}[] = [
  { rule: 'Shadow copies deleted', file: 'vssadmin.exe', args: (v) => `delete shadows /for=C: /quiet /id:${v.word()}` },
  { rule: 'Privileges listed with whoami', file: 'whoami.exe', args: (v) => `/priv /fo csv /x:${v.word()}` },
  { rule: 'Account added with net', file: 'net.exe', args: (v) => `user ${v.word()} Pass-${v.word()} /add` },
];

export function windowsHit(values: Values, hit: (typeof WINDOWS_HITS)[number]): WindowsProcess {
  return processOf(values, SYSTEM32, program(SYSTEM32, hit.file, MICROSOFT, hit.file, hit.args), hit.args(values));
}

function processOf(values: Values, folder: string, of: Program, args: string): WindowsProcess {
  const image = `${folder}\\${of.file}`;
  const hex = (algorithm: 'md5' | 'sha256'): string => digest(algorithm, image).toUpperCase();
  const parentImage =
    of.folder === SYSTEM32
      ? `${SYSTEM32}\\services.exe`
      : `C:\\Program Files\\Contoso\\Launcher\\${values.word()}\\launcher.exe`;
  return {
    image,
    file: of.file,
    commandLine: `"${image}" ${args}`,
    directory: `${folder}\\`,
    company: of.company,
    description: of.description,
    version: `10.${values.random.int(0, 9)}.${values.random.int(1000, 9999)}.${values.random.int(1, 4000)}`,
    hashes: `MD5=${hex('md5')},SHA256=${hex('sha256')}`,
    integrity: values.random.pick(['System', 'Medium', 'High']),
    parentImage,
    parentCommandLine: `"${parentImage}" --session ${values.serial()}`,
  };
}

export interface WindowsMachine {
  readonly name: string;
  readonly user: string;
  readonly sid: string;
}

export function windowsMachine(values: Values): WindowsMachine {
  const word = values.word();
  return {
    name: `WS-${word.toUpperCase()}.corp.example.com`,
    user: `CORP\\u.${word}`,
    sid: `S-1-5-21-1004336348-1177238915-682003330-${values.serial()}`,
  };
}

/** `{B2B1AB36-5F3A-6540-7D02-00000000A400}` */
export function guid(values: Values): string {
  return `{${values.random.uuid().toUpperCase()}}`;
}
