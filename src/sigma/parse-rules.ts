import type { Source, Span } from '../base/source.ts';
import { RuleActions } from './actions.ts';
import type { CorrelationRule } from './correlation-rule.ts';
import type { SigmaDiagnostic } from './diagnostic-codes.ts';
import type { FilterRule } from './filter-rule.ts';
import type { ResolvePlaceholder } from './placeholders.ts';
import { readRule } from './read-rule.ts';
import type { SigmaRule } from './rule.ts';
import { splitDocuments } from './yaml-documents.ts';
import { readDocument } from './yaml-reader.ts';

/** Bounds of one file. */
const LARGEST_FILE = 16 * 1024 * 1024;
const MOST_DOCUMENTS = 20_000;
const MOST_DIAGNOSTICS = 1000;

export interface ParseOptions {
  /** The values of placeholders under `expand`; a rule with one that has none is refused. */
  readonly placeholders?: ResolvePlaceholder;
}

export interface ParsedRules {
  /** In the order of the file. */
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly filters: readonly FilterRule[];
  readonly diagnostics: readonly SigmaDiagnostic[];
}

/**
 * Reads every rule of a file, one YAML document each. All that is wrong is reported, each with its place (the first
 * thousand); a document with an error gives no rule, and never stops its neighbours. Never throws.
 */
export function parseRules(source: Source, options: ParseOptions = {}): ParsedRules {
  const rules: SigmaRule[] = [];
  const correlations: CorrelationRule[] = [];
  const filters: FilterRule[] = [];
  const diagnostics: SigmaDiagnostic[] = [];
  const report = (diagnostic: SigmaDiagnostic): void => {
    if (diagnostics.length < MOST_DIAGNOSTICS) diagnostics.push(diagnostic);
    else if (diagnostics.length === MOST_DIAGNOSTICS) {
      diagnostics.push({
        ...diagnostic,
        code: 'too-many-diagnostics',
        message: `more than ${MOST_DIAGNOSTICS} problems in one file; the others are not shown`,
      });
    }
  };
  const start: Span = { source, start: 0, end: 1 };
  if (source.text.length > LARGEST_FILE) {
    const message = `the file has ${source.text.length} characters; expected at most ${LARGEST_FILE}`;
    report({ code: 'file-too-large', severity: 'error', message, span: start });
    return { rules, correlations, filters, diagnostics };
  }
  const documents = splitDocuments(source.text);
  if (documents.length > MOST_DOCUMENTS) {
    const message = `${documents.length} documents; the first ${MOST_DOCUMENTS} are read`;
    report({ code: 'too-many-documents', severity: 'error', message, span: start });
  }
  const actions = new RuleActions(report);
  for (const document of documents.slice(0, MOST_DOCUMENTS)) {
    const root = readDocument(document, source, (code, message, span) =>
      report({ code, severity: 'error', message, span }),
    );
    if (root === null || root === undefined) continue;
    if (root.kind !== 'map') {
      const message = 'expected a Sigma rule: a mapping with title, logsource and detection';
      report({ code: 'document-not-a-mapping', severity: 'error', message, span: root.span });
      continue;
    }
    const whole = actions.apply(root);
    const rule = whole && readRule(whole, source, report, options.placeholders);
    if (rule?.kind === 'rule') rules.push(rule.rule);
    else if (rule?.kind === 'correlation') correlations.push(rule.rule);
    else if (rule) filters.push(rule.rule);
  }
  return { rules, correlations, filters, diagnostics };
}
