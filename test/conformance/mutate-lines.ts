import { Random } from '../../tools/example/random.ts';

/** Changes that a line may undergo and still be much of what it was. Bytes are characters below U+0100. */
const CHANGES: readonly ((line: string, random: Random) => string)[] = [
  // Escapes that mean the same.
  (line, random) => replaceOne(line, /[a-zA-Z]/g, random, (letter) => `\\u${hex(letter)}`),
  (line, random) => replaceOne(line, /[a-zA-Z]/g, random, (letter) => `\\u${hex(letter).toUpperCase()}`),
  (line) => line.replaceAll('/', '\\/'),
  // Letters that fold to others.
  (line, random) => replaceOne(line, /[kK]/g, random, () => '\u00e2\u0084\u00aa'),
  (line, random) => replaceOne(line, /[sS]/g, random, () => '\u00c5\u00bf'),
  (line, random) => replaceOne(line, /[a-zA-Z]/g, random, (letter) => swapCase(letter)),
  (line) => line.toUpperCase(),
  // Bytes that are no UTF-8, controls, and others.
  (line, random) => insert(line, random, String.fromCharCode(random.int(0, 255))),
  (line, random) => insert(line, random, '\u00c3\u00a9'),
  (line, random) => insert(line, random, '\\n'),
  (line, random) => insert(line, random, '\\'),
  (line, random) => insert(line, random, '"'),
  // Keys given twice, in either order.
  (line) => line.replace(/^\{("[^"]{1,64}":(?:"(?:[^"\\]|\\.)*"|\d+)),/, '{$1,"x":1,$1,'),
  (line) => line.replace(/\}$/, ',"Image":"C:\\\\x\\\\whoami.exe","CommandLine":"kubectl port-forward svc/db 1"}'),
  (line) => line.replace(/\}$/, ',"product":"linux","category":"process_creation"}'),
  // Numbers.
  (line, random) => replaceOne(line, /:\d+(?=[,}])/g, random, (number) => `${number}.0`),
  (line, random) => replaceOne(line, /:\d+(?=[,}])/g, random, (number) => `${number}e0`),
  (line, random) => replaceOne(line, /:\d+(?=[,}])/g, random, (number) => `:"${number.slice(1)}"`),
  (line, random) => replaceOne(line, /:\d+(?=[,}])/g, random, (number) => `${number}12345678901234567890`),
  (line, random) => replaceOne(line, /:\d+(?=[,}])/g, random, () => ':-0'),
  (line, random) => replaceOne(line, /:\d+(?=[,}])/g, random, () => ':0.50'),
  // Nesting, lists, white space.
  (line, random) => replaceOne(line, /:"(?:[^"\\]|\\.)*"/g, random, (value) => `:[${value.slice(1)},null,"x"]`),
  (line, random) => replaceOne(line, /:"(?:[^"\\]|\\.)*"/g, random, (value) => `:{"inner"${value}}`),
  (line, random) => replaceOne(line, /:"(?:[^"\\]|\\.)*"/g, random, () => ':null'),
  (line, random) => replaceOne(line, /:"(?:[^"\\]|\\.)*"/g, random, () => ':""'),
  (line, random) => replaceOne(line, /:"(?:[^"\\]|\\.)*"/g, random, () => ':{}'),
  (line) => line.replaceAll('":', '" : ').replaceAll(',"', ' ,\t"'),
  (line) => `{"message":${JSON.stringify(line)}}`,
  (line) => `{"events":[${line},${line}]}`,
  (line) => `[${line}]`,
  // Keys that are written otherwise.
  (line) => line.replace(/"([A-Za-z]+)":/, '"\\u0041$1":'),
  (line) => line.replace('"Image":', '"process":{"x":1},"Image":').replace('"process.', '"process":{"y":2},"process.'),
  // Cuts.
  (line, random) => line.slice(0, random.int(0, line.length)),
  (line, random) => line.slice(random.int(0, Math.min(40, line.length))),
  (line) => `${line}}`,
  (line) => `${line},`,
  (line) => line,
];

/** A line changed once to three times. The same seed gives the same line. */
export function mutate(line: string, seed: string): string {
  const random = new Random(seed);
  let changed = line;
  for (let times = random.int(1, 3); times > 0; times--) {
    const change = CHANGES[random.int(0, CHANGES.length - 1)];
    if (change) changed = change(changed, random).replaceAll('\n', ' ');
  }
  return changed;
}

function replaceOne(line: string, pattern: RegExp, random: Random, by: (found: string) => string): string {
  const all = [...line.matchAll(pattern)];
  const chosen = all[random.int(0, Math.max(0, all.length - 1))];
  if (chosen === undefined) return line;
  return line.slice(0, chosen.index) + by(chosen[0]) + line.slice(chosen.index + chosen[0].length);
}

function insert(line: string, random: Random, text: string): string {
  const at = random.int(0, line.length);
  return line.slice(0, at) + text + line.slice(at);
}

function hex(letter: string): string {
  return letter.charCodeAt(0).toString(16).padStart(4, '0');
}

function swapCase(letter: string): string {
  return letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
}
