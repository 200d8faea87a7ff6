import { targetOf } from './cell.ts';
import type { Cell, Target } from './cell.ts';
import { attacks } from './lanes/adversarial.ts';
import { lanes } from './lanes/lanes.ts';
import type { AdversarialResult, CellResult, MemoryResult, Results, StartResult, ThreadsResult } from './result.ts';
import type { RuleSetName } from './rule-sets.ts';

/** A figure beside what it should be. */
export interface Row {
  readonly work: string;
  readonly lane: string;
  readonly figure: string;
  readonly least: string;
  readonly aim: string;
  /** `aim`, `least`, `no`, or nothing where no target is set. */
  readonly met: 'aim' | 'least' | 'no' | '';
  readonly detail: string;
}

const MB = 1e6;
const MEMORY: Target = { least: 180 * MB, aim: 110 * MB };
const START: Target = { least: 0.6, aim: 0.3 };
/** Times an ordinary stream's cost. */
const ADVERSARIAL: Target = { least: 5, aim: 2 };
const GROWN: Target = { least: 96 * MB, aim: 32 * MB };
const THREADS: Target = { least: 1.7, aim: 1.95 };

const ruleSetTitle = (rules: RuleSetName): string =>
  ({ pack: 'shipped pack', sigmahq: 'SigmaHQ', own: 'bench/rules' })[rules];

const titleOfAttack = (name: string): string => attacks.find((attack) => attack.name === name)?.title ?? name;

export function workOf({ rules, routed }: Cell): string {
  const name = ruleSetTitle(rules);
  return rules === 'pack' ? name : `${name}, ${routed ? 'routed' : 'no routing'}`;
}

export function laneTitle({ lane, repeating }: Pick<Cell, 'lane' | 'repeating'>): string {
  const title = lanes.find(({ name }) => name === lane)?.title ?? lane;
  return `${title}, ${repeating ? 'repeating' : 'never repeating'}`;
}

export const times = (ratio: number): string => `×${ratio >= 10 ? ratio.toFixed(1) : ratio.toPrecision(2)}`;

export function cellRow(result: CellResult): Row {
  const { cell, ratio, parse, objects, product, warm } = result;
  const spread = Math.max(parse.spread, product.spread);
  return {
    work: workOf(cell),
    lane: laneTitle(cell),
    ...against(targetOf(cell), ratio, times),
    detail: `product ${millions(product.eventsPerSecond)}, JSON.parse ${millions(parse.eventsPerSecond)}, objects ${millions(objects.eventsPerSecond)} M events/s (±${Math.round(spread * 100)} %), after ${Math.round(warm)} s`,
  };
}

export function threadsRow({ cell, whole, steady, processes, bytes }: ThreadsResult): Row {
  return {
    work: 'two threads over one',
    lane: `${workOf(cell)}: ${laneTitle(cell)}`,
    ...against(THREADS, steady, times),
    detail: `×${whole.toFixed(2)} with the start of the threads, over ${Math.round(bytes / MB)} MB; two commands side by side ×${processes.toFixed(2)}`,
  };
}

export function adversarialRows({ rules, attacks, grown, ready }: AdversarialResult): readonly Row[] {
  const work = `hostile streams, ${ruleSetTitle(rules)}`;
  const megabytes = (bytes: number): string => `${Math.round(bytes / MB)} MB`;
  return [
    ...attacks.map(({ name, lines, matched, ratio, engine, resident }) => ({
      work,
      lane: titleOfAttack(name),
      ...against(ADVERSARIAL, ratio, times),
      detail: `of an ordinary byte's cost; without alerts ${times(engine)}; ${matched} of ${lines} lines matched; resident ${megabytes(resident)}`,
    })),
    {
      work,
      lane: 'memory added by all of them',
      ...against(GROWN, grown, megabytes),
      detail: `resident in the end ${megabytes(ready)}`,
    },
  ];
}

export function memoryRow({ ready, peak, cold, ruleCount }: MemoryResult): Row {
  const megabytes = (bytes: number): string => `${Math.round(bytes / MB)} MB`;
  return {
    work: 'memory ready',
    lane: `${ruleCount} rules`,
    ...against(MEMORY, ready, megabytes),
    detail: `peak on the way there ${megabytes(peak)}; without a rule cache ${megabytes(cold.ready)}, peak ${megabytes(cold.peak)}`,
  };
}

export function startRows({ cold, warm, coldPeak, warmPeak, ruleCount }: StartResult): readonly Row[] {
  const seconds = (value: number): string => `${value.toFixed(2)} s`;
  const peak = (bytes: number): string => `peak memory ${Math.round(bytes / MB)} MB`;
  const lane = `${ruleCount} rules`;
  return [
    {
      work: 'warm start to first alert',
      lane,
      ...against(START, warm, seconds),
      detail: peak(warmPeak),
    },
    {
      work: 'cold start to first alert',
      lane,
      ...against(undefined, cold, seconds),
      detail: peak(coldPeak),
    },
  ];
}

/** `aim` may lie above `least` (a rate) or below it (memory, time). */
function against(
  target: Target | undefined,
  value: number,
  print: (value: number) => string,
): Pick<Row, 'figure' | 'least' | 'aim' | 'met'> {
  if (target === undefined) return { figure: print(value), least: '', aim: '', met: '' };
  const { least, aim } = target;
  const reaches = (goal: number): boolean => (aim > least ? value >= goal : value <= goal);
  const met = reaches(aim) ? 'aim' : reaches(least) ? 'least' : 'no';
  // One that misses by less than is printed looks as if it did not.
  const figure =
    met === 'no' && print === times && print(value) === print(least) ? `×${value.toFixed(3)}` : print(value);
  return { figure, least: print(least), aim: print(aim), met };
}

const millions = (rate: number): string => (rate / 1e6).toPrecision(3);

export function allRows(results: Results): readonly Row[] {
  return [
    ...results.cells.map(cellRow),
    ...results.threads.map(threadsRow),
    ...(results.adversarial ? adversarialRows(results.adversarial) : []),
    ...(results.memory === null ? [] : [memoryRow(results.memory)]),
    ...(results.start === null ? [] : startRows(results.start)),
  ];
}

export function headText({ machine, commit, date, seed, rounds, cells }: Results): string {
  const rules = [...new Map(cells.map(({ cell, ruleCount }) => [workOf(cell).split(',')[0], ruleCount]))]
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGib} GiB, ${machine.system}, load ${machine.load} at the start`,
    `Node ${machine.node}, V8 ${machine.v8}; commit ${commit ?? 'unknown'}, ${date.slice(0, 10)}; seed ${seed}, medians of ${rounds}`,
    ...(rules === '' ? [] : [`rules: ${rules}`]),
  ].join('\n');
}

const MET: Readonly<Record<Row['met'], string>> = { aim: 'aim', least: 'yes', no: 'NO', '': '' };

export function rowText({ work, lane, figure, least, aim, met, detail }: Row): string {
  const goal = least === '' ? '' : `${least} / ${aim}`;
  return `${work.padEnd(22)} ${lane.padEnd(46)} ${figure.padStart(7)} ${goal.padEnd(16)} ${MET[met].padEnd(4)} ${detail}`;
}

export function markdown(results: Results): string {
  const lines = [
    '| work | lane | figure | at least / aim | met | |',
    '|---|---|---:|---|---|---|',
    ...allRows(results).map(
      ({ work, lane, figure, least, aim, met, detail }) =>
        `| ${work} | ${lane} | **${figure}** | ${least === '' ? '' : `${least} / ${aim}`} | ${MET[met]} | ${detail} |`,
    ),
  ];
  const streams = results.cells.map(
    ({ cell, events, bytes, hits, matchedEvents, matchedOf, compared, comparedMatches, judged }) =>
      `| ${workOf(cell)} | ${laneTitle(cell)} | ${events} | ${Math.round(bytes / events)} | ${hits} | ${matchedEvents} of ${matchedOf} | ${compared}, ${comparedMatches} | ${judged} |`,
  );
  return [
    ...headText(results)
      .split('\n')
      .map((line) => `- ${line}`),
    '',
    ...lines,
    '',
    'What was in the streams. *Matched*: of the events that the product was timed on; *compared*: events of both streams on which objects and product agreed, and matches in the one with many hits; *judged*: those the plain matcher was asked about.',
    '',
    '| work | lane | events | bytes each | made to match | matched | compared, matched | judged |',
    '|---|---|---:|---:|---:|---:|---:|---:|',
    ...streams,
  ].join('\n');
}
