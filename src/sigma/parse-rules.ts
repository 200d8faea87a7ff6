import type { Source } from '../base/source.ts';
import { RuleActions } from './actions.ts';
import type { CorrelationRule } from './correlation-rule.ts';
import type { SigmaDiagnostic } from './diagnostic-codes.ts';
import type { FilterRule } from './filter-rule.ts';
import type { ResolvePlaceholder } from './placeholders.ts';
import { readDocuments } from './read-documents.ts';
import type { RuleDocuments } from './read-documents.ts';
import { readRule } from './read-rule.ts';
import type { SigmaRule } from './rule.ts';

/** Bound of one file. */
const MOST_DIAGNOSTICS = 1000;

export interface ParseOptions {
  /** The values of placeholders under `expand`; a rule with one that has none is refused. */
  readonly placeholders?: ResolvePlaceholder;
  /** The file as `readDocuments` gives it, for a caller that needs it too. */
  readonly documents?: RuleDocuments;
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
  const { documents, diagnostics: general } = options.documents ?? readDocuments(source);
  general.forEach(report);
  const actions = new RuleActions(report);
  for (const { root, diagnostics: own } of documents) {
    own.forEach(report);
    if (root === undefined) continue;
    const whole = actions.apply(root);
    const rule = whole && readRule(whole, source, report, options.placeholders);
    if (rule?.kind === 'rule') rules.push(rule.rule);
    else if (rule?.kind === 'correlation') correlations.push(rule.rule);
    else if (rule) filters.push(rule.rule);
  }
  return { rules, correlations, filters, diagnostics };
}
