import type { DocumentCheck } from '../check.ts';
import { replaceSpan } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { rawText } from '../lint-document.ts';

const MEANT: ReadonlyMap<string, string> = new Map([
  ['falsepositive', 'falsepositives'],
  ['false_positives', 'falsepositives'],
  ['reference', 'references'],
  ['tag', 'tags'],
  ['log_source', 'logsource'],
  ['logsources', 'logsource'],
  ['detections', 'detection'],
  ['authors', 'author'],
  ['descriptions', 'description'],
  ['severity', 'level'],
  ['field', 'fields'],
  ['licence', 'license'],
  ['relates', 'related'],
]);

export const keyMisspelled: DocumentCheck = {
  kind: 'document',
  code: 'key-misspelled',
  title: "A key that is nearly one of Sigma's, and is read as a custom field",
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Custom Attributes"',
  examples: [
    {
      bad: exampleRule({ head: '«falsepositive»: [x]\n' }),
      good: exampleRule({ head: 'falsepositives: [x]\n' }),
      fixed: exampleRule({ head: 'falsepositives: [x]\n' }),
    },
  ],
  *check({ root, shared }) {
    for (const { key, keySpan } of root.entries) {
      const meant = MEANT.get(key.toLowerCase());
      if (meant === undefined) continue;
      const isSafe = !shared && rawText(keySpan) === key && !root.entries.some((entry) => entry.key === meant);
      yield {
        span: keySpan,
        message: `did you mean ${meant}?`,
        ...(isSafe ? { fix: [replaceSpan(keySpan, meant)] } : {}),
      };
    }
  },
};
