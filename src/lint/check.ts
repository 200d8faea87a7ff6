import type { Span } from '../base/source.ts';
import type { SigmaDiagnosticCode } from '../sigma/diagnostic-codes.ts';
import type { LintDocument } from './lint-document.ts';

export type LintSeverity = 'error' | 'warning' | 'info';
/** From the mildest to the worst. */
export const lintSeverities: readonly LintSeverity[] = ['info', 'warning', 'error'];

/** Puts `text` in the place of `start` up to `end` of the source; UTF-16 offsets, `end` exclusive. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a check has found: where, and what to do about it. */
export interface Found {
  readonly span: Span;
  /** What was found, and what was expected. */
  readonly message: string;
  readonly help?: string;
  /** Edits that mend it without changing what the rule means, or that say what it plainly meant. */
  readonly fix?: readonly TextEdit[];
}

export interface Finding extends Found {
  readonly code: string;
  readonly severity: LintSeverity;
}

/** A text that has the problem, the place between « and »; the same text mended; and one that never had it. */
export interface CheckExample {
  readonly bad: string;
  readonly good: string;
  readonly fixed?: string;
}

interface About<Code extends string = string> {
  readonly code: Code;
  /** One line: what is wrong where the check finds something. */
  readonly title: string;
  readonly severity: LintSeverity;
  /** Where that is written: a section of Sigma's specification, SigmaHQ's conventions, or Portreeve. */
  readonly section: string;
  readonly examples: readonly CheckExample[];
}

/** Looks at one document of a rule file. */
export interface DocumentCheck extends About {
  readonly kind: 'document';
  readonly check: (document: LintDocument) => Iterable<Found>;
}

/** Looks at the text of a file, whatever it holds. */
export interface TextCheck extends About {
  readonly kind: 'text';
  readonly check: (whole: Span) => Iterable<Found>;
}

/** Looks at all documents of all files that are checked together. */
export interface FilesCheck extends About {
  readonly kind: 'files';
  readonly check: (documents: readonly LintDocument[]) => Iterable<Found>;
}

/** What reading a rule reports by itself. */
export interface ParserCheck extends About<SigmaDiagnosticCode> {
  readonly kind: 'parser';
}

export type Check = DocumentCheck | TextCheck | FilesCheck | ParserCheck;
