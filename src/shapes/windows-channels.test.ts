import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { sigmahq } from '../../test/regression/regression-case.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import { isFor } from '../engine/rule-set.ts';
import { OTHER_CATEGORY } from './log-sources.ts';
import { completeWindowsSource, windowsLogSource } from './windows-channels.ts';

/** A channel of each service, as Sigma's taxonomy and the documentation of Windows name it. */
const channels: Readonly<Record<string, string>> = {
  application: 'Application',
  'application-experience': 'Microsoft-Windows-Application-Experience/Program-Telemetry',
  applocker: 'Microsoft-Windows-AppLocker/Packaged app-Execution',
  'appmodel-runtime': 'Microsoft-Windows-AppModel-Runtime/Admin',
  'appxdeployment-server': 'Microsoft-Windows-AppXDeploymentServer/Operational',
  'appxpackaging-om': 'Microsoft-Windows-AppxPackaging/Operational',
  bitlocker: 'Microsoft-Windows-BitLocker/BitLocker Management',
  'bits-client': 'Microsoft-Windows-Bits-Client/Operational',
  capi2: 'Microsoft-Windows-CAPI2/Operational',
  'certificateservicesclient-lifecycle-system':
    'Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational',
  'codeintegrity-operational': 'Microsoft-Windows-CodeIntegrity/Operational',
  dhcp: 'Microsoft-Windows-DHCP-Server/Operational',
  'diagnosis-scripted': 'Microsoft-Windows-Diagnosis-Scripted/Operational',
  'dns-client': 'Microsoft-Windows-DNS Client Events/Operational',
  'dns-server': 'DNS Server',
  'dns-server-analytic': 'Microsoft-Windows-DNS-Server/Analytical',
  'dns-server-audit': 'Microsoft-Windows-DNS-Server/Audit',
  'driver-framework': 'Microsoft-Windows-DriverFrameworks-UserMode/Operational',
  'firewall-as': 'Microsoft-Windows-Windows Firewall With Advanced Security/Firewall',
  'hyper-v-worker': 'Microsoft-Windows-Hyper-V-Worker',
  'iis-configuration': 'Microsoft-IIS-Configuration/Operational',
  'kernel-event-tracing': 'Microsoft-Windows-Kernel-EventTracing',
  'kernel-shimengine': 'Microsoft-Windows-Kernel-ShimEngine/Operational',
  ldap: 'Microsoft-Windows-LDAP-Client/Debug',
  'lsa-server': 'Microsoft-Windows-LSA/Operational',
  'microsoft-servicebus-client': 'Microsoft-ServiceBus-Client/Admin',
  'msexchange-management': 'MSExchange Management',
  ntfs: 'Microsoft-Windows-Ntfs/Operational',
  ntlm: 'Microsoft-Windows-NTLM/Operational',
  openssh: 'OpenSSH/Operational',
  powershell: 'PowerShellCore/Operational',
  'powershell-classic': 'Windows PowerShell',
  'printservice-admin': 'Microsoft-Windows-PrintService/Admin',
  'printservice-operational': 'Microsoft-Windows-PrintService/Operational',
  security: 'Security',
  'security-mitigations': 'Microsoft-Windows-Security-Mitigations/User Mode',
  sense: 'Microsoft-Windows-SENSE/Operational',
  'shell-core': 'Microsoft-Windows-Shell-Core/Operational',
  'smbclient-connectivity': 'Microsoft-Windows-SmbClient/Connectivity',
  'smbclient-security': 'Microsoft-Windows-SmbClient/Security',
  'smbserver-connectivity': 'Microsoft-Windows-SMBServer/Connectivity',
  sysmon: 'Microsoft-Windows-Sysmon/Operational',
  system: 'System',
  taskscheduler: 'Microsoft-Windows-TaskScheduler/Operational',
  'terminalservices-localsessionmanager': 'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational',
  vhdmp: 'Microsoft-Windows-VHDMP/Operational',
  windefend: 'Microsoft-Windows-Windows Defender/Operational',
  wmi: 'Microsoft-Windows-WMI-Activity/Operational',
};

const sysmon = 'Microsoft-Windows-Sysmon/Operational';
/** `channel id`, or a provider without a channel, of each category. */
const categories: Readonly<Record<string, readonly [string | undefined, string, string?]>> = {
  process_creation: ['Security', '4688'],
  file_change: [sysmon, '2'],
  network_connection: [sysmon, '3'],
  sysmon_status: [sysmon, '16'],
  process_termination: [sysmon, '5'],
  driver_load: [sysmon, '6'],
  image_load: [sysmon, '7'],
  create_remote_thread: [sysmon, '8'],
  raw_access_thread: [sysmon, '9'],
  process_access: [sysmon, '10'],
  file_event: [sysmon, '11'],
  registry_event: [sysmon, '14'],
  registry_add: [sysmon, '12', 'CreateKey'],
  registry_delete: [sysmon, '12', 'DeleteKey'],
  registry_set: [sysmon, '13'],
  registry_rename: [sysmon, '14'],
  create_stream_hash: [sysmon, '15'],
  pipe_created: [sysmon, '18'],
  wmi_event: [sysmon, '20'],
  dns_query: [sysmon, '22'],
  file_delete: [sysmon, '23'],
  clipboard_capture: [sysmon, '24'],
  process_tampering: [sysmon, '25'],
  file_delete_detected: [sysmon, '26'],
  file_block_executable: [sysmon, '27'],
  file_block_shredding: [sysmon, '28'],
  file_executable_detected: [sysmon, '29'],
  sysmon_error: [sysmon, '255'],
  file_access: [undefined, '12'],
  file_rename: [undefined, '19'],
  ps_classic_start: ['Windows PowerShell', '400'],
  ps_classic_provider_start: ['Windows PowerShell', '600'],
  ps_classic_script: ['Windows PowerShell', '800'],
  ps_module: ['PowerShellCore/Operational', '4103'],
  ps_script: ['Microsoft-Windows-PowerShell/Operational', '4104'],
};

test('each service has its channel, in any case, and each category its event', () => {
  for (const [service, channel] of Object.entries(channels))
    for (const written of service === 'sysmon' ? [channel] : [channel, channel.toUpperCase()])
      assert.equal(windowsLogSource({ provider: undefined, channel: written, id: '1' }).service, service, written);
  for (const [category, [channel, id, eventType]] of Object.entries(categories)) {
    const provider = channel === undefined ? 'Microsoft-Windows-Kernel-File' : undefined;
    const found = windowsLogSource({ provider, channel, id, eventType }).category;
    assert.ok([found].flat().includes(category), `${category}: ${String(found)}`);
  }
});

test('an event that says its category alone, or its service alone, is still one of every rule that is for it', () => {
  const events = Object.values(categories).filter(([channel]) => channel !== undefined);
  for (const [channel, id, eventType] of [...events, ['Security', '4624'], ['System', '7045']] as const) {
    const source = windowsLogSource({ provider: undefined, channel, id, eventType });
    const { category } = source;
    const service = String(source.service);
    const shown = `${String(channel)} ${id} of ${service}`;
    for (const one of [category ?? []].flat()) {
      // Labels are as people write them.
      const byCategory = completeWindowsSource({ product: 'Windows', category: one.toUpperCase() }, () => id);
      if (one !== OTHER_CATEGORY) assert.ok(isFor({ product: 'windows', service }, byCategory), `${shown}: ${one}`);
      for (const [known, eventId] of [
        ['its id', id],
        ['no id', undefined],
      ] as const) {
        const byService = completeWindowsSource({ product: 'windows', service: service.toUpperCase() }, () => eventId);
        if (one !== OTHER_CATEGORY || known === 'its id')
          assert.ok(isFor({ product: 'windows', category: one }, byService), `${shown}: ${one} by ${known}`);
      }
    }
  }
});

test('rules for another log of Windows pass over an event whose category or service is known', () => {
  const id = (known?: string) => (): string | undefined => known;
  const start = completeWindowsSource({ product: 'windows', category: 'process_creation' }, id());
  assert.equal(isFor({ product: 'windows', service: 'application' }, start), false);
  assert.equal(isFor({ product: 'windows', service: 'security' }, start), true);
  assert.equal(isFor({ product: 'windows' }, start), true);
  const logon = completeWindowsSource({ product: 'windows', service: 'security' }, id('4624'));
  assert.equal(isFor({ product: 'windows', category: 'process_creation' }, logon), false);
  assert.equal(isFor({ product: 'windows', service: 'security' }, logon), true);
  // What says less, or something that the taxonomy does not know, stays open.
  for (const said of [
    {},
    { product: 'windows' },
    { product: 'windows', category: 'antivirus' },
    { product: 'windows', service: 'a-log-of-ours' },
    { product: 'linux', category: 'process_creation' },
    { product: 'windows', category: 'file_event', service: 'application' },
  ])
    assert.equal(completeWindowsSource(said, id('1')), said, JSON.stringify(said));
});

test(
  "every service and category of SigmaHQ's rules for Windows can be reached",
  { skip: existsSync(sigmahq) ? false : 'shared data is not here: data/sigmahq' },
  () => {
    const missing = new Set<string>();
    let rules = 0;
    for (const name of globSync('{rules*,unsupported,deprecated}/**/*.yml', { cwd: sigmahq }))
      for (const { logsource } of parseRules({ name, text: readFileSync(join(sigmahq, name), 'utf8') }).rules) {
        if (logsource.product !== 'windows') continue;
        rules++;
        if (logsource.service !== undefined && !Object.hasOwn(channels, logsource.service))
          missing.add(`service ${logsource.service}`);
        if (logsource.category !== undefined && !Object.hasOwn(categories, logsource.category))
          missing.add(`category ${logsource.category}`);
      }
    assert.deepEqual([...missing], []);
    assert.ok(rules > 2500, `${rules} rules`);
  },
);
