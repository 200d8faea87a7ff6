import type { Alert } from '../alert/alert.ts';
import { ecsProcess } from '../alert/ecs.ts';
import { ecsThreat } from '../alert/threat.ts';
import type { Intent } from '../kubectl/intent.ts';
import type { AlertFormat } from './format.ts';
import { jsonText } from './json-text.ts';

/** One alert a line: the format that other programs are written against (docs/output-formats.md). */
export function ndjsonFormat(): AlertFormat {
  return { name: 'ndjson', begin: () => '', alert: (alert) => `${alertLine(alert)}\n`, end: () => '' };
}

/** `event.original` is the record's own text where that is JSON, so nothing of it is lost in between. */
export function alertLine(alert: Alert): string {
  const { place, shape } = alert.event;
  const threat = ecsThreat(alert.rules);
  const head = jsonText({
    id: alert.id,
    time: alert.time,
    severity: alert.severity,
    risk_score: alert.risk_score,
    title: alert.title,
    rules: alert.rules.map(({ id, title, level, tags, evidence, references, falsepositives }) => ({
      id,
      title,
      level,
      tags,
      evidence,
      references,
      falsepositives,
    })),
    kubectl: alert.kubectl === undefined ? undefined : kubectlObject(alert.kubectl),
    origin: alert.origin,
    correlation: alert.correlation,
    ...ecsProcess(alert.process),
    threat: Object.keys(threat).length === 0 ? undefined : threat,
    guide: alert.guide?.text,
  });
  const event = jsonText({ shape, file: place.file, line: place.line, byte: place.byte });
  return `${head.slice(0, -1)},"event":${event.slice(0, -1)},"original":${originalText(alert)}}}`;
}

export function originalText({ event: { original } }: Alert): string {
  return 'json' in original ? original.json : jsonText(original.text);
}

/** What is always there first, what only some commands have after it. */
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
