import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { kubernetesAudit, requiredTogether } from '../lint-document.ts';

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
    {
      bad: exampleRule({
        source,
        detection:
          '  a:\n    verb: «create»\n  b:\n    objectRef.subresource: [exec, attach]\n  condition: all of them',
      }),
      good: exampleRule({
        source,
        detection: '  a:\n    verb: create\n  b:\n    objectRef.subresource: exec\n  condition: a and not b',
      }),
    },
    {
      bad: exampleRule({ source, detection: `${body('«create»')} or other\n  other:\n    verb: get` }),
      good: exampleRule({
        source,
        detection: '  a:\n    - verb: create\n    - objectRef.subresource: exec\n  condition: a',
      }),
    },
  ],
  *check(document) {
    if (!kubernetesAudit(document)) return;
    for (const items of document.rule ? requiredTogether(document, document.rule.condition) : []) {
      const isStream = items.some(
        ({ field, values }) =>
          field === 'objectRef.subresource' && values.some(({ text }) => /^(exec|attach|portforward)$/i.test(text)),
      );
      const [verb, ...others] = items.filter(({ field }) => field === 'verb');
      const [value, ...more] = verb?.values ?? [];
      if (!isStream || others.length > 0 || value?.text.toLowerCase() !== 'create' || more.length > 0) continue;
      if (verb?.modifiers.includes('neq')) continue;
      yield {
        span: value.span,
        message: 'most exec and port-forward requests have the verb get',
        help: 'expect both: [create, get]',
      };
    }
  },
};
