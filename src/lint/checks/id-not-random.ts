import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { textAt } from '../lint-document.ts';

export const idNotRandom: DocumentCheck = {
  kind: 'document',
  code: 'id-not-random',
  title: 'An id that is no random UUID (version 4)',
  severity: 'info',
  section: 'Sigma 2.1, rules specification, "Identification"',
  examples: [
    {
      bad: exampleRule({ head: 'id: «0e95725d-7320-115d-80f7-004da920fc11»\n' }),
      good: exampleRule({ head: 'id: 0e95725d-7320-415d-80f7-004da920fc11\n' }),
    },
  ],
  *check({ root }) {
    const id = textAt(root, 'id');
    if (id && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id.text) && id.text[14] !== '4')
      yield { span: id.span, message: `the id is a UUID of version ${id.text[14] ?? ''}; expected version 4` };
  },
};
