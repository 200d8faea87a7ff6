import type { RuleNode } from '../sigma/yaml-reader.ts';

/** A node as YAML in block style, each line indented by `indent` blanks; what is a text stays one. */
export function yamlText(node: RuleNode, indent: number): string {
  const blanks = ' '.repeat(indent);
  if (node.kind === 'map') {
    if (node.entries.length === 0) return `${blanks}{}\n`;
    return node.entries
      .map(({ key, value }) =>
        value.kind === 'scalar'
          ? `${blanks}${quoted(key)}: ${scalarText(value)}\n`
          : `${blanks}${quoted(key)}:\n${yamlText(value, indent + 4)}`,
      )
      .join('');
  }
  if (node.kind === 'scalar') return `${blanks}${scalarText(node)}\n`;
  if (node.items.length === 0) return `${blanks}[]\n`;
  return node.items
    .map((item) =>
      item.kind === 'scalar'
        ? `${blanks}- ${scalarText(item)}\n`
        : `${blanks}- ${yamlText(item, indent + 2).slice(indent + 2)}`,
    )
    .join('');
}

/** A text as a YAML scalar: plain where that is safe anywhere. */
export function quoted(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_.|-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)) return text;
  // Line breaks and what cannot be seen are escaped; JSON's strings are YAML's.
  return /[^ -~\u00a1-\u1fff]/.test(text) ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
}

function scalarText(node: RuleNode & { readonly kind: 'scalar' }): string {
  if (node.value === null) return 'null';
  return typeof node.value === 'string' ? quoted(node.value) : node.text;
}
