/** Problems of one kind that are shown in full. */
const SHOWN_PER_CODE = 20;

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

  end(): void {
    for (const [code, count] of this.#counts) {
      if (count > SHOWN_PER_CODE)
        this.line(`further problems of the kind ${code} were not shown; --stats counts them all`);
    }
  }
}
