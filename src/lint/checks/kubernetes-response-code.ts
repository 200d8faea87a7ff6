import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { fieldItems, kubernetesAudit } from '../lint-document.ts';

const source = 'product: kubernetes\n  service: audit';

export const kubernetesResponseCode: DocumentCheck = {
  kind: 'document',
  code: 'kubernetes-response-code',
  title: 'A response code that is no number: audit events have 200 or 403, so this never matches',
  severity: 'warning',
  section: 'Kubernetes, audit.k8s.io/v1, Event.responseStatus',
  examples: [
    {
      bad: exampleRule({ source, detection: '  sel:\n    responseStatus.code: «ALLOW»\n  condition: sel' }),
      good: exampleRule({ source, detection: '  sel:\n    responseStatus.code: 403\n  condition: sel' }),
    },
  ],
  *check(document) {
    if (!kubernetesAudit(document)) return;
    for (const { field, modifiers, values } of fieldItems(document)) {
      if (field !== 'responseStatus.code' || modifiers.includes('exists')) continue;
      for (const value of values)
        if (!/^[\d*?]+$/.test(value.text) && !modifiers.includes('re'))
          yield { span: value.span, message: 'expected an HTTP status such as 200 or 403' };
    }
  },
};
