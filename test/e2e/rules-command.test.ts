import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { lines, portreeve } from './run-portreeve.ts';

test('rules list, fields and coverage read the shipped pack', () => {
  const list = portreeve(['rules', 'list', '--json', '--level', 'high']);
  assert.equal(list.status, 0, list.stderr);
  const levels = new Set(lines(list.stdout).map(({ level }) => level));
  assert.deepEqual(levels, new Set(['high', 'critical']));
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

test('rules check: formats, statuses, and fixes that stay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-'));
  try {
    const file = join(folder, 'r.yml');
    const text =
      'title: T.\nlevel: High\nlogsource: {product: linux}\ndetection:\n  a:\n    Image:\n      - x\n      - X\n  condition: a or b\n';
    writeFileSync(file, text);
    const check = (...args: string[]) => portreeve(['rules', 'check', ...args, file]);
    const plain = check();
    assert.equal(plain.status, 1);
    assert.match(plain.stdout, /r\.yml:9:19: error condition-unknown-identifier/);
    const github = check('--format', 'github', '--severity', 'info').stdout;
    assert.match(
      github,
      /^::error file=.*r\.yml,line=9,endLine=9,col=19,endColumn=20,title=condition-unknown-identifier::"b"/m,
    );
    assert.match(github, /^::notice /m);
    const sarif: unknown = JSON.parse(check('--format', 'sarif').stdout);
    assert.ok(JSON.stringify(sarif).includes('"insertedContent":{"text":"high"}'));
    const found = lines(check('--format', 'json').stdout).map(({ code, line }) => `${String(code)}:${String(line)}`);
    assert.deepEqual(found, ['level-case:2', 'value-duplicate:8', 'condition-unknown-identifier:9']);
    const ignored = check('--ignore', 'condition-unknown-identifier');
    assert.equal(ignored.status, 0, ignored.stderr);
    assert.equal(check('--ignore', 'nothing').status, 2);
    assert.equal(check('--fix').status, 1);
    const mended =
      'title: T\nlevel: high\nlogsource: {product: linux}\ndetection:\n  a:\n    Image:\n      - x\n  condition: a or b\n';
    assert.equal(readFileSync(file, 'utf8'), mended);
    check('--fix');
    assert.equal(readFileSync(file, 'utf8'), mended);
    assert.equal(portreeve(['rules', 'check', '/nowhere']).status, 2);
    assert.equal(portreeve(['rules', 'check']).status, 0);
    assert.match(portreeve(['rules', 'check', '--list']).stdout, /^id-duplicate +error/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('rules test: cases beside rules, correlations, JUnit, coverage, and what is wrong with a test file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-'));
  try {
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    write(
      'r.yml',
      'title: Base\nname: base\nlogsource: {product: linux}\ndetection:\n  a: {Image: x}\n  b: {Image: y}\n  condition: a or b\n---\n' +
        'title: Many\ncorrelation:\n  type: event_count\n  rules: [base]\n  group-by: [User]\n  timespan: 1m\n  condition: {gte: 2}\n',
    );
    write('more.json', '{"@timestamp":"2026-01-01T00:00:05Z","Image":"x","User":"joe"}\n');
    const event = (second: number, image: string): string =>
      `    - {"@timestamp": "2026-01-01T00:00:0${second}Z", Image: ${image}, User: joe}\n`;
    const cases = `- name: one\n  rule: base\n  events:\n${event(0, 'x')}${event(1, 'z')}  expect: 1\n  selections: [a]\n- name: two <of them>\n  rule: Many\n  events:\n${event(0, 'x')}  files: [more.json]\n  expect: match\n`;
    const tests = write('r.tests.yml', cases);
    const run = (...args: string[]) => portreeve(['rules', 'test', ...args, folder]);
    const good = run('--coverage');
    assert.equal(good.status, 0, good.stdout + good.stderr);
    assert.match(good.stderr, /Base: 1 of 2 search identifiers met; never: b\n2 of 2 cases pass/);
    writeFileSync(tests, cases.replace('expect: match', 'expect: no-match'));
    const bad = run('--format', 'junit');
    assert.equal(bad.status, 1);
    assert.match(
      bad.stdout,
      /name="two &lt;of them&gt;"[^>]*>\n +<failure message="expected 0 matches, found 1 match in 2 events"\/>/,
    );
    writeFileSync(tests, `${cases}- name: three\n  expect: perhaps\n`);
    const wrong = run();
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /r\.tests\.yml:15:11: error rule-test-invalid: expected expect: match/);
    assert.match(wrong.stdout, /✓ .*one/);
    writeFileSync(
      tests,
      '- name: timeless\n  rule: Many\n  events:\n    - {Image: x, User: joe}\n  expect: no-match\n',
    );
    assert.match(run().stdout, /✗ .*timeless: 1 of 1 events have no time, which a correlation needs/);
    write('zipped.json.gz', '');
    writeFileSync(join(folder, 'zipped.json.gz'), gzipSync(readFileSync(join(folder, 'more.json'))));
    writeFileSync(tests, '- name: zipped\n  rule: base\n  files: [zipped.json.gz]\n  expect: 1\n');
    assert.equal(run().status, 0);
    const explained = portreeve([
      'rules',
      'explain',
      '--id',
      'Many',
      join(folder, 'r.yml'),
      join(folder, 'zipped.json.gz'),
    ]);
    assert.match(explained.stdout, /^Base matches event 1/);
    assert.match(explained.stderr, /Many is a correlation/);
    const listed = lines(portreeve(['rules', 'list', '--json', join(folder, 'r.yml')]).stdout);
    assert.deepEqual(
      listed.map(({ title, correlation }) => [title, correlation]),
      [
        ['Base', undefined],
        ['Many', 'event_count'],
      ],
    );
    assert.equal(portreeve(['rules', 'test', join(folder, 'more.json')]).status, 2);
    assert.equal(portreeve(['rules', 'test']).status, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
