import { once } from 'node:events';

import type { Alert } from '../alert/alert.ts';
import { ruleId } from '../alert/rule-card.ts';
import { invariant } from '../base/invariant.ts';
import type { RuleHeader } from '../sigma/rule.ts';
import type { AlertFormat, FormatRule } from '../sinks/format.ts';
import { formatByName } from '../sinks/formats.ts';
import { CHUNK_BYTES, JsonOutput } from '../sinks/json-output.ts';
import type { WrittenAlert } from '../sinks/open-alerts.ts';
import { version } from './version.ts';

const WIDTH_IN_A_FILE = 160;
/** Chunks that a stream may have taken without saying that it is done with them: it cannot say so while alerts come one right after another. */
const MOST_UNDER_WAY = 4;

/** Where alerts go: a terminal tells its width. */
export type AlertStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/**
 * Writes alerts to a stream in a format, no faster than the stream takes them. Alerts that come one right after another go
 * out together.
 */
export class AlertWriter {
  readonly #out: AlertStream;
  readonly #format: AlertFormat;
  readonly #rules: () => readonly RuleHeader[];
  readonly #output = new JsonOutput();
  #isFlushing = false;
  /** Until the stream takes more. */
  #full: Promise<void> | undefined;
  #underWay = 0;
  /** Called when the stream is done with a chunk, or has failed. */
  #done: ((error: Error | undefined) => void) | undefined;

  /** `format` absent: a table on a terminal, NDJSON elsewhere. `rules` is asked by formats that list them. */
  constructor(out: AlertStream, format: string | undefined, rules: () => readonly RuleHeader[]) {
    this.#out = out;
    const chosen = formatByName(format ?? (out.isTTY === true ? 'table' : 'ndjson'));
    invariant(chosen, `no format ${String(format)}`);
    this.#format = chosen;
    this.#rules = rules;
  }

  async begin(): Promise<void> {
    const isTerminal = this.#out.isTTY === true;
    const colour = isTerminal && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb';
    this.#output.text(
      this.#format.begin({
        version: version(),
        width: (isTerminal ? this.#out.columns : undefined) ?? WIDTH_IN_A_FILE,
        colour,
        rules: () => this.#rules().map(formatRule),
      }),
    );
    this.#flush();
    await this.#full;
  }

  /** Returns what to wait for before the next alert, where the stream takes no more for now. */
  alert(alert: Alert): Promise<void> | undefined {
    this.#format.alert(alert, this.#output);
    return this.#wrote();
  }

  /** The same for an alert that was written elsewhere, where `takesWritten`. */
  written(alert: WrittenAlert): Promise<void> | undefined {
    alert.write(this.#output);
    return this.#wrote();
  }

  /** May alerts come that were written as NDJSON? */
  get takesWritten(): boolean {
    return this.#format.name === 'ndjson';
  }

  #wrote(): Promise<void> | undefined {
    if (this.#output.length >= CHUNK_BYTES) this.#flush();
    else this.#flushSoon();
    return this.#full;
  }

  async end(): Promise<void> {
    this.#output.text(this.#format.end());
    this.#flush();
    await this.#full;
  }

  /** As soon as nobody gives alerts any more, and before anything else happens. */
  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    queueMicrotask(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#output.length === 0) return;
    const chunk = this.#output.take();
    this.#underWay++;
    const takesMore = this.#out.write(chunk, (error) => {
      this.#output.giveBack(chunk);
      this.#underWay--;
      this.#done?.(error ?? undefined);
      this.#done = undefined;
    });
    if (takesMore && this.#underWay < MOST_UNDER_WAY) return;
    this.#full ??= this.#until(takesMore ? this.#chunkDone() : once(this.#out, 'drain'));
    // Whoever waits for it hears of a failure; until then it must not count as unhandled.
    this.#full.catch(() => undefined);
  }

  #chunkDone(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#done = (error) => {
        if (error === undefined) resolve();
        else reject(error);
      };
    });
  }

  async #until(happened: Promise<unknown>): Promise<void> {
    await happened;
    this.#full = undefined;
  }
}

function formatRule(rule: RuleHeader): FormatRule {
  return {
    id: ruleId(rule),
    title: rule.title,
    level: rule.level,
    tags: rule.tags,
    references: rule.references,
    ...(rule.description === undefined ? {} : { description: rule.description.trim() }),
  };
}
