import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';

import { CharacterTexts } from '../../src/byte-engine/character-texts.ts';
import { Characters } from '../../src/byte-engine/characters.ts';
import { batchesOf, compareEngines, libraryOf } from './engines.ts';

/** Values whose bytes say something else than the text that they stand for, and others that come near. */
const values: readonly unknown[] = [
  ['', '-', 'N/A', 'null', 'true', '4', '04', '4.0', 'a', 'A', 'é', 'É', 'ſ', 'K', ' ', 'x '],
  ['\\', '\\\\', '\\net.exe', '\\\\net.exe', '\\\r', '\\\net.exe', '\net.exe', 'C:\\Windows\\NET.EXE', 'C:\\windows\\'],
  ['"', 'a"', '\\"', '/', 'a/b', '\t', '\\t', 'x.exe', 'x.EXE', '.exe', 'x.exe.', 'exe', 'Écran.exe', 'x.exé'],
  [
    '10.0.0.1',
    '10.0.0.256',
    '010.0.0.1',
    '8.8.8.8',
    '::1',
    '::ffff:10.0.0.1',
    '10.0.0.1 ',
    '10.0.0',
    '255.255.255.255',
  ],
  [
    'ab cd',
    'a'.repeat(15),
    'a'.repeat(16),
    'a'.repeat(40),
    'b'.repeat(300),
    'abababababbbbbbbbb',
    'xABCDEFG',
    'xABCDEFGH',
    'yABC\\\\\\\\DE',
  ],
  ['😀', 'a😀b', '😁', '👩🏼‍❤️‍👨', 'x👩🏼‍❤️', '🏼‍❤️‍', '👩🏼‍❤️‍👨 y', '\ud83d', '\ud83d😀', '👩\ud83d', '\ude00'],
  [
    '€',
    'a€',
    'A€',
    '€b',
    'ˢave',
    'SˢAVE',
    'ж',
    'Ж',
    'жˢ',
    'ЖˢX',
    'aéb',
    'AÉC',
    'é€',
    'É€',
    '€'.repeat(39),
    `€${'€'.repeat(40)}`,
    'Ⓜ️',
    'ⓜ️',
    '️',
    '\u0085',
    'a\u2028',
  ],
  [4, 4.5, -4, 0, 1e21, true, false, null, [], ['x.exe'], ['a', '\\net.exe'], [null], { b: 'x.exe' }, [{ b: 1 }]],
].flat();

/** Tests of field `f`, in which `g` is another field. */
const tests: readonly Readonly<Record<string, unknown>>[] = [
  { 'f|endswith': ['.exe', '.com'] },
  { 'f|endswith': '\\net.exe' },
  { 'f|endswith': 'net.exe' },
  { 'f|endswith': ' ' },
  { 'f|endswith': ['t', '"'] },
  { 'f|endswith|cased': '.EXE' },
  { 'f|startswith': ['C:\\Windows\\', '\\'] },
  { 'f|startswith': ['\n', '"'] },
  { 'f|contains': '\\' },
  { 'f|contains': 'n' },
  { 'f|contains': '"' },
  { 'f|contains': '\n' },
  { f: ['', '-'] },
  { f: ['x.exe', '\\\\\\\\net.exe'] },
  { f: null },
  { f: 4 },
  { f: '4' },
  { f: true },
  { f: [null, 'a'] },
  { 'f|re': '^a{16}' },
  { 'f|re': ['.{40,}', '[0-9]{2}'] },
  { 'f|re': '[ab]{10} ?[b-z]{8,}' },
  { 'f|re': '(?:x|y)[A-Z\\\\]{8}' },
  { 'f|cidr': ['10.0.0.0/8', '::1/128'] },
  { 'f|cidr': ['0.0.0.0/0'] },
  { 'f|cidr': '255.255.255.255/32' },
  { 'f|contains': ['😀', '👩🏼‍❤️‍👨'] },
  { 'f|contains': ['ˢ', '€'] },
  // Of a run so long that part of it is looked for; of ones that begin alike.
  { 'f|contains': ['€'.repeat(40), '👩🏼‍❤️', '👩🏼‍❤️‍👨'] },
  { 'f|contains': ['👩🏼‍❤️‍👨', '👩🏼‍❤️‍👩', '👩🏼x', 'Ⓜ️'] },
  { 'f|contains': ['жˢ', 'a😁'] },
  { 'f|contains': ['ж', '😀'] },
  { 'f|endswith': ['b', '€', '😀B'] },
  { 'f|startswith': ['a€', '\u0085'] },
  { f: ['É€', 'a\u2028'] },
  { 'f|contains|cased': 'ˢA' },
  { 'f|contains': '\ud83d' },
  { 'f|fieldref': 'g' },
  { 'f|fieldref|endswith': 'g' },
  { 'f|fieldref|contains': 'g' },
  { 'f|exists': true },
  { 'f|gt': 3 },
  { 'f|contains|all': ['e', 'x'] },
  { 'f|neq': 'x.exe' },
];

const conditions = ['s', 'not s', 's and not t', 'not s and not t', 's or not t', 'not (s and t)'];

/** Each of the tests in each of the conditions. */
function allRules(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-rules-'));
  t.after(() => rmSync(folder, { recursive: true }));
  tests.forEach((s, i) => {
    conditions.forEach((condition, j) => {
      const detection = {
        s,
        ...(condition.includes('t)') || condition.endsWith('t') ? { t: tests[(i + j * 7) % tests.length] } : {}),
        condition,
      };
      const rule = { title: `${i} ${j}`, logsource: { category: 'c', product: 'windows' }, detection };
      writeFileSync(join(folder, `${i}-${j}.yml`), JSON.stringify(rule));
    });
  });
  return folder;
}

test('rules that the bytes of a line refute do not hold, whatever its values', async (t) => {
  const library = await libraryOf([allRules(t)]);
  assert.ok(library.rules.length > tests.length * conditions.length * 0.9, `${library.rules.length} rules`);
  for (const product of ['windows', undefined]) {
    const lines = [
      JSON.stringify({ product, category: 'c' }),
      ...values.flatMap((f, i) =>
        [undefined, f, values[i + 1], ...values.filter((_, j) => (i + j) % 11 === 0)].map((g) =>
          JSON.stringify({ product, ...(product ? { category: 'c' } : {}), f, g }),
        ),
      ),
    ];
    // The second time over, witnesses are those that the lines have shown to be rare.
    const { findings } = compareEngines(library, batchesOf(Buffer.from([...lines, ...lines].join('\n'))));
    assert.ok(findings > lines.length);
  }
});

test('long values are read as short ones are', async (t) => {
  const library = await libraryOf([allRules(t)]);
  const texts = values.filter((value) => typeof value === 'string');
  // About as long as a value may be of which the characters are looked through, and a line whose values are read one by one.
  const lines = texts
    .filter((_, i) => i % 3 === 0)
    .map((text, i) => {
      const filler = (i % 2 === 0 ? '. ' : '. 😂').padEnd(128 * 1024 - 100 + 40 * (i % 6), '. ');
      return JSON.stringify({ product: 'windows', category: 'c', f: `${text}${filler}${text}`, g: text });
    });
  const { findings } = compareEngines(library, batchesOf(Buffer.from(lines.join('\n'))));
  assert.equal(findings, lines.length);
});

test('a field that only `fieldref` names is known from the first line on', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-rules-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const rule = { title: 'same', logsource: { category: 'c' }, detection: { s: { 'f|fieldref': 'g' }, condition: 's' } };
  writeFileSync(join(folder, 'same.yml'), JSON.stringify(rule));
  const lines = [0, 1, 2, 3].map((i) => JSON.stringify({ product: 'windows', category: 'c', f: `v${i % 2}`, g: 'V1' }));
  const { findings } = compareEngines(await libraryOf([folder]), batchesOf(Buffer.from(lines.join('\n'))));
  assert.equal(findings, 2);
});

test('a list of a hundred thousand texts that are not ASCII is refuted like a short one', () => {
  const texts = Array.from({ length: 150_000 }, (_, i) =>
    String.fromCodePoint(0x4e00 + (i % 20_000), 0x4e00 + Math.floor(i / 8)),
  );
  const found = CharacterTexts.of(texts);
  const characters = new Characters();
  const mayStandIn = (value: string): boolean | undefined => {
    const bytes = Buffer.from(value);
    characters.read(bytes, 0, bytes.length);
    return found?.mayStandIn(bytes, characters, bytes.length);
  };
  for (const at of [0, 1, 70_000, 149_999]) assert.equal(mayStandIn(`a${texts[at]}b`), true);
  for (const value of ['', 'ab', '\u4e00', 'é', `${texts[9]?.[0]}x${texts[9]?.[1]}`])
    assert.equal(mayStandIn(value), false);
});
