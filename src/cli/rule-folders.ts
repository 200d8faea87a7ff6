import { statSync } from 'node:fs';

/**
 * What `--rules` names, as far as that can be said before the arguments are read: nothing where none of it is a folder, since
 * single files are soon read. A guess that is wrong costs only time: what was read for it is not used.
 */
export function ruleFolders(words: readonly string[]): readonly string[] {
  const paths: string[] = [];
  for (const [i, word] of words.entries()) {
    if (word === '--') break;
    const [name, value] = [word.slice(0, '--rules='.length), word.slice('--rules='.length)];
    if (name === '--rules=') paths.push(value);
    else if (word === '--rules') paths.push(words[i + 1] ?? '');
  }
  return paths.some(isFolder) ? paths : [];
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
