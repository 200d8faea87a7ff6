import { invariant } from '../base/invariant.ts';
import type { Source } from '../base/source.ts';

/** The numbers that stand for the texts which spans point into. */
export interface SourceNumbers {
  numberOf(source: Source): number | undefined;
}

/**
 * Plain data as JSON. What JSON does not have is an object with the key `~`, which the data's own objects never have (names
 * that an author chose are keys of maps): maps, bigints, numbers such as NaN, sources and spans.
 */
export function pack(value: unknown, sources: SourceNumbers): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return { '~': 'bigint', of: String(part) };
    if (typeof part === 'number')
      return Number.isFinite(part) && !Object.is(part, -0) ? part : { '~': 'number', of: numberText(part) };
    if (typeof part !== 'object' || part === null) return part;
    if (part instanceof Map) return { '~': 'map', of: [...part] };
    if ('source' in part && 'start' in part && 'end' in part) {
      return { '~': 'span', of: [sourceNumber(part.source, sources), part.start, part.end] };
    }
    return 'text' in part && 'name' in part && isKnown(part, sources)
      ? { '~': 'source', of: sourceNumber(part, sources) }
      : part;
  });
}

/** The `reviver` of `JSON.parse` for what `pack` wrote. */
export function unpacker(sources: readonly Source[]): (key: string, value: unknown) => unknown {
  return (_key, value) => {
    if (typeof value !== 'object' || value === null || !('~' in value) || !('of' in value)) return value;
    const { '~': kind, of } = value;
    switch (kind) {
      case 'bigint':
        return BigInt(String(of));
      case 'number':
        return Number(of);
      case 'map':
        return new Map(Array.isArray(of) ? of : []);
      case 'source':
        return sources[Number(of)];
      case 'span': {
        const [number, start, end]: readonly unknown[] = Array.isArray(of) ? of : [];
        return { source: sources[Number(number)], start, end };
      }
      default:
        invariant(false, `packed data of the kind ${String(kind)}`);
    }
  };
}

/** `String` gives 0 for -0. */
function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Its text is not looked at: it may not have been decoded. */
function isSource(value: object): value is Source {
  return 'text' in value && 'name' in value && typeof value.name === 'string';
}

function isKnown(value: object, sources: SourceNumbers): boolean {
  return isSource(value) && sources.numberOf(value) !== undefined;
}

function sourceNumber(value: unknown, sources: SourceNumbers): number {
  const number = typeof value === 'object' && value !== null && isSource(value) ? sources.numberOf(value) : undefined;
  invariant(number !== undefined, 'a rule points into a text that is none of its files');
  return number;
}
