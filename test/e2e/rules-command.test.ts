import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { lines, portreeve } from './run-portreeve.ts';

test('rules list, fields and coverage read the shipped pack', () => {
  const list = portreeve(['rules', 'list', '--json', '--level', 'high']);
  assert.equal(list.status, 0, list.stderr);
  const levels = new Set(lines(list.stdout).map(({ level }) => level));
  assert.deepEqual([...levels].sort(), ['critical', 'high']);
  const fields = lines(portreeve(['rules', 'fields', '--json', '--shape', 'crowdstrike', 'kubernetes-audit']).stdout);
  const commandLine = fields.find(({ field }) => field === 'CommandLine');
  assert.deepEqual(commandLine?.['shapes'], { crowdstrike: true, 'kubernetes-audit': true });
  const layer: unknown = JSON.parse(portreeve(['rules', 'coverage', '--format', 'navigator']).stdout);
  assert.ok(typeof layer === 'object' && layer !== null && 'techniques' in layer && Array.isArray(layer.techniques));
  assert.ok(layer.techniques.length > 10);
  assert.equal(portreeve(['rules', 'list', '/nowhere']).status, 2);
});

test('rules explain says which part fails, and its status whether anything matched', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-'));
  try {
    const rule = join(folder, 'r.yml');
    writeFileSync(
      rule,
      'title: T\nlogsource: {product: linux}\ndetection:\n  a: {Image|endswith: /kubectl}\n  b: {User: root}\n  condition: a and not b\n',
    );
    const explain = (event: string, ...args: string[]) => portreeve(['rules', 'explain', ...args, rule, '-'], event);
    const root = explain('{"Image":"/bin/kubectl","User":"root"}\n');
    assert.equal(root.status, 1);
    assert.equal(
      root.stdout,
      [
        'T does not match event 1 (unrecognised)',
        '  ✗ all of',
        '    ✓ a',
        '      ✓ all of',
        '        ✓ Image|endswith: /kubectl  ← /bin/kubectl',
        '    ✗ not',
        '      ✓ b',
        '        ✓ all of',
        '          ✓ User: root  ← root',
        '',
      ].join('\n'),
    );
    assert.equal(explain('{"Image":"/bin/kubectl","User":"joe"}\n').status, 0);
    const other = explain('{"product":"windows","service":"x","Image":"/bin/kubectl"}\n');
    assert.equal(other.status, 1);
    assert.match(other.stdout, /the rule is for product linux; the event is of product windows, service x/);
    assert.equal(lines(explain('{"Image":"x"}\n{"Image":"/kubectl"}\n', '--json').stdout).length, 2);
    // Nothing of an event can drive the terminal.
    assert.ok(!explain('{"Image":"\\u001b[2J/kubectl"}\n').stdout.includes('\u001b'));
    assert.equal(explain('').status, 2);
    assert.equal(explain('{}', '--id', 'other').status, 2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
