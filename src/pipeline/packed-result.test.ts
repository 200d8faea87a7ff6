import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { BatchResult } from './evaluator.ts';
import type { Finding } from './finding.ts';
import { isPacked, packResult, unpackResult } from './packed-result.ts';
import { emptyStatistics } from './statistics.ts';

/** With what JSON could lose: halves of surrogate pairs, controls, names that objects have. */
function finding(text: string): Finding {
  const env: Record<string, string> = JSON.parse('{"__proto__":"x","constructor":"\\u0000\\ud800"}');
  return {
    shape: 'ecs',
    place: { file: `\ud83d ${text}`, line: 3, byte: 2 ** 40 },
    time: null,
    matches: [{ rule: 7, evidence: [{ selection: 's', field: null, value: '\u2028"\\', pattern: '\udc00' }] }],
    process: { commandLine: `kubectl ${text}`, args: ['', text], env },
    intent: null,
    origin: null,
    original: { text: `${text}\ud800\n` },
    observation: { id: 'é', time: -1.5, rules: [], fields: { a: ['', text] }, place: { file: '', line: 0, byte: 0 } },
    nth: 1,
  };
}

const NOTHING_WRITTEN = { open: undefined, linesBefore: 0 };

function result(): BatchResult {
  const diagnostics: BatchResult['diagnostics'] = [
    {
      code: 'record-invalid-utf8',
      severity: 'warning',
      message: 'm',
      place: { file: 'f', line: 1, byte: 0 },
    },
  ];
  const findings = [finding('😂'), { ...finding('b'), original: { json: '{"a":"\\ud800"}' } }];
  return { sequence: 4, findings, diagnostics, statistics: { ...emptyStatistics(), shapes: { ecs: 2 } } };
}

test('a result comes out of its packing as it was', () => {
  const packed = structuredClone(packResult(result()));
  assert.ok(isPacked(packed) && typeof packed.rest === 'string');
  assert.deepEqual(unpackResult(packed), { ...result(), ...NOTHING_WRITTEN });
  const none = { ...result(), findings: [] };
  assert.deepEqual(unpackResult(packResult(none)), { ...none, ...NOTHING_WRITTEN });
  assert.equal(isPacked(result().diagnostics[0] ?? {}), false);
});

test('a result too long for a string is packed otherwise', () => {
  class TooLong {
    records = 5;
    toJSON(): never {
      throw new RangeError('Invalid string length');
    }
  }
  const statistics = Object.assign(new TooLong(), { ...emptyStatistics(), records: 5 });
  const packed = structuredClone(packResult({ ...result(), statistics }));
  assert.ok(typeof packed.rest !== 'string');
  const expected = { ...result(), ...NOTHING_WRITTEN, statistics: { ...emptyStatistics(), records: 5 } };
  assert.deepEqual(unpackResult(packed), expected);
});
