// How long a pass of a subject takes, and how much of a stream fits in one.
import type { Batch } from '../src/frame/batch.ts';
import { frame } from './subjects.ts';
import { median, spread } from './statistics.ts';
import type { Rate } from './result.ts';

/** A pass shorter than this is repeated within the measurement: the system's accounting is coarse. */
const SHORTEST_SECONDS = 0.2;

/** Something that is timed. */
export interface Subject {
  readonly run: (times: number) => unknown;
  /** In one run of `times` 1. */
  readonly events: number;
  times: number;
  readonly rates: number[];
}

export function subject(events: number, run: Subject['run']): Subject {
  return { run, events, times: 1, rates: [] };
}

/** One measured run of each, in turns. `isWarmUp`: nothing is noted but how often a run must be repeated. */
export async function takeTurns(subjects: readonly Subject[], isWarmUp: boolean): Promise<void> {
  for (const one of subjects) {
    const took = await timed(() => one.run(one.times));
    if (!isWarmUp) one.rates.push((one.events * one.times) / took);
    else if (took < SHORTEST_SECONDS) one.times = Math.ceil((one.times * SHORTEST_SECONDS) / Math.max(took, 0.0005));
  }
}

export function rateOf({ rates, events, times }: Subject): Rate {
  return { eventsPerSecond: median(rates), spread: spread(rates), eventsPerPass: events * times };
}

/** User time of this process, every thread of it, in seconds. Young garbage of others is collected before. */
export async function timed(work: () => unknown): Promise<number> {
  globalThis.gc?.({ type: 'minor' });
  const before = process.cpuUsage();
  await work();
  return process.cpuUsage(before).user / 1e6;
}

/** User time for which no run is faster by so much than all before it: what rarely happens has been compiled. */
const STEADY = { seconds: 10, faster: 0.01 };

/** Runs it until it gets no faster, but no longer than `most` seconds of user time; gives how long it ran. */
export async function warmUp(run: () => Promise<number>, most: number): Promise<number> {
  let spent = 0;
  let best = Infinity;
  let since = 0;
  while (spent < most && since < STEADY.seconds) {
    const took = await run();
    spent += took;
    since = took < best * (1 - STEADY.faster) ? 0 : since + took;
    best = Math.min(best, took);
  }
  return spent;
}

/**
 * As much of a stream as one pass gets through in time. Looks begin at `first` bytes; there are as many as it takes for code
 * to be compiled and for the engine to know the stream, since what is cold fits little.
 */
export async function fitting(
  whole: readonly Batch[],
  bytes: Buffer,
  passSeconds: number,
  { first, looks }: { readonly first: number; readonly looks: number },
  run: (part: Prefix) => unknown,
): Promise<Prefix> {
  let part = prefix(whole, bytes, first);
  for (let look = 0; look < looks; look++) {
    const took = await timed(() => run(part));
    const size = Math.floor((passSeconds / Math.max(took, 0.001)) * part.bytes.length);
    part = prefix(whole, bytes, Math.max(first, size));
  }
  return part;
}

export interface Prefix {
  readonly batches: readonly Batch[];
  readonly bytes: Uint8Array;
  readonly events: number;
  /** Lines in it. */
  readonly lines: number;
}

/** The first events, some `size` bytes of them. */
function prefix(whole: readonly Batch[], bytes: Buffer, size: number): Prefix {
  if (size >= bytes.length) return { batches: whole, bytes, events: count(whole), lines: Infinity };
  let end = 0;
  let line = 1;
  for (const batch of whole) {
    for (let i = 0; i < batch.count && end < size; i++) {
      end = batch.offsets[i] ?? 0;
      line = batch.lines[i] ?? 0;
    }
  }
  const part = bytes.subarray(0, end);
  const batches = frame(part);
  return { batches, bytes: part, events: count(batches), lines: line - 1 };
}

const count = (batches: readonly Batch[]): number => batches.reduce((sum, batch) => sum + batch.count, 0);
