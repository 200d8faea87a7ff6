import type { Lane } from './lanes/lane.ts';
import { edrLanes, lanes, sigmaLanes } from './lanes/lanes.ts';
import { makeStream } from './lanes/make-stream.ts';
import type { Stream } from './lanes/make-stream.ts';
import type { RuleSetName } from './rule-sets.ts';

/** One thing that is measured, in a process of its own. */
export interface Cell {
  readonly lane: string;
  readonly repeating: boolean;
  readonly rules: RuleSetName;
  /** `false`: records do not say where they come from, and every rule is tried. */
  readonly routed: boolean;
}

/** Times the rate of `JSON.parse` on every line. */
export interface Target {
  readonly least: number;
  readonly aim: number;
}

export interface CellOptions {
  readonly seed: string;
  readonly mib: number;
  readonly rounds: number;
  readonly hitShare: number;
  /** Processor time that one measured pass should take, at most. */
  readonly passSeconds: number;
  /** Processor time that the product runs before it is measured, at most: what rarely happens, alerts above all, is compiled late. */
  readonly warmSeconds: number;
}

/** `big`: the set that is there, SigmaHQ or the committed one. */
export function allCells(big: RuleSetName): readonly Cell[] {
  const both = [true, false];
  const cells = (of: readonly Lane[], rules: RuleSetName, routed: boolean, forms = both): Cell[] =>
    of.flatMap(({ name }) => forms.map((repeating): Cell => ({ lane: name, repeating, rules, routed })));
  return [
    ...cells(edrLanes, 'pack', true),
    ...cells(sigmaLanes, 'pack', true),
    ...cells(sigmaLanes, big, true),
    ...cells(sigmaLanes, big, false),
    ...cells(edrLanes, big, true, [true]),
  ];
}

/** The stream of a cell, of the size that is asked for or another. */
export function streamOf(cell: Cell, options: CellOptions, bytes = options.mib * 1024 * 1024): Stream {
  return makeStream(laneOf(cell), {
    seed: options.seed,
    bytes,
    repeating: cell.repeating,
    hitShare: options.hitShare,
    withLogSource: cell.routed,
  });
}

export function laneOf({ lane }: Cell): Lane {
  const found = lanes.find(({ name }) => name === lane);
  if (found === undefined) throw new Error(`no lane ${lane}; expected one of: ${laneNames().join(', ')}`);
  return found;
}

export function laneNames(): readonly string[] {
  return lanes.map(({ name }) => name);
}

/** Names the cell in files that outlive a run. */
export function cellName({ lane, repeating, rules, routed }: Cell): string {
  return `${rules}${routed ? '' : '-unrouted'}/${lane}/${repeating ? 'repeating' : 'unique'}`;
}

const REPEATING: ReadonlyMap<string, Target> = new Map([
  ['windows-raw', { least: 0.7, aim: 1.2 }],
  ['windows-structured', { least: 1, aim: 1.3 }],
  ['cisco', { least: 0.4, aim: 0.6 }],
  ['sysmon-file', { least: 2, aim: 2.5 }],
]);

/** What the product promises itself; nothing for the committed rule set, which is too small to say much. */
export function targetOf({ lane, repeating, rules, routed }: Cell): Target | undefined {
  const isSigma = sigmaLanes.some(({ name }) => name === lane);
  if (rules === 'pack') return isSigma ? undefined : { least: 8, aim: 15 };
  if (rules !== 'sigmahq' || !isSigma) return undefined;
  if (!routed) return { least: lane === 'windows-raw' ? 0.15 : 0.3, aim: 0.4 };
  return repeating ? REPEATING.get(lane) : { least: 0.4, aim: 0.7 };
}
