import type { MapNode } from '../sigma/yaml-reader.ts';
import { entryOf, mapAt, textAt } from './lint-document.ts';
import { quoted, yamlText } from './yaml-text.ts';

/** What takes the place of an aggregation of Sigma 1: the rule changed a little, and documents behind it. */
export interface Offer {
  /** What the correlation calls the rule: its name or id, or a name that it is to be given. */
  readonly reference: string;
  readonly isNewName: boolean;
  /** The rule's condition from now on. */
  readonly condition: string;
  /** Search identifiers that move to rules of their own. */
  readonly moved: readonly string[];
  /** The rule has no timeframe, so that the timespan is a guess. */
  readonly isGuess: boolean;
  /** YAML, each document behind `---`. */
  readonly documents: string;
}

export const GUESSED_TIMESPAN = '1h';

const COMPARISONS: Readonly<Record<string, string>> = {
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '=': 'eq',
  '==': 'eq',
};
const TYPES: Readonly<Record<string, string>> = { count: 'value_count', sum: 'value_sum', avg: 'value_avg' };
const FIGURE = /^(\w+)\s*\(\s*([^()\s]*)\s*\)(?:\s+by\s+([^<>=]+?))?\s*(>=|<=|==|=|>|<)\s*(\d+)$/;

/** Is the condition one with an aggregation? */
export function hasAggregation(condition: string): boolean {
  return /\|\s{0,99}(count|min|max|avg|sum|near)\b/.test(condition);
}

/** The offer, or why there is none. */
export function offerCorrelation(root: MapNode): Offer | string {
  const detection = mapAt(root, 'detection');
  const condition = detection && textAt(detection, 'condition')?.text;
  if (detection === undefined || condition === undefined) return 'the condition is no text';
  const at = condition.indexOf('|');
  const [head, tail] = [condition.slice(0, at).trim(), condition.slice(at + 1).trim()];
  if (head === '' || tail.length > 2000) return 'there is no condition before the |';
  const given = textAt(detection, 'timeframe')?.text;
  if (given !== undefined && !/^\d{1,9}[smhd]$/.test(given)) return 'the timeframe is not of the form 10m';
  const timespan = given ?? GUESSED_TIMESPAN;
  const title = textAt(root, 'title')?.text ?? 'Correlation';
  const called = textAt(root, 'name')?.text ?? textAt(root, 'id')?.text;
  const reference = called ?? slug(title);
  const lead = (type: string, rules: readonly string[]): string =>
    `---\ntitle: ${quoted(title)}\nlevel: ${quoted(textAt(root, 'level')?.text ?? 'medium')}\ncorrelation:\n    type: ${type}\n` +
    `    rules:\n${rules.map((rule) => `        - ${quoted(rule)}\n`).join('')}    timespan: ${timespan}\n`;
  const base = { reference, isNewName: called === undefined, condition: head, isGuess: given === undefined };
  if (/^near\b/.test(tail)) {
    const near = nearRules(root, detection, tail.slice(4), title, slug(title));
    if (typeof near === 'string') return near;
    const { names, documents, expression } = near;
    const rules = [reference, ...names.values()];
    const all = expression === undefined ? '' : `    condition: ${quoted(`${reference} and (${expression})`)}\n`;
    return { ...base, moved: [...names.keys()], documents: `${documents}${lead('temporal', rules)}${all}` };
  }
  const [, name = '', field = '', by, comparison = '', limit = ''] = FIGURE.exec(tail) ?? [];
  const type = name === 'count' && field === '' ? 'event_count' : TYPES[name];
  if (name === 'min' || name === 'max') return `no type of correlation is a ${name}`;
  if (type === undefined || (name !== 'count' && field === '')) return 'the aggregation cannot be read';
  const fields = (by ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const groupBy =
    fields.length === 0 ? '' : `    group-by:\n${fields.map((one) => `        - ${quoted(one)}\n`).join('')}`;
  const of = field === '' ? '' : `        field: ${quoted(field)}\n`;
  const bound = `    condition:\n${of}        ${COMPARISONS[comparison] ?? 'gte'}: ${limit}\n`;
  return { ...base, moved: [], documents: `${lead(type, [reference])}${groupBy}${bound}` };
}

/** `a | near b and c`: a rule for each of the others. What is more than `and` becomes a condition over the rules. */
function nearRules(
  root: MapNode,
  detection: MapNode,
  tail: string,
  title: string,
  prefix: string,
): { readonly names: ReadonlyMap<string, string>; readonly documents: string; readonly expression?: string } | string {
  const names = new Map<string, string>();
  let isPlain = true;
  const words = tail.match(/[()]|[^\s()]+/g) ?? [];
  const renamed = words.map((word) => {
    if (/^(and|or|not|[()])$/i.test(word)) {
      isPlain &&= word.toLowerCase() === 'and';
      return word;
    }
    names.set(word, `${prefix}_${slug(word)}`);
    return names.get(word) ?? word;
  });
  const source = entryOf(root, 'logsource')?.value;
  const documents: string[] = [];
  for (const [identifier, name] of names) {
    const entry = entryOf(detection, identifier);
    if (entry === undefined) return `near names ${identifier.slice(0, 80)}, which is no search identifier`;
    const body: MapNode = { ...detection, entries: [entry] };
    documents.push(
      `---\ntitle: ${quoted(`${title} (${identifier})`)}\nname: ${name}\n` +
        (source === undefined ? '' : `logsource:\n${yamlText(source, 4)}`) +
        `detection:\n${yamlText(body, 4)}    condition: ${quoted(identifier)}\n`,
    );
  }
  if (names.size === 0) return 'near names no search identifier';
  return { names, documents: documents.join(''), ...(isPlain ? {} : { expression: renamed.join(' ') }) };
}

function slug(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 60);
  return /^[a-z]/.test(plain) ? plain : `rule_${plain}`;
}
