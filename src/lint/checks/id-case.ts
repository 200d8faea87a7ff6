import type { DocumentCheck } from '../check.ts';
import { replaceScalar } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { textAt } from '../lint-document.ts';

export const idCase: DocumentCheck = {
  kind: 'document',
  code: 'id-case',
  title: 'An id with capital letters',
  severity: 'info',
  section: 'RFC 9562, section 4: UUIDs are written in lower case',
  examples: [
    {
      bad: exampleRule({ head: 'id: «0E95725D-7320-415D-80F7-004DA920FC11»\n' }),
      good: exampleRule({ head: 'id: 0e95725d-7320-415d-80f7-004da920fc11\n' }),
      fixed: exampleRule({ head: "id: '0e95725d-7320-415d-80f7-004da920fc11'\n" }),
    },
  ],
  *check({ root, shared }) {
    const id = textAt(root, 'id');
    if (!id || !/^[0-9a-f-]{36}$/i.test(id.text) || id.text === id.text.toLowerCase()) return;
    const fix = shared ? undefined : replaceScalar(id, id.text.toLowerCase());
    yield { span: id.span, message: 'the id has capital letters', ...(fix ? { fix } : {}) };
  },
};
