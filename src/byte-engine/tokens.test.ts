import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LineTokens, TokenKind } from './line-tokens.ts';
import { KernelMemory } from './memory.ts';
import { Nodes } from './nodes.ts';

const memory = KernelMemory.create();
assert.ok(memory);
const nodes = new Nodes(memory);
const places = { a: nodes.node('a'), b: nodes.node('b'), c: nodes.node('c') };
const LONGEST = 70_000;
const TOKENS_BYTES = 256 * 1024;
const lineAt = memory.take(LONGEST + 2);
const tokensAt = memory.take(TOKENS_BYTES);
const tokens = new LineTokens(memory, Nodes.most);
nodes.settle();

/** The texts and kinds of the values of `a`, `b` and `c`; `undefined` where the line is left to others. */
function read(
  line: string,
): Record<string, { readonly text: string; readonly kind: number; ascii: boolean }> | undefined {
  const bytes = Buffer.from(line);
  memory?.bytes.set(bytes, lineAt);
  // Another line follows, of which nothing may be taken for this one.
  memory?.bytes.set(Buffer.from('\n"\\"a\\'.repeat(12)), lineAt + bytes.length);
  const count = memory?.kernel.readLine(lineAt, lineAt + bytes.length, tokensAt, tokensAt + TOKENS_BYTES) ?? -1;
  if (count < 0) return undefined;
  tokens.set(memory?.kernel.lineTokens() ?? 0, count);
  const found: Record<string, { text: string; kind: number; ascii: boolean }> = {};
  for (const [key, node] of Object.entries(places)) {
    const token = tokens.find(node);
    if (token === -1) continue;
    const text = Buffer.from(tokens.bytes.subarray(tokens.start(token), tokens.end(token))).toString();
    found[key] = { text, kind: tokens.kind(token), ascii: tokens.isAscii(token) };
  }
  return found;
}

/** What JSON.parse makes of the line is what its tokens say. */
function mustAgree(line: string): void {
  const found = read(line);
  let expected: unknown;
  try {
    expected = JSON.parse(line);
  } catch {
    assert.equal(found, undefined, line);
    return;
  }
  assert.ok(found !== undefined && typeof expected === 'object' && expected !== null, line);
  const values = Object.entries(expected).filter(([key]) => key in places);
  assert.deepEqual(Object.keys(found).sort(), values.map(([key]) => key).sort(), line);
  for (const [key, value] of values) {
    const one: { readonly text: string; readonly kind: number; readonly ascii: boolean } | undefined = found[key];
    assert.ok(one, line);
    if (typeof value !== 'string') continue;
    assert.equal(JSON.parse(`"${one.text}"`), value, line);
    assert.equal(one.kind, one.text.includes('\\') ? TokenKind.escaped : TokenKind.string, line);
    assert.equal(one.ascii, !/[^\u0000-\u007f]/.test(one.text), line);
  }
}

test('runs of backslashes, quotes and what is not ASCII, wherever they stand in a line', () => {
  for (let before = 0; before < 140; before++) {
    for (let backslashes = 0; backslashes < 6; backslashes++) {
      for (const next of ['"', 'n', 'x', 'é', '', '","b":"\\\\']) {
        mustAgree(`{"a":"${'p'.repeat(before)}${'\\'.repeat(backslashes)}${next}","c":"x"}`);
      }
    }
  }
});

test('keys with escapes, quotes at the edge of 64 bytes, and lines that end too early', () => {
  for (let before = 0; before < 140; before++) {
    mustAgree(`{"${'k'.repeat(before)}":"v","a":"\\\\","b":"","c":"${'c'.repeat(before)}"}`);
    mustAgree(`{"${'k'.repeat(before)}\\"":"v", "a" : "x" ,"c":"\\t"}`);
    mustAgree(`{"${'k'.repeat(before)}":["a","\\"",{"a":"b"}],"a":"${'é'.repeat(before)}","b":"b"}`);
    const line = `{"a":"${'x'.repeat(before)}\\\\","b":"y"}`;
    for (let cut = line.length - 14; cut < line.length; cut++) mustAgree(line.slice(0, cut));
  }
});

test('tabs stand between values, and not in them', () => {
  for (let before = 0; before < 70; before++) {
    mustAgree(`{\t"a"\t:\t"${'x'.repeat(before)}\\\\"\t,"b":"é"}\t`);
    mustAgree(`{"a":"${'x'.repeat(before)}\t","b":"y"}`);
    mustAgree(`{"a":"${'x'.repeat(before)}\u0001","b":"y"}`);
  }
});

test('a line that is too long for an index is walked without one', () => {
  for (const length of [32_700, 32_768, 40_000, 66_000]) {
    mustAgree(`{"a":"${'x'.repeat(length)}","b":"\\"\\\\","c":"é"}`);
    mustAgree(`{"a":"${'\\"'.repeat(length / 2)}","b":"\\x"}`);
  }
});

test('escapes by number, wherever they stand, are read as what they stand for', () => {
  const escapes = [
    '0061',
    '0041',
    '0022',
    '005c',
    '005C',
    '002f',
    '0026',
    '000a',
    '0000',
    '001F',
    '007f',
    '0080',
    '00e9',
  ];
  const halves = ['07ff', '0800', 'FFfd', 'd83d', 'de00', 'd83d\\ude00', 'dbff\\udfff', 'de00\\ud83d', 'd83d\\u0041'];
  const written = [...escapes, ...halves].map((hex) => `\\u${hex}`);
  for (const escape of [...written, '\\/', '\\\\u0061', '\\\\\\u0061', '\\ud83dx', '\\u00e9\\"\\u0061\\\\'])
    for (let before = 0; before < 70; before++) {
      mustAgree(`{"a":"${'p'.repeat(before)}${escape}","c":"x${escape.repeat(3)}é"}`);
      mustAgree(`{"${'k'.repeat(before)}":"${escape}","\\u0061":"x", "b" : [1,{"c":"${escape}"}]}`);
    }
  for (const bad of ['\\u', '\\u00', '\\u006', '\\u00g1', '\\U0061', '\\u 061', '\\x61', '\\ud83d\\u', '\\ud83d\\ude0'])
    for (let before = 0; before < 40; before++) mustAgree(`{"a":"${'p'.repeat(before)}${bad}","c":"\\u0061"}`);
  // Outside of strings an escape is nothing.
  for (const line of [
    '{"a":1\\u0020}',
    '{\\u0022a":"b"}',
    '\\u007b"a":"b"}',
    '{"a":"b"}\\u0020',
    '{"a":"b\\u0022}',
    '{"a":"b\\u',
  ])
    mustAgree(line);
  // The later of two that are the same once they are read counts: that is left to JSON.parse. So are characters that fold to ASCII.
  for (const line of ['{"a":"x","\\u0061":"y"}', '{"a":"\\u212a"}', '{"a":"\\u017f"}'])
    assert.equal(read(line), undefined, line);
  for (const length of [32_700, 32_768, 40_000, 66_000])
    mustAgree(`{"a":"${'x'.repeat(length)}\\u0026","b":"\\ud83d\\ude00"}`);
});

test('equal values of a field have the same number, others have another', () => {
  const names = memory?.take(64 * 320) ?? 0;
  const counts = memory?.take(Nodes.most * 16) ?? 0;
  // So few slots that values push each other out.
  memory?.kernel.setNames(names, 63, counts);
  const valueOf = new Map<number, string>();
  let again = 0;
  for (let i = 0; i < 6000; i++) {
    // Values that come again, values that never do, and some that are too long.
    const value = i % 3 === 0 ? String(i) : 'x'.repeat(i % 7 === 0 ? 400 : 1 + (i % 40));
    read(`{"a":"${value}","b":"${value}"}`);
    const [a, b] = [tokens.serial(tokens.find(places.a)), tokens.serial(tokens.find(places.b))];
    assert.equal(tokens.serial(tokens.find(places.a)), a);
    for (const [field, serial] of [['a', a] as const, ['b', b] as const]) {
      if (serial === 0) continue;
      const known = valueOf.get(serial);
      if (known !== undefined) again++;
      assert.equal(known ?? `${field} ${value}`, `${field} ${value}`);
      valueOf.set(serial, `${field} ${value}`);
    }
    if (value.length > 304) assert.equal(a + b, 0);
  }
  assert.ok(again > 1000);
  for (const line of ['{"a":[],"b":{}}', '{"a":["x"],"b":{"a":"x"}}']) {
    read(line);
    assert.equal(tokens.serial(tokens.find(places.a)), 0);
    assert.equal(tokens.serial(tokens.find(places.b)), 0);
  }
});
