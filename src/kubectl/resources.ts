/** Kinds by their names, plural and short, as `kubectl api-resources` lists them; OpenShift's beside. */
const KINDS: readonly (readonly [string, string])[] = [
  ['pod', 'pods po'],
  ['service', 'services svc'],
  ['deployment', 'deployments deploy'],
  ['replicaset', 'replicasets rs'],
  ['replicationcontroller', 'replicationcontrollers rc'],
  ['statefulset', 'statefulsets sts'],
  ['daemonset', 'daemonsets ds'],
  ['job', 'jobs'],
  ['cronjob', 'cronjobs cj'],
  ['node', 'nodes no'],
  ['namespace', 'namespaces ns'],
  ['endpoints', 'endpoint ep'],
  ['endpointslice', 'endpointslices'],
  ['ingress', 'ingresses ing'],
  ['ingressclass', 'ingressclasses'],
  ['networkpolicy', 'networkpolicies netpol'],
  ['configmap', 'configmaps cm'],
  ['secret', 'secrets'],
  ['serviceaccount', 'serviceaccounts sa'],
  ['gateway', 'gateways gtw'],
  ['gatewayclass', 'gatewayclasses gc'],
  ['httproute', 'httproutes'],
  ['grpcroute', 'grpcroutes'],
  ['tcproute', 'tcproutes'],
  ['tlsroute', 'tlsroutes'],
  ['udproute', 'udproutes'],
  ['deploymentconfig', 'deploymentconfigs dc'],
  ['route', 'routes'],
  ['virtualservice', 'virtualservices vs'],
  ['destinationrule', 'destinationrules dr'],
  ['ciliumnetworkpolicy', 'ciliumnetworkpolicies cnp ccnp'],
];

const BY_NAME = new Map(
  KINDS.flatMap(([kind, names]) => [kind, ...names.split(' ')].map((name) => [name, kind] as const)),
);

/** `svc`, `Services`, `deployments.apps` → the kind in the singular, lower case. An unknown name is itself, lower case. */
export function kindOf(name: string): string {
  const plain = beforeDot(name.toLowerCase());
  return BY_NAME.get(plain) ?? plain;
}

export function isKnownKind(name: string): boolean {
  return BY_NAME.has(beforeDot(name.toLowerCase()));
}

function beforeDot(name: string): string {
  const dot = name.indexOf('.');
  return dot === -1 ? name : name.slice(0, dot);
}

/** `TYPE/NAME`, or `TYPE NAME` as two words. */
export function objectOf(
  positionals: readonly string[],
): { readonly kind: string; readonly name: string | null } | undefined {
  const [first, second] = positionals;
  if (first === undefined || first === '') return undefined;
  const slash = first.indexOf('/');
  if (slash !== -1) return { kind: kindOf(first.slice(0, slash)), name: first.slice(slash + 1) };
  return { kind: kindOf(first.split(',')[0] ?? first), name: second ?? null };
}
