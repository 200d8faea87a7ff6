import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fold } from './fold.ts';
import { foldOnce, forgetLongTexts, includesLiteral, mayStandFrom, Sought, SoughtList } from './long-text.ts';

/** The same numbers every time, from 0 to `below` - 1. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('long texts include what they include, whatever was asked before', () => {
  const next = numbers(1);
  const letters = ['a', 'b', 'c', ' ', 'é', '\u{1d400}', '\u0161', '\ud801', 'š', 'ş'];
  const made = (length: number): string => Array.from({ length }, () => letters[next(letters.length)]).join('');
  for (const length of [3, 500, 513, 8000, 8192, 20_000]) {
    const texts = Array.from({ length: 6 }, () => made(length));
    for (let i = 0; i < 1200; i++) {
      const text = texts[next(texts.length)] ?? '';
      const at = next(text.length);
      const literal = next(2) === 0 ? text.slice(at, at + next(12)) : made(next(7));
      assert.equal(includesLiteral(text, literal), text.includes(literal), JSON.stringify([length, literal]));
      if (next(40) === 0) forgetLongTexts();
    }
    for (const text of texts)
      for (const literal of [text.slice(0, 5), text.slice(-5), text, `${text}a`, ''])
        assert.equal(includesLiteral(text, literal), text.includes(literal));
  }
});

test('lists of literals stand in texts where one of them does, whatever the lengths', () => {
  const next = numbers(3);
  const letters = ['a', 'b', 'c', 'd', ' ', '\\', 'é', '\u{1d400}', '\u0161'];
  const made = (length: number): string => Array.from({ length }, () => letters[next(letters.length)]).join('');
  let held = 0;
  let asked = 0;
  for (const length of [0, 1, 20, 47, 48, 60, 300, 511, 512, 9000]) {
    for (const size of [1, 7, 15, 16, 17, 200]) {
      const texts = Array.from({ length: 12 }, () => made(length));
      // Mostly such as stand nowhere, short ones among them.
      const literals = Array.from({ length: size }, () => made(next(10) === 0 ? next(20) && 1 + next(3) : 5 + next(9)));
      const list = new SoughtList();
      for (const literal of literals) list.add(literal);
      const each = literals.map((literal) => new Sought(literal));
      for (const text of texts) {
        const expected = literals.some((literal) => text.includes(literal));
        assert.equal(list.isIn(text), expected, JSON.stringify([text, literals]));
        each.forEach((one, i) => assert.equal(one.isIn(text), text.includes(literals[i] ?? ''), literals[i]));
        asked++;
        if (expected) held++;
        if (next(5) === 0) forgetLongTexts();
      }
    }
  }
  assert.ok(held > asked / 5 && held < (4 * asked) / 5, `${held} of ${asked}`);
});

test('what stands nowhere in a long text is mostly known without reading it', () => {
  const text = 'net user /add '.repeat(1000);
  assert.equal(mayStandFrom(text, 'user /add'), 4);
  assert.equal(mayStandFrom(text, 'mimikatz'), -1);
  assert.equal(mayStandFrom(text, 'net  user'), -1);
});

test('long texts fold as short ones do, however often and among however many others', () => {
  const next = numbers(2);
  const letters = ['A', 'b', '\u212a', 'É', '\u{10400}', '\ud801-', 'İ', 'ẞ'];
  const plain = ['A', 'b', 'Z'];
  const made = (from: readonly string[], length: number): string =>
    Array.from({ length }, () => from[next(from.length)]).join('');
  const texts = [8190, 8191, 8192, 8193, 20_000, 20_000, 20_001].flatMap((length) => [
    made(letters, length),
    made(plain, length),
  ]);
  const byUnit = (text: string): string => {
    let folded = '';
    for (const character of text) folded += fold(character);
    return folded;
  };
  const expected = texts.map(byUnit);
  for (let i = 0; i < 100; i++) {
    const which = next(texts.length);
    assert.ok(foldOnce(texts[which] ?? '') === expected[which], `text ${which}`);
    if (next(20) === 0) forgetLongTexts();
  }
});
