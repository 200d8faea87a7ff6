import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import fc from 'fast-check';

import { batchesOf, compareEngines, libraryOf } from './engines.ts';

const SYSTEMS = ['windows', 'macos', 'linux'];

/** Beginnings of paths, as they stand between the quotes of JSON. */
const beginning = fc.constantFrom(
  '',
  '/',
  '\\/',
  '\\\\',
  'C:',
  'c:\\\\',
  'C:/',
  'C:\\/',
  'C\\u003a\\\\',
  '1:\\\\',
  ':\\\\',
  '\\u002f',
  '\\"',
  'é',
  '-',
  '@:/',
  '{:/',
  'Users',
  '/Users',
  '/Users/',
  '/users/',
  '/UsersX/',
  '/System/',
  '/Systems/',
  '/Library/',
  '/Librarx/',
  '/private/',
  '/Applications/',
  '/Applications',
  '/ApplicationX/',
  '/Applicationss/',
  '/\\u0055sers/',
  '/Users\\/',
  '/Us\\ters/',
  '/usr/bin/',
);
const path = fc
  .array(fc.oneof(beginning, fc.constantFrom('a', '/', '\\\\', 'Users/', 'kubectl')), { maxLength: 4 })
  .map((parts) => parts.join(''));

/** A row of Defender's, whose system nothing says but its paths. */
function row(folder: string, initiating: string | undefined): string {
  const parent = initiating === undefined ? '' : `,"InitiatingProcessFolderPath":"${initiating}"`;
  return `{"ActionType":"ProcessCreated","DeviceName":"d","ReportId":1,"FolderPath":"${folder}"${parent},"ProcessCommandLine":"kubectl proxy"}`;
}

test('rows whose system only a path tells are of one system, however that is written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-roots-'));
  try {
    for (const product of SYSTEMS)
      writeFileSync(
        join(folder, `${product}.yml`),
        JSON.stringify({
          title: product,
          logsource: { product, category: 'process_creation' },
          detection: { s: { CommandLine: 'kubectl proxy' }, condition: 's' },
        }),
      );
    const library = await libraryOf([folder]);
    let findings = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(path, fc.option(path, { nil: undefined })), { minLength: 40, maxLength: 80 }),
        (rows) => {
          const input = rows.map(([one, other]) => row(one, other)).join('\n');
          findings += compareEngines(library, batchesOf(Buffer.from(`${input}\n${input}`)), input).findings;
        },
      ),
      { numRuns: 60 },
    );
    assert.ok(findings > 1000, String(findings));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
