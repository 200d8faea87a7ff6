import type { Alert, Severity } from '../alert/alert.ts';
import { severities } from '../alert/severity.ts';
import { JsonOutput } from './json-output.ts';
import { NdjsonParts, writeId } from './ndjson.ts';

/** Numbers for each alert. */
const STRIDE = 4;

/**
 * Alerts as NDJSON, written where nobody knows what came before them: their ids and the numbers of their lines are left open.
 * Plain data: it travels between threads.
 */
export interface OpenAlerts {
  /** What stands behind the ids, one after another, without the numbers of lines. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of each, as if no such event came before. */
  readonly identities: readonly string[];
  /**
   * For each: its severity, by its place among all; its line, counted from wherever the writer does; where the number of that belongs in
   * `bytes`; where it ends there.
   */
  readonly numbers: Float64Array<ArrayBuffer>;
}

/** An alert that has been written; what was open is known. */
export interface WrittenAlert {
  readonly severity: Severity;
  /** As `ndjsonFormat` would. */
  write(out: JsonOutput): void;
}

/** Writes alerts and leaves open what depends on others. Those whose guide asks for that are none for it. */
export class OpenAlertsWriter {
  readonly #parts = new NdjsonParts();
  readonly #out = new JsonOutput();
  readonly #identities: string[] = [];
  readonly #numbers: number[] = [];

  /** Bytes written. */
  get length(): number {
    return this.#out.length;
  }

  add(alert: Alert): void {
    const out = this.#out;
    this.#parts.writeToLine(out, alert);
    const lineAt = out.length;
    this.#parts.writeFromLine(out, alert.event);
    this.#identities.push(alert.identity);
    this.#numbers.push(severities.indexOf(alert.severity), alert.event.place.line, lineAt, out.length);
  }

  /** What was written since it was asked for last; `undefined`: nothing. */
  take(): OpenAlerts | undefined {
    if (this.#numbers.length === 0) return undefined;
    const chunk = this.#out.take();
    const taken = {
      bytes: new Uint8Array(chunk),
      identities: this.#identities.splice(0),
      numbers: Float64Array.from(this.#numbers),
    };
    this.#out.giveBack(chunk);
    this.#numbers.length = 0;
    return taken;
  }
}

/**
 * The alerts, in order; each must have been written when the next is asked for, and the memory of all is given up behind the last.
 * `identityOf` is called once for each, in that order, with the identity it has if no such event came before; `lines` are added to
 * the numbers of their lines.
 */
export function* closeAlerts(
  { bytes, identities, numbers }: OpenAlerts,
  lines: number,
  identityOf: (first: string) => string,
): Generator<WrittenAlert> {
  let behind = 0;
  for (const [i, first] of identities.entries()) {
    const [severity = 0, line = 0, lineAt = 0, end = 0] = numbers.subarray(i * STRIDE, (i + 1) * STRIDE);
    const identity = identityOf(first);
    const begin = behind;
    behind = end;
    yield {
      severity: severities[severity] ?? 'informational',
      write(out) {
        writeId(out, identity);
        out.bytes(bytes.subarray(begin, lineAt));
        out.number(line + lines);
        out.bytes(bytes.subarray(lineAt, end));
      },
    };
  }
  // The garbage collector would only come for it when it was much, and then look through everything.
  bytes.buffer.transfer(0);
}
