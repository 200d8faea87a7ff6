import { TextDecoder } from 'node:util';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * Text as UTF-8 bytes without a byte-order mark. UTF-16 is told by its mark or, without one, by the zero byte beside
 * the first ASCII character (Windows tools write it so). Anything else passes through as it is.
 */
export async function* toUtf8(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  let decoder: TextDecoder | undefined;
  for await (const chunk of source) {
    let bytes: Uint8Array = chunk;
    if (head !== undefined) {
      head = Buffer.concat([head, chunk]);
      if (head.length < 4) continue;
      const { encoding, mark } = sniff(head);
      if (encoding !== 'utf-8') decoder = new TextDecoder(encoding, { ignoreBOM: true });
      bytes = head.subarray(mark);
      head = undefined;
    }
    yield decoder ? Buffer.from(decoder.decode(bytes, { stream: true })) : bytes;
  }
  if (head !== undefined && head.length > 0) yield head.subarray(sniff(head).mark);
  if (decoder) {
    const rest = decoder.decode();
    if (rest !== '') yield Buffer.from(rest);
  }
}

/** Do these first bytes say that the rest needs no decoding? */
export function isUtf8Already(head: Uint8Array): boolean {
  return sniff(head).encoding === 'utf-8';
}

function sniff(head: Uint8Array): { readonly encoding: Encoding; readonly mark: number } {
  const [a, b, c, d] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', mark: 2 };
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return { encoding: 'utf-16le', mark: 0 };
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return { encoding: 'utf-16be', mark: 0 };
  return { encoding: 'utf-8', mark: 0 };
}
