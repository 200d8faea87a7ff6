import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ruleFolders } from './rule-folders.ts';

const folder = import.meta.dirname;
const file = import.meta.filename;

test('paths of rules are taken from the words where one is a folder', () => {
  assert.deepEqual(ruleFolders(['x.json', '--rules', folder, `--rules=${file}`, '--stats']), [folder, file]);
  assert.deepEqual(ruleFolders(['x.json', '--rules', file]), []);
  assert.deepEqual(ruleFolders(['x.json']), []);
  assert.deepEqual(ruleFolders(['x.json', '--', '--rules', folder]), []);
  assert.deepEqual(ruleFolders(['--rules']), []);
  assert.deepEqual(ruleFolders(['--rules=', '--rules=\u0000', '--rules', `${file}/below`]), []);
});
