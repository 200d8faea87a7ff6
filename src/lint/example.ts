/** A rule that no check objects to, with other lines at its top or another detection. For examples of checks. */
export function exampleRule(
  parts: { readonly head?: string; readonly source?: string; readonly detection?: string } = {},
): string {
  const { head = '', source = 'product: windows', detection = '  sel:\n    Image: a\n  condition: sel' } = parts;
  return `title: Example\n${head}logsource:\n  ${source}\ndetection:\n${detection}\n`;
}

/** A correlation over a rule named `base`, with this body. */
export function exampleCorrelation(body: string): string {
  return `title: Example\nlevel: high\ncorrelation:\n${body}\n`;
}
