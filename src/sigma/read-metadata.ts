import type { Span } from '../base/source.ts';
import type { Say } from './read-detection.ts';
import { sigmaLevels, sigmaStatuses } from './rule.ts';
import type { CustomValue, RelatedRule, RuleHeader, SigmaLevel } from './rule.ts';
import type { MapNode, RuleEntry, RuleNode } from './yaml-reader.ts';

/** Everything of a rule but its log source and its detection. */
export type RuleMetadata = Omit<RuleHeader, 'source' | 'span'>;

/** Keys of Sigma 2.1; any other is kept as custom. `timeframe` and `action` are Sigma 1's. */
const KNOWN = new Set(
  'title id name related taxonomy status description license references author date modified logsource detection correlation filter fields falsepositives level tags scope'.split(
    ' ',
  ),
);

/** Lengths that Sigma 2.1 states. */
const LONGEST_TITLE = 256;
const LONGEST_DESCRIPTION = 65_535;

/** Reads them all and reports what is wrong; only a missing title and an unknown level are errors. `at` is for what is missing. */
export function readMetadata(root: MapNode, at: Span, say: Say): RuleMetadata {
  const entries = new Map(root.entries.map((entry) => [entry.key, entry]));
  const reader = new MetadataReader(entries, say);
  const title = reader.text('title', 'error');
  const titleAt = entries.get('title')?.value.span ?? at;
  const given = entries.get('title');
  if (title === undefined || title.trim() === '') {
    // A list or a mapping has been reported as such.
    if (given === undefined || given.value.kind === 'scalar')
      say('field-missing', 'the rule has no title', given?.keySpan ?? at);
  } else if (title.length > LONGEST_TITLE) {
    say(
      'field-too-long',
      `the title has ${title.length} characters; Sigma allows ${LONGEST_TITLE}`,
      titleAt,
      'warning',
    );
  }
  const description = reader.text('description');
  if (description !== undefined && description.length > LONGEST_DESCRIPTION) {
    say(
      'field-too-long',
      `the description has ${description.length} characters; Sigma allows ${LONGEST_DESCRIPTION}`,
      titleAt,
      'warning',
    );
  }
  const [id, name] = [reader.matching('id', UUID, 'id-invalid', 'a UUID'), reader.text('name')];
  const [taxonomy, license, author] = [reader.text('taxonomy'), reader.text('license'), reader.text('author')];
  const date = reader.matching('date', DATE, 'date-invalid', 'a date such as 2026-01-31');
  const modified = reader.matching('modified', DATE, 'date-invalid', 'a date such as 2026-01-31');
  const status = reader.oneOf('status', sigmaStatuses);
  return {
    title: title ?? '',
    level: reader.level(),
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    ...(taxonomy === undefined ? {} : { taxonomy }),
    ...(status === undefined ? {} : { status }),
    ...(description === undefined ? {} : { description }),
    ...(license === undefined ? {} : { license }),
    ...(author === undefined ? {} : { author }),
    ...(date === undefined ? {} : { date }),
    ...(modified === undefined ? {} : { modified }),
    references: reader.texts('references'),
    tags: reader.tags(),
    falsepositives: reader.texts('falsepositives'),
    fields: reader.texts('fields'),
    scope: reader.texts('scope'),
    related: reader.related(),
    custom: new Map(root.entries.filter(({ key }) => !KNOWN.has(key)).map(({ key, value }) => [key, plainData(value)])),
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

class MetadataReader {
  readonly #entries: ReadonlyMap<string, RuleEntry>;
  readonly #say: Say;

  constructor(entries: ReadonlyMap<string, RuleEntry>, say: Say) {
    this.#entries = entries;
    this.#say = say;
  }

  text(key: string, severity: 'error' | 'warning' = 'warning'): string | undefined {
    const value = this.#entries.get(key)?.value;
    if (value === undefined) return undefined;
    if (value.kind === 'scalar') return value.value === null ? undefined : value.text;
    this.#say(
      'field-type',
      `${key} is a ${value.kind === 'map' ? 'mapping' : 'list'}; expected text`,
      value.span,
      severity,
    );
    return undefined;
  }

  /** A list of texts; a single text counts as a list of one. */
  texts(key: string): readonly string[] {
    return this.#scalars(key).map(({ text }) => text);
  }

  matching(key: string, shape: RegExp, code: 'id-invalid' | 'date-invalid', expected: string): string | undefined {
    const text = this.text(key);
    const span = this.#entries.get(key)?.value.span;
    if (text !== undefined && span && !shape.test(text))
      this.#say(code, `${key} is ${shown(text)}; expected ${expected}`, span, 'warning');
    return text;
  }

  oneOf<T extends string>(key: string, known: readonly T[]): T | undefined {
    const text = this.text(key);
    const found = known.find((name) => name === text?.toLowerCase());
    const span = this.#entries.get(key)?.value.span;
    if (text !== undefined && found === undefined && span) {
      this.#say('status-unknown', `${key} is ${shown(text)}; expected one of ${known.join(', ')}`, span, 'warning');
    }
    return found;
  }

  /** An alert's severity follows from it, so a level that is none is an error. */
  level(): SigmaLevel {
    const text = this.text('level', 'error');
    const found = sigmaLevels.find((name) => name === text?.toLowerCase());
    const span = this.#entries.get('level')?.value.span;
    if (text !== undefined && found === undefined && span) {
      this.#say('level-unknown', `level is ${shown(text)}; expected one of ${sigmaLevels.join(', ')}`, span);
    }
    return found ?? 'medium';
  }

  tags(): readonly string[] {
    const tags = this.#scalars('tags');
    for (const { text, span } of tags) {
      if (/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(text)) continue;
      this.#say(
        'tag-invalid',
        `the tag ${shown(text)} is not of the form namespace.name in lower case`,
        span,
        'warning',
      );
    }
    return tags.map(({ text }) => text);
  }

  related(): readonly RelatedRule[] {
    const value = this.#entries.get('related')?.value;
    if (value === undefined || (value.kind === 'scalar' && value.value === null)) return [];
    const items = value.kind === 'list' ? value.items : [value];
    return items.flatMap((item) => {
      const part = (name: string): string | undefined => {
        const found = item.kind === 'map' ? item.entries.find(({ key }) => key === name)?.value : undefined;
        return found?.kind === 'scalar' && found.value !== null ? found.text : undefined;
      };
      const [id, type] = [part('id'), part('type')];
      if (id !== undefined && type !== undefined) return [{ id, type }];
      this.#say('field-type', 'related: expected mappings with id and type', item.span, 'warning');
      return [];
    });
  }

  #scalars(key: string): readonly { readonly text: string; readonly span: Span }[] {
    const value = this.#entries.get(key)?.value;
    if (value === undefined || (value.kind === 'scalar' && value.value === null)) return [];
    const items = value.kind === 'list' ? value.items : [value];
    return items.flatMap((item) => {
      if (item.kind === 'scalar') return item.value === null ? [] : [{ text: item.text, span: item.span }];
      this.#say(
        'field-type',
        `${key}: found a ${item.kind === 'map' ? 'mapping' : 'list'}; expected texts`,
        item.span,
        'warning',
      );
      return [];
    });
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** The nodes are bounded in depth and number by the reader. */
function plainData(node: RuleNode): CustomValue {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainData);
    case 'map':
      return new Map(node.entries.map(({ key, value }) => [key, plainData(value)]));
  }
}
