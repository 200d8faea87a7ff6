import { positionAt } from '../../base/source.ts';
import type { Finding } from '../../lint/check.ts';
import { checks } from '../../lint/checks.ts';

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

function placeOf({ span }: Finding): Place {
  const [start, end] = [positionAt(span.source, span.start), positionAt(span.source, span.end)];
  return { file: span.source.name, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

/** One object a line: `{code, severity, message, help?, file, line, column, endLine, endColumn, fixable}`. */
export function jsonLine(finding: Finding): string {
  const { code, severity, message, help, fix } = finding;
  return JSON.stringify({ code, severity, message, help, ...placeOf(finding), fixable: fix !== undefined });
}

/** An annotation of a GitHub workflow. https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export function githubLine(finding: Finding): string {
  const { file, line, column, endLine, endColumn } = placeOf(finding);
  const { code, severity, message, help } = finding;
  const command = severity === 'info' ? 'notice' : severity;
  const columns = line === endLine ? `,col=${column},endColumn=${endColumn}` : '';
  const text = help === undefined ? message : `${message}\n${help}`;
  return `::${command} file=${property(file)},line=${line},endLine=${endLine}${columns},title=${property(code)}::${data(text)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0, with fixes. https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
export function sarifLog(findings: readonly Finding[], version: string): Readonly<Record<string, unknown>> {
  const uri = (file: string): string => file.split('/').map(encodeURIComponent).join('/');
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Portreeve',
            version,
            rules: checks.map(({ code, title, severity, section }) => ({
              id: code,
              shortDescription: { text: title },
              fullDescription: { text: `${title}. ${section}.` },
              defaultConfiguration: { level: LEVELS[severity] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => {
          const { file, line, column, endLine, endColumn } = placeOf(finding);
          const { code, severity, message, help, fix, span } = finding;
          const artifactLocation = { uri: uri(file) };
          const replacements = fix?.map(({ start, end, text }) => ({
            deletedRegion: { charOffset: start, charLength: end - start },
            insertedContent: { text },
          }));
          return {
            ruleId: code,
            level: LEVELS[severity],
            message: { text: help === undefined ? message : `${message}; ${help}` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation,
                  region: {
                    startLine: line,
                    startColumn: column,
                    endLine,
                    endColumn,
                    charOffset: span.start,
                    charLength: span.end - span.start,
                  },
                },
              },
            ],
            ...(replacements === undefined
              ? {}
              : {
                  fixes: [{ description: { text: 'mend it' }, artifactChanges: [{ artifactLocation, replacements }] }],
                }),
          };
        }),
      },
    ],
  };
}
