import { invariant } from '../base/invariant.ts';
import { fold } from '../engine/fold.ts';
import { markOf, TextRuns } from '../engine/text-runs.ts';
import type { FieldPlaces } from '../event/field-places.ts';
import { pathsOf } from '../event/field-places.ts';
import { ALL, ANY, KEYWORDS, LEAF, OPERATION_BITS, UNKNOWN, WHERE, WHERE_BITS } from './need-code.ts';
import type { StoredNeeds } from './need-code.ts';

/** Where a field's values stand in a shape. */
interface Field {
  readonly kind: FieldPlaces['kind'] | 'unknown';
  /** With which the keys end that lead to values, as they stand in the text; `null`: they are not looked for. */
  readonly keys: readonly string[] | null;
}

const KEYWORDS_FIELD: Field = { kind: 'own', keys: null };

/**
 * Tells which rules may hold for an event by looking in its text for what they need, wherever in the record that is. For the
 * first few events of a kind: where the kernel's tables are not yet made, which takes longer than looking at some dozens of events.
 * It lets through more than they do, never less.
 */
export class FirstLook {
  readonly #stored: StoredNeeds;
  /** By shape and number of the field. */
  readonly #fields = new Map<string, (Field | undefined)[]>();
  /** By number of the value, and by number of the literal with where it is to stand: the text it was last looked for in, above one bit for whether it was there. */
  readonly #values: Float64Array;
  readonly #literals: (string | undefined)[] = [];
  /** Of each literal the first mark and the last, side by side. */
  readonly #marks: Int32Array;
  readonly #runs = new TextRuns();
  #of: (Field | undefined)[] = [];
  #places: (field: string) => FieldPlaces | undefined = () => undefined;
  #text = '';
  #isAscii = true;
  #number = 0;
  #at = 0;

  constructor(stored: StoredNeeds) {
    this.#stored = stored;
    this.#values = new Float64Array(stored.valueStarts.length);
    this.#marks = new Int32Array(2 * stored.literalEnds.length).fill(NO_MARK);
  }

  /** Of `rules` (1 at the place of each that is asked for) those that may hold for `json`, an event of a shape, as JSON in one form. */
  candidates(
    rules: Uint8Array,
    json: string,
    shape: string,
    places: (field: string) => FieldPlaces | undefined,
  ): readonly number[] {
    const known = this.#fields.get(shape);
    this.#of = known ?? [];
    if (known === undefined) this.#fields.set(shape, this.#of);
    this.#places = places;
    this.#text = fold(json);
    this.#runs.note(this.#text);
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
    const field = head === KEYWORDS ? KEYWORDS_FIELD : this.#fieldOf(head - 1);
    const { kind } = field;
    let holds = kind === 'unknown';
    if (kind !== 'unknown' && kind !== 'absent') {
      const after = this.#at;
      this.#at = kind === 'words' ? at + (values[at + 1] ?? 0) : at + 2;
      holds = this.#requirement(true, field);
      this.#at = after;
    }
    this.#values[number] = this.#number * 2 + (holds ? 1 : 0);
    return holds;
  }

  #requirement(isAsked: boolean, field: Field): boolean {
    const code = this.#stored.values[this.#at++] ?? UNKNOWN;
    const of = code >>> OPERATION_BITS;
    switch (code & 3) {
      case ALL: {
        let holds = isAsked;
        for (let i = 0; i < of; i++) if (!this.#requirement(holds, field)) holds = false;
        return holds;
      }
      case ANY: {
        let holds = !isAsked;
        for (let i = 0; i < of; i++) if (this.#requirement(!holds, field)) holds = true;
        return holds && isAsked;
      }
      case LEAF:
        return isAsked && this.#witness(of % 2 ** WHERE_BITS, of >>> WHERE_BITS, field);
      default:
        return isAsked;
    }
  }

  #witness(where: number, number: number, field: Field): boolean {
    switch (WHERE[where]) {
      case 'within':
        return this.#mayStand(number) && this.#text.includes(this.#literal(number));
      case 'bytes':
        return !this.#isAscii;
      case 'whole':
        return this.#mayStand(number) && this.#stands(number, '"', '"');
      case 'beginning':
        return this.#mayStand(number) && this.#stands(number, '"', '');
      case 'end':
        return this.#mayStand(number) && this.#stands(number, '', '"');
      case 'present':
        return field.keys === null || field.keys.some((key) => this.#text.includes(key));
      case 'odd-number':
        return field.keys === null || field.keys.some((key) => this.#mayBeOdd(key));
      default:
        return true;
    }
  }

  /** False: the literal stands nowhere in the text. */
  #mayStand(number: number): boolean {
    const marks = this.#marks;
    if (marks[2 * number] === NO_MARK) {
      const literal = this.#literal(number);
      marks[2 * number] = markOf(literal, true);
      marks[2 * number + 1] = markOf(literal, false);
    }
    return this.#runs.mayHold(marks[2 * number] ?? 0, marks[2 * number + 1] ?? 0);
  }

  #stands(number: number, before: string, after: string): boolean {
    const literal = this.#literal(number);
    return this.#text.includes(MAY_BE_BARE.test(literal) ? literal : before + literal + after);
  }

  /** Is there a value behind the key, wherever it stands, that may be a number written otherwise? */
  #mayBeOdd(key: string): boolean {
    for (let at = this.#text.indexOf(key); at !== -1; at = this.#text.indexOf(key, at + 1)) {
      ODD.lastIndex = at + key.length;
      if (ODD.test(this.#text)) return true;
    }
    return false;
  }

  #fieldOf(number: number): Field {
    const known = this.#of[number];
    if (known !== undefined) return known;
    const name = this.#stored.fields[number];
    invariant(name !== undefined, `no field ${number}`);
    const places = this.#places(name);
    return (this.#of[number] = places === undefined ? { kind: 'unknown', keys: null } : fieldAt(places));
  }

  #literal(number: number): string {
    const known = this.#literals[number];
    if (known !== undefined) return known;
    const { literalEnds } = this.#stored;
    return (this.#literals[number] = this.#stored.text(literalEnds[number - 1] ?? 0, literalEnds[number] ?? 0));
  }
}

/** No mark of a literal. */
const NO_MARK = 0x7fff_ffff;

/** Part of a number, of `true`, `false` or `null`, which stand without quotes. */
const MAY_BE_BARE = /^[-+.0-9a-z]*$/;

/** At the beginning of a value: a list, an object, or what the kernel takes for a number that may equal one written otherwise. */
const ODD = /[[{]|"?(?:[+.]|-[.0]|0[^",\]}]|-?\d+[.e]|-?\d{16})/y;

function fieldAt(places: FieldPlaces): Field {
  if (places.kind === 'absent') return { kind: 'absent', keys: [] };
  const paths = pathsOf(places);
  // A dot may be a step into an object or part of a key; in both cases the key ends with what stands behind the last.
  const ends = paths.map((path) => path.slice(path.lastIndexOf('.') + 1));
  const isPlain = ends.every((end) => /^[\w@ -]*$/.test(end));
  return { kind: places.kind, keys: isPlain ? ends.map((end) => `${end.toLowerCase()}":`) : null };
}
