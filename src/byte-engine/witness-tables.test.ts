import assert from 'node:assert/strict';
import { test } from 'node:test';

import { KernelMemory } from './memory.ts';
import { Nodes } from './nodes.ts';
import { sampleOf } from './stream-sample.ts';
import type { Witness } from './witness.ts';
import { WitnessTables } from './witness-tables.ts';

/** A number below `most` that looks random and is the same in every run. */
let state = 7;
const upTo = (most: number): number => (state = (state * 48_271) % 2_147_483_647) % most;
const pick = (from: string): string => from.charAt(upTo(from.length));

const ALPHABETS = ['ab', 'abcdefgh./:-', 'abcdefghijklmnopqrstuvwxyz0123456789 .:/-_(){}$%='];
const PLACES = ['whole', 'beginning', 'end', 'within', 'within', 'within'] as const;

function text(alphabet: string, length: number): string {
  return Array.from({ length }, () => pick(alphabet)).join('');
}

const isThere = ({ where, literal }: Witness, value: string): boolean => {
  switch (where) {
    case 'whole':
      return value === literal;
    case 'beginning':
      return value.startsWith(literal);
    case 'end':
      return value.endsWith(literal);
    default:
      return value.includes(literal);
  }
};

test('witnesses of a field and of all fields are found where they stand, and nowhere else', () => {
  for (const alphabet of ALPHABETS) {
    // Few literals are told apart by nibbles, many by hashes.
    for (const literals of [3, 60, 190, 400]) {
      const memory = KernelMemory.create();
      assert.ok(memory);
      const nodes = new Nodes(memory);
      nodes.node('f');
      const witnesses: Witness[] = Array.from({ length: literals }, (_, i) => {
        const where = PLACES[upTo(PLACES.length)] ?? 'within';
        const least = where === 'beginning' || where === 'end' ? 4 : 2;
        // Single letters and digits are no witnesses: case would have to be looked at.
        const literal =
          upTo(9) === 0 && least === 2 ? pick('./:-') : text(alphabet, least + upTo(upTo(3) === 0 ? 30 : 8));
        return { kind: 'witness', path: i % 2 === 0 ? 'f' : null, where: i % 2 === 0 ? where : 'within', literal };
      });
      const sample = sampleOf(Buffer.from(text(alphabet, 5000)));
      const tables = new WitnessTables(memory, nodes, witnesses, sample);
      nodes.settle();
      const lineAt = memory.take(4096);
      const tokensAt = memory.take(4096);
      const out = memory.take(65_536 * 4);
      for (let round = 0; round < 200; round++) {
        const some = (): string => witnesses[upTo(witnesses.length)]?.literal ?? '';
        const value = [text(alphabet, upTo(40)), some(), text(alphabet, upTo(9)), some()]
          .slice(upTo(4), 1 + upTo(4))
          .join('');
        const other = upTo(2) === 0 ? some() : '';
        const written = upTo(2) === 0 ? value.toUpperCase() : value;
        // In a key nothing is looked for.
        const bytes = Buffer.from(JSON.stringify({ [some()]: 1, f: written, other }));
        memory.bytes.fill(0, lineAt, lineAt + 4096);
        memory.bytes.set(bytes, lineAt);
        const end = lineAt + bytes.length;
        const count = memory.kernel.tokenise(lineAt, end, tokensAt, tokensAt + 4096, false, false);
        assert.ok(count > 0);
        const found = memory.kernel.findWitnesses(tokensAt, count, tables.at, lineAt, end, out, 65_536);
        const numbers = new Set(memory.words.subarray(out >> 2, (out >> 2) + found));
        const values = [value, other, '1'];
        witnesses.forEach((witness, number) => {
          const expected = witness.path === 'f' ? isThere(witness, value) : values.some((one) => isThere(witness, one));
          assert.equal(numbers.has(number), expected, `${JSON.stringify(witness)} in ${bytes.toString()}`);
        });
      }
    }
  }
});

test('a witness is given once for each line, however often it stands there; beyond the limit nothing is written or counted', () => {
  const memory = KernelMemory.create();
  assert.ok(memory);
  const nodes = new Nodes(memory);
  nodes.node('f');
  const witnesses: Witness[] = ['!!!!', '!!', '!!!!!!!!!!!!', 'abcd', '!'].map((literal) => ({
    kind: 'witness',
    path: 'f',
    where: 'within',
    literal,
  }));
  const tables = new WitnessTables(memory, nodes, witnesses, sampleOf(Buffer.from('a')));
  nodes.settle();
  const bytes = Buffer.from(JSON.stringify({ f: `${'!'.repeat(5000)}abcdabcd` }));
  const lineAt = memory.take(bytes.length + 64);
  const tokensAt = memory.take(4096);
  const out = memory.take(4096);
  memory.bytes.fill(0, lineAt, lineAt + bytes.length + 64);
  memory.bytes.set(bytes, lineAt);
  const end = lineAt + bytes.length;
  for (let time = 0; time < 3; time++) {
    const count = memory.kernel.tokenise(lineAt, end, tokensAt, tokensAt + 4096, false, false);
    assert.equal(memory.kernel.findWitnesses(tokensAt, count, tables.at, lineAt, end, out, 100), 5);
    assert.deepEqual(
      [...memory.words.subarray(out >> 2, (out >> 2) + 5)].sort((a, b) => a - b),
      [0, 1, 2, 3, 4],
    );
    memory.words.fill(7, out >> 2, (out >> 2) + 5);
    assert.equal(memory.kernel.findWitnesses(tokensAt, count, tables.at, lineAt, end, out, 2), 3);
    assert.equal(memory.words[(out >> 2) + 2], 7);
  }
});
