import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AlertMaker } from './alert-maker.ts';
import type { Finding } from './finding.ts';
import { loadLibrary } from './load-library.ts';
import { packFolder, readRuleTexts } from './rule-texts.ts';

const library = await loadLibrary(readRuleTexts([packFolder('portable')]));

const finding = (text: string, nth: number): Finding => ({
  shape: 'sigma',
  place: { file: 'f', line: 1, byte: 0 },
  time: null,
  matches: [{ rule: 0, evidence: [] }],
  process: null,
  intent: null,
  origin: null,
  original: { text },
  observation: null,
  nth,
});

test('no two alerts of a scan share an id: same texts, and several events in one text', () => {
  const maker = new AlertMaker(library);
  const ids: string[] = [];
  for (let time = 0; time < 5; time++)
    for (const text of ['a', 'b', '0/1', '1/1', '0', '1'])
      for (let nth = 0; nth < 3; nth++) ids.push(maker.make(finding(text, nth)).id);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

test('the same findings in the same order give the same ids', () => {
  const ids = (): string[] => {
    const maker = new AlertMaker(library);
    return ['a', 'b', 'a', 'a'].map((text) => maker.make(finding(text, 0)).id);
  };
  assert.deepEqual(ids(), ids());
});
