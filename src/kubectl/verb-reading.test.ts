import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wholeNumber } from './verb-reading.ts';

test('whole numbers have one to nine decimal digits and nothing else', () => {
  const texts = [
    '',
    '0',
    '00',
    '8080',
    '999999999',
    '1000000000',
    '-1',
    '+1',
    '1.0',
    '1e3',
    ' 1',
    '1\n',
    '٣',
    '0x1',
    '/',
    ':',
  ];
  const check = (text: string): void =>
    assert.equal(wholeNumber(text), /^\d{1,9}$/.test(text) ? Number(text) : undefined, JSON.stringify(text));
  for (const text of texts) check(text);
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('0', '1', '8', '9', '/', ':', '-', 'a', ' '), maxLength: 11 }),
      check,
    ),
  );
});
