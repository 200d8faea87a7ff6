import type { SigmaDiagnostic } from './diagnostic-codes.ts';
import type { MapNode, RuleEntry, RuleNode } from './yaml-reader.ts';

/** Entries that all merging in one file may come to: a long `global` document before many others is refused. */
const MOST_MERGED = 2_000_000;

/**
 * Sigma 1's rule collections: a document with `action: global` is a part of all that follow it until `action: reset`;
 * `action: repeat` is the document before it with changes. Old rules still use them.
 */
export class RuleActions {
  readonly #report: (diagnostic: SigmaDiagnostic) => void;
  #global: MapNode | undefined;
  #previous: MapNode | undefined;
  #merged = 0;

  constructor(report: (diagnostic: SigmaDiagnostic) => void) {
    this.#report = report;
  }

  /** The document with what it takes from others, or `undefined` where it is no rule of its own. */
  apply(document: MapNode): MapNode | undefined {
    const entry = document.entries.find(({ key }) => key === 'action');
    const action = entry?.value.kind === 'scalar' ? entry.value.text : undefined;
    const own: MapNode = entry ? { ...document, entries: document.entries.filter((one) => one !== entry) } : document;
    if (entry && action !== 'global' && action !== 'reset' && action !== 'repeat') {
      const message = 'expected global, reset or repeat';
      this.#report({ code: 'action-unknown', severity: 'error', message, span: entry.value.span });
      return undefined;
    }
    if (action === 'reset') {
      this.#global = undefined;
      this.#previous = undefined;
      return own.entries.length > 0 ? this.#remember(own) : undefined;
    }
    if (action === 'global') {
      this.#global = this.#merge(this.#global, own);
      return undefined;
    }
    if (action === 'repeat') {
      const repeated = this.#merge(this.#previous, own);
      return repeated && this.#remember(repeated);
    }
    const whole = this.#merge(this.#global, own);
    return whole && this.#remember(whole);
  }

  #remember(document: MapNode): MapNode {
    this.#previous = document;
    return document;
  }

  #merge(base: MapNode | undefined, over: MapNode): MapNode | undefined {
    if (base === undefined) return over;
    if (this.#merged <= MOST_MERGED) {
      const merged = this.#mergeMaps(base, over);
      if (this.#merged <= MOST_MERGED) return merged;
    }
    const message = `action: the documents of this file come to more than ${MOST_MERGED} entries when merged`;
    this.#report({ code: 'document-too-large', severity: 'error', message, span: over.span });
    return undefined;
  }

  #mergeMaps(base: MapNode, over: MapNode): MapNode {
    const entries = new Map<string, RuleEntry>();
    this.#merged += base.entries.length + over.entries.length;
    for (const entry of base.entries) entries.set(entry.key, entry);
    for (const entry of over.entries) {
      const before = entries.get(entry.key);
      entries.set(entry.key, before ? { ...entry, value: this.#mergeNodes(before.value, entry.value) } : entry);
    }
    return { ...over, entries: [...entries.values()] };
  }

  /** Mappings are merged, anything else takes the place of what was there. */
  #mergeNodes(base: RuleNode, over: RuleNode): RuleNode {
    return base.kind === 'map' && over.kind === 'map' ? this.#mergeMaps(base, over) : over;
  }
}
