import { printable } from '../base/print-diagnostic.ts';
import type { Exposure, Intent, Sensitivity } from './intent.ts';

const EXPOSURES: Readonly<Record<Exposure, string>> = {
  'bind-non-loopback': 'it listens beyond loopback: other hosts can connect',
  'accept-hosts-wildcard': 'any Host header is accepted',
  'filter-disabled': 'all request filters are off',
  'reject-paths-relaxed': 'exec and attach through the proxy are no longer blocked',
  nodeport: 'a port on every node',
  loadbalancer: 'a load balancer of the cloud, often with a public address',
  'external-ip': 'traffic to an external IP is taken',
  route: 'a public host name (Route)',
  ingress: 'a route from outside the cluster (Ingress)',
};

const SENSITIVITIES: Readonly<Record<Sensitivity, string>> = {
  namespace: 'a namespace of the control plane',
  'control-plane': 'the control plane',
  'secret-store': 'a secret store',
  'data-store': 'a data store',
};

/** What a command does, in a few aligned lines for a person. Safe for a terminal. */
export function explainIntent(intent: Intent): string {
  const rows: (readonly [string, string])[] = [['does', summary(intent)]];
  const add = (name: string, value: string | null | undefined): void => {
    if (value !== null && value !== undefined && value !== '') rows.push([name, value]);
  };
  add('target', intent.target);
  add('namespace', intent.namespace);
  add('ports', intent.ports.map(portText).join(', '));
  add(
    'listens',
    intent.listen
      .map((one) => ('unix' in one ? one.unix : `${one.address || 'every interface'}:${one.port ?? '(named port)'}`))
      .join(', '),
  );
  if (intent.service)
    add(
      'service',
      Object.entries(intent.service)
        .map(([key, value]) => `${key} ${value}`)
        .join(', '),
    );
  for (const exposure of intent.exposure) add('reachable', EXPOSURES[exposure]);
  for (const sensitive of intent.sensitive) add('sensitive', SENSITIVITIES[sensitive]);
  add('context', intent.context);
  add('cluster', intent.cluster);
  add('acts as', identityText(intent));
  add('through', intent.wrappers.join(' > '));
  if (intent.remote) add('runs', 'on another host, or inside a pod');
  add('serves', intent.serves_files);
  add('plugin', intent.plugin);
  if (intent.kuberc)
    add(
      'kuberc',
      [
        intent.kuberc.file,
        intent.kuberc.alias && `alias ${intent.kuberc.alias}`,
        intent.kuberc.defaults ? 'defaults applied' : null,
      ]
        .filter(Boolean)
        .join(', '),
    );
  add(
    'program',
    `${intent.binary.kind}${intent.binary.name === null ? '' : ` (${intent.binary.name})`}${intent.binary.evidence.length > 0 ? `: ${intent.binary.evidence.join('; ')}` : ''}`,
  );
  add('fails', intent.error);
  for (const note of intent.not_understood) add('unclear', note);
  add('confidence', intent.confidence);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`).join('\n');
}

/** One line that says what happens. */
export function summary(intent: Intent): string {
  switch (intent.action) {
    case 'port-forward':
      return `opens a tunnel from this machine to ${intent.target ?? 'a pod'}`;
    case 'proxy':
      return 'opens the API server to callers without authentication, with the identity of whoever started it';
    case 'expose':
      return `creates a ${intent.service?.type === 'Route' ? 'Route' : `Service (${intent.service?.type ?? 'ClusterIP'})`} for ${intent.target ?? 'what a file names'}`;
    case 'other-network-change':
      return `changes what can be reached: ${intent.operation ?? 'unknown'}`;
    case 'none':
      if (intent.error !== null) return 'nothing: the command fails before it does anything';
      if (intent.help) return 'nothing: prints help';
      if (intent.dry_run !== 'none') return `nothing: a dry run (${intent.dry_run})`;
      return intent.binary.kind === 'other' ? 'nothing: this is not kubectl' : 'nothing to the network';
  }
}

function portText(port: Intent['ports'][number]): string {
  if ('remote' in port) return `${port.local === 0 ? 'random' : (port.local ?? 'as named')} -> ${port.remote}`;
  return port.target === null
    ? String(port.port ?? 'of the object')
    : `${port.port ?? 'of the object'} -> ${port.target}`;
}

function identityText({ identity }: Intent): string {
  return Object.entries(identity)
    .map(
      ([key, value]) =>
        `${key.replaceAll('_', ' ')} ${value === true ? 'given' : Array.isArray(value) ? value.join(',') : String(value)}`,
    )
    .join(', ');
}
