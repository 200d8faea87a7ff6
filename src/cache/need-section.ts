import type { NeedCode, StoredNeeds } from '../byte-engine/need-code.ts';

const WORD = 4;
/** So many lengths come first, in words. */
const LENGTHS = 7;

/** What rules need as bytes: lengths, lists of words, a text, and names of fields; a multiple of four of them. */
export function writeNeeds({ needs, rules, values, valueStarts, literalEnds, text, fields }: NeedCode): Uint8Array {
  const names = Buffer.from(JSON.stringify(fields));
  const lists = [needs, rules, values, valueStarts, literalEnds];
  const lengths = [...lists.map((list) => list.length), text.length, names.length];
  const words = lists.reduce((sum, list) => sum + list.length, lengths.length);
  const size = words * WORD + text.length + names.length;
  const bytes = Buffer.alloc(Math.ceil(size / WORD) * WORD);
  const into = new Uint32Array(bytes.buffer, bytes.byteOffset, words);
  let at = 0;
  for (const list of [lengths, ...lists]) {
    into.set(list, at);
    at += list.length;
  }
  bytes.write(text, at * WORD, 'latin1');
  names.copy(bytes, at * WORD + text.length);
  return bytes;
}

/** What was written, where it lies; `at` in the buffer and in memory is a multiple of four. */
export function openNeeds(buffer: Buffer, at: number): StoredNeeds {
  let end = at;
  const words = (count: number): Uint32Array => {
    const list = new Uint32Array(buffer.buffer, buffer.byteOffset + end, count);
    end += count * WORD;
    return list;
  };
  const [needs = 0, rules = 0, values = 0, valueStarts = 0, literalEnds = 0, text = 0, names = 0] = words(LENGTHS);
  const lists = {
    needs: words(needs),
    rules: words(rules),
    values: words(values),
    valueStarts: words(valueStarts),
    literalEnds: words(literalEnds),
  };
  const textAt = end;
  const fields: readonly string[] = JSON.parse(buffer.toString('utf8', textAt + text, textAt + text + names));
  return { ...lists, fields, text: (from, to) => buffer.toString('latin1', textAt + from, textAt + to) };
}
