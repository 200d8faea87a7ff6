import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { portreeve } from './run-portreeve.ts';

/**
 * One audit event of a process start; parents are found by look-back, across batches and so across threads. `records`
 * of different events are interleaved by the caller.
 */
function auditStart(serial: number, pid: number, ppid: number, exe: string, args: readonly string[]): string[] {
  const stamp = `msg=audit(1773450000.${String(serial % 1000).padStart(3, '0')}:${serial})`;
  const quoted = args.map((arg, i) =>
    /^[!#-~]+$/.test(arg) ? `a${i}="${arg}"` : `a${i}=${Buffer.from(arg).toString('hex').toUpperCase()}`,
  );
  return [
    `type=SYSCALL ${stamp}: arch=c000003e syscall=59 success=yes exit=0 items=1 ppid=${ppid} pid=${pid} auid=1000 uid=1000 gid=1000 euid=1000 tty=pts0 ses=3 comm="${exe.split('/').at(-1)?.slice(0, 15)}" exe="${exe}" key=(null)`,
    `type=EXECVE ${stamp}: argc=${args.length} ${quoted.join(' ')}`,
    `type=CWD ${stamp}: cwd="/home/alice"`,
    `type=PROCTITLE ${stamp}: proctitle=${Buffer.from(args.join('\0')).toString('hex').toUpperCase()}`,
  ];
}

/** Some 8 MB of audit log: scripts in /tmp that run kubectl long after they started, among others, interleaved. */
function auditLog(): string {
  const lines: string[] = [];
  let serial = 1;
  let held: string[] = [];
  for (let i = 0; i < 6000; i++) {
    const pid = 10_000 + i;
    const event =
      i % 50 === 0
        ? auditStart(serial++, pid, 1, '/usr/bin/bash', ['/bin/bash', `/tmp/s ${i}.sh`])
        : i % 50 === 37
          ? auditStart(serial++, pid, pid - 37, '/usr/local/bin/kubectl', [
              'kubectl',
              'port-forward',
              'svc/web',
              `${20_000 + i}:80`,
            ])
          : auditStart(serial++, pid, 999, '/usr/bin/git', ['git', 'status', 'x'.repeat(900)]);
    // Every record of an event after its first comes behind the next event's first.
    const [head, ...rest] = event;
    if (head !== undefined) lines.push(head);
    lines.push(...held);
    held = rest;
  }
  lines.push(...held);
  return `${lines.join('\n')}\n`;
}

test('one thread and two give the same bytes, in the same order', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-threads-'));
  try {
    const file = join(folder, 'audit.log');
    writeFileSync(file, auditLog());
    const runs = ['1', '2', '3'].map((threads) =>
      portreeve(['scan', file, '--format', 'ndjson', '--threads', threads]),
    );
    for (const run of runs) assert.equal(run.status, 0, run.stderr);
    const [one, ...others] = runs.map(({ stdout }) => stdout);
    assert.equal(one?.trimEnd().split('\n').length, 120);
    assert.equal(one?.match(/"kind":"script"/g)?.length, 120, 'each parent is found, batches back');
    for (const other of others) assert.ok(one === other);
    const failing = portreeve([
      'scan',
      file,
      '--format',
      'ndjson',
      '--threads',
      '2',
      '--fail-on',
      'low',
      '--stats=json',
    ]);
    assert.equal(failing.status, 1);
    assert.ok(failing.stdout === one);
    assert.match(failing.stderr, /"alerts":120\b/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
