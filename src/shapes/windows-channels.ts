import type { LogSource } from '../event/log-source.ts';
import { OTHER_CATEGORY } from './log-sources.ts';

/** Sigma's category of a Sysmon event, by its id. Sigma's windows taxonomy, "Sysmon". */
const SYSMON: ReadonlyMap<string, string> = new Map([
  ['1', 'process_creation'],
  ['2', 'file_change'],
  ['3', 'network_connection'],
  ['4', 'sysmon_status'],
  ['5', 'process_termination'],
  ['6', 'driver_load'],
  ['7', 'image_load'],
  ['8', 'create_remote_thread'],
  ['9', 'raw_access_thread'],
  ['10', 'process_access'],
  ['11', 'file_event'],
  ['12', 'registry_add'],
  ['13', 'registry_set'],
  ['14', 'registry_rename'],
  ['15', 'create_stream_hash'],
  ['16', 'sysmon_status'],
  ['17', 'pipe_created'],
  ['18', 'pipe_created'],
  ['19', 'wmi_event'],
  ['20', 'wmi_event'],
  ['21', 'wmi_event'],
  ['22', 'dns_query'],
  ['23', 'file_delete'],
  ['24', 'clipboard_capture'],
  ['25', 'process_tampering'],
  ['26', 'file_delete_detected'],
  ['27', 'file_block_executable'],
  ['28', 'file_block_shredding'],
  ['29', 'file_executable_detected'],
  ['255', 'sysmon_error'],
]);

/** Sigma's service of a Windows channel. Sigma's taxonomy, "Windows", "Service", and the services that SigmaHQ's rules name. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['security', 'security'],
  ['system', 'system'],
  ['application', 'application'],
  ['windows powershell', 'powershell-classic'],
  ['microsoft-windows-powershell/operational', 'powershell'],
  ['powershellcore/operational', 'powershell'],
  ['microsoft-windows-windows defender/operational', 'windefend'],
  ['microsoft-windows-sense/operational', 'sense'],
  ['microsoft-windows-taskscheduler/operational', 'taskscheduler'],
  ['microsoft-windows-wmi-activity/operational', 'wmi'],
  ['microsoft-windows-bits-client/operational', 'bits-client'],
  ['microsoft-windows-bitlocker/bitlocker management', 'bitlocker'],
  ['dns server', 'dns-server'],
  ['microsoft-windows-dns-server/analytical', 'dns-server-analytic'],
  ['microsoft-windows-dnsserver/analytical', 'dns-server-analytic'],
  ['microsoft-windows-dns-server/audit', 'dns-server-audit'],
  ['microsoft-windows-dnsserver/audit', 'dns-server-audit'],
  ['microsoft-windows-dns-client/operational', 'dns-client'],
  ['microsoft-windows-dns client events/operational', 'dns-client'],
  ['microsoft-windows-dhcp-server/operational', 'dhcp'],
  ['microsoft-windows-ntlm/operational', 'ntlm'],
  ['microsoft-windows-ntfs/operational', 'ntfs'],
  ['microsoft-windows-vhdmp-operational', 'vhdmp'],
  ['microsoft-windows-vhdmp/operational', 'vhdmp'],
  ['microsoft-windows-applocker/exe and dll', 'applocker'],
  ['microsoft-windows-applocker/msi and script', 'applocker'],
  ['microsoft-windows-applocker/packaged app-deployment', 'applocker'],
  ['microsoft-windows-applocker/packaged app-execution', 'applocker'],
  ['microsoft-windows-application-experience/program-telemetry', 'application-experience'],
  ['microsoft-windows-application-experience/program-compatibility-assistant', 'application-experience'],
  ['microsoft-windows-appmodel-runtime/admin', 'appmodel-runtime'],
  ['microsoft-windows-appxdeployment-server/operational', 'appxdeployment-server'],
  ['microsoft-windows-appxdeploymentserver/operational', 'appxdeployment-server'],
  ['microsoft-windows-appxpackaging/operational', 'appxpackaging-om'],
  ['microsoft-windows-capi2/operational', 'capi2'],
  [
    'microsoft-windows-certificateservicesclient-lifecycle-system/operational',
    'certificateservicesclient-lifecycle-system',
  ],
  ['microsoft-windows-codeintegrity/operational', 'codeintegrity-operational'],
  ['microsoft-windows-diagnosis-scripted/operational', 'diagnosis-scripted'],
  ['microsoft-windows-windows firewall with advanced security/firewall', 'firewall-as'],
  ['microsoft-windows-driverframeworks-usermode/operational', 'driver-framework'],
  ['microsoft-windows-hyper-v-worker', 'hyper-v-worker'],
  ['microsoft-windows-hyper-v-worker-admin', 'hyper-v-worker'],
  ['microsoft-iis-configuration/operational', 'iis-configuration'],
  ['microsoft-windows-kernel-eventtracing', 'kernel-event-tracing'],
  ['microsoft-windows-kernel-eventtracing/admin', 'kernel-event-tracing'],
  ['microsoft-windows-kernel-shimengine/operational', 'kernel-shimengine'],
  ['microsoft-windows-kernel-shimengine/diagnostic', 'kernel-shimengine'],
  ['microsoft-windows-ldap-client/debug', 'ldap'],
  ['microsoft-windows-lsa/operational', 'lsa-server'],
  ['msexchange management', 'msexchange-management'],
  ['openssh/operational', 'openssh'],
  ['microsoft-windows-printservice/admin', 'printservice-admin'],
  ['microsoft-windows-printservice/operational', 'printservice-operational'],
  ['microsoft-windows-security-mitigations/kernelmode', 'security-mitigations'],
  ['microsoft-windows-security-mitigations/usermode', 'security-mitigations'],
  ['microsoft-windows-security-mitigations/kernel mode', 'security-mitigations'],
  ['microsoft-windows-security-mitigations/user mode', 'security-mitigations'],
  ['microsoft-servicebus-client', 'microsoft-servicebus-client'],
  ['microsoft-servicebus-client/operational', 'microsoft-servicebus-client'],
  ['microsoft-servicebus-client/admin', 'microsoft-servicebus-client'],
  ['microsoft-windows-shell-core/operational', 'shell-core'],
  ['microsoft-windows-smbclient/connectivity', 'smbclient-connectivity'],
  ['microsoft-windows-smbclient/security', 'smbclient-security'],
  ['microsoft-windows-smbserver/connectivity', 'smbserver-connectivity'],
  ['microsoft-windows-terminalservices-localsessionmanager/operational', 'terminalservices-localsessionmanager'],
]);

export interface WindowsEventId {
  readonly provider: string | undefined;
  readonly channel: string | undefined;
  readonly id: string | undefined;
  /** Of Sysmon's registry events: `CreateKey`, `DeleteValue`, … */
  readonly eventType?: string | undefined;
}

export function isSysmon({ provider, channel }: WindowsEventId): boolean {
  return (
    isLinuxSysmon({ provider, channel, id: undefined }) ||
    provider === 'Microsoft-Windows-Sysmon' ||
    channel?.startsWith('Microsoft-Windows-Sysmon') === true
  );
}

export function isLinuxSysmon({ provider, channel }: WindowsEventId): boolean {
  return provider === 'Linux-Sysmon' || channel?.startsWith('Linux-Sysmon') === true;
}

export function windowsLogSource(event: WindowsEventId): LogSource {
  const id = event.id ?? '';
  if (isSysmon(event))
    return {
      product: isLinuxSysmon(event) ? 'linux' : 'windows',
      service: 'sysmon',
      category: sysmonCategory(id, event.eventType),
    };
  if (event.provider === 'Microsoft-Windows-Kernel-File') return { product: 'windows', category: KERNEL_FILE };
  const service = SERVICES.get(event.channel?.slice(0, 100).toLowerCase() ?? '');
  return { product: 'windows', ...(service === undefined ? {} : { service }), category: categoryOf(service, id) };
}

/** Services of Sigma's taxonomy for logs of Windows. */
const KNOWN_SERVICES: ReadonlySet<string> = new Set([...SERVICES.values(), 'sysmon']);

/** Categories that the log of a service tells of. */
const OF_SERVICE: ReadonlyMap<string, readonly string[]> = new Map([
  ['security', ['process_creation', 'process_termination']],
  ['powershell', ['ps_module', 'ps_script']],
  ['powershell-classic', ['ps_classic_provider_start', 'ps_classic_script', 'ps_classic_start']],
]);

/** Services that events of a category may come from. What Sysmon tells of, the security log tells of too, where it is made to. */
const SERVICES_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ...[...SYSMON.values(), 'registry_delete', 'registry_event', 'file_access', 'file_rename'].map(
    (category): [string, readonly string[]] => [category, ['security', 'sysmon']],
  ),
  ...['ps_module', 'ps_script'].map((category): [string, readonly string[]] => [category, ['powershell']]),
  ...['ps_classic_provider_start', 'ps_classic_script', 'ps_classic_start'].map(
    (category): [string, readonly string[]] => [category, ['powershell-classic']],
  ),
]);

/**
 * The log source of an event of Windows that says one of category and service: the other as far as Sigma's taxonomy, and the id of the
 * event (`eventId`, asked only where it decides), tell it. What is not known stays open.
 */
export function completeWindowsSource(said: LogSource, eventId: () => string | undefined): LogSource {
  const { product, category, service } = said;
  if (product?.toLowerCase() !== 'windows') return said;
  if (typeof category === 'string' && service === undefined) {
    const services = SERVICES_OF.get(category.toLowerCase());
    return services === undefined ? said : { ...said, service: services };
  }
  if (typeof service !== 'string' || category !== undefined) return said;
  const name = service.toLowerCase();
  if (!KNOWN_SERVICES.has(name)) return said;
  const id = eventId();
  if (name === 'sysmon') return id === undefined ? said : { ...said, category: anySysmonCategory(id) };
  return { ...said, category: id === undefined ? (OF_SERVICE.get(name) ?? OTHER_CATEGORY) : categoryOf(name, id) };
}

/** A change of the registry is of `registry_event` too, and id 12 is both creation and deletion. */
function sysmonCategory(id: string, eventType: string | undefined): string | readonly string[] {
  const category = SYSMON.get(id) ?? OTHER_CATEGORY;
  if (!category.startsWith('registry_')) return category;
  return [id === '12' && eventType?.startsWith('Delete') === true ? 'registry_delete' : category, 'registry_event'];
}

/** Of an event of which the number alone is known: a key that was made or deleted. */
const KEY_CHANGED: readonly string[] = ['registry_add', 'registry_delete', 'registry_event'];

function anySysmonCategory(id: string): string | readonly string[] {
  return id === '12' ? KEY_CHANGED : sysmonCategory(id, undefined);
}

/** What the trace `Microsoft-Windows-Kernel-File` tells of files: which of the two, its fields tell. */
const KERNEL_FILE: readonly string[] = ['file_access', 'file_rename'];

/** Sigma's categories that other channels than Sysmon's can serve. */
function categoryOf(service: string | undefined, id: string): string | readonly string[] {
  if (service === 'security' && id === '4688') return 'process_creation';
  if (service === 'security' && id === '4689') return 'process_termination';
  if (service === 'powershell' && id === '4104') return 'ps_script';
  if (service === 'powershell' && id === '4103') return 'ps_module';
  if (service === 'powershell-classic' && id === '600') return 'ps_classic_provider_start';
  if (service === 'powershell-classic' && id === '400') return 'ps_classic_start';
  // Rules for 800 were once of `ps_classic_start` too.
  if (service === 'powershell-classic' && id === '800') return ['ps_classic_script', 'ps_classic_start'];
  return OTHER_CATEGORY;
}
