import type { FilesCheck } from '../check.ts';
import { exampleCorrelation, exampleRule } from '../example.ts';
import { mapAt, scalarsAt, textAt } from '../lint-document.ts';

const body = (name: string): string => `  type: temporal\n  rules: [${name}]\n  timespan: 1m`;
const base = exampleRule({ head: 'name: base\n' }).replace('Example', 'Base');

export const correlationReference: FilesCheck = {
  kind: 'files',
  code: 'correlation-reference',
  title: 'A correlation or filter that names a rule which is not there',
  severity: 'error',
  section: 'Sigma 2.1, correlation rules, "Related rules"',
  examples: [
    {
      bad: `${base}---\n${exampleCorrelation(body('«bass»'))}`,
      good: `${base}---\n${exampleCorrelation(body('base'))}`,
    },
  ],
  *check(documents) {
    const known = new Set<string>();
    for (const { root } of documents)
      for (const key of ['id', 'name']) known.add(textAt(root, key)?.text.toLowerCase() ?? '');
    for (const { root } of documents) {
      const map = mapAt(root, 'correlation') ?? mapAt(root, 'filter');
      for (const one of map ? scalarsAt(map, 'rules') : [])
        if (!known.has(one.text.toLowerCase()) && one.text !== 'any')
          yield { span: one.span, message: 'no rule that is checked with it has this id or name' };
    }
  },
};
