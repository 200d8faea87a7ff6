import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { chart } from './chart.ts';
import { markdown } from './report.ts';
import type { Results } from './result.ts';

const DOCS = join(import.meta.dirname, '..', 'docs');
const BEGIN = '<!-- results: written by npm run bench -- --docs -->';
const END = '<!-- end of results -->';

/** Puts the table into `docs/speed.md` and the drawing beside it. */
export function writeDocs(results: Results): void {
  const path = join(DOCS, 'speed.md');
  writeFileSync(path, withResults(readFileSync(path, 'utf8'), markdown(results)));
  writeFileSync(join(DOCS, 'speed.svg'), chart(results));
}

/** Replaces what stands between the marks. Throws where they are missing. */
export function withResults(page: string, table: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/speed.md lacks the marks ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${page.slice(end)}`;
}
