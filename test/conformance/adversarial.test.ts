import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { attacks, attackStream, textsOf } from '../../bench/lanes/adversarial.ts';
import { makeStream } from '../../bench/lanes/make-stream.ts';
import { windowsStructured } from '../../bench/lanes/windows-structured.ts';
import { frame, runObjectEngine } from '../../bench/subjects.ts';
import { evaluatorFor } from '../../src/pipeline/executor.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { readRuleTexts } from '../../src/pipeline/rule-texts.ts';

const library = await loadLibrary(readRuleTexts([join(import.meta.dirname, '../../bench/rules')]));
const KIB = 1024;

/** What the byte engine did, in numbers that do not depend on the machine. */
interface Work {
  lines: number;
  /** Records parsed to find out what they are. */
  classified: number;
  slow: number;
  /** Rules tried, on lines and on slow records. */
  candidates: number;
  /** Slow records for which every rule had to be tried. */
  unbounded: number;
}

/** Counts what passes between the engine and its reader. */
function watch(): Work {
  const work: Work = { lines: 0, classified: 0, slow: 0, candidates: 0, unbounded: 0 };
  const engine = library.lineClasses?.engine;
  assert.ok(engine, 'this machine has no SIMD');
  const run = engine.run.bind(engine);
  engine.run = (lines, reader) => {
    work.lines += lines.count;
    return run(lines, {
      classify: (index) => {
        work.classified++;
        return reader.classify(index);
      },
      candidates: (index, of, rules, tokens) => {
        work.candidates += rules.length;
        reader.candidates(index, of, rules, tokens);
      },
      slow: (index) => {
        work.slow++;
        reader.slow(index);
      },
      counted: (of, lines_) => reader.counted(of, lines_),
    });
  };
  const candidatesOf = engine.candidatesOf.bind(engine);
  engine.candidatesOf = (of, record) => {
    const rules = candidatesOf(of, record);
    if (rules === undefined) work.unbounded++;
    else work.candidates += rules.length;
    return rules;
  };
  return work;
}

const work = watch();
const evaluator = evaluatorFor({ library, shape: null, lookBackBytes: 8 * KIB * KIB });

function scan(bytes: Uint8Array): { readonly found: string; readonly work: Work } {
  Object.assign(work, { lines: 0, classified: 0, slow: 0, candidates: 0, unbounded: 0 });
  const found: string[] = [];
  for (const batch of frame(bytes))
    for (const { place, matches } of evaluator.evaluate('', batch).findings)
      if (matches.length > 0)
        found.push(
          `${place.line} ${matches
            .map(({ rule }) => rule)
            .sort((a, b) => a - b)
            .join(' ')}`,
        );
  return { found: found.join('\n'), work: { ...work } };
}

/** Rules tried on a line, at most, for streams of which little matches. */
const CANDIDATES: Readonly<Record<string, number>> = {
  colliding: 4,
  sources: 12,
  keys: 2,
  long: 20,
  escapes: 2,
  deep: 2,
};

test('hostile streams: what is done for each line is bounded, and so is the memory', () => {
  const normal = makeStream(windowsStructured, {
    seed: 's',
    bytes: 256 * KIB,
    repeating: false,
    hitShare: 0.01,
    withLogSource: true,
  });
  scan(normal.bytes);
  const engine = library.lineClasses?.engine;
  assert.ok(engine);
  const before = engine.memoryBytes;
  const texts = textsOf(library.rules);
  for (const attack of attacks) {
    const bytes = attackStream(attack, windowsStructured, texts, 's', 256 * KIB);
    const { found, work: done } = scan(bytes);
    const said = `${attack.name}: ${JSON.stringify(done)}`;
    assert.equal(
      found.split('\n').length,
      runObjectEngine({ library, shape: null }, frame(bytes), 1).length || 1,
      said,
    );
    // Routes: what is saved up, and one for sixteen lines.
    assert.ok(done.classified <= 256 + done.lines / 16, said);
    assert.equal(done.unbounded, 0, said);
    assert.ok(done.candidates <= done.lines * library.rules.length, said);
    const most = CANDIDATES[attack.name];
    if (most !== undefined) assert.ok(done.candidates <= done.lines * most + 100, said);
    if (['deep', 'escapes', 'keys', 'kubectl'].includes(attack.name)) assert.ok(done.slow <= done.lines / 4 + 16, said);
  }
  assert.ok(engine.memoryBytes - before <= 16 * KIB * KIB, `${before} and ${engine.memoryBytes} bytes`);
});
