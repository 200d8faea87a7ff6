import type { FieldValue, Scalar } from '../event/json.ts';
import type { Intent } from '../kubectl/intent.ts';
import { isBenign, isSuspicious } from '../origin/read-origin.ts';
import type { ProcessFacts } from './derive-facts.ts';

/** Reads one derived field. `undefined`: the fact has no value for this event. */
export type FactReader = (facts: ProcessFacts) => FieldValue;

const ofIntent = (read: (intent: Intent) => FieldValue | null): FactReader => {
  return ({ intent }) => read(intent) ?? undefined;
};

/** Every derived field (docs/derived-fields.md). A new one is a line here and a line there. */
export const factFields: ReadonlyMap<string, FactReader> = new Map<string, FactReader>([
  ['kubectl.action', ofIntent(({ action }) => action)],
  ['kubectl.verb', ofIntent(({ verb }) => verb)],
  ['kubectl.operation', ofIntent(({ operation }) => operation)],
  ['kubectl.namespace', ofIntent(({ namespace }) => namespace)],
  ['kubectl.target', ofIntent(({ target }) => target)],
  ['kubectl.target.kind', ofIntent(({ target }) => target?.slice(0, target.indexOf('/')) ?? null)],
  ['kubectl.target.name', ofIntent(({ target }) => target?.slice(target.indexOf('/') + 1) ?? null)],
  ['kubectl.context', ofIntent(({ context }) => context)],
  ['kubectl.cluster', ofIntent(({ cluster }) => cluster)],
  [
    'kubectl.ports.local',
    ofIntent(({ ports }) => present(ports.map((port) => ('local' in port ? port.local : port.port)))),
  ],
  [
    'kubectl.ports.remote',
    ofIntent(({ ports }) => present(ports.map((port) => ('remote' in port ? port.remote : port.target)))),
  ],
  [
    'kubectl.listen.address',
    ofIntent(({ listen }) => present(listen.map((one) => ('unix' in one ? one.unix : one.address)))),
  ],
  ['kubectl.listen.port', ofIntent(({ listen }) => present(listen.map((one) => ('unix' in one ? null : one.port))))],
  ['kubectl.service.type', ofIntent(({ service }) => service?.type ?? null)],
  ['kubectl.service.name', ofIntent(({ service }) => service?.name ?? null)],
  ['kubectl.exposure', ofIntent(({ exposure }) => present(exposure))],
  ['kubectl.exposed', ofIntent(({ exposure }) => exposure.length > 0)],
  ['kubectl.sensitive', ofIntent(({ sensitive }) => present(sensitive))],
  ['kubectl.is_sensitive', ofIntent(({ sensitive }) => sensitive.length > 0)],
  ['kubectl.binary.kind', ofIntent(({ binary }) => binary.kind)],
  ['kubectl.binary.name', ofIntent(({ binary }) => binary.name)],
  ['kubectl.binary.evidence', ofIntent(({ binary }) => present(binary.evidence))],
  ['kubectl.wrappers', ofIntent(({ wrappers }) => present(wrappers))],
  ['kubectl.plugin', ofIntent(({ plugin }) => plugin)],
  ['kubectl.kuberc.file', ofIntent(({ kuberc }) => kuberc?.file ?? null)],
  ['kubectl.kuberc.alias', ofIntent(({ kuberc }) => kuberc?.alias ?? null)],
  ['kubectl.remote', ofIntent(({ remote }) => remote)],
  ['kubectl.dry_run', ofIntent(({ dry_run }) => dry_run)],
  ['kubectl.help', ofIntent(({ help }) => help)],
  ['kubectl.error', ofIntent(({ error }) => error)],
  ['kubectl.serves_files', ofIntent(({ serves_files }) => serves_files)],
  ['kubectl.confidence', ofIntent(({ confidence }) => confidence)],
  ['kubectl.identity.as', ofIntent(({ identity }) => identity.as ?? null)],
  ['kubectl.identity.as_groups', ofIntent(({ identity }) => present(identity.as_groups ?? []))],
  ['kubectl.identity.token', ofIntent(({ identity }) => identity.token === true)],
  ['kubectl.identity.kubeconfig', ofIntent(({ identity }) => identity.kubeconfig ?? null)],
  ['kubectl.identity.server', ofIntent(({ identity }) => identity.server ?? null)],
  ['origin.kind', ({ origin }) => origin.kind],
  ['origin.kinds', ({ origin }) => origin.kinds],
  ['origin.script', ({ origin }) => origin.script ?? undefined],
  ['origin.remote', ({ origin }) => origin.remote],
  ['origin.binary_location', ({ origin }) => origin.binary_location ?? undefined],
  ['origin.suspicious', ({ origin }) => isSuspicious(origin)],
  ['origin.benign', ({ origin }) => isBenign(origin)],
]);

export function factField(name: string): FactReader | undefined {
  return factFields.get(name);
}

/** A list without its gaps; an empty one is no value. */
function present(values: readonly (Scalar | undefined)[]): FieldValue {
  const found = values.filter((value) => value !== null && value !== undefined);
  return found.length === 0 ? undefined : found;
}
