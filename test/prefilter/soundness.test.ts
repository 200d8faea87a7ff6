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
      const lines: { start: number; end: number }[] = [];
      for (let start = from; start < to;) {
        const end = memory.indexOf(10, start);
        lines.push({ start, end });
        start = end + 1;
      }
      // Where sparks are many, records are looked at without regard to them.
      return scanner.mayMatch(lines, marks) && scanner.mayMatchAny(lines, marks);
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
      let text = render(caseOf(disguised(chance, pack === 'portable' ? 0 : 0.2)), i).join('\n');
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

const hexOf = (text: string): string => Buffer.from(text).toString('hex');
const AUDIT = 'msg=audit(1773450123.456:77): ';

test('what is hidden in ways that hardly any record has', async () => {
  const { passes } = await judge('kubernetes-network');
  const hex = hexOf('kubectl port-forward svc/web 80');
  const mixed = Array.from(hex, (digit, i) => (i % 3 === 0 ? digit.toUpperCase() : digit)).join('');
  const hidden: readonly string[] = [
    `type=EXECVE ${AUDIT}argc=3 a0="sh" a1="-c" a2=${hex}`,
    `type=EXECVE ${AUDIT}argc=13 a12=${hex.toUpperCase()}`,
    `node=web type=1309 ${AUDIT}argc=3 a0="sh" a1="-c" a2=${mixed}`,
    `type=SYSCALL ${AUDIT}arch=c000003e syscall=59 a0=1 comm=${hexOf('kubectl proxy')} exe="/usr/bin/kubectl"`,
    `type=PROCTITLE ${AUDIT}proctitle=${hexOf('kubectl\u0000port-forward\u0000svc/web')}`,
    `type=PROCTITLE ${AUDIT}proctitle=${hexOf('sh\u0000-c\u0000ku\\\nbectl po"rt"-forward svc/web')}`,
    `type=USER_CMD ${AUDIT}pid=1 msg='cwd="/" cmd=${hex} res=success'`,
    `type=EXECVE ${AUDIT}argc=2 a0="kubectl" a1[0]=70 a1[1]=726f7879`,
    `{"message":"type=EXECVE ${AUDIT}a0\\u003d${hex}"}`,
    // A line that is cut within a byte.
    `type=EXECVE ${AUDIT}argc=1 a0=${hex}0`,
    `{"message":"type=EXECVE ${AUDIT}argc=1 a0=${hex}0"}`,
    `{"message":"type=EXECVE ${AUDIT}argc=1 a0=${hex}0\\ntype=CWD ${AUDIT}cwd=\\"/\\""}`,
    // More quotes than are looked through.
    `{"command_line":"ku${"''".repeat(5000)}bectl port-forward svc/web 80"}`,
    `{"command_line":"sh -c 'kubectl an\\\\\\nnotate svc/web a=b'"}`,
    `{"command_line":"sh -c 'kubectl an\\\\notate svc/web a=b'"}`,
    '{"args":["\u212aubectl","proxy"]}',
    '{"args":["\\u212Aubectl","expo\\u017fe"]}',
  ];
  for (const text of hidden) assert.ok(passes(text), text.slice(0, 300));
  const harmless: readonly string[] = [
    // Addresses whose digits would spell signs.
    `type=SYSCALL ${AUDIT}arch=c000003e a0=6b75626563746c20 a1=2070726f787920 a2=0 comm="ls" exe="/usr/bin/ls"`,
    // An odd number of digits elsewhere is no text.
    `type=EXECVE ${AUDIT}argc=2 a0=${hex}0 a1="x"`,
    '{"command_line":"kubectl get pods -n team"}',
    `{"command_line":"${'\\"'.repeat(5000)}"}`,
  ];
  for (const text of harmless) assert.ok(!passes(text), text.slice(0, 300));
});
