import { printDiagnostic, printable } from '../../base/print-diagnostic.ts';
import { loadLibrary } from '../../pipeline/load-library.ts';
import type { RuleLibrary } from '../../pipeline/rule-library.ts';
import { packFolder, readRuleTexts, RulePathError } from '../../pipeline/rule-texts.ts';

/** The rules of the paths given, or of the pack; what is wrong goes to standard error. Undefined where none is valid. */
export async function loadRules(paths: readonly string[]): Promise<RuleLibrary | undefined> {
  try {
    const library = await loadLibrary(readRuleTexts(paths.length > 0 ? paths : [packFolder('kubernetes-network')]));
    for (const diagnostic of library.diagnostics) process.stderr.write(`${printDiagnostic(diagnostic)}\n`);
    if (library.rules.length > 0) return library;
    process.stderr.write(
      `no valid rule in ${paths.map(printable).join(', ')}; expected Sigma rules in files that end in .yml\n`,
    );
  } catch (error) {
    if (!(error instanceof RulePathError)) throw error;
    process.stderr.write(`${printable(error.message)}\n`);
  }
  return undefined;
}

/** Lines of a table; columns as wide as they need to be, the last as it comes. */
export function table(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(printable));
  const widths = (shown[0] ?? []).map((_, i) => Math.max(...shown.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return `${shown.map(line).join('\n')}\n`;
}
