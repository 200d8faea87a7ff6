import { once } from 'node:events';

import type { Alert } from '../alert/alert.ts';
import { ruleId } from '../alert/rule-card.ts';
import { invariant } from '../base/invariant.ts';
import type { RuleHeader } from '../sigma/rule.ts';
import type { AlertFormat, FormatRule } from '../sinks/format.ts';
import { formatByName } from '../sinks/formats.ts';
import { version } from './version.ts';

const WIDTH_IN_A_FILE = 160;

/** Writes alerts to a stream in a format, no faster than the stream takes them. */
export class AlertWriter {
  readonly #out: NodeJS.WriteStream;
  readonly #format: AlertFormat;
  readonly #rules: () => readonly RuleHeader[];

  /** `format` absent: a table on a terminal, NDJSON elsewhere. `rules` is asked by formats that list them. */
  constructor(out: NodeJS.WriteStream, format: string | undefined, rules: () => readonly RuleHeader[]) {
    this.#out = out;
    const chosen = formatByName(format ?? (out.isTTY ? 'table' : 'ndjson'));
    invariant(chosen, `no format ${String(format)}`);
    this.#format = chosen;
    this.#rules = rules;
  }

  async begin(): Promise<void> {
    const colour = this.#out.isTTY && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb';
    await this.#write(
      this.#format.begin({
        version: version(),
        width: this.#out.isTTY ? this.#out.columns : WIDTH_IN_A_FILE,
        colour,
        rules: () => this.#rules().map(formatRule),
      }),
    );
  }

  async alert(alert: Alert): Promise<void> {
    await this.#write(this.#format.alert(alert));
  }

  async end(): Promise<void> {
    await this.#write(this.#format.end());
  }

  async #write(text: string): Promise<void> {
    if (text !== '' && !this.#out.write(text)) await once(this.#out, 'drain');
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
