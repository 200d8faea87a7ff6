import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { fieldItems, kubernetesAudit } from '../lint-document.ts';

const source = 'product: kubernetes\n  service: audit';
const ROOTS = new Set(
  'apiVersion kind level auditID stage requestURI verb user impersonatedUser sourceIPs userAgent objectRef responseStatus requestObject responseObject requestReceivedTimestamp stageTimestamp annotations authenticationMetadata metadata kubernetes event @timestamp'.split(
    ' ',
  ),
);

export const kubernetesUnknownField: DocumentCheck = {
  kind: 'document',
  code: 'kubernetes-unknown-field',
  title: 'A field that audit events do not have, so that nothing matches',
  severity: 'warning',
  section: 'Kubernetes, audit.k8s.io/v1, Event',
  examples: [
    {
      bad: exampleRule({ source, detection: '  sel:\n    «resource»: pods\n  condition: sel' }),
      good: exampleRule({ source, detection: '  sel:\n    objectRef.resource: pods\n  condition: sel' }),
    },
  ],
  *check(document) {
    if (!kubernetesAudit(document)) return;
    for (const { entry, field } of fieldItems(document)) {
      const [root = ''] = field.split(/[.[]/);
      if (field !== '' && !ROOTS.has(root))
        yield {
          span: entry.keySpan,
          message: `audit.k8s.io/v1 events have no field ${field.slice(0, 80)}`,
          help: 'objectRef.resource, objectRef.subresource, responseStatus.code and user.username are such fields',
        };
    }
  },
};
