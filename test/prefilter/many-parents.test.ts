import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { createKernel } from '../../src/kernel/kernel.ts';
import { outcome } from './outcome.ts';

const MATCHES = 400;
/** Between the parents and their children: less than the window. */
const BETWEEN = 5 * 1024 * 1024;

/** Falcon tells a parent's name and id; its command line is in the parent's own event. */
function start(id: number, parent: number, image: string, command: string, parentName: string): string {
  return JSON.stringify({
    event_simpleName: 'ProcessRollup2',
    name: 'ProcessRollup2LinV12',
    aid: '6010a8e57d8cc6bb74511e5d17cdb527',
    event_platform: 'Lin',
    timestamp: String(1_772_438_401_330 + id),
    CommandLine: command,
    ImageFileName: image,
    ParentBaseFileName: parentName,
    ParentProcessId: String(parent),
    TargetProcessId: String(id),
    RawProcessId: String(id),
    UserName: 'svc',
  });
}

test(
  'hundreds of matches in a mebibyte, each with its parent megabytes before: all parents are found',
  { skip: createKernel(1) === undefined && 'no SIMD on this machine' },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'portreeve-parents-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const lines: string[] = [];
    for (let i = 0; i < MATCHES; i++)
      lines.push(start(76_000_000 + i, 1, '/usr/bin/bash', `bash /tmp/.x${i}/run.sh`, 'init'));
    for (let bytes = 0, i = 0; bytes < BETWEEN; i++) {
      lines.push(start(77_000_000 + i, 77_000_000 + i, '/usr/bin/gcc', `gcc -c file-${i}.c`, 'make'));
      bytes += (lines.at(-1)?.length ?? 0) + 1;
    }
    for (let i = 0; i < MATCHES; i++) {
      const command = `kubectl port-forward svc/orders-db ${i + 1024}:5432`;
      lines.push(start(78_000_000 + i, 76_000_000 + i, '/usr/local/bin/kubectl', command, 'bash'));
    }
    const path = join(folder, 'falcon.ndjson');
    writeFileSync(path, `${lines.join('\n')}\n`);
    for (const more of [{}, { validate: true }, { threads: 2 }]) {
      const { alerts, statistics } = await outcome(path, more);
      assert.equal(statistics.look_backs_cut, 0, JSON.stringify(more));
      const parents = alerts.map(({ process }) => process?.parent?.commandLine);
      assert.deepEqual(
        parents,
        Array.from({ length: MATCHES }, (_, i) => `bash /tmp/.x${i}/run.sh`),
        JSON.stringify(more),
      );
    }
  },
);

test(
  'parents that another worker has read: what lies before a run of parts is read when something asks for it',
  { skip: createKernel(1) === undefined && 'no SIMD on this machine' },
  async (t) => {
    const mib = 1024 * 1024;
    const folder = mkdtempSync(join(tmpdir(), 'portreeve-parents-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const filler = Buffer.from(
      Array.from(
        { length: 64 },
        (_, i) => `${start(77_000_000 + i, 5, '/usr/bin/gcc', `gcc -c ${i}.c`, 'make')}\n`,
      ).join(''),
    );
    const pieces: Buffer[] = [];
    let size = 0;
    const put = (line: string): void => {
      size += pieces[pieces.push(Buffer.from(`${line}\n`)) - 1]?.length ?? 0;
    };
    const fill = (to: number): void => {
      for (; size < to; size += filler.length) pieces.push(filler);
    };
    // Parts are of 8 MiB, and four of them make a run: the children are in the second part of the second one, and in the one behind it.
    for (const [child, parent, at] of [
      [78_000_001, 76_000_001, 29],
      [78_000_002, 76_000_002, 37],
    ] as const) {
      fill(at * mib);
      put(start(parent, 1, '/usr/bin/bash', `bash /tmp/.x${parent}/run.sh`, 'init'));
      fill((at + 13) * mib);
      const command = `kubectl port-forward svc/orders-db ${child % 1000}:5432`;
      put(start(child, parent, '/usr/local/bin/kubectl', command, 'bash'));
    }
    const path = join(folder, 'falcon.ndjson');
    writeFileSync(path, Buffer.concat(pieces));
    for (const more of [{}, { threads: 2 }, { threads: 3 }]) {
      const { alerts, statistics } = await outcome(path, { ...more, lookBackBytes: 20 * mib });
      assert.equal(statistics.look_backs_cut, 0, JSON.stringify(more));
      assert.deepEqual(
        alerts.map(({ process }) => process?.parent?.commandLine),
        [76_000_001, 76_000_002].map((parent) => `bash /tmp/.x${parent}/run.sh`),
        JSON.stringify(more),
      );
    }
  },
);
