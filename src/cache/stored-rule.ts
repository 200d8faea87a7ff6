import type { Source } from '../base/source.ts';
import type { RuleLogSource, SigmaRule } from '../sigma/rule.ts';
import { decodeBody } from './detection-code.ts';
import type { RuleBody } from './detection-code.ts';
import { unpacker } from './pack.ts';

/** Everything of a rule but what is known before it is read, and its body. */
export type RuleHead = Omit<SigmaRule, 'source' | 'logsource' | keyof RuleBody>;

/** Where the two parts of a rule are read from, when somebody asks. */
export interface StoredRule {
  readonly source: Source;
  readonly logsource: RuleLogSource;
  /** What spans point into. */
  readonly sources: readonly Source[];
  readonly head: () => string;
  readonly body: () => string;
}

/**
 * A rule that is read when it is looked at: its log source at no cost, its detection and everything else when first asked
 * for. To everybody it is plain data; most rules of a large set are for log sources that a scan never meets.
 */
export function openRule(stored: StoredRule): SigmaRule {
  return new Proxy(NOTHING_READ, new LazyRule(stored));
}

class LazyRule implements ProxyHandler<SigmaRule> {
  readonly #stored: StoredRule;
  #head: RuleHead | undefined;
  #body: RuleBody | undefined;
  #whole: SigmaRule | undefined;

  constructor(stored: StoredRule) {
    this.#stored = stored;
  }

  get(_target: SigmaRule, key: string | symbol): unknown {
    switch (key) {
      case 'logsource':
        return this.#stored.logsource;
      case 'source':
        return this.#stored.source;
      case 'identifiers':
        return this.#readBody().identifiers;
      case 'condition':
        return this.#readBody().condition;
      default:
        return Reflect.get(this.#readHead(), key);
    }
  }

  has(_target: SigmaRule, key: string | symbol): boolean {
    return Reflect.has(this.#read(), key);
  }

  ownKeys(): ArrayLike<string | symbol> {
    return Reflect.ownKeys(this.#read());
  }

  getOwnPropertyDescriptor(_target: SigmaRule, key: string | symbol): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.#read(), key);
  }

  /** Rules are read-only. */
  set(): boolean {
    return false;
  }

  defineProperty(): boolean {
    return false;
  }

  deleteProperty(): boolean {
    return false;
  }

  #read(): SigmaRule {
    const { source, logsource } = this.#stored;
    return (this.#whole ??= { source, ...this.#readHead(), logsource, ...this.#readBody() });
  }

  #readHead(): RuleHead {
    if (this.#head === undefined) {
      const head: RuleHead = JSON.parse(this.#stored.head(), unpacker(this.#stored.sources));
      this.#head = head;
    }
    return this.#head;
  }

  #readBody(): RuleBody {
    return (this.#body ??= decodeBody(this.#stored.body(), this.#stored.sources));
  }
}

/** The target of every proxy; nobody sees it. It has nothing of its own, so that no key of a rule is bound to it. */
const NOTHING_READ: SigmaRule = Object.create(Object.prototype);
