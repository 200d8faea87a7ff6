import type { Json, JsonObject } from '../event/json.ts';

/** Elements of one event: Sysmon's have about forty. */
const MOST_ELEMENTS = 1_000;
const MOST_ATTRIBUTES = 50;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

interface Tag {
  readonly name: string;
  readonly attributes: readonly (readonly [string, string])[];
  /** `</name>` closes, `<name/>` is empty. */
  readonly kind: 'open' | 'close' | 'empty';
  readonly end: number;
}

/**
 * Reads the flat XML of a Windows-style event: `<Event><System>…</System><EventData><Data Name="…">…</Data></EventData></Event>`.
 * The result has the form of EVTX-to-JSON tools: `Event.System.EventID`, attributes under `#attributes`,
 * `Event.EventData.Image`. It knows no DTD and no entity but the five and the numeric ones.
 * A string says what is wrong.
 */
export function eventXml(xml: string): JsonObject | string {
  const system: [string, Json][] = [];
  const data: [string, Json][] = [];
  let section: 'System' | 'EventData' | 'UserData' | undefined;
  let at = xml.indexOf('<Event');
  if (at < 0) return 'expected an <Event> element';
  for (let count = 0; count < MOST_ELEMENTS; count++) {
    const open = xml.indexOf('<', at);
    if (open < 0) return 'the XML ends before </Event>';
    const tag = readTag(xml, open);
    if (tag === undefined) return `not well-formed XML at character ${open + 1}`;
    at = tag.end;
    if (tag.kind === 'close') {
      if (tag.name === 'Event')
        return { Event: { System: Object.fromEntries(system), EventData: Object.fromEntries(data) } };
      if (tag.name === section) section = undefined;
      continue;
    }
    if (tag.name === 'Event') {
      if (tag.kind === 'empty') return 'the <Event> is empty';
      continue;
    }
    if (section === undefined) {
      if (tag.kind === 'open' && (tag.name === 'System' || tag.name === 'EventData' || tag.name === 'UserData'))
        section = tag.name;
      continue;
    }
    let content = '';
    if (tag.kind === 'open') {
      const close = xml.indexOf('<', at);
      if (close < 0) return 'the XML ends before </Event>';
      // A child instead of text: UserData has one more level. Its own children are read next.
      content = xml.startsWith(`</${tag.name}`, close) ? unescape(xml.slice(at, close)) : '';
    }
    const name = tag.attributes.find(([key]) => key === 'Name')?.[1];
    if (section === 'System')
      system.push([
        tag.name,
        tag.attributes.length > 0
          ? { '#attributes': Object.fromEntries(tag.attributes), ...(content === '' ? {} : { '#text': content }) }
          : content,
      ]);
    else data.push([tag.name === 'Data' ? (name ?? `Data${data.length}`) : tag.name, content]);
  }
  return `the event has more than ${MOST_ELEMENTS} elements`;
}

function readTag(xml: string, open: number): Tag | undefined {
  let at = open + 1;
  const closes = xml[at] === '/';
  if (closes) at++;
  const nameAt = at;
  at = nameEnd(xml, at);
  if (at === nameAt) return undefined;
  const name = xml.slice(nameAt, at);
  const attributes: (readonly [string, string])[] = [];
  for (;;) {
    while (isSpace(xml.charCodeAt(at))) at++;
    if (xml[at] === '>') return { name, attributes, kind: closes ? 'close' : 'open', end: at + 1 };
    if (xml[at] === '/' && xml[at + 1] === '>') return { name, attributes, kind: 'empty', end: at + 2 };
    const keyAt = at;
    at = nameEnd(xml, at);
    const quote = xml[at + 1];
    if (at === keyAt || xml[at] !== '=' || (quote !== '"' && quote !== "'") || attributes.length >= MOST_ATTRIBUTES)
      return undefined;
    const end = xml.indexOf(quote, at + 2);
    if (end < 0) return undefined;
    attributes.push([xml.slice(keyAt, at), unescape(xml.slice(at + 2, end))]);
    at = end + 1;
  }
}

function nameEnd(xml: string, from: number): number {
  let at = from;
  while (isOfName(xml.charCodeAt(at))) at++;
  return at;
}

/** Letters, digits and `_:.-`. */
function isOfName(unit: number): boolean {
  const small = unit | 0x20;
  return (
    (small >= 0x61 && small <= 0x7a && unit < 0x80) ||
    (unit >= 0x30 && unit <= 0x3a) ||
    unit === 0x5f ||
    unit === 0x2d ||
    unit === 0x2e
  );
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d;
}

function unescape(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES.get(name) ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
    },
  );
}
