import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { inNetwork, parseAddress, parseNetwork } from './cidr.ts';
import { base64, base64Offsets, utf8Bytes, utf16Bytes } from './encodings.ts';
import { readDecimal } from './decimal.ts';
import { readPlaceholders } from './placeholders.ts';
import { regexProblem } from './regex-support.ts';
import { readPattern } from './wildcards.ts';
import { dashVariants, withDashes } from './windash.ts';

const shown = (text: string): string =>
  readPattern(text)
    .map((part) =>
      part.kind === 'text'
        ? JSON.stringify(part.text)
        : part.kind === 'any-run'
          ? '*'
          : part.kind === 'any-one'
            ? '?'
            : '[]',
    )
    .join(' ');

test('wildcards and their escapes', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['abc', '"abc"'],
    ['', ''],
    ['*', '*'],
    ['a*b?c', '"a" * "b" ? "c"'],
    ['a**b', '"a" * "b"'],
    ['\\*', '"*"'],
    ['\\?', '"?"'],
    ['a\\b', '"a\\\\b"'],
    ['\\', '"\\\\"'],
    ['\\\\*', '"\\\\" *'],
    ['\\\\\\*', '"\\\\*"'],
    ['\\\\', '"\\\\"'],
    ['\\\\x', '"\\\\x"'],
    ['\\\\\\x', '"\\\\\\\\x"'],
    ['\\\\\\\\x', '"\\\\\\\\x"'],
    ['\\\\\\\\*', '"\\\\\\\\" *'],
    ['\\\\\\\\\\*\\\\x', '"\\\\\\\\*\\\\x"'],
    ['C:\\Windows\\*', '"C:\\\\Windows*"'],
    ['C:\\Windows\\\\*', '"C:\\\\Windows\\\\" *'],
  ];
  for (const [text, parts] of cases) assert.equal(shown(text), parts, text);
});

test('base64offset: whatever stands around, the stable part is there', () => {
  // One byte at the second place shares all its characters with its neighbours: two are the least that can be told.
  for (const word of ['ab', 'abc', 'kubectl', 'zoë']) {
    const bytes = utf8Bytes(word);
    assert.deepEqual(bytes, [...Buffer.from(word)]);
    assert.equal(base64(bytes), Buffer.from(word).toString('base64'));
    for (const before of ['', 'x', 'xy', 'xyz']) {
      for (const after of ['', '!', '!!', '!!!']) {
        const whole = Buffer.from(before + word + after).toString('base64');
        assert.ok(
          base64Offsets(bytes).some((part) => part !== '' && whole.includes(part)),
          `${word} in ${before}…${after}`,
        );
      }
    }
  }
  assert.deepEqual(utf16Bytes('ab', 'little'), [97, 0, 98, 0]);
  assert.deepEqual(utf16Bytes('ab', 'big'), [0, 97, 0, 98]);
});

test('base64offset: any bytes in any data, at the place where they stand, and as much of them as is certain', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 2, maxLength: 40 }).map((array) => [...array]),
    fc.string({ unit: 'grapheme', minLength: 2 }).map(utf8Bytes),
    fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => utf16Bytes(text, 'little')),
    fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => [0xff, 0xfe, ...utf16Bytes(text, 'little')]),
  );
  const around = fc.uint8Array({ maxLength: 12 });
  const property = fc.property(bytes, around, around, around, (word, before, after, other) => {
    const parts = base64Offsets(word);
    const encode = (tail: Uint8Array): string => Buffer.from([...before, ...word, ...tail]).toString('base64');
    const part = parts[before.length % 3] ?? '';
    const place = Math.ceil((before.length * 8) / 6);
    assert.notEqual(part, '');
    assert.equal(encode(after).slice(place, place + part.length), part);
    assert.equal(encode(other).slice(place, place + part.length), part);
    // No character more is certain: the next holds bits of what follows.
    const [low, high] = [0, 255].map((next) => encode(Uint8Array.from([next, ...after])));
    if (((before.length + word.length) * 8) % 6 !== 0)
      assert.notEqual(low?.[place + part.length], high?.[place + part.length]);
  });
  fc.assert(property, { numRuns: 2000 });
});

test('windash: each of the five dashes is any of them', () => {
  const parts = withDashes(readPattern(' -a*/\u2014'));
  assert.deepEqual(
    parts.map((part) =>
      part.kind === 'text' ? part.text : part.kind === 'one-of' ? part.characters.length : part.kind,
    ),
    [' ', 5, 'a', 'any-run', 5, 5],
  );
  assert.deepEqual(dashVariants('ab'), ['ab']);
  assert.deepEqual(dashVariants('/x'), ['/x', '-x', '\u2013x', '\u2014x', '\u2015x']);
  assert.equal(new Set(dashVariants('-a-b/c\u2013')).size, 625);
  assert.equal(dashVariants('-a-b-c-d-e'), undefined);
});

test('decimal numbers, exactly', () => {
  const cases: readonly (readonly [string, number | bigint | undefined])[] = [
    ['0', 0],
    ['-7', -7],
    ['+7', 7],
    ['007', 7],
    ['1.50', 1.5],
    ['.5', 0.5],
    ['1e3', 1000],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['', undefined],
    [' 1', undefined],
    ['0x10', undefined],
    ['1_000', undefined],
    ['1e', undefined],
    ['.', undefined],
    ['Infinity', undefined],
    ['9'.repeat(65), undefined],
  ];
  for (const [text, number] of cases) assert.equal(readDecimal(text), number, text);
});

test('placeholders and their escapes', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['%a%', '%a%', ['a']],
    ['x%a%y%b%', 'x%a%y%b%', ['a', 'b']],
    ['\\%a%', '%a%', []],
    ['\\%plain%name%', '%plain%name%', ['name']],
    ['%a', '%a', []],
    ['%%', '%%', []],
    ['100% of %', '100% of %', []],
    ['%a\\%b%', '%a%b%', []],
  ];
  for (const [text, made, names] of cases)
    assert.deepEqual(readPlaceholders(text), { text: made, placeholders: names }, text);
});

test('expressions: what looks like a construct and is none', () => {
  const flags = { i: false, m: false, s: false };
  const fine = [
    'a\\++',
    '[*+]+',
    '[(?=]',
    '\\(?=',
    'a*?b',
    '(?i)a',
    '(?:a|b)',
    '(?P<n>a)',
    '(?<n>a)',
    '\\\\1',
    '[\\]+]+',
    '[]+]+',
    '[^]+]+',
    '[[:alpha:]+]+',
    'a{2}?',
    '\\x{41}+',
    '\\p{L}+',
    '}+',
    '\\Q(?=\\E',
    '\\d+\\.\\d+',
    '\\\\v',
    '[\\\\v]',
  ];
  for (const expression of fine) assert.equal(regexProblem(expression, flags), undefined, expression);
});

test('addresses and networks', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['1.2.3.4', '0.0.0.0/0', true],
    ['::ffff:10.0.0.9', '10.0.0.0/8', true],
    ['10.0.0.9', '::ffff:10.0.0.0/104', true],
    ['fe80::1%eth0', 'fe80::/10', true],
    ['2001:db8::1', '2001:db8::/33', true],
    ['2001:db8:8000::1', '2001:db8::/33', false],
    ['1.2.3', '0.0.0.0/0', false],
    ['1.2.3.256', '0.0.0.0/0', false],
    [':::', '::/0', false],
    ['1::2::3', '::/0', false],
    ['', '::/0', false],
  ];
  for (const [address, network, inside] of cases) {
    const bytes = parseAddress(address);
    const parsed = parseNetwork(network);
    assert.ok(parsed, network);
    assert.equal(bytes !== undefined && inNetwork(bytes, parsed), inside, `${address} in ${network}`);
  }
  for (const bad of [
    '',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '::/129',
    '::ffff:1.2.3.4/95',
    'x/8',
    '10.0.0.0/8/8',
  ]) {
    assert.equal(parseNetwork(bad), undefined, bad);
  }
});
