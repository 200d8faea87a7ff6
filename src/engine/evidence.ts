/** Why a rule matched: one entry for each field item that held. */
export interface Evidence {
  /** Name of the search identifier. */
  readonly selection: string;
  /** Field name as the rule spells it; `null` for a keyword. */
  readonly field: string | null;
  /** The value of the event that matched, as text, cut to 512 characters; `null` where the field is absent or null. */
  readonly value: string | null;
  /** The rule's pattern with its modifiers, such as `contains|all: kubectl`. */
  readonly pattern: string;
}

const LONGEST_VALUE = 512;

export function cutValue(value: string): string {
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE - 1)}…` : value;
}
