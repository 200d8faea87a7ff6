import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { outcome } from './outcome.ts';

const MB = 1024 * 1024;
/** Bytes of a value that the kernel writes at once (MAX_EXECVE_AUDIT_LEN), as hexadecimal. */
const PIECE = 7400;

const stamp = (type: string, serial: number): string => `type=${type} msg=audit(1773450000.123:${serial}):`;
const syscall = (serial: number, comm: string): string =>
  `${stamp('SYSCALL', serial)} arch=c000003e syscall=59 success=yes exit=0 items=2 ppid=7 pid=${serial} auid=0 uid=0 comm="${comm}" exe="/usr/bin/${comm}"`;

/** An exec as the kernel writes it: long arguments in pieces, over as many records as it takes. */
function exec(serial: number, argv: readonly string[], eoe: boolean): string[] {
  const lines = [syscall(serial, argv[0] ?? '')];
  let line = `${stamp('EXECVE', serial)} argc=${argv.length}`;
  argv.forEach((arg, place) => {
    if (arg.length < PIECE) {
      line += ` a${place}="${arg}"`;
      return;
    }
    const hex = Buffer.from(arg).toString('hex').toUpperCase();
    line += ` a${place}_len=${hex.length}`;
    for (let at = 0, i = 0; at < hex.length; at += PIECE, i++) {
      lines.push(`${line} a${place}[${i}]=${hex.slice(at, at + PIECE)}`);
      line = stamp('EXECVE', serial);
    }
  });
  lines.push(line);
  if (eoe) lines.push(stamp('EOE', serial));
  return lines;
}

let serial = 100;
function ordinary(bytes: number): string[] {
  const lines: string[] = [];
  for (let size = 0; size < bytes; serial++) {
    const event = exec(serial, ['git', 'log', 'x'.repeat(serial % 50)], true);
    lines.push(...event);
    for (const line of event) size += line.length + 1;
  }
  return lines;
}

/** `before` bytes of other events, one of about `size` bytes, and more of others; a line of another after every tenth of its lines. */
function input(before: number, size: number, isLate: boolean, eoe: boolean): string {
  const filler = Array.from({ length: Math.ceil(size / 262_000) }, () => `--user=${'A'.repeat(131_000)}`);
  const command = ['port-forward', 'svc/web', '8080:80'];
  // A shell's line shows what it is at its end only.
  const argv = isLate ? ['sh', ...filler, '-c', `kubectl ${command.join(' ')}`] : ['kubectl', ...filler, ...command];
  const others = ordinary(size / 200);
  const event = exec(1, argv, eoe).flatMap((line, i) => (i % 10 === 9 ? [line, ...others.splice(0, 3)] : [line]));
  return [...ordinary(before), ...event, ...ordinary(2.5 * MB), ''].join('\n');
}

test('an audit event is read to its end, however far behind the block it began in that is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-long-'));
  let hits = 0;
  try {
    for (const [before, size, isLate, eoe] of [
      [5000, 2.1 * MB, false, true],
      [40_000, 2.1 * MB, false, false],
      [300_000, 2.1 * MB, true, true],
      [0.9 * MB, 0.6 * MB, true, false],
      [MB - 20_000, 0.28 * MB, false, true],
      [MB - 20_000, 0.28 * MB, true, false],
      [1000, 1.5 * MB, true, true],
      [2000, 1.5 * MB, false, false],
      [7.5 * MB, 2.1 * MB, false, false],
      [7.5 * MB, 1.1 * MB, true, true],
      [7.9 * MB, 0.5 * MB, true, false],
    ] as const) {
      const path = join(folder, 'audit.log');
      writeFileSync(path, input(before, size, isLate, eoe));
      const whole = await outcome(path, { engine: 'object' });
      const what = JSON.stringify([before, size, isLate, eoe]);
      hits += whole.alerts.length;
      for (const threads of [1, 2])
        assert.deepEqual((await outcome(path, { threads })).alerts, whole.alerts, `${what}, ${threads} threads`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  assert.equal(hits, 11);
});
