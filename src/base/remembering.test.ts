import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remembering } from './remembering.ts';

test('what was derived is derived once, long texts each time, and what is kept is bounded', () => {
  let asked = 0;
  const upper = remembering((text) => {
    asked++;
    return text === '' ? null : text.toUpperCase();
  });
  for (let i = 0; i < 3; i++) {
    assert.equal(upper('a'), 'A');
    assert.equal(upper(''), null);
    assert.equal(upper('__proto__'), '__PROTO__');
  }
  assert.equal(asked, 3);
  for (let i = 0; i < 3; i++) upper('x'.repeat(1000));
  assert.equal(asked, 6);
  for (let i = 0; i < 5000; i++) assert.equal(upper(`n${i}`), `N${i}`);
  assert.equal(upper('a'), 'A');
  assert.equal(asked, 5007);
});
