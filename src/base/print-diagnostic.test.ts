import assert from 'node:assert/strict';
import { test } from 'node:test';

import { printDiagnostic, printRecordDiagnostic, printable } from './print-diagnostic.ts';
import { lineAt, positionAt } from './source.ts';

const source = { name: 'rule.yml', text: 'title: a\r\nlevel: hgih\rstatus: x\n' };

test('positions count lines by LF, CRLF and CR, from 1', () => {
  const cases: readonly (readonly [number, number, number, string])[] = [
    [0, 1, 1, 'title: a'],
    [8, 1, 9, 'title: a'],
    [10, 2, 1, 'level: hgih'],
    [17, 2, 8, 'level: hgih'],
    [22, 3, 1, 'status: x'],
    [32, 4, 1, ''],
    [999, 4, 1, ''],
    [-5, 1, 1, 'title: a'],
  ];
  for (const [offset, line, column, text] of cases) {
    assert.deepEqual(positionAt(source, offset), { line, column }, `offset ${offset}`);
    assert.equal(lineAt(source, offset), text, `offset ${offset}`);
  }
});

test('a diagnostic shows place, line, caret and help', () => {
  const printed = printDiagnostic({
    code: 'level-unknown',
    severity: 'error',
    message: 'level is hgih',
    span: { source, start: 17, end: 21 },
    help: 'use high',
  });
  assert.equal(
    printed,
    [
      'rule.yml:2:8: error level-unknown: level is hgih',
      '  |',
      '2 | level: hgih',
      '  |        ^^^^',
      '  = help: use high',
    ].join('\n'),
  );
});

test('help of several lines stays below its diagnostic, and is safe for a terminal', () => {
  const printed = printDiagnostic({
    code: 'c',
    severity: 'warning',
    message: 'm',
    span: { source, start: 0, end: 5 },
    help: 'write\n---\nx.yml:1:1: error\u001b[31m\rforged',
  });
  assert.deepEqual(printed.split('\n').slice(4), [
    '  = help: write',
    '    ---',
    '    x.yml:1:1: error\\u001b[31m\\u000dforged',
  ]);
});

test('a long line is cut around the caret', () => {
  const long = { name: 'x', text: `${'a'.repeat(5000)}HERE${'b'.repeat(5000)}` };
  const [, , text, caret] = printDiagnostic({
    code: 'c',
    severity: 'warning',
    message: 'm',
    span: { source: long, start: 5000, end: 5004 },
  }).split('\n');
  assert.ok(text !== undefined && text.length < 200);
  assert.equal(text.indexOf('HERE'), caret?.indexOf('^'));
  assert.ok(caret?.endsWith('^^^^'));
});

test('text from outside cannot drive a terminal', () => {
  assert.equal(printable('a\u001b[31mb\r\n\tc\u202Ed'), 'a\\u001b[31mb\\u000d\\u000a c\\u202ed');
  const line = printRecordDiagnostic({
    code: 'json-invalid',
    severity: 'error',
    message: 'found \u0007',
    place: { file: 'e\u001b[2J.log', line: 3, byte: 77 },
  });
  assert.equal(line, 'e\\u001b[2J.log:3: error json-invalid: found \\u0007 (at byte 77)');
});
