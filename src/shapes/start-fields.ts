import type { FieldValue } from '../event/json.ts';
import type { ProcessImage, ProcessStart } from '../event/process-start.ts';

type StartField = (start: ProcessStart) => FieldValue;

const commandLine = (image: ProcessImage | undefined): FieldValue => image?.commandLine ?? image?.args?.join(' ');
const account = (start: ProcessStart): FieldValue =>
  start.user?.domain !== undefined && start.user.name !== undefined
    ? `${start.user.domain}\\${start.user.name}`
    : start.user?.name;

function hashList({ hashes }: ProcessStart): FieldValue {
  if (hashes === undefined) return undefined;
  return Object.entries(hashes)
    .map(([name, digest]) => `${name.toUpperCase()}=${digest.toUpperCase()}`)
    .join(',');
}

/** ECS names of one image under `prefix`. */
function ecsImageFields(
  prefix: string,
  of: (start: ProcessStart) => ProcessImage | undefined,
): (readonly [string, StartField])[] {
  return [
    [`${prefix}.name`, (start) => of(start)?.name],
    [`${prefix}.executable`, (start) => of(start)?.executable],
    [`${prefix}.command_line`, (start) => commandLine(of(start))],
    [`${prefix}.args`, (start) => of(start)?.args],
    [`${prefix}.args_count`, (start) => of(start)?.args?.length],
    [`${prefix}.pid`, (start) => of(start)?.pid],
    [`${prefix}.entity_id`, (start) => of(start)?.entityId],
  ];
}

/**
 * Fields that follow from a process start, whatever the source: Sigma's names for `process_creation` (those of Sysmon
 * event 1) and ECS. A source that sends only an argument vector has a command line here: its arguments, joined by blanks.
 */
export const startFields: ReadonlyMap<string, StartField> = new Map<string, StartField>([
  ['Image', (start) => start.executable],
  ['CommandLine', commandLine],
  ['OriginalFileName', (start) => start.originalFileName],
  ['CurrentDirectory', (start) => start.workingDirectory],
  ['User', account],
  ['Hashes', hashList],
  ['md5', (start) => start.hashes?.md5],
  ['sha1', (start) => start.hashes?.sha1],
  ['sha256', (start) => start.hashes?.sha256],
  ['ProcessId', (start) => start.pid],
  ['ProcessGuid', (start) => start.entityId],
  ['ParentImage', (start) => start.parent?.executable],
  ['ParentCommandLine', (start) => commandLine(start.parent)],
  ['ParentProcessId', (start) => start.parent?.pid],
  ['ParentProcessGuid', (start) => start.parent?.entityId],
  ['Computer', (start) => start.host?.name],
  ...ecsImageFields('process', (start) => start),
  ...ecsImageFields('process.parent', (start) => start.parent),
  ...ecsImageFields('process.parent.parent', (start) => start.ancestors?.[0]),
  ...ecsImageFields('process.entry_leader', (start) => start.entry),
  ['process.ppid', (start) => start.parent?.pid],
  ['process.entry_leader.entry_meta.type', (start) => start.entry?.type],
  ['process.working_directory', (start) => start.workingDirectory],
  ['process.pe.original_file_name', (start) => start.originalFileName],
  ['process.hash.md5', (start) => start.hashes?.md5],
  ['process.hash.sha1', (start) => start.hashes?.sha1],
  ['process.hash.sha256', (start) => start.hashes?.sha256],
  [
    'process.env_vars',
    ({ env }) => (env === undefined ? undefined : Object.entries(env).map(([name, value]) => `${name}=${value}`)),
  ],
  ['user.name', (start) => start.user?.name],
  ['user.id', (start) => start.user?.id],
  ['user.domain', (start) => start.user?.domain],
  ['host.name', (start) => start.host?.name],
  ['host.hostname', (start) => start.host?.name],
  ['host.id', (start) => start.host?.id],
  ['host.os.type', (start) => start.os],
  ['container.id', (start) => start.container?.id],
  ['container.name', (start) => start.container?.name],
  ['container.image.name', (start) => start.container?.image],
  ['orchestrator.cluster.name', (start) => start.orchestrator?.cluster],
  ['orchestrator.namespace', (start) => start.orchestrator?.namespace],
  ['orchestrator.resource.name', (start) => start.orchestrator?.pod],
  ['event.kind', () => 'event'],
  ['event.category', () => 'process'],
  ['event.type', () => 'start'],
  ['event.action', () => 'exec'],
]);
