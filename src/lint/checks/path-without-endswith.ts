import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { fieldItems } from '../lint-document.ts';

/** Names of the kernel's own: \Device\HarddiskVolume1\…, \SystemRoot\…, \??\C:\…. */
const KERNEL = /^\\(Device|SystemRoot|\?\?|\\\?\\\?)\\/i;

export const pathWithoutEndswith: DocumentCheck = {
  kind: 'document',
  code: 'path-without-endswith',
  title: 'A whole path that begins with a backslash: no image has one, so this never matches',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Detection"',
  examples: [
    {
      bad: exampleRule({ detection: "  sel:\n    Image: «'\\cmd.exe'»\n  condition: sel" }),
      good: exampleRule({ detection: "  sel:\n    Image|endswith: '\\cmd.exe'\n  condition: sel" }),
    },
    {
      bad: exampleRule({ detection: "  sel:\n    ParentImage: «'\\Devices\\cmd.exe'»\n  condition: sel" }),
      good: exampleRule({ detection: "  sel:\n    Image: '\\Device\\HarddiskVolume1\\cmd.exe'\n  condition: sel" }),
    },
  ],
  *check(document) {
    for (const { field, modifiers, values } of fieldItems(document)) {
      if (modifiers.some((name) => name !== 'all' && name !== 'cased') || !/^(Parent)?Image$/.test(field)) continue;
      for (const value of values)
        if (/^\\[^\\]/.test(value.text) && !KERNEL.test(value.text))
          yield { span: value.span, message: 'an image path never begins so', help: `write ${field}|endswith` };
    }
  },
};
