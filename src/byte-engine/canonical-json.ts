import type { JsonObject } from '../event/json.ts';

/** The record as JSON in the one form that the kernel reads whole, without characters that fold to ASCII. */
export function canonicalJson(record: JsonObject): string | undefined {
  try {
    const text = stringify(record);
    return /[\u017f\u212a]/.test(text) ? text.replaceAll('\u017f', 's').replaceAll('\u212a', 'k') : text;
  } catch (error) {
    // Nested too deeply to be written.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function stringify(record: JsonObject): string {
  try {
    return JSON.stringify(record);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Large integers, which few records have: to ask of each value takes several times longer.
    return JSON.stringify(record, (_key, value: unknown) =>
      typeof value === 'bigint' ? rawJson(String(value)) : value,
    );
  }
}

/** ECMAScript's JSON.rawJSON, which our library of types does not have yet. */
const writeRaw: unknown = Reflect.get(JSON, 'rawJSON');

function rawJson(text: string): unknown {
  return typeof writeRaw === 'function' ? Reflect.apply(writeRaw, JSON, [text]) : text;
}

/** Writes `text`; gives how many bytes. There must be room for three for each unit. */
export function writeUtf8(text: string, bytes: Uint8Array, at: number): number {
  let to = at;
  for (let i = 0; i < text.length; i++) {
    const unit = text.codePointAt(i) ?? 0;
    if (unit < 0x80) bytes[to++] = unit;
    else if (unit < 0x800) {
      bytes[to++] = 0xc0 | (unit >> 6);
      bytes[to++] = 0x80 | (unit & 0x3f);
    } else if (unit < 0x10000) {
      bytes[to++] = 0xe0 | (unit >> 12);
      bytes[to++] = 0x80 | ((unit >> 6) & 0x3f);
      bytes[to++] = 0x80 | (unit & 0x3f);
    } else {
      i++;
      bytes[to++] = 0xf0 | (unit >> 18);
      bytes[to++] = 0x80 | ((unit >> 12) & 0x3f);
      bytes[to++] = 0x80 | ((unit >> 6) & 0x3f);
      bytes[to++] = 0x80 | (unit & 0x3f);
    }
  }
  return to - at;
}
