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
      ...(category === undefined ? {} : { category: this.#category(category) }),
      ...(service === undefined ? {} : { service: nameIn(this.#services, service) }),
    };
  }

  #category(category: NonNullable<LogSource['category']>): NonNullable<LogSource['category']> {
    if (typeof category === 'string') return nameIn(this.#categories, category);
    return [...new Set(category.map((one) => nameIn(this.#categories, one)))].sort();
  }
}

const known = new WeakMap<readonly { readonly logsource: RuleLogSource }[], KnownSources>();

/** The same text for the same log source. */
export function sourceKey({ product, category, service }: LogSource): string {
  return `${product ?? ''}\n${typeof category === 'object' ? category.join(' ') : (category ?? '')}\n${service ?? ''}`;
}

function nameIn(names: ReadonlySet<string>, name: string): string {
  const lower = name.toLowerCase();
  return names.has(lower) ? lower : OTHER;
}
