import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fold } from './fold.ts';

test('folding is that of ECMAScript regular expressions with i and u, for every character', () => {
  const wrong: string[] = [];
  for (let point = 0; point < 0x20000; point++) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const character = String.fromCodePoint(point);
    for (const other of new Set([character.toLowerCase(), character.toUpperCase(), fold(character)])) {
      if (other === character || Array.from(other).length !== 1) continue;
      const hex = (text: string): string => `\\u{${(text.codePointAt(0) ?? 0).toString(16)}}`;
      const same = new RegExp(`^${hex(character)}$`, 'iu').test(other);
      if ((fold(other) === fold(character)) !== same) wrong.push(`U+${point.toString(16)} ${character} ${other}`);
    }
    if (fold(character).length !== character.length) wrong.push(`U+${point.toString(16)}: length`);
  }
  assert.deepEqual(wrong, []);
});

test('folding, by example', () => {
  const same: readonly (readonly [string, string])[] = [
    ['KUBECTL', 'kubectl'],
    ['\u212aubectl', 'kubectl'],
    ['ΑΣ', 'ας'],
    ['ÉÀ', 'éà'],
    ['ẞ', 'ß'],
    ['𐐀', '𐐨'],
  ];
  for (const [a, b] of same) assert.equal(fold(a), fold(b), `${a} ${b}`);
  const different: readonly (readonly [string, string])[] = [
    ['İ', 'i'],
    ['ı', 'I'],
    ['ß', 'ss'],
    ['e\u0301', 'é'],
  ];
  for (const [a, b] of different) assert.notEqual(fold(a), fold(b), `${a} ${b}`);
});

test('texts fold as their characters do, whatever stands beside them', () => {
  const wrong: string[] = [];
  const beside = ['', 'A', 'é', '😀', '\ud83d', 'Σ', 'İ', '\u0307'];
  for (let point = 0x80; point < 0x1f000; point++) {
    const character = String.fromCodePoint(point);
    for (const one of beside) {
      const text = `Ü${one}${character}${one}`;
      const each = `ü${fold(one)}${fold(character)}${fold(one)}`;
      // Halves may make a character together.
      if (fold(text) !== each && !/[\ud800-\udfff]/.test(one + character)) wrong.push(`U+${point.toString(16)} ${one}`);
    }
  }
  assert.deepEqual(wrong, []);
  for (let half = 0xdc00; half < 0xe000; half++)
    for (const first of [0xd83c, 0xd83d, 0xd83e]) {
      const pair = String.fromCharCode(first, half);
      assert.equal(fold(`é${pair}`), `é${pair}`);
    }
});

test('long texts fold as their characters do, wherever a pair stands', () => {
  for (const before of [4094, 4095, 4096, 8191])
    for (const piece of ['𐐀É', '\ud801É', '\ud801ı', '\udc00É', 'É\ud801', '😀İ', '\u{1e900}\u{118a0}']) {
      const text = `${'é'.repeat(before)}${piece}${'Ü'.repeat(5)}`;
      assert.equal(fold(text), `${'é'.repeat(before)}${fold(piece)}${'ü'.repeat(5)}`);
    }
});
