import type { Json } from '../event/json.ts';
import { EvtxError, utf16 } from './cursor.ts';

/** One value of a record: where its bytes are, and of which type. MS-EVEN6, "BinXml", value types. */
export interface RawValue {
  readonly view: DataView;
  readonly at: number;
  readonly size: number;
  readonly type: number;
}

export const NULL_TYPE = 0x00;
const STRING = 0x01;
export const BINXML_TYPE = 0x21;
const ARRAY = 0x80;
const MOST_ITEMS = 10_000;

/** Bytes of one item of an array, by type. */
const SIZES: Readonly<Record<number, number>> = {
  0x03: 1,
  0x04: 1,
  0x05: 2,
  0x06: 2,
  0x07: 4,
  0x08: 4,
  0x09: 8,
  0x0a: 8,
  0x0b: 4,
  0x0c: 8,
  0x0d: 4,
  0x0f: 16,
  0x11: 8,
  0x12: 16,
  0x14: 4,
  0x15: 8,
};

/** The value as JSON: numbers as numbers, times in ISO 8601, GUIDs in capitals, binary data as hexadecimal digits. */
export function readValue(value: RawValue): Json {
  if ((value.type & ARRAY) !== 0) return readArray(value);
  const { view, at, size, type } = value;
  const need = (bytes: number): void => {
    if (size < bytes) throw new EvtxError(`a value of type ${type} has ${size} bytes; expected ${bytes}`, at);
  };
  if (SIZES[type] !== undefined) need(SIZES[type]);
  switch (type) {
    case NULL_TYPE:
      return null;
    case STRING:
      return utf16(view, at, size >> 1).replace(/\0+$/, '');
    case 0x02:
      return latin1(view, at, size);
    case 0x03:
      return view.getInt8(at);
    case 0x04:
      return view.getUint8(at);
    case 0x05:
      return view.getInt16(at, true);
    case 0x06:
      return view.getUint16(at, true);
    case 0x07:
      return view.getInt32(at, true);
    case 0x08:
      return view.getUint32(at, true);
    case 0x09:
      return exact(view.getBigInt64(at, true));
    case 0x0a:
      return exact(view.getBigUint64(at, true));
    case 0x0b:
      return finite(view.getFloat32(at, true));
    case 0x0c:
      return finite(view.getFloat64(at, true));
    case 0x0d:
      return view.getInt32(at, true) !== 0;
    case 0x0e:
      return hex(view, at, size);
    case 0x0f:
      return guid(view, at);
    case 0x10:
    case 0x14:
    case 0x15:
      if (size >= 8) return `0x${view.getBigUint64(at, true).toString(16)}`;
      need(4);
      return `0x${view.getUint32(at, true).toString(16)}`;
    case 0x11:
      return fileTime(view.getBigUint64(at, true));
    case 0x12:
      return systemTime(view, at);
    case 0x13:
      return sid(view, at, size);
    default:
      throw new EvtxError(`a value of the unknown type 0x${type.toString(16)}`, at);
  }
}

function readArray({ view, at, size, type }: RawValue): Json {
  const inner = type & ~ARRAY;
  if (inner === STRING) {
    const texts = utf16(view, at, size >> 1).split('\0');
    if (texts.at(-1) === '') texts.pop();
    return texts.slice(0, MOST_ITEMS);
  }
  const each = SIZES[inner];
  if (each === undefined) return hex(view, at, size);
  const count = Math.min(MOST_ITEMS, Math.floor(size / each));
  return Array.from({ length: count }, (_, i) => readValue({ view, at: at + i * each, size: each, type: inner }));
}

function latin1(view: DataView, at: number, size: number): string {
  let text = '';
  for (let i = 0; i < size; i++) text += String.fromCharCode(view.getUint8(at + i));
  return text.replace(/\0+$/, '');
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function hex(view: DataView, at: number, size: number): string {
  let text = '';
  for (let i = 0; i < size; i++)
    text += view
      .getUint8(at + i)
      .toString(16)
      .padStart(2, '0');
  return text.toUpperCase();
}

function guid(view: DataView, at: number): string {
  const part = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const head = [
    part(view.getUint32(at, true), 8),
    part(view.getUint16(at + 4, true), 4),
    part(view.getUint16(at + 6, true), 4),
  ];
  return `${head.join('-')}-${hex(view, at + 8, 2)}-${hex(view, at + 10, 6)}`.toUpperCase();
}

/** 100 ns units between 1601 and 1970. */
const EPOCH = 116_444_736_000_000_000n;

function fileTime(ticks: bigint): string {
  const micros = (ticks - EPOCH) / 10n;
  const seconds = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n);
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return `0x${ticks.toString(16)}`;
  const fraction = (micros - seconds * 1_000_000n).toString().padStart(6, '0');
  return `${date.toISOString().slice(0, -5)}.${fraction}Z`;
}

function systemTime(view: DataView, at: number): string {
  const part = (i: number, digits: number): string => String(view.getUint16(at + 2 * i, true)).padStart(digits, '0');
  return `${part(0, 4)}-${part(1, 2)}-${part(3, 2)}T${part(4, 2)}:${part(5, 2)}:${part(6, 2)}.${part(7, 3)}Z`;
}

function sid(view: DataView, at: number, size: number): string {
  if (size < 8) throw new EvtxError(`a security identifier of ${size} bytes`, at);
  const count = view.getUint8(at + 1);
  if (size < 8 + 4 * count) throw new EvtxError(`a security identifier of ${count} parts in ${size} bytes`, at);
  const authority = view.getUint16(at + 2) * 2 ** 32 + view.getUint32(at + 4);
  const parts = Array.from({ length: count }, (_, i) => view.getUint32(at + 8 + 4 * i, true));
  return ['S', view.getUint8(at), authority, ...parts].join('-');
}
