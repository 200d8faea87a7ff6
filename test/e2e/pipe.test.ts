import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

import { elastic } from '../cases/render.ts';
import { caseOf } from '../prefilter/disguises.ts';
import { at, lines, startPortreeve, startPortreeveOn } from './run-portreeve.ts';

const event = (i: number, ...argv: readonly string[]): string =>
  `${elastic(caseOf({ os: 'linux', argv }), i).join('\n')}\n`;
const ordinary = (count: number): string =>
  Array.from({ length: count }, (_, i) => event(i, 'git', 'log', `--max-count=${i}`)).join('');

for (const more of [[], ['--validate'], ['--threads', '2']])
  test(`a pipe that stays open: what is matched is told without more coming (scan - ${more.join(' ')})`, async () => {
    const child = startPortreeve(['scan', '-', '--format', 'ndjson', ...more]);
    try {
      const alerts = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const told = async (): Promise<unknown> => {
        const { value } = await alerts.next();
        return at(lines(String(value))[0], 'kubectl', 'argv', 3);
      };
      // From the beginning, where records are read in full, and far behind it.
      for (const [nth, before] of [0, 1, 200, 0].entries()) {
        child.stdin.write(ordinary(before) + event(nth, 'kubectl', 'port-forward', 'svc/web', `${8000 + nth}:80`));
        // The beginning of a line changes nothing.
        child.stdin.write('{"');
        assert.equal(await told(), `${8000 + nth}:80`);
        child.stdin.write('a":1}\n');
      }
      child.stdin.end();
      const [status] = await once(child, 'exit');
      assert.equal(status, 0);
    } finally {
      child.kill();
    }
  });

test('standard input that fails: what came is judged, the failure said, and the next input read', async () => {
  const hit = elastic(caseOf({ os: 'linux', argv: ['kubectl', 'port-forward', 'svc/web', '8080:80'] }), 1).join('\n');
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-'));
  const server = createServer({ pauseOnConnect: true });
  try {
    writeFileSync(join(folder, 'next.ndjson'), `${hit}\n`);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const client = connect(address.port, '127.0.0.1');
    const [socket]: unknown[] = await once(server, 'connection');
    assert.ok(socket instanceof Socket);
    const child = startPortreeveOn(socket, ['scan', '-', join(folder, 'next.ndjson'), '--format', 'ndjson']);
    const ended = Promise.all([text(child.stderr), once(child, 'close')]);
    const alerts = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    client.write(`${hit}\n`.repeat(3));
    for (let i = 0; i < 3; i++) assert.equal((await alerts.next()).done, false);
    client.resetAndDestroy();
    assert.equal((await alerts.next()).done, false);
    assert.equal((await alerts.next()).done, true);
    const [stderr, [status]] = await ended;
    assert.match(stderr, /error input-unreadable: reading <stdin> failed \(ECONNRESET\)/);
    assert.equal(status, 0);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
