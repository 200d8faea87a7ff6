/** What Node's `Buffer` can do that a plain array cannot, by the machine's own code. */
export interface NativeBuffer extends Uint8Array {
  /** Copies a string's UTF-16 units; gives how many bytes that is. */
  write(text: string, encoding: 'utf16le'): number;
  toString(encoding?: 'utf16le', start?: number, end?: number): string;
  /** Copies part of the array. */
  copy(this: Uint8Array, into: Uint8Array, at: number, start: number, end: number): number;
}

interface NativeBuffers {
  readonly prototype: NativeBuffer;
  from(bytes: ArrayBuffer): NativeBuffer;
}

function areNative(value: unknown): value is NativeBuffers {
  return typeof value === 'function' && 'from' in value;
}

const found: unknown = Reflect.get(globalThis, 'Buffer');

/** Absent where there is no such thing, as in a browser. */
export const nativeBuffers: NativeBuffers | undefined = areNative(found) ? found : undefined;
