import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { auditd, crowdstrike, elastic } from '../cases/render.ts';
import { caseOf } from './disguises.ts';
import { outcome } from './outcome.ts';
import type { Outcome } from './outcome.ts';

const folder = mkdtempSync(join(tmpdir(), 'portreeve-sources-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** The same bytes through standard input, in chunks of these sizes by turns. */
async function throughStdin(bytes: Uint8Array, sizes: readonly number[]): Promise<Outcome> {
  const { stdin } = process;
  const chunks = function* (): Generator<Uint8Array> {
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const size = sizes[i % sizes.length] ?? 1;
      yield bytes.slice(at, at + size);
      at += size;
    }
  };
  Object.defineProperty(process, 'stdin', { value: Readable.from(chunks()), configurable: true });
  try {
    return await outcome(null, {});
  } finally {
    Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  }
}

/** More than is read in full, with hits, near misses and lines of other events among those of one. */
function stream(render: typeof elastic, end: string): Buffer {
  const lines: string[] = [];
  let held: readonly string[] = [];
  for (let i = 0; i < 1200; i++) {
    const argv =
      i % 60 === 7
        ? ['kubectl', 'port-forward', 'svc/web', `${i}:80`]
        : i % 60 === 31
          ? ['kubectl', 'get', 'pods', '-n', `team-${i}`]
          : ['git', 'log', 'x'.repeat((i * 37) % 400)];
    const [head = '', ...rest] = render(caseOf({ os: 'linux', argv }), i);
    lines.push(head, ...held);
    held = rest;
  }
  return Buffer.from([...lines, ...held].join(end));
}

const INPUTS: readonly (readonly [string, Uint8Array])[] = [
  ['ECS', stream(elastic, '\n')],
  ['CrowdStrike, lines ended as on Windows', stream(crowdstrike, '\r\n')],
  ['auditd, interleaved', stream(auditd, '\n')],
  ['the example', readFileSync(new URL('../../examples/attack-chain/auditd-audit.log', import.meta.url))],
];

for (const [name, bytes] of INPUTS) {
  test(`${name}: the same from a file, gzip, zstd and standard input`, async () => {
    const plain = await outcome(written('plain', bytes), {});
    assert.ok(plain.alerts.length > 0);
    assert.ok(plain.statistics.skipped > 0);
    const whole = await outcome(written('plain', bytes), { engine: 'object' });
    assert.deepEqual(plain.alerts, whole.alerts);
    assert.deepEqual(await outcome(written('gzip', gzipSync(bytes)), {}), plain);
    assert.deepEqual(await outcome(written('zstd', zstdCompressSync(bytes)), {}), plain);
    for (const sizes of [[1, 4093, 13, 70_001], [65_536], [bytes.length], [128 * 1024 - 1, 2, 300_001]])
      assert.deepEqual(await throughStdin(bytes, sizes), plain, `chunks of ${sizes.join(', ')}`);
  });
}
