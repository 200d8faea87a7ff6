const SECRET_FLAGS = new Set(['--token', '--password']);
const LONGEST_WORD = 2000;

/** The words with secrets replaced by `…`, and long words cut. */
export function redact(words: readonly string[]): readonly string[] {
  return words.map((word, i) => {
    const [name = '', value] = word.split('=', 2);
    const flag = name.replaceAll('_', '-');
    if (value !== undefined && SECRET_FLAGS.has(flag)) return `${name}=…`;
    if (SECRET_FLAGS.has((words[i - 1] ?? '').replaceAll('_', '-'))) return '…';
    return word.length > LONGEST_WORD ? `${word.slice(0, LONGEST_WORD)}…` : word;
  });
}
