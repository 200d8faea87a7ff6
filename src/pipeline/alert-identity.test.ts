import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import fc from 'fast-check';

import { AlertIdentity, repeatIdentity } from './alert-identity.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('binary');

test('identities are what they have always been: the hash of the rules, which alert, and the text', () => {
  const identity = new AlertIdentity('0f');
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).map((text) => text.repeat(20_000)),
  );
  fc.assert(
    fc.property(texts, fc.nat(), (text, which) => {
      for (const original of [{ json: text }, { text }]) {
        assert.equal(identity.first(original), sha256(`0f\n0\n${text}`));
        assert.equal(identity.of(String(which), original), sha256(`0f\n${which}\n${text}`));
      }
    }),
    {
      numRuns: 30,
      examples: [
        ['\ud800', 0],
        ['a\udc00b', 1],
        ['', 2],
      ],
    },
  );
});

test('a text that just fits the buffer, and those beside it', () => {
  const identity = new AlertIdentity('0f');
  for (const unit of ['x', 'ä', '€', '😀'])
    for (let size = 87_370; size < 87_390; size++) {
      const text = unit.repeat(size / unit.length);
      assert.equal(identity.first({ text }), sha256(`0f\n0\n${text}`));
    }
});

test('what was hashed before does not show: texts and prefixes in any order, and prefixes that do not fit', () => {
  const identity = new AlertIdentity('0f');
  const texts = fc.constantFrom('', 'a', 'ab', 'ä', '\ud800', 'x'.repeat(300_000));
  const prefixes = fc.constantFrom('0', '1', '12', '0/1', '["é"]', '"'.repeat(251), '"'.repeat(252), 'w'.repeat(2000));
  fc.assert(
    fc.property(fc.array(fc.tuple(texts, prefixes), { maxLength: 8 }), (asked) => {
      for (const [text, which] of asked) assert.equal(identity.of(which, { text }), sha256(`0f\n${which}\n${text}`));
    }),
  );
});

test('an event that comes again is told by a number of 128 bits, made of both halves of its identity', () => {
  const number = (bytes: string): bigint => BigInt(`0x${Buffer.from(bytes, 'latin1').toString('hex')}`);
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 2 ** 40 - 1 }), (text, before) => {
      const identity = sha256(text);
      const expected = (number(identity.slice(0, 16)) + BigInt(before) * number(identity.slice(16))) % (1n << 128n);
      assert.equal(number(repeatIdentity(identity, before)), expected);
    }),
    { examples: [['', 2 ** 40 - 1]] },
  );
});
