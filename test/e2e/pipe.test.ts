import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { elastic } from '../cases/render.ts';
import { caseOf } from '../prefilter/disguises.ts';
import { at, lines, startPortreeve } from './run-portreeve.ts';

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
