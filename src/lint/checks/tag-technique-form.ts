import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { scalarsAt } from '../lint-document.ts';

export const tagTechniqueForm: DocumentCheck = {
  kind: 'document',
  code: 'tag-technique-form',
  title: 'A tag that looks like an ATT&CK technique and is none',
  severity: 'warning',
  section: 'Sigma 2.1, tags appendix, "attack"',
  examples: [
    {
      bad: exampleRule({ head: 'tags: [«attack.t109»]\n' }),
      good: exampleRule({ head: 'tags: [attack.t1090.001]\n' }),
    },
  ],
  *check({ root }) {
    for (const tag of scalarsAt(root, 'tags'))
      if (/^attack\.t\d/i.test(tag.text) && !/^attack\.t\d{4}(\.\d{3})?$/i.test(tag.text))
        yield { span: tag.span, message: 'expected a technique such as attack.t1090 or attack.t1090.001' };
  },
};
