import type { FieldPlaces } from '../event/field-places.ts';

/** Paths of a record from which parts of a process start are taken: whole, split, joined or trimmed. A part that is absent no start has. */
export interface StartPaths {
  /** Beside the executable. */
  readonly name?: readonly string[];
  readonly executable?: readonly string[];
  /** From which it is put together, or cut out. */
  readonly executableParts?: readonly string[];
  readonly commandLine?: readonly string[];
  /** From which it is put together, arguments among them where there is no line. */
  readonly commandLineParts?: readonly string[];
  readonly args?: readonly string[];
  readonly originalFileName?: readonly string[];
  readonly workingDirectory?: readonly string[];
  readonly parentName?: readonly string[];
  readonly parentExecutable?: readonly string[];
  readonly parentExecutableParts?: readonly string[];
  readonly parentCommandLine?: readonly string[];
  readonly parentCommandLineParts?: readonly string[];
  readonly parentArgs?: readonly string[];
  readonly user?: readonly string[];
  readonly domain?: readonly string[];
  readonly host?: readonly string[];
  readonly hashes?: readonly string[];
}

/**
 * Where the values of fields that follow from a process start stand, whose parts are taken from the paths in any of these. What is
 * not here is a constant, is written otherwise, or stands in too many places.
 */
export function startPlaces(...all: readonly StartPaths[]): ReadonlyMap<string, FieldPlaces> {
  const of = (parts: readonly (keyof StartPaths)[]): readonly string[] => [
    ...new Set(all.flatMap((paths) => parts.flatMap((part) => paths[part] ?? []))),
  ];
  const texts = (...parts: readonly (keyof StartPaths)[]): FieldPlaces => ({ kind: 'texts', paths: of(parts) });
  const words = (...parts: readonly (keyof StartPaths)[]): FieldPlaces => ({ kind: 'words', paths: of(parts) });
  const whole = (part: keyof StartPaths, parts: keyof StartPaths): FieldPlaces =>
    of([parts]).length === 0 ? texts(part) : words(part, parts);
  const executable = whole('executable', 'executableParts');
  const parentExecutable = whole('parentExecutable', 'parentExecutableParts');
  const commandLine = whole('commandLine', 'commandLineParts');
  const parentCommandLine = whole('parentCommandLine', 'parentCommandLineParts');
  const account = words('user', 'domain');
  return new Map([
    ['Image', executable],
    ['process.executable', executable],
    ['process.name', words('name', 'executable', 'executableParts')],
    ['CommandLine', commandLine],
    ['process.command_line', commandLine],
    ['process.args', texts('args')],
    ['OriginalFileName', texts('originalFileName')],
    ['process.pe.original_file_name', texts('originalFileName')],
    ['CurrentDirectory', texts('workingDirectory')],
    ['process.working_directory', texts('workingDirectory')],
    ['ParentImage', parentExecutable],
    ['process.parent.executable', parentExecutable],
    ['process.parent.name', words('parentName', 'parentExecutable', 'parentExecutableParts')],
    ['ParentCommandLine', parentCommandLine],
    ['process.parent.command_line', parentCommandLine],
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
