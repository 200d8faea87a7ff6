import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { extname, join } from 'node:path';

/** What reads rules and writes images of them. */
const ROOMS = ['base', 'sigma', 'processing', 'engine', 'byte-engine', 'correlate', 'cache', 'pipeline'];
const PACKAGES = ['yaml', 're2js'];

/**
 * A hash over the code that makes rule images, and what it runs on: an image that other code has made is never used. The
 * code itself rather than a number, so that nobody can forget to raise it.
 */
export function readerVersion(): string {
  const hash = createHash('sha256').update(process.version);
  for (const name of PACKAGES) {
    const manifest = findPackageJSON(name, import.meta.url);
    hash.update(`\n${name} `).update(manifest === undefined ? '' : readFileSync(manifest));
  }
  const ending = extname(import.meta.filename);
  for (const room of ROOMS) {
    const folder = join(import.meta.dirname, '..', room);
    for (const name of readdirSync(folder).sort()) {
      if (!name.endsWith(ending) || name.endsWith(`.test${ending}`) || name.endsWith('.d.ts')) continue;
      const code = readFileSync(join(folder, name));
      hash.update(`\n${room} ${name} ${code.length}\n`).update(code);
    }
  }
  return hash.digest('hex');
}
