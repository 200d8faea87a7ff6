import { isMap, isScalar, parseAllDocuments } from 'yaml';
import type { Document as YamlDocument, Node } from 'yaml';

import type { Source, Span } from '../base/source.ts';
import type { SigmaDiagnostic } from './diagnostic-codes.ts';
import { readRule } from './read-rule.ts';
import type { SigmaRule } from './rule.ts';

type Document = YamlDocument<Node>;

/** A rule file is written by people. */
const LARGEST_FILE = 16 * 1024 * 1024;

export interface ParsedRules {
  readonly rules: readonly SigmaRule[];
  readonly diagnostics: readonly SigmaDiagnostic[];
}

/**
 * Reads every rule of a file, one YAML document each. All that is wrong is reported, each with its place; a document
 * with an error gives no rule, and never stops its neighbours.
 */
export function parseRules(source: Source): ParsedRules {
  const rules: SigmaRule[] = [];
  const diagnostics: SigmaDiagnostic[] = [];
  const report = (diagnostic: SigmaDiagnostic): void => void diagnostics.push(diagnostic);
  if (source.text.length > LARGEST_FILE) {
    report({
      code: 'file-too-large',
      severity: 'error',
      message: `the file has ${source.text.length} characters; expected at most ${LARGEST_FILE}`,
      span: { source, start: 0, end: 0 },
    });
    return { rules, diagnostics };
  }
  for (const document of documentsOf(source)) {
    const failed = document.errors.length > 0;
    for (const { message, pos } of document.errors) {
      const [firstLine = message] = message.split('\n');
      report({ code: 'yaml-invalid', severity: 'error', message: firstLine, span: { source, start: pos[0], end: Math.max(pos[1], pos[0] + 1) } });
    }
    if (failed) continue;
    const root = document.contents;
    if (root === null || (isScalar(root) && root.value === null)) continue;
    const span = spanOfRoot(source, document);
    if (!isMap(root)) {
      report({ code: 'document-not-a-mapping', severity: 'error', message: 'expected a Sigma rule: a mapping with title, logsource and detection', span });
      continue;
    }
    const rule = readRule(root, document, source, span, report);
    if (rule) rules.push(rule);
  }
  return { rules, diagnostics };
}

function documentsOf(source: Source): readonly Document[] {
  const parsed = parseAllDocuments<Node>(source.text, { uniqueKeys: true, prettyErrors: false, logLevel: 'silent', version: '1.2' });
  return Array.isArray(parsed) ? parsed : [];
}

function spanOfRoot(source: Source, document: Document): Span {
  const range = document.contents?.range;
  return { source, start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}
