// The README of the example: the story, with each step's place in the files.
import type { Step } from './attack.ts';
import { iso } from './time.ts';
import { DROP, host } from './world.ts';

export interface Row extends Step {
  readonly file: string;
  readonly line: number;
}

const PRODUCTS = [
  ['elastic-defend.ndjson', 'ops-1', 'Elastic Defend, ECS'],
  ['crowdstrike-fdr.ndjson', 'build-1', 'CrowdStrike Falcon Data Replicator, raw'],
  ['sentinelone-cloud-funnel.ndjson.gz', 'dev-1', 'SentinelOne Cloud Funnel 2.0, raw, compressed'],
  ['auditd-audit.log', 'web-1', 'Linux auditd, raw records, forwarded by audisp-remote'],
  ['sysmon-linux-syslog.log', 'data-1', 'Sysmon for Linux, XML in syslog lines'],
  ['defender-event-hub.ndjson', 'admin-1', 'Microsoft Defender for Endpoint, Event Hub'],
] as const;

export function readme(rows: readonly Row[], files: ReadonlyMap<string, string>): string {
  const lines = (file: string): number => (files.get(file)?.split('\n').length ?? 1) - 1;
  const alerts = rows.filter(({ alert }) => alert !== undefined);
  return `# One night, seven steps

Six machines, each watched by another product, and the audit log of the cluster's API server, from 00:00 to 05:30 UTC on 2026-03-14.
Somebody comes in with a stolen key and reaches what the cluster keeps inside. Everything here is invented by
\`tools/make-example.ts\`, in the shape that each product documents; \`node tools/make-example.ts --check\` says whether these files are
what it makes.

\`\`\`console
$ npm start
\`\`\`

scans this folder. ${alerts.length} events must raise an alert: the rows below that name a severity. \`expected.json\` lists the same for programs. All
the rest – builds, an IDE, cron, people at their shells, and every command that only mentions the words – must stay silent.

## Files

| file | lines | machine | product |
|---|---|---|---|
${PRODUCTS.map(([file, name, product]) => `| \`${file}\` | ${lines(file)} | ${name}, ${host(name).role} | ${product} |`).join('\n')}
| \`kubernetes-audit.ndjson\` | ${lines('kubernetes-audit.ndjson')} | the API server, 10.20.0.5 | Kubernetes audit log, level Metadata |

## The story

1. **Access.** A stolen ssh key opens the jump host; from there the intruder moves on to the others. The web server falls to a
   request of its own.
2. **Forward a port.** \`kubectl port-forward\` makes the payments database a local port, then a port for the whole network.
3. **Proxy the API server.** A script in /var/tmp runs \`kubectl proxy\` for everybody who can reach the build host. No password is asked.
4. **Expose a workload.** \`kubectl expose\` gives an internal service a public address, and another a port on every node.
5. **Again, from everywhere.** From bash, from scripts in /tmp and /var/tmp, from a web shell with a renamed kubectl in /dev/shm.
6. **Use it.** psql, redis-cli and curl through the tunnels, \`kubectl get --raw\` through the API server.
7. **Take it out.** tar, curl and scp to ${DROP}.

| step | time | host | where | what happens | alert | ATT&CK |
|---|---|---|---|---|---|---|
${rows.map(tableRow).join('\n')}

Steps without a severity are no business of this rule pack; they are here because an analyst who follows an alert up meets them.
A severity in brackets is right too.

## What must stay silent, and why it is hard

- \`kubectl -n proxy get pods\`, \`kubectl describe pod expose\`, \`kubectl get pods -l app=proxy\`: the words are values.
- \`kubectl port-forward --help\`, \`kubectl help expose\`, \`kubectl expose … --dry-run=client\`: nothing is opened.
- \`grep 'kubectl port-forward'\`, \`git commit -m '… kubectl proxy …'\`, \`man kubectl-port-forward\`: other programs.
- A build step on \`build-1\` that forwards a port to test a deployment; Lens and skaffold on \`dev-1\`; the unit on \`admin-1\` that keeps
  \`kubectl proxy\` for a dashboard. All on loopback, to ordinary services, and started by what starts such things.

## In the audit log

The API server sees the other side: \`get pods/portforward\` with status 101 when a tunnel opens and again when it closes, \`create services\` with
\`fieldManager=kubectl-expose\`, the user agent \`.k/v1.35.2\` of the renamed kubectl at 03:08, and for what came through the proxy on \`build-1\` two
source addresses and the user agent of curl. The ordinary forwards of the build, Lens and skaffold are there too.
`;
}

function tableRow({ number, process, what, technique, alert, file, line }: Row): string {
  const [severity, ...others] = alert?.severities ?? [];
  const level = severity === undefined ? '–' : `**${severity}**${others.length > 0 ? ` (${others.join(', ')})` : ''}`;
  const command = process.args.join(' ').replaceAll('|', '\\|');
  return `| ${number ?? '–'} | ${iso(process.start, 0).slice(11, 19)} | ${process.host.name} | ${file}:${line} | ${what}: \`${command}\` | ${level} | ${technique} |`;
}
