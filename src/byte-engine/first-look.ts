import { invariant } from '../base/invariant.ts';
import { fold } from '../engine/fold.ts';
import type { FieldPlaces } from '../event/field-places.ts';
import { ALL, ANY, KEYWORDS, LEAF, OPERATION_BITS, UNKNOWN, WHERE, WHERE_BITS } from './need-code.ts';
import type { StoredNeeds } from './need-code.ts';

/** What is known of a field in a shape: not asked yet, or one of the kinds of places. */
type Kind = FieldPlaces['kind'] | 'unknown';

/**
 * Tells which rules may hold for an event by looking in its text for what they need, wherever in the record that is. For the
 * first few events of a kind: where the kernel's tables are not yet made, which takes longer than looking at some dozens of events.
 * It lets through more than they do, never less.
 */
export class FirstLook {
  readonly #stored: StoredNeeds;
  /** By shape and number of the field. */
  readonly #kinds = new Map<string, (Kind | undefined)[]>();
  /** By number of the value, and by number of the literal with where it is to stand: the text it was last looked for in, above one bit for whether it was there. */
  readonly #values: Float64Array;
  readonly #literals: (string | undefined)[] = [];
  #of: (Kind | undefined)[] = [];
  #places: (field: string) => FieldPlaces | undefined = () => undefined;
  #text = '';
  #isAscii = true;
  #number = 0;
  #at = 0;

  constructor(stored: StoredNeeds) {
    this.#stored = stored;
    this.#values = new Float64Array(stored.valueStarts.length);
  }

  /** Of `rules` (1 at the place of each that is asked for) those that may hold for `json`, an event of a shape, as JSON in one form. */
  candidates(
    rules: Uint8Array,
    json: string,
    shape: string,
    places: (field: string) => FieldPlaces | undefined,
  ): readonly number[] {
    const kinds = this.#kinds.get(shape);
    this.#of = kinds ?? [];
    if (kinds === undefined) this.#kinds.set(shape, this.#of);
    this.#places = places;
    this.#text = fold(json);
    // A lone surrogate is written with an escape.
    this.#isAscii = !/[^\u0000-\u007f]|\\u/.test(json);
    this.#number++;
    const found: number[] = [];
    for (let rule = 0; rule < rules.length; rule++) if (rules[rule] === 1 && this.#mayHold(rule)) found.push(rule);
    this.#text = '';
    return found;
  }

  #mayHold(rule: number): boolean {
    const { needs, rules } = this.#stored;
    const at = rules[rule];
    invariant(at !== undefined, `what rule ${rule} needs is not known`);
    this.#at = at + 1 + (needs[at] ?? 0);
    return this.#need(true);
  }

  /** Reads one need to its end. `isAsked` false: whatever it is, it decides nothing. */
  #need(isAsked: boolean): boolean {
    const code = this.#stored.needs[this.#at++] ?? UNKNOWN;
    const of = code >>> OPERATION_BITS;
    switch (code & 3) {
      case ALL: {
        let holds = isAsked;
        for (let i = 0; i < of; i++) if (!this.#need(holds)) holds = false;
        return holds;
      }
      case ANY: {
        let holds = !isAsked;
        for (let i = 0; i < of; i++) if (this.#need(!holds)) holds = true;
        return holds && isAsked;
      }
      case LEAF:
        return isAsked && this.#value(of);
      default:
        return isAsked;
    }
  }

  #value(number: number): boolean {
    const known = this.#values[number] ?? 0;
    if (known >= this.#number * 2) return known > this.#number * 2;
    const { values, valueStarts } = this.#stored;
    const at = valueStarts[number] ?? 0;
    const head = values[at] ?? 0;
    const kind = head === KEYWORDS ? 'own' : this.#kindOf(head - 1);
    let holds = kind === 'unknown';
    if (kind !== 'unknown' && kind !== 'absent') {
      const after = this.#at;
      this.#at = kind === 'words' ? at + (values[at + 1] ?? 0) : at + 2;
      holds = this.#requirement(true);
      this.#at = after;
    }
    this.#values[number] = this.#number * 2 + (holds ? 1 : 0);
    return holds;
  }

  #requirement(isAsked: boolean): boolean {
    const code = this.#stored.values[this.#at++] ?? UNKNOWN;
    const of = code >>> OPERATION_BITS;
    switch (code & 3) {
      case ALL: {
        let holds = isAsked;
        for (let i = 0; i < of; i++) if (!this.#requirement(holds)) holds = false;
        return holds;
      }
      case ANY: {
        let holds = !isAsked;
        for (let i = 0; i < of; i++) if (this.#requirement(!holds)) holds = true;
        return holds && isAsked;
      }
      case LEAF:
        return isAsked && this.#witness(of % 2 ** WHERE_BITS, of >>> WHERE_BITS);
      default:
        return isAsked;
    }
  }

  #witness(where: number, number: number): boolean {
    switch (WHERE[where]) {
      case 'within':
        return this.#text.includes(this.#literal(number));
      case 'not-ascii':
        return !this.#isAscii;
      case 'whole': {
        const literal = this.#literal(number);
        return this.#text.includes(MAY_BE_BARE.test(literal) ? literal : `"${literal}"`);
      }
      case 'beginning': {
        const literal = this.#literal(number);
        return this.#text.includes(MAY_BE_BARE.test(literal) ? literal : `"${literal}`);
      }
      case 'end': {
        const literal = this.#literal(number);
        return this.#text.includes(MAY_BE_BARE.test(literal) ? literal : `${literal}"`);
      }
      default:
        // That a field is there, or a number that is written otherwise, is not looked for.
        return true;
    }
  }

  #kindOf(field: number): Kind {
    const known = this.#of[field];
    if (known !== undefined) return known;
    const name = this.#stored.fields[field];
    invariant(name !== undefined, `no field ${field}`);
    return (this.#of[field] = this.#places(name)?.kind ?? 'unknown');
  }

  #literal(number: number): string {
    const known = this.#literals[number];
    if (known !== undefined) return known;
    const { literalEnds } = this.#stored;
    return (this.#literals[number] = this.#stored.text(literalEnds[number - 1] ?? 0, literalEnds[number] ?? 0));
  }
}

/** Part of a number, of `true`, `false` or `null`, which stand without quotes. */
const MAY_BE_BARE = /^[-+.0-9a-z]*$/;
