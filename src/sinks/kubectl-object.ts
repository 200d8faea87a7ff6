import type { Intent } from '../kubectl/intent.ts';
import { constant } from './json-output.ts';
import type { JsonOutput } from './json-output.ts';

const ACTION = constant('{"action":');
const VERB = constant(',"verb":');
const OPERATION = constant(',"operation":');
const NAMESPACE = constant(',"namespace":');
const TARGET = constant(',"target":');
const PORTS = constant(',"ports":');
const LISTEN = constant(',"listen":');
const SERVICE = constant(',"service":');
const CONTEXT = constant(',"context":');
const EXPOSURE = constant(',"exposure":');
const SENSITIVE = constant(',"sensitive":');
const IDENTITY = constant(',"identity":');
const WRAPPERS = constant(',"wrappers":');
const DRY_RUN = constant(',"dry_run":');
const CONFIDENCE = constant(',"confidence":');
const NOT_UNDERSTOOD = constant(',"not_understood":');
const BINARY = constant(',"binary":');
const REMOTE = constant(',"remote":');
const CLUSTER = constant(',"cluster":');
const PLUGIN = constant(',"plugin":');
const KUBERC = constant(',"kuberc":');
const SERVES_FILES = constant(',"serves_files":');
const ARGV = constant(',"argv":');
const CLOSE = constant('}');

/** The object `kubectl` of an alert: what is always there first, what only some commands have after it. */
export function kubectlObject(intent: Intent): Readonly<Record<string, unknown>> {
  return {
    action: intent.action,
    verb: intent.verb,
    operation: intent.operation ?? undefined,
    namespace: intent.namespace,
    target: intent.target,
    ports: intent.ports,
    listen: intent.listen,
    service: intent.service ?? undefined,
    context: intent.context,
    exposure: intent.exposure,
    sensitive: intent.sensitive,
    identity: intent.identity,
    wrappers: intent.wrappers,
    dry_run: intent.dry_run,
    confidence: intent.confidence,
    not_understood: intent.not_understood,
    binary: intent.binary,
    remote: intent.remote,
    cluster: intent.cluster ?? undefined,
    plugin: intent.plugin ?? undefined,
    kuberc: intent.kuberc ?? undefined,
    serves_files: intent.serves_files ?? undefined,
    argv: intent.argv,
  };
}

/** The same as text. */
export function writeKubectl(out: JsonOutput, intent: Intent): void {
  out.bytes(ACTION);
  out.string(intent.action);
  out.bytes(VERB);
  out.stringOrNull(intent.verb);
  writeSome(out, OPERATION, intent.operation);
  out.bytes(NAMESPACE);
  out.stringOrNull(intent.namespace);
  out.bytes(TARGET);
  out.stringOrNull(intent.target);
  out.bytes(PORTS);
  out.plain(intent.ports);
  out.bytes(LISTEN);
  out.plain(intent.listen);
  writeSome(out, SERVICE, intent.service);
  out.bytes(CONTEXT);
  out.stringOrNull(intent.context);
  out.bytes(EXPOSURE);
  out.strings(intent.exposure);
  out.bytes(SENSITIVE);
  out.strings(intent.sensitive);
  out.bytes(IDENTITY);
  out.plain(intent.identity);
  out.bytes(WRAPPERS);
  out.strings(intent.wrappers);
  out.bytes(DRY_RUN);
  out.string(intent.dry_run);
  out.bytes(CONFIDENCE);
  out.string(intent.confidence);
  out.bytes(NOT_UNDERSTOOD);
  out.strings(intent.not_understood);
  out.bytes(BINARY);
  out.plain(intent.binary);
  out.bytes(REMOTE);
  out.boolean(intent.remote);
  writeSome(out, CLUSTER, intent.cluster);
  writeSome(out, PLUGIN, intent.plugin);
  writeSome(out, KUBERC, intent.kuberc);
  writeSome(out, SERVES_FILES, intent.serves_files);
  out.bytes(ARGV);
  out.strings(intent.argv);
  out.bytes(CLOSE);
}

/** What only some commands have. */
function writeSome(out: JsonOutput, name: Uint8Array, value: unknown): void {
  if (value === null || value === undefined) return;
  out.bytes(name);
  out.plain(value);
}
