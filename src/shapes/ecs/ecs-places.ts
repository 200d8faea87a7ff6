import type { FieldPlaces } from '../../event/field-places.ts';

const texts = (...paths: readonly string[]): FieldPlaces => ({ kind: 'texts', paths });
const words = (...paths: readonly string[]): FieldPlaces => ({ kind: 'words', paths });

const executable = texts('process.executable');
const commandLine = words('process.command_line', 'process.args');
const parentExecutable = texts('process.parent.executable');
const parentCommandLine = words('process.parent.command_line', 'process.parent.args');
const host = texts('host.name', 'host.hostname', 'agent.hostname', 'agent.name');
const hashes = words('process.hash.md5', 'process.hash.sha1', 'process.hash.sha256');
const originalFileName = texts('process.pe.original_file_name');
const workingDirectory = texts('process.working_directory');

/**
 * Where the values of fields that follow from the process start stand in an ECS document, as `ecsStart` reads them. What is not here
 * is a constant, is written otherwise, or stands in too many places.
 */
export const ecsStartPlaces: ReadonlyMap<string, FieldPlaces> = new Map([
  ['Image', executable],
  ['process.executable', executable],
  ['process.name', words('process.name', 'process.executable')],
  ['CommandLine', commandLine],
  ['process.command_line', commandLine],
  ['process.args', texts('process.args')],
  ['OriginalFileName', originalFileName],
  ['process.pe.original_file_name', originalFileName],
  ['CurrentDirectory', workingDirectory],
  ['process.working_directory', workingDirectory],
  ['ParentImage', parentExecutable],
  ['process.parent.executable', parentExecutable],
  ['process.parent.name', words('process.parent.name', 'process.parent.executable')],
  ['ParentCommandLine', parentCommandLine],
  ['process.parent.command_line', parentCommandLine],
  ['process.parent.args', texts('process.parent.args')],
  ['User', words('user.name', 'process.user.name', 'user.domain')],
  ['user.name', texts('user.name', 'process.user.name')],
  ['Computer', host],
  ['host.name', host],
  ['host.hostname', host],
  ['md5', hashes],
  ['sha1', hashes],
  ['sha256', hashes],
]);
