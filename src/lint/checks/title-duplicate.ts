import type { FilesCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { textAt } from '../lint-document.ts';

export const titleDuplicate: FilesCheck = {
  kind: 'files',
  code: 'title-duplicate',
  title: 'A title that two rules have: their alerts cannot be told apart',
  severity: 'warning',
  section: 'SigmaHQ, title convention',
  examples: [
    { bad: `${exampleRule()}---\n${exampleRule().replace('title: Example', 'title: «example»')}`, good: exampleRule() },
  ],
  *check(documents) {
    const seen = new Map<string, string>();
    for (const { root, source } of documents) {
      const title = textAt(root, 'title');
      if (!title) continue;
      const key = title.text.trim().toLowerCase();
      const before = seen.get(key);
      if (before !== undefined) yield { span: title.span, message: `a rule of ${before.slice(0, 200)} has this title` };
      else seen.set(key, source.name);
    }
  },
};
