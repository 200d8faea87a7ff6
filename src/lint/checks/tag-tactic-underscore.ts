import type { DocumentCheck } from '../check.ts';
import { replaceScalar } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { scalarsAt } from '../lint-document.ts';

export const tagTacticUnderscore: DocumentCheck = {
  kind: 'document',
  code: 'tag-tactic-underscore',
  title: 'A tactic with an underscore, as Sigma 1 wrote them',
  severity: 'warning',
  section: 'Sigma 2.1, tags appendix, "attack"',
  examples: [
    {
      bad: exampleRule({ head: 'tags:\n  - «attack.lateral_movement»\n' }),
      good: exampleRule({ head: 'tags:\n  - attack.lateral-movement\n' }),
      fixed: exampleRule({ head: 'tags:\n  - attack.lateral-movement\n' }),
    },
  ],
  *check({ root, shared }) {
    for (const tag of scalarsAt(root, 'tags')) {
      if (!/^attack\.[a-z]+(_[a-z]+)+$/.test(tag.text)) continue;
      const fix = shared ? undefined : replaceScalar(tag, tag.text.replaceAll('_', '-'));
      yield { span: tag.span, message: 'the tactic has an underscore; expected a dash', ...(fix ? { fix } : {}) };
    }
  },
};
