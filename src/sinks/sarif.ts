import type { Alert, Severity } from '../alert/alert.ts';
import type { AlertFormat, FormatContext, FormatRule } from './format.ts';
import { jsonText } from './json-text.ts';
import { kubectlObject } from './kubectl-object.ts';

const LEVEL: Readonly<Record<Severity, 'note' | 'warning' | 'error'>> = {
  informational: 'note',
  low: 'note',
  medium: 'warning',
  high: 'error',
  critical: 'error',
};
/** GitHub's `security-severity`, on CVSS's scale. */
const SECURITY: Readonly<Record<Severity, string>> = {
  informational: '0.0',
  low: '3.0',
  medium: '5.5',
  high: '8.0',
  critical: '9.5',
};

/** One SARIF 2.1.0 log, written as alerts come. https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
export function sarifFormat(): AlertFormat {
  let written = 0;
  return {
    name: 'sarif',
    begin(context: FormatContext) {
      written = 0;
      const driver = jsonText({
        name: 'Portreeve',
        version: context.version,
        rules: context.rules().map(descriptor),
      });
      return `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":${driver}},"columnKind":"utf16CodeUnits","results":[\n`;
    },
    alert: (alert, out) => out.text(`${written++ === 0 ? '' : ',\n'}${jsonText(result(alert))}`),
    end: () => '\n]}]}\n',
  };
}

function descriptor({ id, title, level, description, tags, references }: FormatRule): unknown {
  return {
    id,
    name: title,
    shortDescription: { text: title },
    fullDescription: { text: description ?? title },
    helpUri: references.find((reference) => reference.startsWith('https://')),
    defaultConfiguration: { level: LEVEL[level] },
    properties: { tags: ['security', ...tags], 'security-severity': SECURITY[level] },
  };
}

function result(alert: Alert): unknown {
  const [leading, ...others] = alert.rules;
  const { place, shape } = alert.event;
  return {
    ruleId: leading?.id,
    level: LEVEL[alert.severity],
    message: { text: alert.title, ...(alert.guide === undefined ? {} : { markdown: alert.guide.text }) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: fileUri(place.file) },
          region: { startLine: Math.max(1, place.line), byteOffset: place.byte },
        },
      },
    ],
    partialFingerprints: { 'portreeveAlertId/v1': alert.id },
    rank: alert.risk_score,
    properties: {
      severity: alert.severity,
      time: alert.time,
      shape,
      rules: [leading, ...others].flatMap((rule) =>
        rule === undefined ? [] : [{ id: rule.id, title: rule.title, level: rule.level, evidence: rule.evidence }],
      ),
      kubectl: alert.kubectl === undefined ? undefined : kubectlObject(alert.kubectl),
      origin: alert.origin,
    },
  };
}

/** A relative URI reference, as SARIF wants; an absolute path becomes a `file:` URI. */
function fileUri(path: string): string {
  const encoded = path
    .replaceAll('\\', '/')
    .split('/')
    .map((part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd')))
    .join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}
