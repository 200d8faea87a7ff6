import type { Source } from '../base/source.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import { readDocuments } from '../sigma/read-documents.ts';
import type { Check, Finding, LintSeverity } from './check.ts';
import { checks } from './checks.ts';
import { readLintDocuments } from './lint-document.ts';
import type { LintDocument } from './lint-document.ts';

/** Findings of one file; the others are only counted. */
const MOST_FINDINGS = 2000;

const parserChecks = new Map<string, Check>(
  checks.filter((check) => check.kind === 'parser').map((check) => [check.code, check]),
);

/**
 * Runs every check over rule files. Findings come by file and place. Total: whatever a file holds, the others are
 * checked, and nothing throws.
 */
export function lintFiles(sources: readonly Source[]): readonly Finding[] {
  const findings = new Map<Source, Finding[]>(sources.map((source) => [source, []]));
  const add = (finding: Finding): void => {
    const list = findings.get(finding.span.source);
    if (list && list.length < MOST_FINDINGS) list.push(finding);
  };
  const documents: LintDocument[] = [];
  for (const source of sources) {
    // Placeholders are for whoever runs the rules to give.
    const read = readDocuments(source);
    const { rules, diagnostics } = parseRules(source, { placeholders: (name) => [name], documents: read });
    for (const { code, severity, message, span, help } of diagnostics)
      add({
        code,
        severity: parserChecks.get(code)?.severity ?? severity,
        message,
        span,
        ...(help === undefined ? {} : { help }),
      });
    const own = readLintDocuments(source, read, rules);
    documents.push(...own);
    for (const check of checks) {
      if (check.kind === 'document')
        for (const document of own) for (const found of check.check(document)) add({ ...found, ...named(check) });
      if (check.kind === 'text')
        for (const found of check.check({ source, start: 0, end: source.text.length }))
          add({ ...found, ...named(check) });
    }
  }
  for (const check of checks)
    if (check.kind === 'files') for (const found of check.check(documents)) add({ ...found, ...named(check) });
  return [...findings.values()].flatMap((list) =>
    fixable(withoutRepeats(list)).sort((a, b) => a.span.start - b.span.start),
  );
}

/** `date-slashes` says what is wrong with such a date, and mends it: `date-invalid` need not say so again. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const slashes = new Set(findings.filter(({ code }) => code === 'date-slashes').map(({ span }) => span.start));
  return findings.filter(({ code, span }) => code !== 'date-invalid' || !slashes.has(span.start));
}

/** A file that is not UTF-8 must not be written again: what its characters were is known from its bytes alone. */
function fixable(findings: readonly Finding[]): Finding[] {
  const isLost = findings.some(({ code }) => code === 'character-lost');
  return findings.map((finding) => {
    if (!isLost) return finding;
    const { fix: _, ...others } = finding;
    return others;
  });
}

function named({ code, severity }: Check): { readonly code: string; readonly severity: LintSeverity } {
  return { code, severity };
}
