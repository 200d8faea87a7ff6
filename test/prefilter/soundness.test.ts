import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createKernel, PAGE_BYTES } from '../../src/kernel/kernel.ts';
import { readRecord } from '../../src/pipeline/read-record.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { packFolder, readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { ScanEvent } from '../../src/pipeline/scan-event.ts';
import { requiredSigns } from '../../src/prefilter/required-signs.ts';
import { SparkScanner } from '../../src/prefilter/spark-scanner.ts';
import { labelledCases } from '../cases/labelled-case.ts';
import { auditd, crowdstrike, elastic, sentinelone, sysmon } from '../cases/render.ts';
import type { Render } from '../cases/render.ts';
import { caseOf, Chance, disguised, escapedJson, escapedXml, randomFrom, wrapped } from './disguises.ts';

const RENDERS: readonly Render[] = [elastic, crowdstrike, sentinelone, auditd, sysmon];
const RECORDS = Number(process.env['PORTREEVE_FUZZ_LINES'] ?? '10000');

/** Five lines of an audit log are an event; any other line is a record. */
function records(text: string): readonly string[] {
  const lines = text.split('\n');
  if (!text.startsWith('node=')) return lines;
  return lines.flatMap((_, i) => (i % 5 === 0 ? [lines.slice(i, i + 5).join('\n')] : []));
}

interface Judge {
  readonly matches: (text: string) => number;
  readonly passes: (text: string) => boolean;
}

/** Asks a pack's rules, and its prefilter, about the same text. */
async function judge(pack: string): Promise<Judge> {
  const library = await loadLibrary(readRuleTexts([packFolder(pack)]));
  const required = requiredSigns(library.rules);
  const kernel = createKernel(64);
  assert.ok(required && kernel, `${pack} can be told from bytes`);
  const scanner = new SparkScanner(kernel, required, PAGE_BYTES);
  return {
    matches(text) {
      let count = 0;
      for (const one of records(text))
        for (const { shape, record } of readRecord(one, undefined).events)
          count += library.rulesFor(shape).matchAll(new ScanEvent(shape, record, () => undefined)).length;
      return count;
    },
    passes(text) {
      const memory = Buffer.from(kernel.memory.buffer);
      const from = scanner.end + 64;
      memory[from - 1] = 10;
      const to = from + memory.write(`${text}\n`, from);
      memory.fill(0, to, to + 256);
      const { places, marks } = scanner.scan(from, to);
      if (places !== undefined && places.length === 0) return false;
      // Every line by itself, as they stand in a log: the needs of one record are met by any of its lines.
      let needs = 0;
      for (let at = from; at < to;) {
        const end = memory.indexOf(10, at);
        needs |= scanner.needs(at, end, marks);
        at = end + 1;
      }
      return scanner.suffices(needs >>> 0);
    },
  };
}

for (const pack of ['kubernetes-network', 'portable']) {
  test(`${pack}: what matches passes the prefilter: labelled cases`, async (t) => {
    const cases = labelledCases();
    if (cases === undefined) {
      t.skip('shared data is not here: data/kubectl-cases');
      return;
    }
    const { matches, passes } = await judge(pack);
    let matched = 0;
    cases.forEach((labelled, i) => {
      for (const render of RENDERS) {
        const text = render(labelled, i).join('\n');
        if (matches(text) === 0) continue;
        matched++;
        assert.ok(passes(text), text);
      }
    });
    assert.ok(matched > 100);
  });

  test(`${pack}: what matches passes the prefilter: random disguises`, async (t) => {
    const seed = Number(process.env['PORTREEVE_FUZZ_SEED'] ?? Date.now() % 1_000_000_007);
    t.diagnostic(`seed ${seed}, ${RECORDS} records`);
    const chance = new Chance(randomFrom(seed));
    const { matches, passes } = await judge(pack);
    let matched = 0;
    let passed = 0;
    for (let i = 0; i < RECORDS; i++) {
      const render = chance.pick(RENDERS);
      let text = render(caseOf(disguised(chance)), i).join('\n');
      if (text.startsWith('{')) text = escapedJson(text, chance);
      else if (text.includes('<Event')) text = escapedXml(text, chance);
      if (chance.is(0.2)) text = escapedJson(wrapped(text, chance), chance);
      const isPassed = passes(text);
      if (isPassed) passed++;
      if (matches(text) === 0) continue;
      matched++;
      assert.ok(isPassed, `seed ${seed}: ${text}`);
    }
    t.diagnostic(`${matched} matched, ${passed} passed`);
    assert.ok(matched > RECORDS / 50, `${matched} of ${RECORDS} matched`);
  });
}
