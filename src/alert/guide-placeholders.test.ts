import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { parseRules } from '../sigma/parse-rules.ts';
import { unknownPlaceholders } from './guide.ts';

const rules = fileURLToPath(new URL('../../rules/', import.meta.url));

test('every rule that we ship is valid, and has a guide and notes on false positives of its own', () => {
  const ids = new Set<string>();
  const files = globSync('*/*.yml', { cwd: rules }).filter((name) => !name.endsWith('.tests.yml'));
  assert.ok(files.length >= 20);
  for (const name of files) {
    const { rules: parsed, diagnostics } = parseRules({ name, text: readFileSync(rules + name, 'utf8') });
    assert.deepEqual(diagnostics, [], name);
    for (const rule of parsed) {
      assert.ok(rule.id !== undefined && !ids.has(rule.id), `${name}: an id of its own`);
      ids.add(rule.id);
      assert.ok(
        rule.falsepositives.length > 0 && rule.references.length > 0 && rule.tags.length > 0 && rule.description,
        name,
      );
    }
    const guide = rules + name.replace(/\.yml$/, '.md');
    assert.ok(existsSync(guide), `${name} has no guide`);
    const text = readFileSync(guide, 'utf8');
    assert.deepEqual(unknownPlaceholders(text), [], name);
    for (const part of ['What to look at', 'Usually benign', 'What to do', 'process.parent'])
      assert.ok(text.includes(part), `${name}: ${part}`);
    // Inside code blocks a value is always quoted for the shell.
    for (const [, block = ''] of text.matchAll(/```sh\n([\s\S]*?)```/g))
      assert.doesNotMatch(block, /\{\{[^|}]*\}\}/, name);
  }
});
