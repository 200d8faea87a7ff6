import type { DocumentCheck } from '../check.ts';
import { replaceSpan } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { fieldItems, mapAt, rawText, textAt } from '../lint-document.ts';

/** Sigma's taxonomy, process creation. */
const FIELDS =
  'Image CommandLine ParentImage ParentCommandLine OriginalFileName CurrentDirectory ProcessId ParentProcessId User LogonId IntegrityLevel Hashes Product Company Description FileVersion ProcessGuid ParentProcessGuid'.split(
    ' ',
  );
const BY_LOWER = new Map(FIELDS.map((name) => [name.toLowerCase(), name]));
const source = 'category: process_creation';

export const fieldCase: DocumentCheck = {
  kind: 'document',
  code: 'field-case',
  title: "A field of Sigma's taxonomy in other case: field names are taken as they are written",
  severity: 'warning',
  section: 'Sigma 2.1, taxonomy appendix, "Process Creation Events"',
  examples: [
    {
      bad: exampleRule({ source, detection: '  sel:\n    «commandline|contains»: a\n  condition: sel' }),
      good: exampleRule({ source, detection: '  sel:\n    CommandLine|contains: a\n  condition: sel' }),
      fixed: exampleRule({ source, detection: '  sel:\n    CommandLine|contains: a\n  condition: sel' }),
    },
  ],
  *check(document) {
    const from = mapAt(document.root, 'logsource');
    if (!from || textAt(from, 'category')?.text !== 'process_creation') return;
    for (const { entry, field } of fieldItems(document)) {
      const meant = BY_LOWER.get(field.toLowerCase());
      if (meant === undefined || meant === field) continue;
      const { key, keySpan } = entry;
      const isSafe = !document.shared && rawText(keySpan) === key;
      yield {
        span: keySpan,
        message: `did you mean ${meant}?`,
        ...(isSafe ? { fix: [replaceSpan(keySpan, meant + key.slice(field.length))] } : {}),
      };
    }
  },
};
