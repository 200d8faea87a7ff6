import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { batchesOf, compareEngines, libraryOf } from './engines.ts';
import { evaluatorFor } from '../../src/pipeline/executor.ts';

const RULES = 80;
const LINES = 300;

/** So long that by itself it says enough of a line. */
const alpha = (i: number): string => `--alpha-bravo-${i}x`;

const folder = mkdtempSync(join(tmpdir(), 'portreeve-changing-'));
after(() => rmSync(folder, { recursive: true }));
for (let i = 0; i < RULES; i++)
  writeFileSync(
    join(folder, `${i}.yml`),
    [
      `title: Rule ${i}`,
      `id: 00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      'logsource: { product: windows, category: process_creation }',
      'detection:',
      '  selection:',
      `    CommandLine|contains: '${alpha(i)}'`,
      "    Image|endswith: '\\bravo.exe'",
      '  condition: selection',
    ].join('\n'),
  );
const library = await libraryOf([folder]);

const alphas = Array.from({ length: RULES }, (_, i) => alpha(i)).join(' ');

/** Process starts with a command line and an image. */
function stream(commandLine: string, image: string, lines = LINES): Buffer {
  const made = Array.from({ length: lines }, (_, i) =>
    JSON.stringify({
      product: 'windows',
      category: 'process_creation',
      Image: `C:\\Windows\\${image}`,
      CommandLine: `${commandLine} ${i}`,
    }),
  );
  return Buffer.from(`${made.join('\n')}\n`);
}

test('what rules wait for is chosen anew when the stream changes, and nothing is missed', () => {
  const engine = library.lineClasses?.engine;
  assert.ok(engine, 'this machine has no SIMD');
  const run = engine.run.bind(engine);
  let candidates = 0;
  engine.run = (lines, reader) =>
    run(lines, {
      classify: (index) => reader.classify(index),
      candidates: (index, of, rules, tokens) => {
        candidates += rules.length;
        reader.candidates(index, of, rules, tokens);
      },
      slow: (index) => reader.slow(index),
      counted: (of, counted) => reader.counted(of, counted),
    });
  const evaluator = evaluatorFor({ library, shape: null, lookBackBytes: 1024 * 1024 });
  const scan = (bytes: Uint8Array): number => {
    candidates = 0;
    for (const batch of batchesOf(bytes)) evaluator.evaluate('', batch);
    return candidates / LINES;
  };
  const few = stream('quiet', 'bravo.exe');
  const commands = stream(alphas, 'other.exe');
  // The image is in every line, so rules wait for the command line.
  scan(few);
  assert.equal(scan(few), 0);
  // Now that is in every line.
  const first = scan(commands);
  assert.ok(first >= RULES / 2, `${first} candidates for each line at first`);
  const later = scan(commands);
  assert.ok(later < 1, `${later} candidates for each line later`);
  // And the other way round.
  scan(few);
  const last = scan(few);
  assert.ok(last < 1, `${last} candidates for each line in the end`);
  for (const [bytes, found] of [
    [few, 0],
    [commands, 0],
    [stream(alphas, 'bravo.exe', 40), 40],
    [stream(alpha(7), 'BRAVO.EXE', 40), 40],
  ] as const)
    assert.equal(compareEngines(library, batchesOf(bytes)).findings, found);
});
