import type { DocumentCheck } from '../check.ts';
import { removeItem } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { fieldItems } from '../lint-document.ts';

/** Names of fields and of placeholders have a case too. */
const CASED = /^(cased|re|base64|base64offset|fieldref|expand)$/;

/** Only letters of ASCII: beyond them lower case is not what values are compared by. */
function withoutCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export const valueDuplicate: DocumentCheck = {
  kind: 'document',
  code: 'value-duplicate',
  title: 'A value that stands twice in a list, or a second time in other case where case does not count',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Lists"',
  examples: [
    {
      bad: exampleRule({ detection: '  sel:\n    Image:\n      - abc\n      - «ABC»\n  condition: sel' }),
      good: exampleRule({ detection: '  sel:\n    Image|cased:\n      - abc\n      - ABC\n  condition: sel' }),
      fixed: exampleRule({ detection: '  sel:\n    Image:\n      - abc\n  condition: sel' }),
    },
    {
      bad: exampleRule({ detection: '  sel:\n    a|fieldref: [b, «b»]\n  condition: sel' }),
      good: exampleRule({ detection: '  sel:\n    a|fieldref: [b, B]\n  condition: sel' }),
      fixed: exampleRule({ detection: '  sel:\n    a|fieldref: [b]\n  condition: sel' }),
    },
    {
      bad: exampleRule({ detection: '  sel:\n    a: [é, «é»]\n  condition: sel' }),
      good: exampleRule({ detection: "  sel:\n    a: [İ, 'i\u0307']\n  condition: sel" }),
      fixed: exampleRule({ detection: '  sel:\n    a: [é]\n  condition: sel' }),
    },
  ],
  *check(document) {
    for (const { entry, modifiers } of fieldItems(document)) {
      const list = entry.value;
      if (list.kind !== 'list') continue;
      const isCased = modifiers.some((name) => CASED.test(name));
      const seen = new Set<string>();
      for (const [at, item] of list.items.entries()) {
        if (item.kind !== 'scalar') continue;
        const key = `${typeof item.value}:${isCased ? item.text : withoutCase(item.text)}`;
        if (seen.has(key)) {
          const fix = document.shared ? undefined : removeItem(list, at);
          yield { span: item.span, message: 'the value stands there before', ...(fix ? { fix } : {}) };
        }
        seen.add(key);
      }
    }
  },
};
