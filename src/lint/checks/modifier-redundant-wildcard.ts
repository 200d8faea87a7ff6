import type { DocumentCheck } from '../check.ts';
import { replaceScalar } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { fieldItems } from '../lint-document.ts';
import { readPattern } from '../../sigma/wildcards.ts';

export const modifierRedundantWildcard: DocumentCheck = {
  kind: 'document',
  code: 'modifier-redundant-wildcard',
  title: 'A wildcard at an end of a value that contains, startswith or endswith leaves open anyway',
  severity: 'warning',
  section: 'Sigma 2.1, modifier appendix, "contains"',
  examples: [
    {
      bad: exampleRule({ detection: "  sel:\n    Image|contains: «'*abc'»\n  condition: sel" }),
      good: exampleRule({ detection: '  sel:\n    Image|contains: abc\n  condition: sel' }),
      fixed: exampleRule({ detection: "  sel:\n    Image|contains: 'abc'\n  condition: sel" }),
    },
    {
      bad: exampleRule({ detection: "  sel:\n    Image|startswith: «'abc*'»\n  condition: sel" }),
      good: exampleRule({ detection: "  sel:\n    Image|contains: '*'\n  condition: sel" }),
      fixed: exampleRule({ detection: "  sel:\n    Image|startswith: 'abc'\n  condition: sel" }),
    },
    {
      bad: exampleRule({ detection: "  sel:\n    Image|contains: «'*abc'»\n  condition: sel" }),
      good: exampleRule({ detection: "  sel:\n    Image|contains|fieldref: 'abc*'\n  condition: sel" }),
      fixed: exampleRule({ detection: "  sel:\n    Image|contains: 'abc'\n  condition: sel" }),
    },
  ],
  *check(document) {
    for (const { modifiers, values } of fieldItems(document)) {
      // A reference to a field is no pattern: its stars are part of the name.
      if (modifiers.includes('re') || modifiers.includes('fieldref')) continue;
      const [start, end] = [/^(contains|endswith)$/, /^(contains|startswith)$/].map((open) =>
        modifiers.some((name) => open.test(name)),
      );
      for (const value of values) {
        const parts = readPattern(value.text);
        // Nothing but a wildcard: `value-only-wildcard` says what that is, and '' would look like the empty value.
        if (parts.every(({ kind }) => kind === 'any-run')) continue;
        const from = start && parts[0]?.kind === 'any-run' ? 1 : 0;
        const to = end && parts.at(-1)?.kind === 'any-run' && parts.length > 1 ? 1 : 0;
        if (from + to === 0 || /^\*\*|\*\*$/.test(value.text)) continue;
        const fix = document.shared ? undefined : replaceScalar(value, value.text.slice(from, value.text.length - to));
        yield { span: value.span, message: 'the wildcard at the end changes nothing', ...(fix ? { fix } : {}) };
      }
    }
  },
};
