import { printable } from '../base/print-diagnostic.ts';

/** Problems of one kind that are shown in full: of the input, and of rules, which have a command of their own for that. */
const SHOWN_PER_CODE = 20;
const SHOWN_OF_RULES = 3;

/**
 * Prints what is wrong with rules and input, so that a flood of one kind neither fills the screen nor hides another:
 * the first of each code in full, the rest as a count at the end.
 */
export class DiagnosticPrinter {
  readonly #write: (text: string) => void;
  readonly #counts = new Map<string, number>();

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  line(text: string): void {
    this.#write(`portreeve: ${text}`);
  }

  problem(code: string, text: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= SHOWN_PER_CODE) this.#write(text);
  }

  /** What is wrong with rules that a scan goes on without. `paths`: where they were read. */
  ofRules(found: readonly { readonly code: string; readonly text: () => string }[], paths: readonly string[]): void {
    const counts = new Map<string, number>();
    for (const { code, text } of found) {
      const count = (counts.get(code) ?? 0) + 1;
      counts.set(code, count);
      if (count <= SHOWN_OF_RULES) this.#write(text());
    }
    const further = [...counts].filter(([, count]) => count > SHOWN_OF_RULES);
    if (further.length === 0) return;
    const kinds = further.map(([code, count]) => `${count - SHOWN_OF_RULES} ${code}`).join(', ');
    this.line(
      `further problems in the rules: ${kinds}; portreeve rules check ${paths.map(printable).join(' ')} tells more`,
    );
  }

  end(): void {
    for (const [code, count] of this.#counts) {
      if (count > SHOWN_PER_CODE)
        this.line(`further problems of the kind ${code} were not shown; --stats counts them all`);
    }
  }
}
