import type { JsonObject } from '../event/json.ts';
import type { LogSource } from '../event/log-source.ts';
import type { OperatingSystem, ProcessCommand, ProcessStart } from '../event/process-start.ts';
import { hashesOfList, hostOf, image, processCommand, processStart, userOfAccount } from './build-start.ts';
import { defineShape } from './define-shape.ts';
import { operatingSystemOfValue } from './image-path.ts';
import type { Shape } from './shape.ts';
import { COMMON_TIME_KEYS, commonTime } from './common-time.ts';
import { rememberLast } from './remember-last.ts';
import { PLACEHOLDERS, own, pidText, text } from './values.ts';

/** Longest part of a log source; Sigma's own have at most 40 characters. */
const LONGEST = 100;
/** Products of Sigma's taxonomy that no vendor writes into a field `product` of its own format. */
const PRODUCTS = new Set(
  'windows linux macos kubernetes cisco aws azure gcp m365 okta github bitbucket onelogin zeek fortinet fortigate paloalto juniper huawei apache nginx modsecurity django python ruby_on_rails spring jvm nodejs velocity sql sqlserver rpc_firewall opencanary qualys cloudflare'.split(
    ' ',
  ),
);
/** Categories of Sigma's taxonomy, which no vendor writes into a field `category` either. */
const CATEGORIES = new Set(
  'process_creation process_access process_tampering process_termination create_remote_thread create_stream_hash dns_query driver_load file_access file_change file_delete file_event file_rename file_executable_detected file_block_executable file_block_shredding image_load network_connection pipe_created ps_classic_provider_start ps_classic_script ps_classic_start ps_module ps_script raw_access_thread registry_add registry_delete registry_event registry_rename registry_set sysmon_error sysmon_status wmi_event webserver'.split(
    ' ',
  ),
);
/** They say where an event comes from, and are none of what it tells. */
const LOG_SOURCE = ['product', 'category', 'service'] as const;
const SYSTEMS: readonly OperatingSystem[] = ['windows', 'linux', 'macos'];

function part(record: JsonObject, name: string): string | undefined {
  const value = own(record, name);
  return typeof value === 'string' && value !== '' && value.length <= LONGEST ? value : undefined;
}

/** Fields that may come from others of the record where they are not there themselves. */
const DERIVED: ReadonlySet<string> = new Set(['md5', 'sha1', 'sha256', 'Computer']);

function isStart(record: JsonObject): boolean {
  return part(record, 'category')?.toLowerCase() === 'process_creation';
}

function logSource(record: JsonObject): LogSource {
  const [product, category, service] = [part(record, 'product'), part(record, 'category'), part(record, 'service')];
  return {
    ...(product === undefined ? {} : { product }),
    ...(category === undefined ? {} : { category }),
    ...(service === undefined ? {} : { service }),
  };
}

function osOf(record: JsonObject): OperatingSystem | undefined {
  const product = part(record, 'product')?.toLowerCase();
  return SYSTEMS.find((system) => system === product) ?? operatingSystemOfValue(record, 'Image');
}

/** Remembered for the start that is asked for after it. */
const command = rememberLast((record): ProcessCommand | undefined => {
  if (!isStart(record)) return undefined;
  return processCommand({
    executable: text(own(record, 'Image')),
    commandLine: text(own(record, 'CommandLine')),
    os: osOf(record),
    originalFileName: text(own(record, 'OriginalFileName')),
  });
});

function start(record: JsonObject): ProcessStart | undefined {
  const said = command(record);
  if (said === undefined) return undefined;
  return processStart({
    ...said,
    pid: pidText(own(record, 'ProcessId')),
    entityId: text(own(record, 'ProcessGuid')),
    time: commonTime(record),
    workingDirectory: text(own(record, 'CurrentDirectory')),
    hashes: hashesOfList(own(record, 'Hashes')),
    user: userOfAccount(text(own(record, 'User'))),
    host: hostOf(own(record, 'Computer') ?? own(record, 'Hostname')),
    parent: image({
      executable: text(own(record, 'ParentImage')),
      commandLine: text(own(record, 'ParentCommandLine')),
      pid: pidText(own(record, 'ParentProcessId')),
      entityId: text(own(record, 'ParentProcessGuid')),
    }),
  });
}

/**
 * Events that bear Sigma's field names already, and say where they come from in `product`, `category` and `service` at
 * their top level. Recognised by a product of Sigma's taxonomy with a category or a service; `--shape sigma` takes any.
 */
export const sigma: Shape = defineShape({
  name: 'sigma',
  title: "Events with Sigma's own field names",
  recognise: (record) =>
    PRODUCTS.has(part(record, 'product')?.toLowerCase() ?? '') &&
    (part(record, 'category') !== undefined || part(record, 'service') !== undefined),
  logSource,
  notKeywords: LOG_SOURCE,
  processStart: start,
  command,
  isProcessStart: isStart,
  time: commonTime,
  timeKeys: COMMON_TIME_KEYS,
  documentFirst: true,
  placesOf: (name, what) =>
    what === 'vendor' && !name.includes('.') && !DERIVED.has(name)
      ? { kind: 'own', key: name, nothing: PLACEHOLDERS }
      : undefined,
});

/**
 * The same events where they say less: the product alone, or a category of Sigma's taxonomy. Recognised by so little that it is
 * asked last.
 */
export const sigmaByPart: Shape = {
  ...sigma,
  recognise: (record) =>
    PRODUCTS.has(part(record, 'product')?.toLowerCase() ?? '') ||
    CATEGORIES.has(part(record, 'category')?.toLowerCase() ?? ''),
};
