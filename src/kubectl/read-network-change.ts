import { flagTable, isSet, last } from './flags.ts';
import type { FlagSpec, ParsedFlags } from './flags.ts';
import type { Exposure, Operation } from './intent.ts';
import { member, parseInline, textMember } from './overrides.ts';
import { kindOf, objectOf } from './resources.ts';
import { SERVICE_TYPES } from './read-expose.ts';
import { tunnelProgram } from './tunnel-programs.ts';
import { dryRunOf, failing, NOTHING } from './verb-reading.ts';
import type { VerbReading } from './verb-reading.ts';

/** Flags that many verbs share (kubectl `pkg/cmd/util`, cli-runtime printers). */
const common: readonly FlagSpec[] = [
  ...flagTable(
    'value',
    'output/o template field-manager kustomize/k field-selector selector/l type overrides override-type',
  ),
  ...flagTable('list', 'filename/f'),
  ...flagTable(
    'bool',
    `recursive/R save-config record allow-missing-template-keys show-managed-fields all all-namespaces/A overwrite local list
     ignore-not-found now force wait show-labels no-headers server-side force-conflicts edit windows-line-endings output-patch`,
  ),
  ...flagTable('optional', 'dry-run', 'unchanged'),
  ...flagTable('optional', 'validate', 'true'),
  ...flagTable('optional', 'cascade', 'background'),
];

const FLAGS = {
  create: flagTable('array', 'tcp rule annotation external-ip from-literal from-file from-env-file').concat(
    flagTable(
      'value',
      'node-port clusterip external-name class default-backend image port replicas raw service hostname path cert key ca-cert dest-ca-cert insecure-policy wildcard-policy schedule',
    ),
  ),
  patch: flagTable('value', 'patch/p patch-file subresource'),
  delete: flagTable('value', 'grace-period timeout raw'),
  replace: flagTable('value', 'grace-period timeout raw subresource'),
  get: flagTable('value', 'raw sort-by label-columns/L chunk-size subresource').concat(
    flagTable('bool', 'watch/w watch-only output-watch-events server-print'),
  ),
  run: flagTable('array', 'env annotations').concat(
    flagTable('value', 'image port labels/l restart image-pull-policy pod-running-timeout grace-period timeout'),
    flagTable('bool', 'expose rm stdin/i tty/t quiet/q command attach leave-stdin-open privileged'),
  ),
  debug: flagTable('value', 'image container/c copy-to target profile custom image-pull-policy').concat(
    flagTable('array', 'env'),
    flagTable(
      'bool',
      'stdin/i tty/t quiet/q attach replace same-node share-processes arguments-only keep-labels keep-annotations keep-liveness keep-readiness keep-startup keep-init-containers',
    ),
  ),
  exec: flagTable('value', 'container/c pod-running-timeout').concat(flagTable('bool', 'stdin/i tty/t quiet/q')),
  apply: flagTable(
    'value',
    'prune-whitelist prune-allowlist applyset subresource openapi-patch timeout grace-period',
  ).concat(flagTable('bool', 'prune')),
} as const;

const BY_VERB: ReadonlyMap<string, readonly FlagSpec[]> = new Map(
  Object.entries(FLAGS).map(([verb, own]) => [verb, [...own, ...common]]),
);

export function networkFlags(verb: string): readonly FlagSpec[] {
  return BY_VERB.get(verb) ?? common;
}

const CHANGES: ReadonlyMap<string, { readonly change: Operation; readonly remove: Operation }> = new Map(
  (
    [
      ['service', 'change-service', 'delete-service'],
      ['ingress', 'change-ingress', 'delete-ingress'],
      ['ingressclass', 'change-ingress', 'delete-ingress'],
      ['networkpolicy', 'change-networkpolicy', 'delete-networkpolicy'],
      ['ciliumnetworkpolicy', 'change-networkpolicy', 'delete-networkpolicy'],
      ['endpoints', 'change-endpoints', 'delete-endpoints'],
      ['endpointslice', 'change-endpoints', 'delete-endpoints'],
      ['httproute', 'change-httproute', 'delete-httproute'],
      ['grpcroute', 'change-httproute', 'delete-httproute'],
      ['tcproute', 'change-httproute', 'delete-httproute'],
      ['tlsroute', 'change-httproute', 'delete-httproute'],
      ['udproute', 'change-httproute', 'delete-httproute'],
      ['route', 'change-httproute', 'delete-httproute'],
      ['virtualservice', 'change-httproute', 'delete-httproute'],
      ['gateway', 'change-gateway', 'delete-gateway'],
      ['gatewayclass', 'change-gateway', 'delete-gateway'],
    ] as const
  ).map(([kind, change, remove]) => [kind, { change, remove }]),
);

/** Verbs that change an object named on the command line. */
const EDITING = new Set(['edit', 'patch', 'label', 'annotate', 'replace', 'apply']);

/** Reads the verbs beside port-forward, proxy and expose that change what can be reached. */
export function readNetworkChange(verb: string, flags: ParsedFlags): VerbReading {
  const dryRun = dryRunOf(flags);
  if (dryRun === undefined)
    return failing(`--dry-run ${JSON.stringify(last(flags, 'dry-run'))} is none of none, client, server`);
  const reading = change(verb, flags);
  return dryRun === 'none' || reading.action === 'none' ? reading : { ...reading, action: 'none', dryRun };
}

function change(verb: string, flags: ParsedFlags): VerbReading {
  const raw = last(flags, 'raw');
  if (raw !== undefined) return rawRequest(raw);
  switch (verb) {
    case 'create':
      return create(flags);
    case 'run':
      return run(flags);
    case 'debug':
      return debug(flags);
    case 'exec':
    case 'attach':
      return exec(flags);
    case 'set':
      return set(flags);
    case 'delete':
      return onObject(flags.positionals, 'remove');
    default:
      return EDITING.has(verb) ? onObject(flags.positionals, 'change', flags) : NOTHING;
  }
}

function onObject(positionals: readonly string[], what: 'change' | 'remove', flags?: ParsedFlags): VerbReading {
  const object = objectOf(positionals);
  const operation = object === undefined ? undefined : CHANGES.get(object.kind)?.[what];
  if (object === undefined || operation === undefined) return NOTHING;
  const patch = flags === undefined ? undefined : last(flags, 'patch');
  return {
    action: 'other-network-change',
    operation,
    target: object.name === null ? null : `${object.kind}/${object.name}`,
    exposure: object.kind === 'service' ? patchExposure(patch) : [],
  };
}

/** What a merge patch, or a JSON patch, makes reachable. */
function patchExposure(patch: string | undefined): readonly Exposure[] {
  const document = parseInline(patch);
  const found = new Set<Exposure>();
  const addType = (type: unknown): void => {
    const exposure = typeof type === 'string' ? SERVICE_TYPES.get(type) : undefined;
    if (exposure) found.add(exposure);
  };
  if (Array.isArray(document)) {
    for (const step of document.slice(0, 1000)) {
      if (textMember(step, 'op') === 'remove') continue;
      const path = textMember(step, 'path') ?? '';
      if (path === '/spec/type') addType(member(step, 'value'));
      if (path.startsWith('/spec/externalIPs')) found.add('external-ip');
    }
    return [...found];
  }
  addType(member(document, 'spec', 'type'));
  const ips = member(document, 'spec', 'externalIPs');
  if (Array.isArray(ips) && ips.length > 0) found.add('external-ip');
  // A patch in YAML is not parsed as JSON; its words tell enough.
  if (document === undefined && patch !== undefined) {
    addType(/(?:^|[\s{,"'])type["']?\s{0,4}:\s{0,4}["']?(NodePort|LoadBalancer)\b/.exec(patch.slice(0, 10_000))?.[1]);
  }
  return [...found];
}

function create(flags: ParsedFlags): VerbReading {
  const [what = '', ...rest] = flags.positionals;
  const kind = what.toLowerCase();
  if (kind === 'service' || kind === 'svc') {
    const [type = '', name] = rest;
    const types: Record<string, Exposure | null> = {
      clusterip: null,
      nodeport: 'nodeport',
      loadbalancer: 'loadbalancer',
      externalname: null,
    };
    if (!Object.hasOwn(types, type))
      return failing(
        `create service ${JSON.stringify(type)}: expected clusterip, nodeport, loadbalancer or externalname`,
      );
    if (name === undefined) return failing('create service needs a name');
    const exposure = types[type];
    return {
      action: 'other-network-change',
      operation: 'create-service',
      target: `service/${name}`,
      exposure: exposure ? [exposure] : [],
    };
  }
  if (kind === 'ingress' || kind === 'ing') {
    const [name] = rest;
    if (name === undefined) return failing('create ingress needs a name');
    return {
      action: 'other-network-change',
      operation: 'create-ingress',
      target: `ingress/${name}`,
      exposure: ['ingress'],
    };
  }
  if (kind === 'route') {
    const [, name] = rest;
    const service = last(flags, 'service');
    return {
      action: 'other-network-change',
      operation: 'create-route',
      target: name === undefined ? (service === undefined ? null : `service/${service}`) : `route/${name}`,
      exposure: ['route'],
    };
  }
  return NOTHING;
}

function run(flags: ParsedFlags): VerbReading {
  const [name] = flags.positionals;
  if (name === undefined) return failing('run needs a name');
  const overrides = parseInline(last(flags, 'overrides'));
  if (member(overrides, 'spec', 'hostNetwork') === true) {
    return { action: 'other-network-change', operation: 'host-network-pod', target: `pod/${name}` };
  }
  if (isSet(flags, 'expose')) {
    if (last(flags, 'port') === undefined) return failing('run --expose needs --port');
    return { action: 'other-network-change', operation: 'expose-pod', target: `pod/${name}` };
  }
  return NOTHING;
}

/** A debug pod on a node shares the node's network. */
function debug(flags: ParsedFlags): VerbReading {
  const object = objectOf(flags.positionals.slice(0, flags.dashAt ?? undefined));
  if (object?.kind === 'node' && object.name !== null) {
    return { action: 'other-network-change', operation: 'host-network-pod', target: `node/${object.name}` };
  }
  return NOTHING;
}

/** A program inside the pod that carries bytes elsewhere makes `exec` a tunnel. */
function exec(flags: ParsedFlags): VerbReading {
  const dash = flags.dashAt ?? 1;
  const [pod] = flags.positionals;
  const program = tunnelProgram(flags.positionals.slice(dash));
  if (pod === undefined || program === undefined) return NOTHING;
  const [kind, name] = pod.includes('/') ? pod.split('/') : ['pod', pod];
  return {
    action: 'other-network-change',
    operation: 'exec-tunnel',
    target: `${kindOf(kind ?? 'pod')}/${name ?? ''}`,
    notes: [],
  };
}

function set(flags: ParsedFlags): VerbReading {
  const [what, ...rest] = flags.positionals;
  if (what !== 'selector') return NOTHING;
  return onObject(rest, 'change');
}

/** A path through the API server's proxy reaches a service, a pod or a kubelet without a listener. */
function rawRequest(path: string): VerbReading {
  const [, rest = ''] = /^\/api\/v1\/(.{0,1000})$/s.exec(path) ?? [];
  const parts = rest.split(/[/?]/);
  if (parts[0] === 'nodes' && parts[2] === 'proxy') return proxied('node', parts[1]);
  if (parts[0] === 'namespaces' && parts[4] === 'proxy') {
    if (parts[2] === 'services') return proxied('service', parts[3]);
    if (parts[2] === 'pods') return proxied('pod', parts[3]);
  }
  return NOTHING;
}

/** `NAME:PORT` and `https:NAME:PORT` name the object between. */
function proxied(kind: string, text = ''): VerbReading {
  const [first = '', second] = text.split(':');
  const name = second !== undefined && (first === 'https' || first === 'http') ? second : first;
  return { action: 'other-network-change', operation: 'apiserver-proxy', target: `${kind}/${name}` };
}
