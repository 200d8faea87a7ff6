import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');

test('every subpath that the package exports is built from a source that is there', () => {
  const {
    exports,
  }: { readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>> } =
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const targets = Object.entries(exports).flatMap(([name, target]) =>
    typeof target === 'string' ? [] : [[name, target] as const],
  );
  assert.ok(targets.length > 0);
  for (const [name, { types, default: code }] of targets) {
    assert.equal(types, code.replace(/\.js$/, '.d.ts'), name);
    assert.ok(existsSync(join(root, code.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))), name);
  }
});
