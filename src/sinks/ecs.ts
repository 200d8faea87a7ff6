import type { Alert, Severity } from '../alert/alert.ts';
import { ecsProcess } from '../alert/ecs.ts';
import { ecsThreat } from '../alert/threat.ts';
import type { AlertFormat } from './format.ts';
import { jsonText } from './json-text.ts';
import { kubectlObject } from './kubectl-object.ts';

/** `event.severity`: the numbers that Elastic's detection rules use. */
const SEVERITY: Readonly<Record<Severity, number>> = { informational: 0, low: 21, medium: 47, high: 73, critical: 99 };

/** One ECS 8.17 document a line; what ECS has no field for stands under `portreeve`. */
export function ecsFormat(): AlertFormat {
  return { name: 'ecs', begin: () => '', alert: (alert, out) => out.text(`${document(alert)}\n`), end: () => '' };
}

function document(alert: Alert): string {
  const { original, shape, place } = alert.event;
  const threat = ecsThreat(alert.rules);
  const [leading] = alert.rules;
  const hosts = alert.process?.host?.name;
  const user = alert.process?.user?.name;
  return jsonText({
    '@timestamp': alert.time ?? undefined,
    ecs: { version: '8.17.0' },
    message: alert.title,
    event: {
      kind: 'alert',
      module: 'portreeve',
      dataset: 'portreeve.alert',
      id: alert.id,
      category: alert.process === undefined ? ['intrusion_detection'] : ['intrusion_detection', 'process'],
      type: ['info'],
      action: alert.kubectl?.verb ?? alert.kubectl?.action,
      severity: SEVERITY[alert.severity],
      risk_score: alert.risk_score,
      original: 'json' in original ? original.json : original.text,
    },
    rule:
      leading === undefined
        ? undefined
        : { id: leading.id, name: leading.title, description: leading.description, reference: leading.references?.[0] },
    ...ecsProcess(alert.process),
    threat: Object.keys(threat).length === 0 ? undefined : threat,
    related: { hosts: hosts === undefined ? undefined : [hosts], user: user === undefined ? undefined : [user] },
    log: { file: { path: place.file }, offset: place.byte },
    tags: ['portreeve', alert.severity],
    portreeve: {
      severity: alert.severity,
      shape,
      line: place.line,
      rules: alert.rules.map(({ id, title, level, evidence }) => ({ id, title, level, evidence })),
      kubectl: alert.kubectl === undefined ? undefined : kubectlObject(alert.kubectl),
      origin: alert.origin,
      correlation: alert.correlation,
      guide: alert.guide?.text,
    },
  });
}
