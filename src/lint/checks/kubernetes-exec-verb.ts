import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { fieldItems, kubernetesAudit } from '../lint-document.ts';

const source = 'product: kubernetes\n  service: audit';
const body = (verb: string): string =>
  `  sel:\n    verb: ${verb}\n    objectRef.resource: pods\n    objectRef.subresource: exec\n  condition: sel`;

export const kubernetesExecVerb: DocumentCheck = {
  kind: 'document',
  code: 'kubernetes-exec-verb',
  title: 'create alone for exec, attach or portforward: over WebSocket, which kubectl uses by default, the verb is get',
  severity: 'warning',
  section: 'Kubernetes, "Transition from SPDY to WebSockets" (KEP-4006)',
  examples: [
    {
      bad: exampleRule({ source, detection: body('«create»') }),
      good: exampleRule({ source, detection: body('[create, get]') }),
    },
  ],
  *check(document) {
    if (!kubernetesAudit(document)) return;
    const items = fieldItems(document);
    const isStream = items.some(
      ({ field, values }) =>
        field === 'objectRef.subresource' && values.some(({ text }) => /^(exec|attach|portforward)$/.test(text)),
    );
    const [verb, ...others] = items.filter(({ field }) => field === 'verb');
    const [value, ...more] = verb?.values ?? [];
    if (isStream && others.length === 0 && value?.text === 'create' && more.length === 0)
      yield {
        span: value.span,
        message: 'most exec and port-forward requests have the verb get',
        help: 'expect both: [create, get]',
      };
  },
};
