import { commandLineOf, pidOf } from '../alert/ecs.ts';
import type { ProcessImage, ProcessStart } from '../event/process-start.ts';
import { constant } from './json-output.ts';
import type { JsonOutput } from './json-output.ts';

const PROCESS = constant(',"process":{');
const PID = constant(',"pid":');
const ENTITY_ID = constant(',"entity_id":');
const NAME = constant(',"name":');
const EXECUTABLE = constant(',"executable":');
const COMMAND_LINE = constant(',"command_line":');
const ARGS = constant(',"args":');
const ARGS_COUNT = constant(',"args_count":');
const WORKING_DIRECTORY = constant(',"working_directory":');
const HASH = constant(',"hash":');
const PE = constant(',"pe":{"original_file_name":');
const PARENT = constant(',"parent":{');
const ENTRY_LEADER = constant(',"entry_leader":{');
const ENTRY_META = constant(',"entry_meta":{"type":');
const USER = constant(',"user":{');
const ID = constant(',"id":');
const DOMAIN = constant(',"domain":');
const HOST = constant(',"host":{');
const OS = constant(',"os":{"type":');
const CONTAINER = constant(',"container":{');
const IMAGE = constant(',"image":{"name":');
const ORCHESTRATOR = constant(',"orchestrator":{"type":"kubernetes"');
const CLUSTER = constant(',"cluster":{"name":');
const NAMESPACE = constant(',"namespace":');
const POD = constant(',"resource":{"type":"pod","name":');
const CLOSE = constant('}');

/** What `ecsProcess` gives, as members of the object that is being written. */
export function writeProcess(out: JsonOutput, start: ProcessStart): void {
  const { user, host, os, container, orchestrator } = start;
  let before = out.length;
  out.member(PROCESS);
  writeStart(out, start);
  out.close(before);
  if (user !== undefined) {
    before = out.length;
    out.member(USER);
    writeText(out, NAME, user.name);
    writeText(out, ID, user.id);
    writeText(out, DOMAIN, user.domain);
    out.close(before);
  }
  before = out.length;
  out.member(HOST);
  writeText(out, NAME, host?.name);
  writeText(out, ID, host?.id);
  writeInside(out, OS, os);
  out.close(before);
  if (container !== undefined) {
    before = out.length;
    out.member(CONTAINER);
    writeText(out, ID, container.id);
    writeText(out, NAME, container.name);
    writeInside(out, IMAGE, container.image);
    out.close(before);
  }
  if (orchestrator !== undefined) {
    out.member(ORCHESTRATOR);
    writeInside(out, CLUSTER, orchestrator.cluster);
    writeText(out, NAMESPACE, orchestrator.namespace);
    writeInside(out, POD, orchestrator.pod);
    out.bytes(CLOSE);
  }
}

function writeStart(out: JsonOutput, start: ProcessStart): void {
  const { workingDirectory, hashes, originalFileName, parent, ancestors, entry } = start;
  writeImage(out, start);
  writeText(out, WORKING_DIRECTORY, workingDirectory);
  if (hashes !== undefined && Object.keys(hashes).length > 0) {
    out.member(HASH);
    out.plain(hashes);
  }
  writeInside(out, PE, originalFileName);
  if (parent !== undefined) {
    const before = out.length;
    out.member(PARENT);
    writeImage(out, parent);
    const [grandparent] = ancestors ?? [];
    if (grandparent !== undefined) {
      const inner = out.length;
      out.member(PARENT);
      writeImage(out, grandparent);
      out.close(inner);
    }
    out.close(before);
  }
  if (entry !== undefined) {
    const before = out.length;
    out.member(ENTRY_LEADER);
    writeImage(out, entry);
    writeInside(out, ENTRY_META, entry.type);
    out.close(before);
  }
}

function writeImage(out: JsonOutput, image: ProcessImage): void {
  const { name, executable, args, entityId } = image;
  const pid = pidOf(image);
  if (pid !== undefined) {
    out.member(PID);
    out.number(pid);
  }
  writeText(out, ENTITY_ID, entityId);
  writeText(out, NAME, name);
  writeText(out, EXECUTABLE, executable);
  writeText(out, COMMAND_LINE, commandLineOf(image));
  if (args !== undefined) {
    out.member(ARGS);
    out.strings(args);
    out.member(ARGS_COUNT);
    out.number(args.length);
  }
}

function writeText(out: JsonOutput, name: Uint8Array, value: string | undefined): void {
  if (value === undefined) return;
  out.member(name);
  out.string(value);
}

/** `name` opens an object that has nothing after this value. */
function writeInside(out: JsonOutput, name: Uint8Array, value: string | undefined): void {
  if (value === undefined) return;
  writeText(out, name, value);
  out.bytes(CLOSE);
}
