import type { Regex } from './syntax.ts';

/** Characters of one set, `least` of them side by side. `ascii`: a byte for each character, 1 where it is a member. */
export interface Run {
  readonly ascii: Uint8Array;
  readonly least: number;
}

/** The longest run of ASCII characters that stands in every text that the expression is found in, of those that are easily told. */
export function requiredRun(regex: Regex): Run | undefined {
  switch (regex.kind) {
    case 'sequence':
      return regex.parts.map(requiredRun).reduce(longer, undefined);
    case 'repeat': {
      const { body, least } = regex;
      if (least === 0) return undefined;
      if (body.kind !== 'set') return requiredRun(body);
      return body.set.beyond === 'none' ? { ascii: body.set.ascii, least } : undefined;
    }
    default:
      return undefined;
  }
}

function longer(a: Run | undefined, b: Run | undefined): Run | undefined {
  return a === undefined || (b !== undefined && b.least > a.least) ? b : a;
}
