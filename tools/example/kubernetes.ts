// The audit log of the Kubernetes API server: what the kubectl commands of all machines asked for, and the cluster's own noise.
import { Random } from './random.ts';
import { MINUTE, NIGHT_BEGINS, NIGHT_ENDS, SECOND, iso } from './time.ts';
import type { Micros } from './time.ts';
import { API_SERVER, CLUSTER_IDENTITY, baseName } from './world.ts';
import type { Activity, ApiRequest, Process } from './world.ts';

interface Entry {
  readonly time: Micros;
  readonly text: string;
}

interface Caller {
  readonly username: string;
  readonly groups: readonly string[];
  readonly sourceIPs: readonly string[];
  readonly userAgent: string;
}

export function kubernetesAudit(activities: readonly Activity[]): readonly string[] {
  const random = new Random('kubernetes');
  const entries: Entry[] = [];
  const ends = new Map<Process, Micros>();
  for (const activity of activities) {
    if (activity.kind === 'exit') ends.set(activity.process, activity.time);
  }
  const log = (time: Micros, caller: Caller, request: ApiRequest, ended?: Micros): void => {
    const auditID = random.uuid();
    const took = random.int(2, 40) * 1000;
    entries.push(
      entry(
        time,
        time + took,
        auditID,
        caller,
        request,
        request.longRunning === true ? 'ResponseStarted' : 'ResponseComplete',
      ),
    );
    if (request.longRunning === true && ended !== undefined)
      entries.push(entry(time, ended, auditID, caller, request, 'ResponseComplete'));
  };
  for (const { kind, time, process } of activities) {
    if (kind !== 'start') continue;
    let when = time + 120_000;
    for (const request of process.api ?? requestsOf(process)) {
      log(when, callerOf(process, request), request, ends.get(process));
      when += random.int(15, 60) * 1000;
    }
  }
  for (const { every, username, groups, ip, userAgent, request } of CONTROL_PLANE) {
    for (let time = NIGHT_BEGINS + random.int(0, every * MINUTE); time < NIGHT_ENDS; time += every * MINUTE) {
      log(time + random.int(0, SECOND), { username, groups, sourceIPs: [ip], userAgent }, request);
    }
  }
  return entries.sort((a, b) => a.time - b.time).map(({ text }) => text);
}

function callerOf(process: Process, request: ApiRequest): Caller {
  const username = request.username ?? CLUSTER_IDENTITY[process.user];
  const [, , namespace = ''] = username.split(':');
  return {
    username,
    groups: [
      ...(username.startsWith('system:serviceaccount:')
        ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
        : []),
      'system:authenticated',
    ],
    sourceIPs: request.sourceIPs ?? [process.host.ip],
    // client-go names itself after argv[0]: a renamed kubectl shows here.
    userAgent: request.userAgent ?? `${baseName(process.args[0] ?? '')}/v1.35.2 (linux/amd64) kubernetes/fdc9d74`,
  };
}

function entry(
  received: Micros,
  staged: Micros,
  auditID: string,
  caller: Caller,
  request: ApiRequest,
  stage: string,
): Entry {
  const { resource, namespace, name, group, subresource } = request;
  return {
    time: staged,
    text: JSON.stringify({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'Metadata',
      auditID,
      stage,
      requestURI: request.uri,
      verb: request.verb,
      user: { username: caller.username, groups: caller.groups },
      sourceIPs: caller.sourceIPs,
      userAgent: caller.userAgent,
      objectRef: { resource, namespace, name, apiGroup: group, apiVersion: 'v1', subresource },
      responseStatus: { metadata: {}, code: request.code },
      requestReceivedTimestamp: iso(received, 6),
      stageTimestamp: iso(staged, 6),
      annotations: {
        'authorization.k8s.io/decision': 'allow',
        'authorization.k8s.io/reason': `RBAC: allowed by ClusterRoleBinding "operators" of ClusterRole "operator" to User "${caller.username}"`,
      },
    }),
  };
}

/** What the commands of the example ask the API server for, in order. */
function requestsOf(process: Process): readonly ApiRequest[] {
  const [program = '', ...rest] = process.args;
  if (baseName(program) !== 'kubectl' && process.executable !== '/dev/shm/.k') return [];
  if (rest.some((word) => word.startsWith('--dry-run') || word === '--help')) return [];
  const { namespace, all, positional } = read(rest);
  const [verb = '', ...words] = positional;
  const object = (type: string, name: string | undefined, method = name === undefined ? 'list' : 'get'): ApiRequest => {
    const { resource, group } = resourceOf(type);
    const clusterWide = all || resource === 'nodes' || resource === 'namespaces';
    const base = group === '' ? '/api/v1' : `/apis/${group}/v1`;
    const uri = `${base}${clusterWide ? '' : `/namespaces/${namespace}`}/${resource}${name === undefined ? '?limit=500' : `/${name}`}`;
    return {
      verb: method,
      resource,
      uri,
      code: 200,
      ...(group === '' ? {} : { group }),
      ...(clusterWide ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    };
  };
  const [type = '', name] = (words[0] ?? '').includes('/') ? (words[0] ?? '').split('/') : words;
  switch (verb) {
    case 'get':
      return rest.includes('--raw') ? [raw(rest[rest.indexOf('--raw') + 1] ?? '')] : [object(type, name)];
    case 'describe':
    case 'rollout':
      return verb === 'rollout' ? [object('deployments', words[1]?.split('/')[1], 'watch')] : [object(type, name)];
    case 'delete':
      return [object(type, name, 'delete')];
    case 'apply':
      return [
        {
          ...object('deployments', 'web', 'patch'),
          uri: `/apis/apps/v1/namespaces/${namespace}/deployments/web?fieldManager=kubectl-client-side-apply`,
        },
      ];
    case 'logs':
      return [
        object('deployments', name ?? 'web'),
        {
          ...object('pods', 'web-6c9f7'),
          subresource: 'log',
          uri: `/api/v1/namespaces/${namespace}/pods/web-6c9f7/log`,
        },
      ];
    case 'auth':
      return [
        {
          verb: 'create',
          resource: 'selfsubjectrulesreviews',
          group: 'authorization.k8s.io',
          uri: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
          code: 201,
        },
      ];
    case 'port-forward':
      return portForward(object, type, name, namespace);
    case 'expose': {
      const service = rest.find((word) => word.startsWith('--name='))?.slice(7) ?? words[1] ?? '';
      const created = object('services', service, 'create');
      return [
        object(type, words[1]),
        { ...created, code: 201, uri: `/api/v1/namespaces/${namespace}/services?fieldManager=kubectl-expose` },
      ];
    }
    default:
      return [];
  }
}

/** Of deployments; a stateful set's first pod ends in `-0`. */
const PODS: Readonly<Record<string, string>> = {
  web: 'web-6c9f7',
  grafana: 'grafana-7d4b8',
  'reports-api': 'reports-api-58c6d',
};

/** A service is looked up, then its pods, then one of them is asked for the tunnel, over WebSocket: a GET. */
function portForward(
  object: (type: string, name: string | undefined) => ApiRequest,
  type: string,
  name: string | undefined,
  namespace: string,
): readonly ApiRequest[] {
  const pod = type === 'pod' ? (name ?? '') : (PODS[name ?? ''] ?? `${name ?? ''}-0`);
  const before = type === 'pod' ? [] : [object(type, name), object('pods', undefined)];
  const target = object('pods', pod);
  return [
    ...before,
    target,
    {
      ...target,
      subresource: 'portforward',
      uri: `/api/v1/namespaces/${namespace}/pods/${pod}/portforward`,
      code: 101,
      longRunning: true,
    },
  ];
}

function raw(uri: string): ApiRequest {
  const parts = uri.split('/');
  if (parts[3] !== 'namespaces') return { verb: 'get', resource: '', uri, code: 200 };
  return {
    verb: 'get',
    resource: parts[5] ?? '',
    subresource: parts[7] ?? '',
    namespace: parts[4] ?? '',
    name: parts[6] ?? '',
    uri,
    code: 200,
  };
}

const TAKE_A_VALUE: ReadonlySet<string> = new Set([
  '-n',
  '--namespace',
  '--context',
  '--kubeconfig',
  '--address',
  '-o',
  '-l',
  '-f',
  '--pod-running-timeout',
  '--raw',
]);

function read(words: readonly string[]): {
  readonly namespace: string;
  readonly all: boolean;
  readonly positional: readonly string[];
} {
  const positional: string[] = [];
  let namespace = 'default';
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (TAKE_A_VALUE.has(word)) {
      const value = words[++i] ?? '';
      if (word === '-n' || word === '--namespace') namespace = value;
    } else if (!word.startsWith('-')) {
      positional.push(word);
    }
  }
  return { namespace, all: words.includes('-A'), positional };
}

const KINDS: Readonly<Record<string, string>> = {
  svc: 'services',
  service: 'services',
  pod: 'pods',
  deploy: 'deployments',
  deployment: 'deployments',
  hpa: 'horizontalpodautoscalers',
  ingress: 'ingresses',
};
const GROUPS: Readonly<Record<string, string>> = {
  deployments: 'apps',
  ingresses: 'networking.k8s.io',
  horizontalpodautoscalers: 'autoscaling',
  servicemonitors: 'monitoring.coreos.com',
};

function resourceOf(type: string): { readonly resource: string; readonly group: string } {
  const resource = KINDS[type] ?? type;
  return { resource, group: GROUPS[resource] ?? '' };
}

/** What a quiet cluster says to itself. */
const CONTROL_PLANE: readonly {
  readonly every: number;
  readonly username: string;
  readonly groups: readonly string[];
  readonly ip: string;
  readonly userAgent: string;
  readonly request: ApiRequest;
}[] = [
  ...[1, 2, 3].map((node) => ({
    every: 7,
    username: `system:node:node-${node}`,
    groups: ['system:nodes', 'system:authenticated'],
    ip: `10.20.0.10${node}`,
    userAgent: 'kubelet/v1.34.3 (linux/amd64) kubernetes/31d0a2b',
    request: {
      verb: 'update',
      resource: 'leases',
      group: 'coordination.k8s.io',
      namespace: 'kube-node-lease',
      name: `node-${node}`,
      uri: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-${node}?timeout=10s`,
      code: 200,
    },
  })),
  {
    every: 5,
    username: 'system:kube-controller-manager',
    groups: ['system:authenticated'],
    ip: API_SERVER,
    userAgent: 'kube-controller-manager/v1.34.3 (linux/amd64) kubernetes/31d0a2b/leader-election',
    request: {
      verb: 'update',
      resource: 'leases',
      group: 'coordination.k8s.io',
      namespace: 'kube-system',
      name: 'kube-controller-manager',
      uri: '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager?timeout=5s',
      code: 200,
    },
  },
  {
    every: 9,
    username: 'system:serviceaccount:kube-system:coredns',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
    ip: '10.20.0.101',
    userAgent: 'coredns/v0.0.0 (linux/amd64) kubernetes/$Format',
    request: {
      verb: 'watch',
      resource: 'endpointslices',
      group: 'discovery.k8s.io',
      uri: '/apis/discovery.k8s.io/v1/endpointslices?allowWatchBookmarks=true&watch=true',
      code: 200,
    },
  },
  {
    every: 14,
    username: 'system:serviceaccount:monitoring:prometheus',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:monitoring', 'system:authenticated'],
    ip: '10.20.0.102',
    userAgent: 'prometheus/3.2.1',
    request: { verb: 'list', resource: 'pods', uri: '/api/v1/pods?limit=500', code: 200 },
  },
  {
    every: 25,
    username: 'system:kube-scheduler',
    groups: ['system:authenticated'],
    ip: API_SERVER,
    userAgent: 'kube-scheduler/v1.34.3 (linux/amd64) kubernetes/31d0a2b/scheduler',
    request: {
      verb: 'create',
      resource: 'events',
      group: 'events.k8s.io',
      namespace: 'shop',
      name: 'web-6c9f7.18a1',
      uri: '/apis/events.k8s.io/v1/namespaces/shop/events',
      code: 201,
    },
  },
];
