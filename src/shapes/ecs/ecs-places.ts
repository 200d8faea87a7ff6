import type { FieldPlaces } from '../../event/field-places.ts';

/** Paths of a document from which parts of a process start are taken: whole, split, joined or trimmed. */
export interface StartPaths {
  /** Beside the executable. */
  readonly name?: readonly string[];
  readonly executable?: readonly string[];
  /** The line itself, and arguments that are joined where there is none. */
  readonly commandLine?: readonly string[];
  readonly args?: readonly string[];
  readonly originalFileName?: readonly string[];
  readonly workingDirectory?: readonly string[];
  readonly parentName?: readonly string[];
  readonly parentExecutable?: readonly string[];
  readonly parentCommandLine?: readonly string[];
  readonly parentArgs?: readonly string[];
  readonly user?: readonly string[];
  readonly domain?: readonly string[];
  readonly host?: readonly string[];
  readonly hashes?: readonly string[];
}

/** As `ecsStart` reads a document. */
const ECS_PATHS: StartPaths = {
  name: ['process.name'],
  executable: ['process.executable'],
  commandLine: ['process.command_line', 'process.args'],
  args: ['process.args'],
  originalFileName: ['process.pe.original_file_name'],
  workingDirectory: ['process.working_directory'],
  parentName: ['process.parent.name'],
  parentExecutable: ['process.parent.executable'],
  parentCommandLine: ['process.parent.command_line', 'process.parent.args'],
  parentArgs: ['process.parent.args'],
  user: ['user.name', 'process.user.name'],
  domain: ['user.domain'],
  host: ['host.name', 'host.hostname', 'agent.hostname', 'agent.name'],
  hashes: ['process.hash.md5', 'process.hash.sha1', 'process.hash.sha256'],
};

/**
 * Where the values of fields that follow from the process start stand in an ECS document, of which a variant takes parts from
 * `further` paths too. What is not here is a constant, is written otherwise, or stands in too many places.
 */
export function ecsStartPlaces(further: StartPaths): ReadonlyMap<string, FieldPlaces> {
  const paths = (...parts: readonly (keyof StartPaths)[]): readonly string[] => [
    ...new Set(parts.flatMap((part) => [...(ECS_PATHS[part] ?? []), ...(further[part] ?? [])])),
  ];
  const texts = (...parts: readonly (keyof StartPaths)[]): FieldPlaces => ({ kind: 'texts', paths: paths(...parts) });
  const words = (...parts: readonly (keyof StartPaths)[]): FieldPlaces => ({ kind: 'words', paths: paths(...parts) });
  const account = words('user', 'domain');
  return new Map([
    ['Image', texts('executable')],
    ['process.executable', texts('executable')],
    ['process.name', words('name', 'executable')],
    ['CommandLine', words('commandLine')],
    ['process.command_line', words('commandLine')],
    ['process.args', texts('args')],
    ['OriginalFileName', texts('originalFileName')],
    ['process.pe.original_file_name', texts('originalFileName')],
    ['CurrentDirectory', texts('workingDirectory')],
    ['process.working_directory', texts('workingDirectory')],
    ['ParentImage', texts('parentExecutable')],
    ['process.parent.executable', texts('parentExecutable')],
    ['process.parent.name', words('parentName', 'parentExecutable')],
    ['ParentCommandLine', words('parentCommandLine')],
    ['process.parent.command_line', words('parentCommandLine')],
    ['process.parent.args', texts('parentArgs')],
    ['User', account],
    // Of an account (`DOMAIN\name`) it is a part.
    ['user.name', account],
    ['Computer', texts('host')],
    ['host.name', texts('host')],
    ['host.hostname', texts('host')],
    ['md5', words('hashes')],
    ['sha1', words('hashes')],
    ['sha256', words('hashes')],
  ]);
}
