import { flagTable, last } from './flags.ts';
import type { ParsedFlags } from './flags.ts';
import type { Exposure, ServicePort, ServiceSpec } from './intent.ts';
import { member, parseInline, textMember } from './overrides.ts';
import { objectOf } from './resources.ts';
import { dryRunOf, failing, portOrName } from './verb-reading.ts';
import type { VerbReading } from './verb-reading.ts';

/** kubectl `pkg/cmd/expose/expose.go`; `generator` and `container-port` up to 1.23; the last row is `oc expose`'s. */
export const exposeFlags = [
  ...flagTable(
    'value',
    `type port target-port protocol external-ip load-balancer-ip cluster-ip session-affinity name labels/l selector
     output/o template field-manager overrides override-type kustomize/k generator container-port
     hostname path wildcard-policy`,
  ),
  ...flagTable('list', 'filename/f'),
  ...flagTable('bool', 'recursive/R save-config record allow-missing-template-keys show-managed-fields'),
  ...flagTable('optional', 'dry-run', 'unchanged'),
];

/** polymorphichelpers `canbeexposed.go`; OpenShift adds deploymentconfigs. */
const EXPOSABLE = new Set(['pod', 'service', 'replicationcontroller', 'deployment', 'replicaset']);
const OC_EXPOSABLE = new Set([...EXPOSABLE, 'deploymentconfig', 'route']);

export const SERVICE_TYPES: ReadonlyMap<string, Exposure | null> = new Map<string, Exposure | null>([
  ['ClusterIP', null],
  ['NodePort', 'nodeport'],
  ['LoadBalancer', 'loadbalancer'],
  ['ExternalName', null],
]);

export function readExpose(flags: ParsedFlags, isOc: boolean): VerbReading {
  const fromFile = (flags.values.get('filename')?.length ?? 0) > 0 || last(flags, 'kustomize') !== undefined;
  const object = fromFile ? undefined : objectOf(flags.positionals);
  if (!fromFile && (object === undefined || object.name === null || object.name === '')) {
    return failing('expose needs TYPE NAME, TYPE/NAME, -f or -k');
  }
  if (object !== undefined && !(isOc ? OC_EXPOSABLE : EXPOSABLE).has(object.kind)) {
    return failing(`a ${object.kind} cannot be exposed`);
  }
  const dryRun = dryRunOf(flags);
  if (dryRun === undefined)
    return failing(`--dry-run ${JSON.stringify(last(flags, 'dry-run'))} is none of none, client, server`);
  const target = object === undefined ? null : `${object.kind}/${object.name ?? ''}`;
  if (isOc && object?.kind === 'service' && isRoute(flags)) {
    const name = last(flags, 'name');
    return {
      action: dryRun === 'none' ? 'expose' : 'none',
      dryRun,
      target,
      exposure: ['route'],
      service: { type: 'Route', ...(name === undefined ? {} : { name }) },
    };
  }
  const overrides = parseInline(last(flags, 'overrides'));
  const type = textMember(overrides, 'spec', 'type') ?? last(flags, 'type') ?? 'ClusterIP';
  // The server knows these spellings only.
  if (type !== '' && !SERVICE_TYPES.has(type)) return failing(`--type ${JSON.stringify(type)} is no type of service`);
  const service = serviceOf(flags, type === '' ? 'ClusterIP' : type);
  return {
    action: dryRun === 'none' ? 'expose' : 'none',
    dryRun,
    target,
    ports: portsOf(flags),
    service,
    exposure: exposureOf(service, overrides),
    ...(last(flags, 'overrides') !== undefined && overrides === undefined ? { notes: ['--overrides is no JSON'] } : {}),
  };
}

/** `oc expose svc/x` makes a Route, unless a flag asks for what only a Service has. */
function isRoute(flags: ParsedFlags): boolean {
  const generator = last(flags, 'generator');
  if (generator !== undefined) return generator.startsWith('route');
  return (
    last(flags, 'type') === undefined &&
    last(flags, 'external-ip') === undefined &&
    last(flags, 'load-balancer-ip') === undefined
  );
}

function portsOf(flags: ParsedFlags): readonly ServicePort[] {
  const port = last(flags, 'port');
  const target = last(flags, 'target-port') ?? last(flags, 'container-port');
  if (port === undefined && target === undefined) return [];
  const targetPort = target === undefined ? null : portOrName(target);
  if (port === undefined || port === '') return [{ port: null, target: targetPort }];
  return port
    .split(',')
    .slice(0, 64)
    .map((one) => ({ port: portOrName(one), target: targetPort }));
}

function serviceOf(flags: ParsedFlags, type: string): ServiceSpec {
  const name = last(flags, 'name');
  const externalIp = last(flags, 'external-ip');
  const loadBalancerIp = last(flags, 'load-balancer-ip');
  const clusterIp = last(flags, 'cluster-ip');
  const protocol = last(flags, 'protocol');
  return {
    type,
    ...(name === undefined ? {} : { name }),
    ...(externalIp === undefined ? {} : { external_ip: externalIp }),
    ...(loadBalancerIp === undefined ? {} : { load_balancer_ip: loadBalancerIp }),
    ...(clusterIp === undefined ? {} : { cluster_ip: clusterIp }),
    ...(protocol === undefined ? {} : { protocol }),
  };
}

function exposureOf({ type, external_ip: externalIp }: ServiceSpec, overrides: unknown): readonly Exposure[] {
  const found: Exposure[] = [];
  const byType = SERVICE_TYPES.get(type ?? '');
  if (byType) found.push(byType);
  const inline = member(overrides, 'spec', 'externalIPs');
  if ((externalIp !== undefined && externalIp !== '') || (Array.isArray(inline) && inline.length > 0))
    found.push('external-ip');
  return found;
}
