import type { Shape } from '../shapes/shape.ts';
import type { LineEvent } from './line-event.ts';
import type { MatchedEvent, ScanEvent } from './scan-event.ts';

/**
 * An event that starts no process, of which alerts tell no more than the time, the evidence and the text: its record is only
 * read where a correlation asks. Good until the next line is begun.
 */
export class UnreadEvent implements MatchedEvent {
  readonly shape: Shape;
  readonly start = null;
  readonly facts = null;
  readonly #line: LineEvent;
  readonly #timeNodes: readonly number[];

  constructor(shape: Shape, line: LineEvent, timeNodes: readonly number[]) {
    this.shape = shape;
    this.#line = line;
    this.#timeNodes = timeNodes;
  }

  get time(): string | undefined {
    return this.#line.time(this.#timeNodes);
  }

  get whole(): ScanEvent {
    return this.#line.event;
  }
}
