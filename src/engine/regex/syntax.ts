import type { SymbolSet } from './symbols.ts';

/** What must hold at a place between two characters. */
export type Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word-edge' | 'no-word-edge';

/** An expression, as far as "is it found?" asks: groups, names and greed are gone, flags are worked in. */
export type Regex =
  | { readonly kind: 'set'; readonly set: SymbolSet }
  | { readonly kind: 'assertion'; readonly holds: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly Regex[] }
  | { readonly kind: 'choice'; readonly branches: readonly Regex[] }
  | { readonly kind: 'repeat'; readonly body: Regex; readonly least: number; readonly most: number | undefined };
