import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { parseRules } from '../sigma/parse-rules.ts';
import { compileRules } from './rule-set.ts';

const folder = fileURLToPath(new URL('../../../shared/data/sigmahq/', import.meta.url));

/** Diagnostics that rules of the maintained folders truly deserve, by file name: code, and why it is right. */
const expected: Readonly<Record<string, readonly [code: string, why: string]>> = JSON.parse(
  readFileSync(new URL('./expectations/sigmahq.json', import.meta.url), 'utf8'),
);

test('every maintained SigmaHQ rule is read and compiled, or deserves its diagnostic', (t) => {
  if (!existsSync(folder)) {
    t.skip('shared data is not here: data/sigmahq');
    return;
  }
  const found: Record<string, string> = {};
  const rules = globSync('rules*/**/*.yml', { cwd: folder })
    .sort()
    .flatMap((name) => {
      const parsed = parseRules({ name, text: readFileSync(`${folder}/${name}`, 'utf8') });
      for (const { code } of parsed.diagnostics) found[name.slice(name.lastIndexOf('/') + 1)] = code;
      return parsed.rules;
    });
  assert.deepEqual(found, Object.fromEntries(Object.entries(expected).map(([name, [code]]) => [name, code])));
  assert.ok(rules.length > 3500, `${rules.length} rules`);
  const set = compileRules(rules, {
    name: 'any',
    field: () => () => 'whoami.exe /priv',
    *keywords() {},
    logSource: () => ({}),
  });
  assert.ok(set.matchAll({}).length > 0);
});

test('unsupported and deprecated rules never throw', (t) => {
  if (!existsSync(folder)) {
    t.skip('shared data is not here: data/sigmahq');
    return;
  }
  const counts = { rules: 0, diagnostics: 0 };
  for (const name of globSync('{unsupported,deprecated}/**/*.yml', { cwd: folder })) {
    const parsed = parseRules({ name, text: readFileSync(`${folder}/${name}`, 'utf8') });
    counts.rules += parsed.rules.length;
    counts.diagnostics += parsed.diagnostics.length;
  }
  assert.ok(counts.rules > 50 && counts.diagnostics > 50, JSON.stringify(counts));
});
