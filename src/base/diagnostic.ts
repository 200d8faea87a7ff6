import type { Span } from './source.ts';

/**
 * Something wrong with input, said so that its author can mend it. `Code` is the closed union of the room that
 * reports it (`SigmaDiagnosticCode`, …), so a code is never a free string.
 */
export interface Diagnostic<Code extends string = string> {
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  /** What was found, and what was expected. */
  readonly message: string;
  readonly span: Span;
  /** What to do about it. */
  readonly help?: string;
}

/** Something wrong with one record of an input: it is counted and passed over, never its neighbours. */
export interface RecordDiagnostic<Code extends string = string> {
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly place: RecordPlace;
}

/** Where a record stands in its input. */
export interface RecordPlace {
  /** Path as given, or `<stdin>`. */
  readonly file: string;
  /** 1-based line on which the record starts. */
  readonly line: number;
  /** Offset of its first byte in the decoded stream (after decompression). */
  readonly byte: number;
}
