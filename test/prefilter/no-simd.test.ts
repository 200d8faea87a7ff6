import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { createKernel } from '../../src/kernel/kernel.ts';
import { WebAssembly } from '../../src/kernel/web-assembly.ts';
import { outcome } from './outcome.ts';

// What a machine says that knows WebAssembly without SIMD: the kernel is not valid to it. Compiled once, so before all else.
mock.method(WebAssembly, 'validate', () => false);

test('without SIMD nothing is skipped, and the alerts are the same', async () => {
  assert.equal(createKernel(1), undefined);
  for (const file of [
    'elastic-defend.ndjson',
    'crowdstrike-fdr.ndjson',
    'auditd-audit.log',
    'sysmon-linux-syslog.log',
  ]) {
    const path = fileURLToPath(new URL(`../../examples/attack-chain/${file}`, import.meta.url));
    const objects = await outcome(path, { engine: 'object' });
    const { alerts, codes, statistics } = await outcome(path, {});
    assert.ok(alerts.length > 0);
    assert.deepEqual(alerts, objects.alerts);
    assert.deepEqual(codes, objects.codes);
    assert.deepEqual(statistics, objects.statistics);
    assert.equal(statistics.skipped, 0);
  }
});
