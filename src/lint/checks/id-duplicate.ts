import type { FilesCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { textAt } from '../lint-document.ts';

const one = exampleRule({ head: 'id: 0e95725d-7320-415d-80f7-004da920fc11\n' });

export const idDuplicate: FilesCheck = {
  kind: 'files',
  code: 'id-duplicate',
  title: 'An id that two rules have',
  severity: 'error',
  section: 'Sigma 2.1, rules specification, "Identification"',
  examples: [
    {
      bad: `${one}---\n${exampleRule({ head: 'id: «0e95725d-7320-415d-80f7-004da920fc11»\n' }).replace('Example', 'Other')}`,
      good: one,
    },
  ],
  *check(documents) {
    const seen = new Map<string, string>();
    for (const { root, source } of documents) {
      const id = textAt(root, 'id');
      if (!id) continue;
      const key = id.text.toLowerCase();
      const before = seen.get(key);
      if (before !== undefined) yield { span: id.span, message: `a rule of ${before.slice(0, 200)} has this id` };
      else seen.set(key, source.name);
    }
  },
};
