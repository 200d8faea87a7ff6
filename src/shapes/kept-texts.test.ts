import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { remembering } from '../base/remembering.ts';
import { auditObject } from './audit/audit-record.ts';
import { crowdstrike } from './crowdstrike.ts';
import { at } from './path.ts';

const MIB = 1024 * 1024;
const RECORDS = 60;

/** Bytes that stay after `keep` was given a part of each of 60 texts of 1 MiB. */
function bytesHeldAfter(keep: (part: string, whole: string) => void): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  assert.ok(typeof collect === 'function');
  const memory = (): number => {
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = memory();
  for (let i = 0; i < RECORDS; i++) {
    const part = `/opt/programs/a-program-of-this-name-${i}`;
    const whole = Buffer.alloc(MIB, `${part} `).toString('latin1');
    keep(whole.slice(0, part.length), whole);
  }
  return memory() - before;
}

test('what is kept of a record does not keep the record', () => {
  const parts: string[] = [];
  assert.ok(
    bytesHeldAfter((part) => parts.push(part)) > (RECORDS / 2) * MIB,
    'a part keeps the whole: else this tests nothing',
  );
  assert.equal(parts.length, RECORDS);

  const whole = remembering((text) => text);
  const front = remembering((text) => text.slice(0, -1));
  const keepers: Readonly<Record<string, (part: string, whole: string) => void>> = {
    texts: (part) => whole(part),
    results: (part) => front(part),
    'names of CrowdStrike events': (part) => crowdstrike.logSource({ event_simpleName: part }),
    'values under a path': (part, text) => at({ [part]: { inside: text } }, `${part}.inside`),
    'keys of audit records': (part, text) => {
      const from = text.indexOf('a-program');
      const key = text.slice(from, part.length);
      auditObject({ text: `${text.slice(from, part.length)}=1 ${text}`, from: 0, to: part.length }, key);
    },
  };
  for (const [name, keep] of Object.entries(keepers)) {
    const held = bytesHeldAfter(keep);
    assert.ok(held < (RECORDS / 4) * MIB, `${name}: ${Math.round(held / MIB)} MiB`);
  }
  assert.equal(whole('a'), 'a');
  assert.equal(front('ab'), 'a');
});
