import type { FieldPlaces } from '../event/field-places.ts';
import { TokenKind } from './line-tokens.ts';
import type { LineTokens } from './line-tokens.ts';

/** Where the kernel finds the one value of a field. */
export interface FieldNode {
  readonly node: number;
  /** The object that it must stand in, and where else the field may stand; absent: at the top of the record, and nowhere else. */
  readonly member?: { readonly object: number; readonly depth: number; readonly others: readonly number[] };
  /** Texts that say nothing: ASCII that JSON does not escape. */
  readonly nothing: ReadonlySet<string>;
  readonly longestNothing: number;
}

/** In place of a token: the field has no value, or only the record tells. */
export const ABSENT = -1;
export const UNSURE = -2;

/** `undefined`: the field is no such one. `nodeOf`: where the kernel finds a path; 0: it does not. */
export function fieldNode(places: FieldPlaces | undefined, nodeOf: (path: string) => number): FieldNode | undefined {
  if (places?.kind !== 'own' && places?.kind !== 'member') return undefined;
  const { nothing } = places;
  const longestNothing = Math.max(0, ...[...nothing].map(({ length }) => length));
  if (places.kind === 'own') {
    const node = nodeOf(places.key);
    return node === 0 ? undefined : { node, nothing, longestNothing };
  }
  const node = nodeOf(`${places.object}.${places.key}`);
  const object = nodeOf(places.object);
  const others = places.others.map(nodeOf);
  if (node === 0 || object === 0 || others.includes(0)) return undefined;
  return { node, member: { object, depth: places.object.split('.').length, others }, nothing, longestNothing };
}

/** The token of the field's value in the line; `ABSENT` or `UNSURE`. */
export function fieldToken({ node, member, nothing, longestNothing }: FieldNode, tokens: LineTokens): number {
  const token = tokens.find(node);
  if (member === undefined) return token;
  if (token === ABSENT) {
    for (const other of member.others) if (tokens.find(other) !== ABSENT) return UNSURE;
    return ABSENT;
  }
  // The same path may be written with dots in a key, or lead through a list.
  if (tokens.depth(token) !== member.depth + 1) return UNSURE;
  const object = tokens.find(member.object);
  if (object === ABSENT || tokens.kind(object) !== TokenKind.object || tokens.depth(object) !== member.depth)
    return UNSURE;
  if (tokens.kind(token) >= TokenKind.null) return UNSURE;
  const length = tokens.end(token) - tokens.start(token);
  return length <= longestNothing && isOneOf(nothing, tokens.bytes, tokens.start(token), length) ? UNSURE : token;
}

/** `texts`: of ASCII, none of which JSON escapes. */
function isOneOf(texts: ReadonlySet<string>, bytes: Uint8Array, start: number, length: number): boolean {
  for (const text of texts) {
    if (text.length !== length) continue;
    let i = 0;
    while (i < length && bytes[start + i] === text.charCodeAt(i)) i++;
    if (i === length) return true;
  }
  return false;
}
