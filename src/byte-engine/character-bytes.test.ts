import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fold } from '../engine/fold.ts';
import { characterBytes } from './character-bytes.ts';

const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');

test('whatever folds to a character holds one of its bytes', () => {
  let asked = 0;
  for (let code = 0x80; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    const folded = fold(character);
    if (folded.charCodeAt(0) < 0x80) continue;
    const found = characterBytes(`a${folded}b`);
    // Every one would take a minute; all with another case, and some of the others.
    if (folded === character && code % 97 !== 0) continue;
    asked++;
    assert.ok(
      found?.some((bytes) => bytesOf(`x${character}`).includes(bytes)),
      `U+${code.toString(16)} is found by none of ${JSON.stringify(found)}`,
    );
  }
  assert.ok(asked > 10_000, `${asked} characters`);
});

test('the character with fewest forms is taken, and the first bytes of long ones', () => {
  assert.deepEqual(characterBytes('é'), [bytesOf('é'), bytesOf('É')]);
  assert.deepEqual(characterBytes('é\u202e'), [bytesOf('\u202e')]);
  assert.deepEqual(characterBytes('å')?.length, 3);
  assert.deepEqual(characterBytes('💀'), [bytesOf('💀').slice(0, 3)]);
});

test('halves of pairs and ASCII have none', () => {
  assert.equal(characterBytes('abc'), undefined);
  assert.equal(characterBytes('a\ud800b'), undefined);
  assert.deepEqual(characterBytes('\udc00ж'), [bytesOf('ж'), bytesOf('Ж')]);
});
