import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { usedNames } from '../lint-document.ts';

export const identifierUnused: DocumentCheck = {
  kind: 'document',
  code: 'identifier-unused',
  title: 'A search identifier that the condition does not use',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Condition"',
  examples: [
    {
      bad: exampleRule({ detection: '  sel:\n    a: b\n  «other»:\n    c: d\n  condition: sel' }),
      good: exampleRule({ detection: '  sel:\n    a: b\n  other:\n    c: d\n  condition: sel and not other' }),
    },
  ],
  *check({ rule }) {
    if (!rule) return;
    const used = usedNames(rule.condition);
    for (const { name, span } of rule.identifiers)
      if (!used.has(name)) yield { span, message: `the condition does not use ${name.slice(0, 80)}` };
  },
};
