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

/** Sigma's service of a Windows channel. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['security', 'security'],
  ['system', 'system'],
  ['application', 'application'],
  ['windows powershell', 'powershell-classic'],
  ['microsoft-windows-powershell/operational', 'powershell'],
  ['powershellcore/operational', 'powershell'],
  ['microsoft-windows-windows defender/operational', 'windefend'],
  ['microsoft-windows-taskscheduler/operational', 'taskscheduler'],
  ['microsoft-windows-wmi-activity/operational', 'wmi'],
  ['microsoft-windows-bits-client/operational', 'bits-client'],
  ['dns server', 'dns-server'],
  ['microsoft-windows-dns-client/operational', 'dns-client'],
  ['microsoft-windows-ntlm/operational', 'ntlm'],
  ['microsoft-windows-applocker/exe and dll', 'applocker'],
  ['microsoft-windows-applocker/msi and script', 'applocker'],
  ['microsoft-windows-codeintegrity/operational', 'codeintegrity-operational'],
  ['microsoft-windows-windows firewall with advanced security/firewall', 'firewall-as'],
  ['microsoft-windows-driverframeworks-usermode/operational', 'driver-framework'],
  ['microsoft-windows-printservice/admin', 'printservice-admin'],
  ['microsoft-windows-printservice/operational', 'printservice-operational'],
  ['microsoft-windows-smbclient/security', 'smbclient-security'],
  ['microsoft-windows-terminalservices-localsessionmanager/operational', 'terminalservices-localsessionmanager'],
  ['microsoft-windows-security-mitigations/kernelmode', 'security-mitigations'],
  ['microsoft-windows-capi2/operational', 'capi2'],
  ['microsoft-windows-ldap-client/debug', 'ldap'],
  ['microsoft-windows-appxdeployment-server/operational', 'appxdeployment-server'],
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
  const service = SERVICES.get(event.channel?.slice(0, 100).toLowerCase() ?? '');
  return { product: 'windows', ...(service === undefined ? {} : { service }), category: categoryOf(service, id) };
}

/** A change of the registry is of `registry_event` too, and id 12 is both creation and deletion. */
function sysmonCategory(id: string, eventType: string | undefined): string | readonly string[] {
  const category = SYSMON.get(id) ?? OTHER_CATEGORY;
  if (!category.startsWith('registry_')) return category;
  return [id === '12' && eventType?.startsWith('Delete') === true ? 'registry_delete' : category, 'registry_event'];
}

/** Sigma's categories that other channels than Sysmon's can serve. */
function categoryOf(service: string | undefined, id: string): string {
  if (service === 'security' && id === '4688') return 'process_creation';
  if (service === 'security' && id === '4689') return 'process_termination';
  if (service === 'powershell' && id === '4104') return 'ps_script';
  if (service === 'powershell' && id === '4103') return 'ps_module';
  if (service === 'powershell-classic' && id === '600') return 'ps_classic_provider_start';
  if (service === 'powershell-classic' && (id === '400' || id === '800')) return 'ps_classic_start';
  return OTHER_CATEGORY;
}
