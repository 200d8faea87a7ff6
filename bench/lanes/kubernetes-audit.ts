// The API server's audit log: nodes and controllers all the time, people now and then.
import { iso } from '../../tools/example/time.ts';
import type { Lane, LaneEvent, Part } from './lane.ts';
import type { Values } from './values.ts';

interface Caller {
  readonly username: string;
  readonly groups: readonly string[];
  readonly ip: string;
  readonly agent: string;
}

interface Target {
  readonly resource: string;
  readonly group?: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource?: string;
}

type Ordinary = readonly [resource: string, group: string, verb: string];

/** Resource, its API group, and what is done to it day by day. */
const ORDINARY: readonly [Ordinary, ...Ordinary[]] = [
  ['leases', 'coordination.k8s.io', 'update'],
  ['leases', 'coordination.k8s.io', 'get'],
  ['pods', '', 'list'],
  ['nodes', '', 'patch'],
  ['configmaps', '', 'watch'],
  ['endpointslices', 'discovery.k8s.io', 'watch'],
  ['deployments', 'apps', 'get'],
  ['replicasets', 'apps', 'update'],
];

export const kubernetesAudit: Lane = {
  name: 'kubernetes-audit',
  title: 'Kubernetes audit',
  shape: 'kubernetes-audit',
  writer(values) {
    const { random } = values;
    const caller = values.pool(120, () => component(values));
    const person = values.pool(20, () => operator(values));
    const target = values.pool(400, (): [Target, string] => {
      const [resource, group, verb] = random.pick(ORDINARY);
      return [
        { resource, ...(group === '' ? {} : { group }), namespace: `team-${values.word()}`, name: values.word() },
        verb,
      ];
    });
    const pod = (subresource?: string): Target => ({
      resource: 'pods',
      namespace: `team-${values.word()}`,
      name: `web-${values.word()}`,
      ...(subresource === undefined ? {} : { subresource }),
    });
    const near = values.pool(20, () => pod());
    const hit = values.pool(10, () => pod('portforward'));
    return (part: Part): LaneEvent => {
      values.begin();
      if (part === 'hit')
        return {
          record: event(values, person(), hit(), 'create', 101),
          startsProcess: false,
          rule: 'Port forwarded to a pod',
        };
      const [of, verb] = part === 'near' ? [near(), 'get'] : target();
      return { record: event(values, part === 'near' ? person() : caller(), of, verb, 200), startsProcess: false };
    };
  },
};

function component(values: Values): Caller {
  const word = values.word();
  const ip = values.ip();
  if (values.random.chance(0.5))
    return {
      username: `system:node:node-${word}`,
      groups: ['system:nodes', 'system:authenticated'],
      ip,
      agent: 'kubelet/v1.34.3 (linux/amd64) kubernetes/31d0a2b',
    };
  return {
    username: `system:serviceaccount:team-${word}:controller-${word}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:team-${word}`, 'system:authenticated'],
    ip,
    agent: `controller-${word}/v1.12.0 (linux/amd64) kubernetes/$Format`,
  };
}

function operator(values: Values): Caller {
  return {
    username: `operator-${values.word()}@example.com`,
    groups: ['operators', 'system:authenticated'],
    ip: values.ip(),
    agent: 'kubectl/v1.35.2 (linux/amd64) kubernetes/fdc9d74',
  };
}

function event(values: Values, caller: Caller, target: Target, verb: string, code: number): object {
  const { resource, group, namespace, name, subresource } = target;
  const base = group === undefined ? '/api/v1' : `/apis/${group}/v1`;
  const username = values.account(caller.username);
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: values.random.uuid(),
    stage: code === 101 ? 'ResponseStarted' : 'ResponseComplete',
    requestURI: `${base}/namespaces/${namespace}/${resource}/${name}${subresource === undefined ? '' : `/${subresource}`}`,
    verb,
    user: {
      username,
      groups: caller.groups,
      extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${values.random.hex(64)}`] },
    },
    sourceIPs: [caller.ip],
    userAgent: caller.agent,
    objectRef: {
      resource,
      namespace,
      name,
      ...(group === undefined ? {} : { apiGroup: group }),
      apiVersion: 'v1',
      resourceVersion: String(values.serial()),
      ...(subresource === undefined ? {} : { subresource }),
    },
    responseStatus: { metadata: {}, code },
    requestReceivedTimestamp: iso(values.time, 6),
    stageTimestamp: iso(values.time + 4_000, 6),
    annotations: {
      'authorization.k8s.io/decision': 'allow',
      'authorization.k8s.io/reason': `RBAC: allowed by ClusterRoleBinding "members" of ClusterRole "member" to User "${username}"`,
    },
  };
}
