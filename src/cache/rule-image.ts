import type { Diagnostic } from '../base/diagnostic.ts';
import { NeedWriter } from '../byte-engine/need-code.ts';
import type { StoredNeeds } from '../byte-engine/need-code.ts';
import { invariant } from '../base/invariant.ts';
import type { Source } from '../base/source.ts';
import type { CorrelationPlan, PlannedMember } from '../correlate/plan.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import type { RuleLogSource, SigmaLevel, SigmaRule } from '../sigma/rule.ts';
import { encodeBody } from './detection-code.ts';
import { openNeeds, writeNeeds } from './need-section.ts';
import { pack, unpacker } from './pack.ts';
import type { SourceNumbers } from './pack.ts';
import { openRule } from './stored-rule.ts';

/** All that a scan needs of its rules, ready to run. */
export interface ReadyRules {
  /** With filters and pipelines applied. */
  readonly rules: readonly SigmaRule[];
  /** What each of them needs, for finding the few that an event may match without looking at the rules. */
  readonly needs: StoredNeeds;
  readonly correlations: readonly CorrelationRule[];
  readonly plan: CorrelationPlan;
  /** What is wrong with the files. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every pipeline could be read. */
  readonly isUsable: boolean;
  /** Rules and correlations that the choice of level and status leaves out. */
  readonly leftOut: number;
}

/** What there is besides rules: little of it, so it is read at once. */
interface Rest {
  readonly correlations: readonly CorrelationRule[];
  readonly plan: {
    readonly correlations: readonly {
      readonly number: number;
      readonly level: SigmaLevel;
      readonly members: readonly PlannedMember[];
    }[];
    readonly fieldsOf: ReadonlyMap<number, readonly string[]>;
    readonly silent: readonly number[];
  };
  readonly diagnostics: readonly Diagnostic[];
  readonly isUsable: boolean;
  readonly leftOut: number;
}

interface Index {
  readonly logsources: readonly RuleLogSource[];
  /** For each rule its log source, its text, and how many bytes its head and its body have. */
  readonly rules: readonly number[];
}

/**
 * Three lengths of four bytes, of the needs, of the index and of the rest, and four bytes more; then those three, then heads and
 * bodies of the rules in order.
 */
const PREFIX = 16;

/**
 * Writes rules into one run of bytes, each as it comes, so that its tree need not be kept. The bytes are in shared memory:
 * every thread opens the same.
 */
export class RuleImageWriter {
  readonly #sources: SourceNumbers;
  readonly #parts: Buffer[] = [];
  readonly #rules: number[] = [];
  readonly #logsources = new Map<string, number>();
  readonly #needs = new NeedWriter();

  constructor(sources: SourceNumbers) {
    this.#sources = sources;
  }

  add(rule: SigmaRule): void {
    const { source, logsource, identifiers, condition, ...rest } = rule;
    const number = this.#sources.numberOf(source);
    invariant(number !== undefined, `the rule ${rule.title} is of none of the files`);
    const head = Buffer.from(pack(rest, this.#sources));
    const body = Buffer.from(encodeBody({ identifiers, condition }, this.#sources));
    const key = JSON.stringify(logsource);
    const place = this.#logsources.get(key) ?? this.#logsources.size;
    this.#logsources.set(key, place);
    this.#parts.push(head, body);
    this.#rules.push(place, number, head.length, body.length);
    this.#needs.add(rule);
  }

  end({ correlations, plan, diagnostics, isUsable, leftOut }: Omit<ReadyRules, 'rules' | 'needs'>): Uint8Array {
    const index: Index = {
      logsources: [...this.#logsources.keys()].map((key): RuleLogSource => JSON.parse(key)),
      rules: this.#rules,
    };
    const rest: Rest = {
      correlations,
      plan: {
        correlations: plan.correlations.map(({ number, level, members }) => ({ number, level, members })),
        fieldsOf: plan.fieldsOf,
        silent: [...plan.silent],
      },
      diagnostics,
      isUsable,
      leftOut,
    };
    const lead = [
      writeNeeds(this.#needs.end()),
      Buffer.from(JSON.stringify(index)),
      Buffer.from(pack(rest, this.#sources)),
    ];
    const length = [...lead, ...this.#parts].reduce((sum, part) => sum + part.length, PREFIX);
    const bytes = new Uint8Array(new SharedArrayBuffer(length));
    const lengths = new DataView(bytes.buffer);
    lead.forEach((part, i) => lengths.setUint32(4 * i, part.length, true));
    let at = PREFIX;
    for (const part of [...lead, ...this.#parts]) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

/** What was written; rules are read when they are looked at. `sources`: as they were numbered. */
export function openRuleImage(bytes: Uint8Array, sources: readonly Source[]): ReadyRules {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const needsEnd = PREFIX + buffer.readUInt32LE(0);
  const indexEnd = needsEnd + buffer.readUInt32LE(4);
  const restEnd = indexEnd + buffer.readUInt32LE(8);
  const needs = openNeeds(buffer, PREFIX);
  const index: Index = JSON.parse(buffer.toString('utf8', needsEnd, indexEnd));
  const rest: Rest = JSON.parse(buffer.toString('utf8', indexEnd, restEnd), unpacker(sources));
  const rules: SigmaRule[] = [];
  let start = restEnd;
  for (let i = 0; i < index.rules.length; i += 4) {
    const logsource = index.logsources[index.rules[i] ?? -1];
    const source = sources[index.rules[i + 1] ?? -1];
    invariant(logsource && source, `rule ${i / 4} has no log source or no text`);
    const head = start;
    const body = head + (index.rules[i + 2] ?? 0);
    const end = body + (index.rules[i + 3] ?? 0);
    const text = (from: number, to: number) => (): string => buffer.toString('utf8', from, to);
    rules.push(openRule({ source, logsource, sources, head: text(head, body), body: text(body, end) }));
    start = end;
  }
  const { correlations, diagnostics, isUsable, leftOut } = rest;
  const planned = rest.plan.correlations.map((one) => {
    const rule = correlations[one.number - rules.length];
    invariant(rule, `no correlation ${one.number}`);
    return { ...one, rule };
  });
  const plan: CorrelationPlan = {
    correlations: planned,
    fieldsOf: rest.plan.fieldsOf,
    silent: new Set(rest.plan.silent),
  };
  return { rules, needs, correlations, plan, diagnostics, isUsable, leftOut };
}
