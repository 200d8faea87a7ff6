import type { RuleNode } from '../../sigma/yaml-reader.ts';
import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { entryOf, textAt } from '../lint-document.ts';

const TYPES = ['correlation', 'derived', 'obsolete', 'merged', 'renamed', 'similar'];
const id = '0e95725d-7320-415d-80f7-004da920fc11';

export const relatedType: DocumentCheck = {
  kind: 'document',
  code: 'related-type',
  title: 'A relation that Sigma does not know, or of a rule to itself',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Identification"',
  examples: [
    {
      bad: exampleRule({ head: `related:\n  - id: ${id}\n    type: «child»\n` }),
      good: exampleRule({ head: `related:\n  - id: ${id}\n    type: derived\n` }),
    },
    {
      bad: exampleRule({ head: `id: ${id}\nrelated:\n  - id: «${id}»\n    type: derived\n` }),
      good: exampleRule({
        head: `id: ${id}\nrelated:\n  - id: 1e95725d-7320-415d-80f7-004da920fc11\n    type: similar\n`,
      }),
    },
  ],
  *check({ root }) {
    const own = textAt(root, 'id')?.text.toLowerCase();
    const related = entryOf(root, 'related')?.value;
    const items: readonly RuleNode[] = related?.kind === 'list' ? related.items : [];
    for (const item of items) {
      if (item.kind !== 'map') continue;
      const [to, type] = [textAt(item, 'id'), textAt(item, 'type')];
      if (type !== undefined && !TYPES.includes(type.text))
        yield { span: type.span, message: `expected one of ${TYPES.join(', ')}` };
      if (to !== undefined && to.text.toLowerCase() === own)
        yield { span: to.span, message: 'the rule is related to itself' };
    }
  },
};
