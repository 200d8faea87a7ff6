import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { parseRules } from '../sigma/parse-rules.ts';
import { Correlator } from './correlator.ts';
import type { Observation } from './observation.ts';
import { planCorrelations } from './plan.ts';

/**
 * A judge that knows no windows that slide, no figures kept and no memory: it keeps every event and counts anew. It is written
 * from the specification and docs/rules.md alone.
 */
interface Seen {
  readonly time: number;
  readonly event: number;
  readonly member: number;
  readonly value: string | undefined;
}

interface Correlation {
  readonly type: string;
  readonly span: number;
  readonly bounds: Readonly<Record<string, number>>;
  readonly rules: readonly string[];
  readonly isGrouped: boolean;
  readonly percentile?: number;
}

const TESTS: Readonly<Record<string, (figure: number, limit: number) => boolean>> = {
  gt: (figure, limit) => figure > limit,
  gte: (figure, limit) => figure >= limit,
  lt: (figure, limit) => figure < limit,
  lte: (figure, limit) => figure <= limit,
  eq: (figure, limit) => figure === limit,
  neq: (figure, limit) => figure !== limit,
};

const fits = (figure: number | undefined, bounds: Correlation['bounds']): boolean =>
  figure !== undefined && Object.entries(bounds).every(([name, limit]) => TESTS[name]?.(figure, limit) ?? false);

/** In the window, by time. */
function figureOf({ type, percentile, rules }: Correlation, window: readonly Seen[], latest: Seen): number | undefined {
  const texts = window.flatMap(({ value }) => value ?? []);
  const numbers = texts.filter((text) => /^-?\d+(\.\d+)?$/.test(text)).map(Number);
  const sum = numbers.reduce((a, b) => a + b, 0);
  const sorted = numbers.toSorted((a, b) => a - b);
  switch (type) {
    case 'event_count':
      return new Set(window.map(({ event }) => event)).size;
    case 'value_count':
      return new Set(texts).size;
    case 'temporal':
      return new Set(window.map(({ member }) => member)).size;
    case 'temporal_ordered':
      return mostInOrder(window, rules.length);
    case 'value_sum':
      return numbers.length === 0 ? undefined : sum;
    case 'value_avg':
      return numbers.length === 0 ? undefined : sum / numbers.length;
    case 'value_median': {
      const half = sorted.length / 2;
      if (sorted.length === 0) return undefined;
      return sorted.length % 2 === 1
        ? sorted[Math.floor(half)]
        : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2;
    }
    default: {
      if (percentile !== undefined)
        return sorted.find(
          (one) => sorted.filter((other) => other <= one).length >= (percentile / 100) * sorted.length,
        );
      const same = texts.filter((text) => text === latest.value).length;
      return latest.value === undefined ? undefined : (100 * same) / texts.length;
    }
  }
}

/** Tries every choice of members and events. */
function mostInOrder(window: readonly Seen[], members: number): number {
  const from = (member: number, at: number): number => {
    if (member === members) return 0;
    let most = from(member + 1, at);
    for (let i = at; i < window.length; i++) {
      const one = window[i];
      if (one?.member !== member) continue;
      // The next event after all entries of this one.
      let next = i + 1;
      while (window[next]?.event === one.event) next++;
      most = Math.max(most, 1 + from(member + 1, next));
      break;
    }
    return most;
  };
  return from(0, 0);
}

interface Given extends Omit<Seen, 'member' | 'event'> {
  readonly id: string;
  readonly rules: readonly string[];
  readonly group: string | undefined;
}

/** `group time figure` of each that holds, sorted. */
function judge(correlation: Correlation, events: readonly Given[], lateness: number): readonly string[] {
  const { type, span, bounds, rules, isGrouped } = correlation;
  const grows = !/avg|median|percentile/.test(type) && Object.keys(bounds).every((name) => name.startsWith('gt'));
  const groups = new Map<string, Seen[]>();
  const known = new Set<string>();
  const said: { readonly group: string; readonly time: number; readonly figure: number }[] = [];
  let latest = -Infinity;
  let number = 0;
  for (const given of events) {
    if (given.time < latest - lateness) continue;
    latest = Math.max(latest, given.time);
    number++;
    const group = isGrouped ? given.group : '';
    if (group === undefined) continue;
    const all = groups.get(group) ?? [];
    groups.set(group, all);
    const before = all.length;
    for (const [member, rule] of rules.entries()) {
      if (!given.rules.includes(rule) || known.has(`${member} ${given.id}`)) continue;
      known.add(`${member} ${given.id}`);
      all.push({ time: given.time, event: number, member, value: given.value });
    }
    all.sort((a, b) => a.time - b.time);
    if (!grows || all.length === before) continue;
    for (const [i, end] of all.entries()) {
      if (end.time < given.time || end.time >= given.time + span) continue;
      if (said.some((one) => one.group === group && Math.abs(one.time - end.time) < span)) continue;
      // An event is in the window under all its rules.
      if (all[i + 1]?.event === end.event) continue;
      const window = all.slice(0, i + 1).filter(({ time }) => time > end.time - span);
      const figure = figureOf(correlation, window, end);
      if (figure === undefined || !fits(figure, bounds)) continue;
      said.push({ group, time: end.time, figure });
      break;
    }
  }
  if (!grows)
    for (const [group, all] of groups)
      for (let rest = all; rest.length > 0;) {
        const start = rest[0]?.time ?? 0;
        const window = rest.filter(({ time }) => time < start + span);
        rest = rest.filter(({ time }) => time >= start + span);
        const asked = type === 'value_percentile' ? window : window.slice(-1);
        const found = asked.map((one) => figureOf(correlation, window, one)).find((one) => fits(one, bounds));
        if (found !== undefined) said.push({ group, time: window.at(-1)?.time ?? 0, figure: found });
      }
  return said.map(({ group, time, figure }) => `${group} ${time} ${figure}`).sort();
}

const names = ['a', 'b', 'c'];
const base = names.map(
  (name) =>
    `title: ${name}\nname: ${name}\nlevel: low\nlogsource:\n  product: x\ndetection:\n  s:\n    f: ${name}\n  condition: s\n`,
);

function textOf({ type, span, bounds, rules, isGrouped, percentile }: Correlation): string {
  const limits = Object.entries(bounds).map(([name, limit]) => `${name}: ${limit}`);
  if (type.startsWith('value_')) limits.push('field: v');
  if (percentile !== undefined) limits.push(`percentile: ${percentile}`);
  return `title: t\ncorrelation:\n  type: ${type}\n  rules: [${rules.join(', ')}]\n  timespan: ${span}s\n${isGrouped ? '  group-by: [u]\n' : ''}  condition: {${limits.join(', ')}}\n`;
}

const correlation: fc.Arbitrary<Correlation> = fc
  .record({
    type: fc.constantFrom(
      'event_count',
      'value_count',
      'temporal',
      'temporal_ordered',
      'value_sum',
      'value_avg',
      'value_median',
      'value_percentile',
    ),
    span: fc.integer({ min: 1, max: 20 }),
    bounds: fc.oneof(
      fc.record({ gte: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ gt: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ gte: fc.integer({ min: 1, max: 3 }), lte: fc.integer({ min: 2, max: 5 }) }),
      fc.record({ gt: fc.integer({ min: 0, max: 2 }), lt: fc.integer({ min: 2, max: 5 }) }),
      fc.record({ lt: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ eq: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ neq: fc.integer({ min: 1, max: 3 }) }),
    ),
    rules: fc.shuffledSubarray(names, { minLength: 1 }),
    isGrouped: fc.boolean(),
    percent: fc.constantFrom(undefined, 10, 50, 90, 100),
  })
  .map(({ percent, ...rest }) => ({
    ...rest,
    ...(rest.type === 'value_percentile' && percent !== undefined ? { percentile: percent } : {}),
  }));

const given = fc.record({
  gap: fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: -25, max: 40 })),
  rules: fc.subarray(names, { minLength: 1 }),
  group: fc.constantFrom('x', 'y', undefined),
  value: fc.constantFrom('1', '2', '3', '-1', '0.5', 'word', undefined),
  again: fc.integer({ min: 0, max: 12 }),
});

test('every type of correlation over random events agrees with a judge that counts anew, in any order, late and repeated', () => {
  let held = 0;
  fc.assert(
    fc.property(
      correlation,
      fc.array(given, { maxLength: 40 }),
      fc.constantFrom(Infinity, 0, 5, 30),
      (rule, steps, lateness) => {
        let now = 1000;
        const events: Given[] = [];
        for (const { gap, again, ...rest } of steps) {
          const before = events[events.length - again];
          now += gap;
          events.push(again > 0 && before ? before : { ...rest, time: now, id: `e${events.length}` });
        }
        const parsed = parseRules({ name: 'x.yml', text: [...base, textOf(rule)].join('---\n') });
        assert.deepEqual(parsed.diagnostics, []);
        const plan = planCorrelations(parsed.rules, parsed.correlations, ({ message }) => assert.fail(message));
        const one = new Correlator(plan, { latenessMs: lateness * 1000, memoryBytes: 64 * 1024 * 1024 });
        const matches = [
          ...events.flatMap(({ id, time, rules, group, value }, line) => {
            const observation: Observation = {
              id,
              time: time * 1000,
              rules: rules.map((name) => names.indexOf(name)),
              fields: {
                ...(group === undefined ? {} : { u: [group] }),
                ...(value === undefined ? {} : { v: [value] }),
              },
              place: { file: 'f', line, byte: 0 },
            };
            return one.observe(observation);
          }),
          ...one.end(),
        ];
        const found = matches.map(({ group, to, figure }) => `${group['u'] ?? ''} ${to / 1000} ${figure}`).sort();
        held += found.length;
        assert.deepEqual(found, judge(rule, events, lateness));
      },
    ),
    { numRuns: Number(process.env['PORTREEVE_PROPERTY_RUNS'] ?? 2500) },
  );
  assert.ok(held > 1000, `${held} held`);
});
