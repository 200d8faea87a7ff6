import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';

import type { RegexFlags } from '../../sigma/field-test.ts';
import { compileRegex, regexProblem } from '../../sigma/regex-support.ts';
import { parseRegex } from './parse.ts';
import { compileSearch } from './search.ts';

const RUNS = Number(process.env['PORTREEVE_PROPERTY_RUNS'] ?? 2500);
const sigmahq = fileURLToPath(new URL('../../../../shared/data/sigmahq/', import.meta.url));
const none: RegexFlags = { i: false, m: false, s: false };
const flags = fc.record({ i: fc.boolean(), m: fc.boolean(), s: fc.boolean() });

/** Finds as RE2 finds; says whether it was found, `undefined` where the search left it to RE2. */
function agree(expression: string, given: RegexFlags, texts: readonly string[]): (boolean | undefined)[] {
  const search = compileSearch(expression, given);
  if (!search) return texts.map(() => undefined);
  const compiled = compileRegex(expression, given);
  return texts.map((text) => {
    const found = search.found(text, text.length);
    const place = `${expression} ${JSON.stringify(given)} in ${JSON.stringify(text)}`;
    const outcome: boolean = compiled.test(text);
    if (found !== undefined) assert.equal(found, outcome, place);
    // The same text as a part of one too long to be read at once.
    const long = search.found(text + 'a'.repeat(5000), text.length);
    if (long !== undefined) assert.equal(long, outcome, `${place}, cut off`);
    if (outcome) assert.ok(text.length >= search.shortest, `${place}: shorter than ${search.shortest}`);
    return found;
  });
}

test('expressions, with texts that they are found in and others', () => {
  const cases: readonly (readonly [expression: string, found: readonly string[], missed: readonly string[]])[] = [
    ['', ['', 'a'], []],
    ['^$', [''], ['a', '\n']],
    ['(?m)^$', ['', '\n', 'a\n'], ['a']],
    ['(?m)^b', ['a\nb'], ['ab']],
    ['a$', ['a'], ['a\n']],
    ['(?m)a$', ['a\nb'], ['ab']],
    ['\\Aa\\z', ['a'], ['aa']],
    ['\\bfoo\\b', ['foo', 'a foo.', 'éfooé'], ['foo1', '_foo']],
    ['\\Bo', ['foo'], ['o', ' o']],
    ['a\\b$|^\\b$', ['ba'], ['', 'ab']],
    ['a.c', ['abc', 'aéc', 'a😀c'], ['a\nc', 'a😀😀c']],
    ['(?s)a.c', ['a\nc'], ['ac']],
    ['(?i:s)t', ['St', 'ſt'], ['sT']],
    ['a(?i)b|c', ['aB', 'C'], ['AB']],
    ['(a(?i)b)c', ['aBc'], ['aBC']],
    ['(?i)a(?-i)b', ['Ab'], ['AB']],
    ['[[:alpha:]_]{2}', ['a_'], ['a1']],
    ['[[:^digit:]]', ['a', 'é'], ['1']],
    ['[^\\w\\s]', ['-', 'é'], ['a b_']],
    ['[]-]x', [']x', '-x'], ['x']],
    ['[a\\-z]x', ['-x'], ['bx']],
    ['\\x41\\x{42}', ['AB'], ['ab']],
    ['\\Qa.b\\E+', ['a.bb'], ['aab']],
    ['a{2,3}b', ['aab', 'aaaab'], ['ab']],
    ['^a{2,3}?$', ['aa', 'aaa'], ['a', 'aaaa']],
    ['a{,2}', ['a{,2}'], ['aa']],
    ['a{01}', ['a{01}'], ['a']],
    ['(?:)*x', ['x'], ['']],
    ['(a*)*b', ['b', 'aab'], ['a']],
    ['[^\\x00-\\x{10FFFF}]', [], ['', 'a', 'é']],
    ['(?P<n>a)(?<m>b)', ['ab'], ['a']],
  ];
  for (const [expression, found, missed] of cases) {
    assert.equal(regexProblem(expression, none), undefined, expression);
    const isFound = (text: string): boolean =>
      agree(expression, none, [text])[0] ?? compileRegex(expression, none).test(text);
    for (const text of found) assert.equal(isFound(text), true, `${expression} in ${JSON.stringify(text)}`);
    for (const text of missed) assert.equal(isFound(text), false, `${expression} in ${JSON.stringify(text)}`);
  }
});

test('what is left to RE2', () => {
  for (const expression of ['\\pL', '[\\p{Lu}]', '\\0', '\\C', 'a(?i)*', '\\Q\\E*', 'a**', '*', '(', '[a'])
    assert.equal(parseRegex(expression, none), undefined, expression);
  const deep = '('.repeat(500) + 'a' + ')'.repeat(500);
  assert.equal(compileSearch(deep, none), undefined);
  assert.equal(compileSearch('(?:abcdefghij){1000}', none), undefined);
  assert.equal(compileSearch('é', none)?.found('aé', 2), undefined);
  assert.equal(compileSearch('(?i)[^s]t', none)?.found('ſt', 2), undefined);
});

const atoms = [
  'a',
  'B',
  'k',
  's',
  'ſ',
  'é',
  '😀',
  ' ',
  '.',
  '\\.',
  '\\\\',
  '[aB]',
  '[^a]',
  '[^\\n]',
  '[b-k]',
  '[-a]',
].concat(
  ['[^é]', '[A-Z]', '[[:lower:]]', '[^[:^word:]]', '[\\W\\d]', '[!-\\x{ff}]', '[k-\\x{10FFFF}]', '\\d', '\\w', '\\S'],
  ['\\b', '\\B', '^', '$', '\\A', '\\z', '\\x61', '\\QaB\\E', '\\n', '\\t', '{', '(?:)'],
);
const expressions = fc.letrec<{ whole: string; sequence: string; piece: string; atom: string }>((tie) => ({
  whole: fc.array(tie('sequence'), { minLength: 1, maxLength: 3, size: 'xsmall' }).map((parts) => parts.join('|')),
  sequence: fc.array(tie('piece'), { minLength: 1, maxLength: 4, size: 'xsmall' }).map((parts) => parts.join('')),
  piece: fc
    .tuple(
      tie('atom'),
      fc.constantFrom('', '', '', '', '*', '+', '?', '{2}', '{0,2}', '{1,}', '+?', '{,2}', '{0}', '{02}', '{2,3}?'),
    )
    .map(([atom, quantifier]) => atom + quantifier),
  atom: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom(...atoms),
    fc
      .tuple(fc.constantFrom('(', '(?:', '(?i:', '(?m-s:', '((?i)', '(?s)(', '((?-i)|'), tie('whole'))
      .map(([head, body]) => `${head}${body})`),
  ),
})).whole;
const pieces = [
  'a',
  'A',
  'b',
  'B',
  'k',
  'K',
  's',
  'S',
  ' ',
  '.',
  '\\',
  '1',
  '_',
  '\n',
  '\t',
  '{',
  '{,2}',
  'aB',
  '\x7f',
];
const ascii = fc.string({ unit: fc.constantFrom(...pieces), maxLength: 14 });
const mixed = fc.string({
  unit: fc.constantFrom(...pieces, 'ſ', '\u212a', 'é', 'É', '😀', '\ud83d', '\ude00', '\u0080', '\u{10ffff}'),
  maxLength: 14,
});

test('the search finds what RE2 finds', () => {
  const counts = { found: 0, missed: 0, left: 0 };
  const property = fc.property(
    expressions,
    flags,
    fc.array(fc.oneof(ascii, mixed), { minLength: 6, maxLength: 6 }),
    (expression, given, texts) => {
      assert.equal(regexProblem(expression, given), undefined, expression);
      for (const found of agree(expression, given, texts))
        counts[found === undefined ? 'left' : found ? 'found' : 'missed']++;
    },
  );
  fc.assert(property, { numRuns: RUNS });
  assert.ok(counts.found > RUNS && counts.missed > RUNS / 2, JSON.stringify(counts));
});

/** Expressions of the rules, as they are written in them. */
function ruleExpressions(): readonly string[] {
  const found = new Set<string>();
  for (const name of globSync('{rules*,unsupported,deprecated}/**/*.yml', { cwd: sigmahq })) {
    const lines = readFileSync(`${sigmahq}/${name}`, 'utf8').split('\n');
    for (const [i, line] of lines.entries()) {
      if (!line.includes('|re')) continue;
      for (const value of [line.slice(line.indexOf(':') + 1), ...lines.slice(i + 1, i + 20)]) {
        const quoted = /^\s*(?:- )?'(.*)'\s*(?:#.*)?$/.exec(value)?.[1];
        if (quoted !== undefined) found.add(quoted.replaceAll("''", "'"));
      }
    }
  }
  return [...found].filter((expression) => regexProblem(expression, none) === undefined);
}

test('the search finds what RE2 finds for the expressions of SigmaHQ', (t) => {
  if (!existsSync(sigmahq)) {
    t.skip('shared data is not here: data/sigmahq');
    return;
  }
  const all = ruleExpressions();
  const counts = { found: 0, missed: 0, left: 0 };
  for (const expression of all) {
    // Texts that are made of the expression's own pieces, so that some are found.
    const own = expression
      .split(/(?<=[^\\])(?=[\\[(|.*+?{])|[()|*+?^$]|\.\*/)
      .flatMap((piece) => [piece, piece.replaceAll('\\', ''), piece.replace(/^\[(.).*\]$/, '$1')]);
    const unit = fc.constantFrom(...own, ...own, ' ', '"', "'", '\\', 'a', 'Z', '7', '`', '\n', '+', '/', '.exe', 'é');
    const texts = fc.array(fc.string({ unit, maxLength: 24 }), { minLength: 8, maxLength: 8 });
    const property = fc.property(texts, flags, (each, given) => {
      if (regexProblem(expression, given) !== undefined) return;
      for (const found of agree(expression, given, each))
        counts[found === undefined ? 'left' : found ? 'found' : 'missed']++;
    });
    fc.assert(property, { numRuns: Math.ceil(RUNS / 250) });
  }
  assert.ok(all.length > 150, `${all.length} expressions`);
  assert.ok(counts.found > 500 && counts.missed > 5000 && counts.left < 100, JSON.stringify(counts));
});

test('states are bounded, whatever the text', () => {
  let seed = 1;
  const letter = (): string => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed >= 1_073_741_824 ? 'a' : 'b';
  };
  for (const expression of ['(a|b)*a(a|b){20}c', '(?:a.{30}|b.{40}){3}c', '(x|[ab]{1,300}){3}c']) {
    const search = compileSearch(expression, none);
    assert.ok(search);
    for (let round = 0; round < 40; round++) {
      const text = Array.from({ length: 5000 }, letter).join('');
      const found = search.found(text, text.length);
      assert.notEqual(found, true);
      assert.ok(search.bytes <= 256 * 1024 && search.states < 3000, `${search.states} states, ${search.bytes} bytes`);
    }
    assert.equal(search.found('a', 1), undefined, 'it has given up');
    assert.equal(search.bytes, 0);
  }
});
