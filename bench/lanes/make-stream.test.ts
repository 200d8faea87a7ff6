import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RuleLibrary } from '../../src/pipeline/rule-library.ts';
import { readEvents } from '../../src/pipeline/read-events.ts';
import { readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { judgeSample, mustAgree } from '../judge.ts';
import { rulePaths } from '../rule-sets.ts';
import type { RuleSetName } from '../rule-sets.ts';
import { frame, runObjectEngine } from '../subjects.ts';
import type { Loaded } from '../subjects.ts';
import { edrLanes, lanes } from './lanes.ts';
import { makeStream } from './make-stream.ts';
import type { Stream, StreamOptions } from './make-stream.ts';

const OPTIONS: StreamOptions = {
  seed: 'test',
  bytes: 128 * 1024,
  repeating: true,
  hitShare: 0.05,
  withLogSource: true,
};

async function load(name: RuleSetName): Promise<Loaded> {
  const texts = await readRuleTexts(rulePaths(name));
  return { texts, library: new RuleLibrary(texts), shape: null };
}

const packRules = await load('pack');
const ownRules = await load('own');

/** Lines of a stream on which the rules of a set must match, and those on which they do. */
function compare(loaded: Loaded, { bytes }: Stream, wanted: readonly number[]): ReadonlyMap<number, string> {
  const matches = runObjectEngine(loaded, frame(bytes), 1);
  const found = new Map(matches.map((match) => [Number(match.split(' ', 1)[0]), match]));
  assert.deepEqual([...found.keys()], wanted);
  return found;
}

for (const lane of lanes) {
  for (const repeating of [true, false]) {
    const stream = makeStream(lane, { ...OPTIONS, repeating });

    test(`${lane.name}, ${repeating ? 'repeating' : 'never repeating'}: each event is of its shape and is a start where it says so`, () => {
      const { events, problems } = readEvents(stream.bytes.toString(), undefined);
      assert.deepEqual(problems, []);
      assert.equal(events.length, stream.events);
      assert.deepEqual([...new Set(events.map(({ shape }) => shape.name))], [lane.shape]);
      const starts = events.filter(({ shape, record }) => shape.processStart(record) !== undefined);
      assert.equal(starts.length, stream.processStarts);
    });

    test(`${lane.name}, ${repeating ? 'repeating' : 'never repeating'}: rules match what was made to match, and nothing else`, () => {
      assert.ok(stream.hits.length > 0);
      const pack = stream.hits.filter((hit) => hit.pack !== undefined);
      const found = compare(
        packRules,
        stream,
        pack.map(({ line }) => line),
      );
      for (const hit of pack) assert.ok(found.get(hit.line)?.includes(` ${hit.pack}`), `line ${hit.line}`);
      const byOwn = compare(
        ownRules,
        stream,
        stream.hits.map(({ line }) => line),
      );
      for (const { line, rule } of stream.hits) {
        const id = ownRules.library.rules.find(({ title }) => title === rule)?.id;
        assert.ok(id !== undefined && byOwn.get(line)?.includes(` ${id}`), `line ${line}: ${rule}`);
      }
    });
  }

  test(`${lane.name}: the same seed gives the same bytes, another one others`, () => {
    const small = { ...OPTIONS, bytes: 16 * 1024 };
    const { bytes } = makeStream(lane, small);
    assert.ok(bytes.length >= small.bytes);
    assert.ok(makeStream(lane, small).bytes.equals(bytes));
    assert.ok(!makeStream(lane, { ...small, seed: 'other' }).bytes.equals(bytes));
  });
}

test('the share of hits is what was asked for', () => {
  for (const lane of edrLanes) {
    const { hits, events } = makeStream(lane, { ...OPTIONS, bytes: 512 * 1024, hitShare: 0.1 });
    assert.ok(Math.abs(hits.length / events - 0.1) < 0.05, `${lane.name}: ${hits.length} of ${events}`);
    assert.deepEqual(makeStream(lane, { ...OPTIONS, hitShare: 0 }).hits, []);
  }
});

test('a few lines are not ASCII, in both forms', () => {
  for (const lane of lanes) {
    if (lane.name === 'auditd') continue; // writes such values in hexadecimal
    for (const repeating of [true, false]) {
      const { bytes } = makeStream(lane, { ...OPTIONS, bytes: 2 * 1024 * 1024, repeating });
      const lines = bytes.toString('latin1').trimEnd().split('\n');
      const share = lines.filter((line) => /[\u0080-\u00ff]/.test(line)).length / lines.length;
      assert.ok(share > 0.0005 && share < 0.01, `${lane.name}: ${share}`);
    }
  }
});

test('values recur in the one form and not in the other', () => {
  for (const name of ['windows-raw', 'windows-structured', 'sysmon-file', 'crowdstrike']) {
    const lane = lanes.find((one) => one.name === name);
    assert.ok(lane);
    const distinct = (repeating: boolean): number => {
      const { bytes } = makeStream(lane, { ...OPTIONS, bytes: 1024 * 1024, repeating, hitShare: 0 });
      const values = readEvents(bytes.toString(), undefined).events.flatMap(
        ({ record }) => record['CommandLine'] ?? record['TargetFilename'] ?? [],
      );
      assert.ok(values.length > 200);
      return new Set(values).size / values.length;
    };
    assert.equal(distinct(false), 1, name);
    assert.ok(distinct(true) < 0.7, `${name}: ${distinct(true)}`);
  }
});

test('without a log source nothing of it is left', () => {
  for (const lane of lanes.filter(({ shape }) => shape === 'sigma')) {
    const { bytes } = makeStream(lane, { ...OPTIONS, withLogSource: false });
    for (const line of bytes.toString().trimEnd().split('\n'))
      assert.ok(!/"(?:product|category|service)":/.test(line), line);
  }
});

test('two engines that differ, in what or how often, are told apart', () => {
  mustAgree('same', ['1 a', '2 b'], ['1 a', '2 b']);
  assert.throws(() => mustAgree('fewer', ['1 a', '2 b'], ['1 a']), /fewer: 2 and 1 .*2 b/);
  assert.throws(() => mustAgree('others', ['1 a'], ['1 b']), /1 a/);
  assert.throws(() => mustAgree('twice', ['1 a', '1 a'], ['1 a']), /told twice/);
});

test('the plain matcher agrees on a sample, and says so where it does not', () => {
  const lane = lanes.find(({ name }) => name === 'windows-structured');
  assert.ok(lane);
  const batches = frame(makeStream(lane, OPTIONS).bytes);
  const matches = runObjectEngine(ownRules, batches, 1);
  assert.ok(judgeSample(ownRules, batches, matches, 40) >= 20);
  assert.throws(
    () => judgeSample(ownRules, batches, matches.slice(0, -1).concat('1 nothing'), 1000),
    /the plain matcher says/,
  );
});
