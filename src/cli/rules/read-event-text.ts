import { printable } from '../../base/print-diagnostic.ts';
import { readInput } from '../../sources/read-input.ts';
import { SourceError } from '../../sources/source-error.ts';

/** What is read of one file: tests and explanations are about few events. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The events of a file as text, in any form that a scan reads: compressed, Windows event logs, UTF-16. `-` is standard input.
 * Throws `SourceError` where it cannot be read; what is wrong inside an event log goes to standard error.
 */
export async function readEventText(path: string): Promise<string> {
  const input = path === '-' ? { name: '<stdin>', path: null, size: null } : { name: path, path, size: null };
  const pieces: Uint8Array[] = [];
  let size = 0;
  const report = ({ message }: { readonly message: string }): void =>
    void process.stderr.write(`${printable(path)}: ${printable(message)}\n`);
  for await (const piece of readInput(input, () => undefined, report)) {
    pieces.push(piece.slice());
    size += piece.length;
    if (size > MOST_BYTES) throw new SourceError('input-cut', `${path} has more than ${MOST_BYTES} bytes of events`);
  }
  return Buffer.concat(pieces).toString('utf8');
}
