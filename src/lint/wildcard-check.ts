import type { PatternPart } from '../sigma/field-test.ts';
import { readPattern } from '../sigma/wildcards.ts';
import type { DocumentCheck } from './check.ts';
import { replaceScalar, replaceSpan } from './edits.ts';
import { exampleRule } from './example.ts';
import { fieldItems, rawText } from './lint-document.ts';

/** Checks for values whose wildcards a modifier says better: all values of a field must have the same form. */
export function wildcardCheck(about: {
  readonly code: string;
  readonly modifier: 'contains' | 'startswith' | 'endswith';
  readonly shape: (parts: readonly PatternPart[]) => boolean;
  readonly cut: (text: string) => string;
  /** A value as it is written, and what is left of it. */
  readonly example: readonly [string, string];
}): DocumentCheck {
  const { code, modifier, shape, cut, example } = about;
  const detection = (key: string, value: string): string => `  sel:\n    ${key}: ${value}\n  condition: sel`;
  return {
    kind: 'document',
    code,
    title: `A value with wildcards where the modifier ${modifier} says the same`,
    severity: 'info',
    section: `Sigma 2.1, modifier appendix, "${modifier}"`,
    examples: [
      {
        bad: exampleRule({ detection: detection('«Image»', example[0]) }),
        good: exampleRule({ detection: detection(`Image|${modifier}`, example[1]) }),
        fixed: exampleRule({ detection: detection(`Image|${modifier}`, `'${example[1]}'`) }),
      },
    ],
    *check(document) {
      for (const { entry, field, modifiers, values } of fieldItems(document)) {
        if (field === '' || modifiers.some((name) => name !== 'all' && name !== 'cased') || values.length === 0)
          continue;
        const fits = values.every(({ text, value }) => {
          const parts = readPattern(text);
          return (
            typeof value === 'string' &&
            shape(parts) &&
            parts.filter(({ kind }) => kind === 'text').length === 1 &&
            parts.every(({ kind }) => kind !== 'any-one') &&
            !/\\\\?\*$/.test(text) &&
            !text.includes('**') &&
            !cut(text).includes('*')
          );
        });
        if (!fits) continue;
        const { key, keySpan } = entry;
        const edits = values.map((value) => replaceScalar(value, cut(value.text)));
        const isSafe = !document.shared && rawText(keySpan) === key && edits.every((edit) => edit !== undefined);
        const newKey = [field, modifier, ...modifiers].join('|');
        const fix = isSafe ? [replaceSpan(keySpan, newKey), ...edits.flatMap((edit) => edit ?? [])] : undefined;
        yield { span: keySpan, message: `the values say what ${modifier} says`, ...(fix ? { fix } : {}) };
      }
    },
  };
}
