import type { Source, Span } from '../base/source.ts';
import type { SigmaDiagnostic, SigmaDiagnosticCode } from './diagnostic-codes.ts';
import { splitDocuments } from './yaml-documents.ts';
import { readDocument } from './yaml-reader.ts';
import type { MapNode } from './yaml-reader.ts';

/** One document of a rule file that is not empty. */
export interface RuleDocument {
  /** Absent where it is no mapping, or no YAML. */
  readonly root?: MapNode;
  readonly text: string;
  readonly diagnostics: readonly SigmaDiagnostic[];
}

/** A rule file as YAML. */
export interface RuleDocuments {
  /** What is wrong with the file as a whole. */
  readonly diagnostics: readonly SigmaDiagnostic[];
  readonly documents: readonly RuleDocument[];
}

/** Bounds of one file. */
const LARGEST_FILE = 16 * 1024 * 1024;
const MOST_DOCUMENTS = 20_000;

/** Reads the YAML of a file, document by document: one that is broken never stops its neighbours. Never throws. */
export function readDocuments(source: Source): RuleDocuments {
  const diagnostics: SigmaDiagnostic[] = [];
  const say = (code: SigmaDiagnosticCode, severity: 'error' | 'warning', message: string, span: Span): void =>
    void diagnostics.push({ code, severity, message, span });
  const start: Span = { source, start: 0, end: 1 };
  if (source.text.length > LARGEST_FILE) {
    const message = `the file has ${source.text.length} characters; expected at most ${LARGEST_FILE}`;
    say('file-too-large', 'error', message, start);
    return { diagnostics, documents: [] };
  }
  const lost = source.text.indexOf('\ufffd');
  if (lost !== -1) {
    const message = 'the file is not UTF-8 here, or the character was lost before: U+FFFD stands in its place';
    say('character-lost', 'warning', message, { source, start: lost, end: lost + 1 });
  }
  const found = splitDocuments(source.text);
  if (found.length > MOST_DOCUMENTS) {
    const message = `${found.length} documents; the first ${MOST_DOCUMENTS} are read`;
    say('too-many-documents', 'error', message, start);
  }
  const documents: RuleDocument[] = [];
  for (const document of found.slice(0, MOST_DOCUMENTS)) {
    const own: SigmaDiagnostic[] = [];
    const root = readDocument(document, source, (code, message, span) =>
      own.push({ code, severity: 'error', message, span }),
    );
    if (root === null) continue;
    if (root?.kind === 'map') documents.push({ root, text: document.text, diagnostics: own });
    else {
      const message = 'expected a Sigma rule: a mapping with title, logsource and detection';
      if (root) own.push({ code: 'document-not-a-mapping', severity: 'error', message, span: root.span });
      documents.push({ text: document.text, diagnostics: own });
    }
  }
  return { diagnostics, documents };
}
