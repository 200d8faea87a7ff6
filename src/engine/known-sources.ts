import type { LogSource } from '../event/log-source.ts';
import type { RuleLogSource } from '../sigma/rule.ts';

/** Stands for every name that no rule has. No rule can have it. */
const OTHER = '\u0000other';

/**
 * Log sources as far as the rules tell them apart, so that there are only so many of them whatever events say: names that no rule
 * has are all one, and case does not count.
 */
export class KnownSources {
  readonly #products = new Set<string>();
  readonly #categories = new Set<string>();
  readonly #services = new Set<string>();

  private constructor(rules: readonly { readonly logsource: RuleLogSource }[]) {
    // Many rules share one.
    for (const logsource of new Set(rules.map((rule) => rule.logsource))) {
      if (logsource.product !== undefined) this.#products.add(logsource.product.toLowerCase());
      if (logsource.category !== undefined) this.#categories.add(logsource.category.toLowerCase());
      if (logsource.service !== undefined) this.#services.add(logsource.service.toLowerCase());
    }
  }

  /** Those of a list of rules that stays as it is: the same for the same list, since looking at thousands takes milliseconds. */
  static in(rules: readonly { readonly logsource: RuleLogSource }[]): KnownSources {
    let sources = known.get(rules);
    if (sources === undefined) known.set(rules, (sources = new KnownSources(rules)));
    return sources;
  }

  /** The log source in those terms. */
  of({ product, category, service }: LogSource): LogSource {
    return {
      ...(product === undefined ? {} : { product: nameIn(this.#products, product) }),
      ...(category === undefined ? {} : { category: namesIn(this.#categories, category) }),
      ...(service === undefined ? {} : { service: namesIn(this.#services, service) }),
    };
  }
}

const known = new WeakMap<readonly { readonly logsource: RuleLogSource }[], KnownSources>();

/** The same text for the same log source. */
export function sourceKey({ product, category, service }: LogSource): string {
  return [product, category, service].map((part) => (typeof part === 'object' ? part.join(' ') : part)).join('\n');
}

function namesIn(known: ReadonlySet<string>, names: string | readonly string[]): string | readonly string[] {
  if (typeof names === 'string') return nameIn(known, names);
  return [...new Set(names.map((one) => nameIn(known, one)))].sort();
}

function nameIn(names: ReadonlySet<string>, name: string): string {
  const lower = name.toLowerCase();
  return names.has(lower) ? lower : OTHER;
}
