import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { uuid } from '../alert/uuid.ts';
import { constant, JsonOutput } from './json-output.ts';
import { jsonText } from './json-text.ts';

const shared = new JsonOutput();

function written(write: (out: JsonOutput) => void): string {
  write(shared);
  const chunk = shared.take();
  const text = chunk.toString();
  shared.giveBack(chunk);
  return text;
}

/** What a stream makes of a text: half a surrogate pair has no bytes of its own. */
const asBytes = (text: string): string => Buffer.from(text).toString();

const texts = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\u007f', 'é', '\ud83d', '\ude00', 'x'), maxLength: 120 }),
);
const numbers = fc.oneof(fc.integer(), fc.nat(), fc.double(), fc.constantFrom(-0, 0, 9, 10, 999_999_999, 1e9, 1e21));

test('strings, numbers and plain data are written as JSON.stringify writes them', () => {
  for (let code = 0; code < 0x10000; code++) {
    const text = `a${String.fromCharCode(code)}b`;
    assert.equal(
      written((out) => out.string(text)),
      JSON.stringify(text),
    );
  }
  const data = fc.anything({
    values: [texts, numbers, fc.boolean(), fc.constantFrom(null, undefined), fc.bigInt()],
    key: texts,
    maxDepth: 3,
  });
  fc.assert(
    fc.property(texts, numbers, fc.array(texts), data, (text, number, list, any) => {
      const value = any === undefined ? null : any;
      assert.equal(
        written((out) => {
          out.string(text);
          out.number(number);
          out.strings(list);
          out.plain(value);
          out.text(text);
          out.stringOrNull(null);
        }),
        asBytes(
          `${JSON.stringify(text)}${JSON.stringify(number)}${JSON.stringify(list)}${jsonText(value)}${asBytes(text)}null`,
        ),
      );
    }),
    { numRuns: 1000 },
  );
});

test('objects: commas stand between members, and one without members is left out', () => {
  const name = constant(',"a":');
  const inner = constant(',"b":{');
  const text = written((out) => {
    out.bytes(constant('{'));
    out.member(inner);
    out.close(1);
    out.member(name);
    out.number(1);
    const before = out.length;
    out.member(inner);
    out.member(name);
    out.string('{');
    out.member(name);
    out.number(2);
    out.close(before);
    const empty = out.length;
    out.member(inner);
    const emptyToo = out.length;
    out.member(inner);
    out.close(emptyToo);
    out.close(empty);
    out.close(0);
  });
  assert.equal(text, '{"a":1,"b":{"a":"{","a":2}}');
});

test('chunks: what is taken stays as it is until it is given back, whatever is written meanwhile', () => {
  const out = new JsonOutput();
  const taken: { readonly chunk: Buffer; readonly text: string }[] = [];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 300_000 }), fc.boolean(), fc.constantFrom('x', 'é', '€', '"'))),
      (steps) => {
        for (const [size, isString, unit] of steps) {
          const text = unit.repeat(size);
          if (isString) out.string(text);
          else out.text(text);
          const chunk = out.take();
          taken.push({ chunk, text: isString ? JSON.stringify(text) : text });
          if (taken.length < 3) continue;
          for (const one of taken) assert.ok(one.chunk.toString() === one.text);
          for (const one of taken.splice(0, 2)) out.giveBack(one.chunk);
        }
      },
    ),
    { numRuns: 20 },
  );
});

test('UUIDs are written as their text', () => {
  for (const digest of ['\u0000'.repeat(16), '\u00ff'.repeat(32), '\u0001\u009a\u00f0\u000f'.repeat(8)])
    assert.equal(
      written((out) => out.uuid(digest)),
      `"${uuid(digest)}"`,
    );
});

test('long texts are written as short ones are, wherever a pair, half of one or an escape stands', () => {
  for (const unit of ['x', 'é', '€', '\u{1d400}', '\ud83d', '\ude00', '"', '\n', '\ude00\ud83d'])
    for (const before of [16_380, 16_381, 16_382, 16_383, 16_384, 32_767]) {
      const text = `${'a'.repeat(before)}${unit.repeat(9000)}b`;
      assert.equal(
        written((out) => {
          out.string(text);
          out.text(text);
        }),
        asBytes(JSON.stringify(text) + text),
      );
    }
});
