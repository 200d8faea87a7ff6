import type { JsonObject } from '../event/json.ts';
import type { ProcessCommand, ProcessImage, ProcessStart } from '../event/process-start.ts';
import { deriveFactsOf } from '../facts/derive-facts.ts';
import type { ProcessFacts } from '../facts/derive-facts.ts';
import type { Shape } from '../shapes/shape.ts';

/** Finds the start of `start`'s parent among earlier records, or nothing. */
export type FindParent = (shape: Shape, start: ProcessStart) => ProcessStart | undefined;

/** An event that rules match, as far as alerts and correlations look at it. */
export interface MatchedEvent {
  readonly shape: Shape;
  readonly time: string | undefined;
  readonly start: ProcessStart | null;
  readonly facts: ProcessFacts | null;
  /** The event, read in full. */
  readonly whole: ScanEvent;
}

/** A chain of ancestors longer than this is cut: forks of forks, or ids that go in a circle. */
const MOST_ANCESTORS = 8;

/**
 * One event as rules see it: the record as its vendor wrote it, and what is derived from it, on demand and once.
 */
export class ScanEvent implements MatchedEvent {
  readonly shape: Shape;
  readonly record: JsonObject;
  readonly #findParent: FindParent;
  #start: ProcessStart | null | undefined;
  #facts: ProcessFacts | null | undefined;

  constructor(shape: Shape, record: JsonObject, findParent: FindParent) {
    this.shape = shape;
    this.record = record;
    this.#findParent = findParent;
  }

  /** ISO 8601. */
  get time(): string | undefined {
    return this.shape.time(this.record);
  }

  get whole(): ScanEvent {
    return this;
  }

  /** The process start with its ancestors as far as they can be found, or `null` where the event is something else. */
  get start(): ProcessStart | null {
    if (this.#start === undefined) {
      const sent = this.shape.processStart(this.record);
      this.#start = sent === undefined ? null : this.shape.lineage ? this.#withLineage(sent) : sent;
    }
    return this.#start;
  }

  /** Is `start` one? Asks less of the record where its shape can tell. */
  get isStart(): boolean {
    if (this.#start !== undefined) return this.#start !== null;
    return this.#facts !== undefined || this.shape.isProcessStart === undefined
      ? this.facts !== null
      : this.shape.isProcessStart(this.record);
  }

  /** `kubectl.*` and `origin.*`, or `null` where no process starts. */
  get facts(): ProcessFacts | null {
    if (this.#facts === undefined) {
      const command = this.#command();
      this.#facts = command === null ? null : deriveFactsOf(command, () => this.start ?? {});
    }
    return this.#facts;
  }

  #command(): ProcessCommand | null {
    const { shape } = this;
    if (this.#start !== undefined || shape.command === undefined) return this.start;
    return shape.command(this.record) ?? null;
  }

  /** Looking back costs something, so it waits until somebody asks for the start: that is for its parent, nearly always. */
  #withLineage(sent: ProcessStart): ProcessStart {
    const chain = this.#ancestry(sent);
    return {
      ...sent,
      parent: { ...image(chain[0]), ...sent.parent },
      ancestors: [...chain.slice(1).map(image), ...(sent.ancestors ?? [])],
    };
  }

  #ancestry(sent: ProcessStart): readonly ProcessStart[] {
    const chain: ProcessStart[] = [];
    let current: ProcessStart | undefined = sent;
    while (chain.length < MOST_ANCESTORS) {
      current = this.#findParent(this.shape, current);
      if (current === undefined) break;
      chain.push(current);
    }
    return chain;
  }
}

function image(start: ProcessStart | undefined): ProcessImage {
  if (start === undefined) return {};
  const { name, executable, commandLine, args, pid, entityId } = start;
  return {
    ...(name === undefined ? {} : { name }),
    ...(executable === undefined ? {} : { executable }),
    ...(commandLine === undefined ? {} : { commandLine }),
    ...(args === undefined ? {} : { args }),
    ...(pid === undefined ? {} : { pid }),
    ...(entityId === undefined ? {} : { entityId }),
  };
}
