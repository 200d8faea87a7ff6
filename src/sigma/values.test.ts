import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inNetwork, parseAddress, parseNetwork } from './cidr.ts';
import { base64, base64Offsets, utf8Bytes, utf16Bytes } from './encodings.ts';
import { readPattern } from './wildcards.ts';
import { windashVariants } from './windash.ts';

const shown = (text: string): string => readPattern(text).map((part) => (part.kind === 'text' ? JSON.stringify(part.text) : part.kind === 'any-run' ? '*' : '?')).join(' ');

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
    ['\\\\', '"\\\\\\\\"'],
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
        assert.ok(base64Offsets(bytes).some((part) => part !== '' && whole.includes(part)), `${word} in ${before}…${after}`);
      }
    }
  }
  assert.deepEqual(utf16Bytes('ab', 'little'), [97, 0, 98, 0]);
  assert.deepEqual(utf16Bytes('ab', 'big'), [0, 97, 0, 98]);
});

test('windash: all five dashes, where a word begins', () => {
  assert.deepEqual(windashVariants('a-b'), ['a-b']);
  assert.deepEqual(windashVariants('-x'), ['-x', '/x', '\u2013x', '\u2014x', '\u2015x']);
  assert.equal(windashVariants(' -a /b').length, 25);
  assert.ok(windashVariants('-a -b -c -d -e -f').length <= 6);
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
  for (const bad of ['', '/8', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/-1', '::/129', '::ffff:1.2.3.4/95', 'x/8', '10.0.0.0/8/8']) {
    assert.equal(parseNetwork(bad), undefined, bad);
  }
});
