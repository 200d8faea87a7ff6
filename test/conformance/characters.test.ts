import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { batchesOf, compareEngines, libraryOf } from './engines.ts';

/** Letters with and without case, one that three fold to, letters beyond the first plane, marks, signs, and pairs of emoji. */
const CHARACTERS = 'é Ж ς å ǅ ᾳ 𐐀 𞤀 ß İ ſ K ﬅ ™ “ \u202e 中 💀 👩‍💻 ❤️ 🏴󠁧󠁢 a\u0301'.split(' ');
const MODIFIERS = ['', '|contains', '|startswith', '|endswith', '|cased', '|contains|cased'];

const spellings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
  (text) => text.toUpperCase().toLowerCase().toUpperCase(),
];

const escaped = (json: string): string =>
  json.replaceAll(/[^\u0000-\u007f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

test('characters beyond ASCII are found by the bytes of a line, in every case and spelling', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-rules-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const rules = CHARACTERS.flatMap((character) =>
    MODIFIERS.map((modifier) => ({ [`f${modifier}`]: [`x${character}`, `${character}${character}`, character] })),
  );
  const keywords = CHARACTERS.map((character) => [`${character}z`]);
  writeFileSync(
    join(folder, 'rules.yml'),
    [...rules, ...keywords]
      .map((selection, i) =>
        JSON.stringify({
          title: `Rule ${i}`,
          logsource: { product: 'windows' },
          detection: { selection, condition: 'selection' },
        }),
      )
      .join('\n---\n'),
  );
  const library = await libraryOf([folder]);
  assert.deepEqual(
    library.diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
  const values = CHARACTERS.flatMap((character) =>
    spellings.flatMap((spell) =>
      ['', 'x', 'y '].flatMap((before) => ['', 'z', character].map((after) => `${before}${spell(character)}${after}`)),
    ),
  );
  const plain = values.map((f) => JSON.stringify({ product: 'windows', f, g: 'ж' }));
  const halves = ['\\ud83d', 'x\\udc80', '\\ud83d\\ud83d\\udc80'].map((f) => `{"product":"windows","f":"${f}"}`);
  const lines = [...plain, ...plain.map(escaped), ...halves];
  // The first lines of a kind are looked at in another way; so all stand behind enough of them, and before.
  const bytes = Buffer.from(`${lines.join('\n')}\n`.repeat(2));
  const { findings } = compareEngines(library, batchesOf(bytes));
  assert.ok(findings > values.length, `${findings} findings`);
  for (const line of lines.slice(0, 40)) compareEngines(await libraryOf([folder]), batchesOf(Buffer.from(`${line}\n`)));
});
