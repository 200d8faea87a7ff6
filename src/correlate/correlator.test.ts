import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { parseRules } from '../sigma/parse-rules.ts';
import { Correlator } from './correlator.ts';
import type { CorrelationMatch, Observation } from './observation.ts';
import { planCorrelations } from './plan.ts';

const base = ['a', 'b', 'c'].map(
  (name) =>
    `title: ${name}\nname: ${name}\nlevel: low\nlogsource:\n  product: x\ndetection:\n  s:\n    f: ${name}\n  condition: s\n`,
);

function correlator(
  documents: readonly string[],
  options: { latenessMs?: number; memoryBytes?: number } = {},
): Correlator {
  const parsed = parseRules({ name: 'x.yml', text: [...base, ...documents].join('---\n') });
  const problems = [...parsed.diagnostics];
  const plan = planCorrelations(parsed.rules, parsed.correlations, (problem) => problems.push(problem));
  assert.deepEqual(problems, []);
  return new Correlator(plan, { latenessMs: Infinity, memoryBytes: 64 * 1024 * 1024, ...options });
}

const rule = (type: string, more: string): string =>
  `title: t\nname: t_${type}\ncorrelation:\n  type: ${type}\n  timespan: 10s\n${more
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n`;

let serial = 0;
/** `10 a u=x v=3`: at second 10 rule `a`, with fields. */
function event(text: string, id = `e${serial++}`): Observation {
  const [second = '', rules = '', ...fields] = text.split(' ');
  return {
    id,
    time: Number(second) * 1000,
    rules: rules.split('+').map((name) => 'abc'.indexOf(name)),
    fields: Object.fromEntries(
      fields.map((field) => [field.slice(0, field.indexOf('=')), [field.slice(field.indexOf('=') + 1)]]),
    ),
    place: { file: 'f', line: serial, byte: 0 },
  };
}

const shown = (match: CorrelationMatch): string =>
  `${match.to / 1000} ${Object.values(match.group).join(',')} ${match.figure} of ${match.count}`;

function run(document: string | readonly string[], events: readonly string[]): readonly string[] {
  const one = correlator(typeof document === 'string' ? [document] : document);
  return [...events.flatMap((text) => one.observe(event(text))), ...one.end()].map(shown);
}

const count3 = rule('event_count', 'rules: [a]\ngroup-by: [u]\ncondition: {gte: 3}');

test('each type of correlation, with what holds and what does not', () => {
  const cases: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
    ['three in ten seconds', count3, ['1 a u=x', '5 a u=x', '10.999 a u=x'], ['10.999 x 3 of 3']],
    ['the window is open at its beginning', count3, ['1 a u=x', '5 a u=x', '11 a u=x'], []],
    ['it slides', count3, ['1 a u=x', '9 a u=x', '12 a u=x', '14 a u=x'], ['14 x 3 of 3']],
    ['groups apart', count3, ['1 a u=x', '2 a u=y', '3 a u=x', '4 a u=y', '5 a u=y'], ['5 y 3 of 3']],
    ['no group field', count3, ['1 a', '2 a', '3 a'], []],
    [
      'once for each timespan',
      count3,
      ['1 a u=x', '2 a u=x', '3 a u=x', '4 a u=x', '12 a u=x', '13 a u=x', '14 a u=x'],
      ['3 x 3 of 3', '13 x 3 of 3'],
    ],
    ['late ones count where they belong', count3, ['5 a u=x', '30 a u=x', '7 a u=x', '6 a u=x'], ['7 x 3 of 3']],
    [
      'no group-by: all are one group',
      rule('event_count', 'rules: [a, b]\ncondition: {gt: 1}'),
      ['1 a', '2 b'],
      ['2  2 of 2'],
    ],
    [
      'one event of two rules is one event',
      rule('event_count', 'rules: [a, b]\ncondition: {gte: 2}'),
      ['1 a+b', '20 a'],
      [],
    ],
    [
      'fewer than',
      rule('event_count', 'rules: [a]\ncondition: {lt: 3}'),
      ['1 a', '2 a', '20 a', '21 a', '22 a'],
      ['2  2 of 2'],
    ],
    [
      'a range',
      rule('event_count', 'rules: [a]\ncondition: {gt: 1, lte: 2}'),
      ['1 a', '2 a', '20 a', '21 a', '22 a', '40 a'],
      ['2  2 of 2'],
    ],
    [
      'exactly',
      rule('event_count', 'rules: [a]\ncondition: {eq: 2}'),
      ['1 a', '2 a', '3 a', '20 a', '21 a'],
      ['21  2 of 2'],
    ],
    [
      'distinct values',
      rule('value_count', 'rules: [a]\ncondition: {field: v, gte: 2}'),
      ['1 a v=1', '2 a v=1', '3 a v=2'],
      ['3  2 of 3'],
    ],
    [
      'distinct pairs',
      rule('value_count', 'rules: [a]\ncondition: {field: [u, v], gte: 2}'),
      ['1 a v=1 u=1', '2 a v=1', '3 a v=1 u=2'],
      ['3  2 of 3'],
    ],
    [
      'sum',
      rule('value_sum', 'rules: [a]\ncondition: {field: v, gt: 10}'),
      ['1 a v=4', '2 a v=nothing', '3 a v=7', '20 a v=9'],
      ['3  11 of 3'],
    ],
    [
      'average',
      rule('value_avg', 'rules: [a]\ncondition: {field: v, gte: 5}'),
      ['1 a v=4', '3 a v=7', '20 a v=1'],
      ['3  5.5 of 2'],
    ],
    [
      'median',
      rule('value_median', 'rules: [a]\ncondition: {field: v, gte: 5}'),
      ['1 a v=1', '2 a v=6', '3 a v=100', '20 a v=4', '21 a v=5'],
      ['3  6 of 3'],
    ],
    [
      'percentile',
      rule('value_percentile', 'rules: [a]\ncondition: {field: v, percentile: 90, gte: 9}'),
      ['1 a v=1', '2 a v=2', '3 a v=9'],
      ['3  9 of 3'],
    ],
    [
      'percentile below',
      rule('value_percentile', 'rules: [a]\ncondition: {field: v, percentile: 50, gte: 9}'),
      ['1 a v=1', '2 a v=2', '3 a v=9'],
      [],
    ],
    [
      'a rare value',
      rule('value_percentile', 'rules: [a]\ncondition: {field: v, lte: 25}'),
      ['1 a v=x', '2 a v=x', '3 a v=y', '4 a v=x'],
      ['4  25 of 4'],
    ],
    [
      'no value is rare',
      rule('value_percentile', 'rules: [a]\ncondition: {field: v, lte: 25}'),
      ['1 a v=x', '2 a v=x'],
      [],
    ],
    [
      'all near each other',
      rule('temporal', 'rules: [a, b]\ngroup-by: [u]'),
      ['1 b u=x', '3 a u=y', '5 a u=x'],
      ['5 x 2 of 2'],
    ],
    ['too far apart', rule('temporal', 'rules: [a, b]'), ['1 b', '11 a'], []],
    ['two of three', rule('temporal', 'rules: [a, b, c]\ncondition: {gte: 2}'), ['1 c', '2 c', '3 a'], ['3  2 of 3']],
    [
      'a condition over rules',
      rule('temporal', 'rules: [a, b, c]\ncondition: a and (b or c)'),
      ['1 b', '2 c', '3 a'],
      ['3  3 of 3'],
    ],
    [
      'a condition with not',
      rule('temporal', 'rules: [a, b]\ncondition: a and not b'),
      ['1 a', '2 b', '20 a'],
      ['20  1 of 1'],
    ],
    ['in order', rule('temporal_ordered', 'rules: [a, b, c]'), ['1 a', '2 b', '3 c'], ['3  3 of 3']],
    ['out of order', rule('temporal_ordered', 'rules: [a, b, c]'), ['1 b', '2 a', '3 c'], []],
    ['in order among others', rule('temporal_ordered', 'rules: [a, b]'), ['1 b', '2 a', '3 b'], ['3  2 of 3']],
    ['one event is not its own successor', rule('temporal_ordered', 'rules: [a, b]'), ['1 a+b', '2 a'], []],
    ['in order though delivered late', rule('temporal_ordered', 'rules: [a, b]'), ['3 b', '1 a'], ['3  2 of 2']],
  ];
  for (const [name, document, events, expected] of cases) assert.deepEqual(run(document, events), expected, name);
});

test('aliases name the field for each rule', () => {
  const document = rule('temporal', 'rules: [a, b]\ngroup-by: [ip]\naliases:\n  ip:\n    a: src\n    b: dst');
  assert.deepEqual(run(document, ['1 a src=1 dst=2', '2 b src=1 dst=2', '3 b src=9 dst=1']), ['3 1 2 of 2']);
});

test('a chain: many, then one; the outer rule groups by its own field', () => {
  const outer =
    'title: o\ncorrelation:\n  type: temporal_ordered\n  rules: [t_event_count, b]\n  group-by: [user]\n  timespan: 1m\n';
  const events = ['1 a u=x user=k', '2 a u=x user=k', '3 a u=x user=k', '9 b user=j', '40 b user=k'];
  assert.deepEqual(run([outer, count3], events), ['3 x 3 of 3', '40 k 2 of 2']);
});

test('a duplicate counts once', () => {
  const one = correlator([count3]);
  const twice = event('1 a u=x');
  for (const each of [twice, twice, event('2 a u=x'), twice]) assert.deepEqual(one.observe(each), []);
  assert.equal(one.counts.duplicates, 2);
  assert.equal(one.observe(event('3 a u=x')).length, 1);
});

test('with bounded lateness what is too late is counted, and what is over is forgotten', () => {
  const one = correlator(
    [count3, rule('event_count', 'rules: [b]\ngroup-by: [u]\ncondition: {eq: 1}').replace('t_event_count', 'other')],
    { latenessMs: 5000 },
  );
  assert.deepEqual(one.observe(event('100 a u=x')), []);
  assert.deepEqual(one.observe(event('94 a u=x')), []);
  assert.equal(one.counts.late, 1);
  one.observe(event('100 b u=y'));
  const after = ['116 a u=z', '117 a u=z', '118 a u=q', '119 a u=r'].flatMap((text) => one.observe(event(text)));
  assert.deepEqual(after.map(shown), ['100 y 1 of 1']);
});

test('saved in mid-window and restored it goes on as if nothing had happened', () => {
  const documents = [
    count3,
    rule('temporal_ordered', 'rules: [a, b]\ngroup-by: [u]'),
    rule('event_count', 'rules: [c]\ngroup-by: [u]\ncondition: {lt: 3}').replace('t_event_count', 'few'),
    rule('value_count', 'rules: [a, c]\ncondition: {field: v, gte: 3}'),
    rule('value_sum', 'rules: [a, b]\ngroup-by: [u]\ncondition: {field: v, gt: 4}'),
    rule('value_avg', 'rules: [a]\ngroup-by: [u]\ncondition: {field: v, lt: 2}'),
    rule('temporal', 'rules: [few, b]\ngroup-by: [u]'),
    rule('value_median', 'rules: [few, t_value_avg]\ngroup-by: [u]\ncondition: {field: v, gte: 1}'),
  ];
  const step = fc.record({
    gap: fc.integer({ min: -15, max: 15 }),
    rule: fc.constantFrom('a', 'b', 'c', 'a+b'),
    u: fc.constantFrom('x', 'y', 'z'),
    v: fc.constantFrom('0', '1', '2', '3', '0.1', '0.7'),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.nat(60),
      fc.constantFrom(Infinity, 8000),
      fc.constantFrom(64 * 1024 * 1024, 6000, 1500),
      (steps, cut, latenessMs, memoryBytes) => {
        let now = 100;
        const events = steps.map(({ gap, rule: name, u, v }, i) =>
          event(`${(now += gap)} ${name} u=${u} v=${v}`, `i${i}`),
        );
        const whole = correlator(documents, { latenessMs, memoryBytes });
        const expected = [...events.flatMap((one) => whole.observe(one)), ...whole.end()];
        let part = correlator(documents, { latenessMs, memoryBytes });
        const found: CorrelationMatch[] = [];
        events.forEach((one, i) => {
          if (i === cut) {
            const saved = JSON.stringify(part.save());
            part = correlator(documents, { latenessMs, memoryBytes });
            part.restore(JSON.parse(saved));
            assert.equal(JSON.stringify(part.save()), saved);
          }
          found.push(...part.observe(one));
        });
        found.push(...part.end());
        assert.deepEqual(found, expected);
        assert.deepEqual(part.counts, whole.counts);
        assert.equal(part.heldBytes, whole.heldBytes);
      },
    ),
    { numRuns: 300 },
  );
});

test('windows that must be over are judged when nothing of theirs can come, or at the end', () => {
  const one = rule('event_count', 'rules: [a]\ngroup-by: [u]\ncondition: {eq: 1}');
  const events = ['100 a u=x', '120 a u=x', '105 a u=x', '126 a u=y'];
  // Nothing is too late: the event that comes after the next window has begun still counts.
  assert.deepEqual(run(one, events), ['120 x 1 of 1', '126 y 1 of 1']);
  const bounded = correlator([one], { latenessMs: 15_000 });
  assert.deepEqual(
    events.map((text) => bounded.observe(event(text)).map(shown)),
    [[], [], [], []],
  );
  assert.deepEqual(bounded.observe(event('146 a u=z')).map(shown), ['120 x 1 of 1']);
  const paused = correlator([one]);
  for (const text of events) paused.observe(event(text));
  assert.deepEqual(paused.pause().map(shown), []);
  paused.observe(event('140 a u=y'));
  assert.deepEqual(paused.pause().map(shown), ['120 x 1 of 1', '126 y 1 of 1']);
});

test('events that come newest first give an alert for each timespan, as those that come oldest first do', () => {
  const texts = Array.from({ length: 60 }, (_, i) => `${i} a u=x`);
  assert.equal(run(count3, texts).length, 6);
  assert.equal(run(count3, texts.toReversed()).length, 6);
});

test('a window may hold more events than any fixed number', () => {
  const many = rule('event_count', 'rules: [a]\ngroup-by: [u]\ncondition: {gte: 50000}');
  const one = correlator([many]);
  let found = 0;
  for (let i = 0; i < 50_000; i++)
    found += one.observe({
      id: `e${i}`,
      time: i / 10,
      rules: [0],
      fields: { u: ['x'] },
      place: { file: 'f', line: i, byte: 0 },
    }).length;
  assert.equal(found, 1);
  assert.equal(one.counts.dropped_entries, 0);
});

test('one group that takes all memory loses its oldest events, and they are counted', () => {
  const one = correlator([count3], { memoryBytes: 100_000 });
  for (let i = 0; i < 2000; i++) one.observe(event(`${i / 1000} a u=x`));
  assert.ok(one.heldBytes <= 100_000, String(one.heldBytes));
  assert.ok(one.counts.dropped_entries > 1000);
  assert.equal(one.counts.dropped_groups, 0);
});

test('sliding counts agree with counting anew, whatever the order of delivery', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 40 }), (times) => {
      const matches = run(
        count3,
        times.map((time) => `${time} a u=x`),
      );
      const some = times.some((end) => times.filter((time) => time > end - 10 && time <= end).length >= 3);
      assert.equal(matches.length > 0, some);
    }),
  );
});

test('a million groups stay within the memory given; what is dropped is counted', () => {
  const one = correlator([count3], { memoryBytes: 8 * 1024 * 1024 });
  for (let i = 0; i < 1_000_000; i++) {
    one.observe({
      id: `e${i}`,
      time: i,
      rules: [0],
      fields: { u: [`user-${i}`] },
      place: { file: 'f', line: i, byte: 0 },
    });
    if (i % 10_000 === 0) assert.ok(one.heldBytes <= 8 * 1024 * 1024);
  }
  assert.ok(one.counts.dropped_groups > 900_000, String(one.counts.dropped_groups));
  assert.equal(one.counts.dropped_groups, one.counts.dropped_entries);
});

test('a correlation that cannot run is left out, and its neighbours run', () => {
  const documents = [
    ...base,
    count3,
    'title: r\nname: r\ncorrelation:\n  type: temporal\n  rules: [a, nowhere]\n  timespan: 1m\n',
    'title: p\nname: p\ncorrelation:\n  type: temporal\n  rules: [q]\n  timespan: 1m\n',
    'title: q\nname: q\ncorrelation:\n  type: temporal\n  rules: [p]\n  timespan: 1m\n',
  ];
  const parsed = parseRules({ name: 'x.yml', text: documents.join('---\n') });
  const codes: string[] = [];
  const plan = planCorrelations(parsed.rules, parsed.correlations, ({ code }) => codes.push(code));
  assert.deepEqual(
    plan.correlations.map(({ rule: { name } }) => name),
    ['t_event_count'],
  );
  assert.deepEqual(codes.toSorted(), [
    'correlation-cycle',
    'reference-unresolved',
    'reference-unresolved',
    'reference-unresolved',
  ]);
  assert.deepEqual([...plan.silent], [0]);
  assert.deepEqual([...plan.fieldsOf], [[0, ['u']]]);
  assert.equal(plan.correlations[0]?.level, 'low');
});
