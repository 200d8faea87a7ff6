const SECRET_FLAGS: ReadonlySet<string> = new Set(['--token', '--password']);
/** Most words are told apart by their length alone. */
const SECRET_LENGTHS: ReadonlySet<number> = new Set(Array.from(SECRET_FLAGS, ({ length }) => length));
const LONGEST_WORD = 2000;

/** The words with secrets replaced by `…`, and long words cut. */
export function redact(words: readonly string[]): readonly string[] {
  return words.map((word, i) => {
    const equals = word.indexOf('=');
    if (equals !== -1 && isSecretFlag(word, equals)) return `${word.slice(0, equals)}=…`;
    const before = words[i - 1];
    if (before !== undefined && isSecretFlag(before, before.length)) return '…';
    return word.length > LONGEST_WORD ? `${word.slice(0, LONGEST_WORD)}…` : word;
  });
}

/** Is the beginning of `word`, as far as `end`, a flag whose value is secret? kubectl takes `_` for `-`. */
function isSecretFlag(word: string, end: number): boolean {
  if (!SECRET_LENGTHS.has(end)) return false;
  const first = word.charCodeAt(0);
  return (first === 0x2d || first === 0x5f) && SECRET_FLAGS.has(word.slice(0, end).replaceAll('_', '-'));
}
