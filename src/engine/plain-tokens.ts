/** One step of a pattern for the plain matcher: a run, any one letter, a letter, or one of several. */
export type Token = 'run' | 'one' | { readonly letter: string } | { readonly oneOf: readonly string[] };

const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'];
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.split('');

/** What a text of a rule stands for under its modifiers, applied in the order given; any of the outcomes may match. */
export function textTokens(
  text: string,
  modifiers: readonly string[],
  isKeyword: boolean,
): readonly (readonly Token[])[] {
  let ways: (readonly Token[])[] = [wildcards(modifiers.includes('expand') ? text.replaceAll('\\%', '%') : text)];
  let bytes: (readonly number[])[] | undefined;
  const asBytes = (): (readonly number[])[] => bytes ?? ways.flatMap(permutations).map((plain) => [...utf8(plain)]);
  for (const modifier of modifiers) {
    if (modifier === 'windash') ways = ways.map((tokens) => tokens.map(dashed));
    if (modifier === 'wide' || modifier === 'utf16le')
      bytes = ways.flatMap(permutations).map((plain) => [...utf16(plain, false)]);
    if (modifier === 'utf16be') bytes = ways.flatMap(permutations).map((plain) => [...utf16(plain, true)]);
    if (modifier === 'utf16') bytes = ways.flatMap(permutations).map((plain) => [0xff, 0xfe, ...utf16(plain, false)]);
    if (modifier === 'base64') {
      ways = asBytes().map((given) => letters(padded(bits(given))));
      bytes = undefined;
    }
    if (modifier === 'base64offset') {
      ways = asBytes().flatMap((given) => [0, 1, 2].map((offset) => letters(stable(offset, bits(given)))));
      bytes = undefined;
    }
  }
  if (bytes) ways = bytes.map((given) => letters(given.map((byte) => String.fromCharCode(byte)).join('')));
  const isAnchored = modifiers.includes('startswith') || modifiers.includes('endswith');
  const anywhere = modifiers.includes('contains') || ((isKeyword || modifiers.includes('base64offset')) && !isAnchored);
  const before: readonly Token[] = anywhere || modifiers.includes('endswith') ? ['run'] : [];
  const after: readonly Token[] = anywhere || modifiers.includes('startswith') ? ['run'] : [];
  return ways.map((tokens) => [...before, ...tokens, ...after]);
}

/** Letter by letter: a backslash takes away the meaning of a wildcard or a backslash behind it, and else is itself. */
function wildcards(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const all = Array.from(text);
  for (let i = 0; i < all.length; i++) {
    const letter = all[i] ?? '';
    const next = all[i + 1];
    if (letter === '\\' && (next === '*' || next === '?' || next === '\\')) {
      tokens.push({ letter: next });
      i++;
    } else if (letter === '*') tokens.push('run');
    else tokens.push(letter === '?' ? 'one' : { letter });
  }
  return tokens;
}

function dashed(token: Token): Token {
  return typeof token === 'object' && 'letter' in token && DASHES.includes(token.letter) ? { oneOf: DASHES } : token;
}

/** Every plain text that the tokens can be; the parser has refused wildcards here. */
function permutations(tokens: readonly Token[]): string[] {
  const [first, ...others] = tokens;
  if (first === undefined) return [''];
  const heads = typeof first === 'string' ? [] : 'letter' in first ? [first.letter] : first.oneOf;
  return permutations(others).flatMap((tail) => heads.map((head) => head + tail));
}

function letters(text: string): readonly Token[] {
  return Array.from(text, (letter) => ({ letter }));
}

function* utf8(text: string): Generator<number> {
  for (const escaped of encodeURIComponent(text).match(/%[0-9A-F]{2}|[^%]/g) ?? []) {
    yield escaped.length === 3 ? parseInt(escaped.slice(1), 16) : escaped.charCodeAt(0);
  }
}

function* utf16(text: string, isBig: boolean): Generator<number> {
  for (const unit of text.split('')) {
    const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
    const pair = [parseInt(hex.slice(0, 2), 16), parseInt(hex.slice(2), 16)];
    yield* isBig ? pair : pair.reverse();
  }
}

function bits(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
}

/** Base64 with padding: six bits for each letter, `=` for what is missing of the last four. */
function padded(bits: string): string {
  const encoded = sextets(bits.padEnd(Math.ceil(bits.length / 6) * 6, '0'));
  return encoded.padEnd(Math.ceil(encoded.length / 4) * 4, '=');
}

/** What no neighbour has a part in, where `offset` bytes stand before: letters of whose bits none is unknown. */
function stable(offset: number, bits: string): string {
  const around = 'x'.repeat(offset * 8) + bits;
  return sextets(around.padEnd(Math.ceil(around.length / 6) * 6, 'x'));
}

function sextets(bits: string): string {
  const groups = bits.match(/.{6}/g) ?? [];
  return groups.map((group) => (group.includes('x') ? '' : ALPHABET[parseInt(group, 2)])).join('');
}

/** By following every way at once: `reach` holds the places in the text up to which the pattern so far can stand. */
export function matchesTokens(tokens: readonly Token[], text: string, cased: boolean): boolean {
  const given = Array.from(text);
  let reach = new Set([0]);
  for (const token of tokens) {
    const next = new Set<number>();
    for (const place of reach) {
      const letter = given[place];
      if (token === 'run') for (let end = place; end <= given.length; end++) next.add(end);
      else if (letter !== undefined && accepts(token, letter, cased)) next.add(place + 1);
    }
    reach = next;
  }
  return reach.has(given.length);
}

function accepts(token: Exclude<Token, 'run'>, letter: string, cased: boolean): boolean {
  if (token === 'one') return true;
  if ('oneOf' in token) return token.oneOf.includes(letter);
  return token.letter === letter || (!cased && sameLetter(token.letter, letter));
}

const expressions = new Map<string, RegExp>();

/** Without regard to case as ECMAScript's `iu` says: Unicode's simple case folding. One letter, so nothing to backtrack. */
function sameLetter(a: string, b: string): boolean {
  let expression = expressions.get(a);
  if (expression === undefined) {
    expression = new RegExp(`^\\u{${(a.codePointAt(0) ?? 0).toString(16)}}$`, 'iu');
    expressions.set(a, expression);
  }
  return expression.test(b);
}
