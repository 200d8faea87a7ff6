import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { sigmahq } from '../../test/regression/regression-case.ts';
import { checks } from './checks.ts';
import { applyFixes } from './edits.ts';
import { lintFiles } from './lint-files.ts';

/** What a check finds in a text: the places. */
function placesOf(code: string, text: string): readonly (readonly [number, number])[] {
  return lintFiles([{ name: 'example.yml', text }])
    .filter((finding) => finding.code === code)
    .map(({ span }) => [span.start, span.end]);
}

for (const { code, examples } of checks) {
  test(`check ${code}`, () => {
    assert.ok(examples.length > 0);
    for (const { bad, good, fixed } of examples) {
      const start = bad.indexOf('«');
      const text = bad.replace('«', '').replace('»', '');
      const end = bad.indexOf('»') - 1;
      assert.deepEqual(placesOf(code, text)[0], [start, end], bad);
      assert.deepEqual(placesOf(code, good), [], good);
      const fixes = lintFiles([{ name: 'example.yml', text }]).flatMap((finding) =>
        finding.code === code && finding.fix ? [finding.fix] : [],
      );
      assert.equal(fixes.length > 0, fixed !== undefined, `${code}: a fix, and an example of it`);
      if (fixed === undefined) continue;
      assert.equal(applyFixes(text, fixes).text, fixed);
      assert.deepEqual(placesOf(code, fixed), [], `fixed: ${fixed}`);
    }
  });
}

test('a file that is not UTF-8 is not mended: its bytes would be lost', () => {
  const text = 'title: caf\ufffd.\nlogsource: {product: x}\ndetection:\n  a: {b: c}\n  condition: a  \n';
  const findings = lintFiles([{ name: 'latin1.yml', text }]);
  assert.ok(findings.some(({ code }) => code === 'character-lost'));
  assert.ok(findings.some(({ code }) => code === 'trailing-blanks'));
  assert.ok(findings.every(({ fix }) => fix === undefined));
});

test('blanks that may mean something stay', () => {
  const rule = (head: string): string =>
    `title: t\n${head}logsource: {product: x}\ndetection:\n  a: {b: c}\n  condition: a \n`;
  for (const head of ['description: | # why\n  a  \n', 'description: >-\n  a\n', 'description: "a\\ \n  b"\n']) {
    const found = lintFiles([{ name: 'r.yml', text: rule(head) }]).filter(({ code }) => code === 'trailing-blanks');
    assert.ok(found.length > 0, head);
    assert.ok(
      found.every(({ fix }) => fix === undefined),
      head,
    );
  }
});

test('there are as many checks and fixes as promised, each with a code of its own', () => {
  assert.equal(new Set(checks.map(({ code }) => code)).size, checks.length);
  assert.ok(checks.length >= 90, `${checks.length} checks`);
  const fixing = checks.filter(({ examples }) => examples.some(({ fixed }) => fixed !== undefined));
  assert.ok(fixing.length >= 20, `${fixing.length} fixes`);
});

test(
  "upstream's Kubernetes rules that cannot match are found; all of SigmaHQ is checked without a throw",
  {
    skip: existsSync(sigmahq) ? false : 'shared data is not here: data/sigmahq',
  },
  () => {
    const sources = globSync('{rules*,unsupported,deprecated}/**/*.yml', { cwd: sigmahq })
      .sort()
      .map((name) => ({ name, text: readFileSync(join(sigmahq, name), 'utf8') }));
    const findings = lintFiles(sources);
    const codes = new Set(
      findings.filter(({ span }) => span.source.name.includes('kubernetes')).map(({ code }) => code),
    );
    for (const code of ['kubernetes-response-code', 'kubernetes-exec-verb', 'kubernetes-unknown-field'])
      assert.ok(codes.has(code), code);
    assert.ok(findings.some(({ code }) => code === 'aggregation-as-correlation'));
  },
);
