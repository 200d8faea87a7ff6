import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Sign } from '../base/sign.ts';
import { looksOf } from './looks.ts';
import type { Look } from './looks.ts';
import type { NeededSign } from './spark-table.ts';

const PROGRAM = 1;
const VERB = 2;
const ACTION = 4;
const TUNNEL = 8;

function sign(text: string, after: Sign['after'] = 'any'): Sign {
  return { text, ignoreCase: true, quoted: true, before: 'name', after };
}

const program = sign('kubectl');
const shell = sign('powershell', 'encoded');
const verbs: readonly NeededSign[] = ['forward', 'expose'].map((text) => ({ sign: sign(text), needs: VERB }));
const actions: readonly NeededSign[] = [{ sign: sign('exec'), needs: ACTION }];
const tunnels: readonly NeededSign[] = ['socat', 'chisel', 'frpc'].map((text) => ({ sign: sign(text), needs: TUNNEL }));
const texts = ({ signs }: Look): string[] => signs.map(({ sign: { text } }) => text);

test('what every spark tells is not looked for again, and few signs come before many', () => {
  const all = [{ sign: program, needs: PROGRAM }, ...verbs, ...actions, ...tunnels];
  const alternatives = [PROGRAM | VERB, PROGRAM | ACTION | TUNNEL];
  const { given, inTurn } = looksOf({ signs: [{ ...program }], all, alternatives });
  assert.equal(given, PROGRAM);
  assert.deepEqual(inTurn.map(texts), [
    ['forward', 'expose', 'exec'],
    ['forward', 'expose', 'exec', 'socat', 'chisel', 'frpc'],
  ]);
  assert.deepEqual(inTurn[0]?.alternatives, [VERB, ACTION]);
  assert.deepEqual(inTurn[1]?.alternatives, alternatives);
});

test('where a spark alone is enough for a rule, nothing is looked for', () => {
  const all = [{ sign: program, needs: PROGRAM }, ...verbs];
  assert.deepEqual(looksOf({ signs: [program], all, alternatives: [PROGRAM] }).inTurn, []);
});

test('where signs of the first look tell different things, none of them is taken for granted', () => {
  const all = [{ sign: program, needs: PROGRAM }, ...verbs, ...tunnels];
  const { given, inTurn } = looksOf({
    signs: [program, ...verbs.map((one) => one.sign)],
    all,
    alternatives: [PROGRAM | TUNNEL, VERB],
  });
  assert.equal(given, 0);
  assert.deepEqual(texts(inTurn.at(-1) ?? { signs: [], alternatives: [] }).length, all.length);
});

test('an encoded command, which may say anything, is looked for each time', () => {
  const all = [{ sign: program, needs: PROGRAM }, { sign: shell, needs: PROGRAM }, ...verbs, ...actions, ...tunnels];
  const { inTurn } = looksOf({
    signs: [program, shell],
    all,
    alternatives: [PROGRAM | VERB, PROGRAM | ACTION | TUNNEL],
  });
  assert.equal(inTurn.length, 2);
  for (const look of inTurn) assert.ok(texts(look).includes('powershell'));
});

test('a sign that the second look does not know takes nothing for granted', () => {
  const { given } = looksOf({ signs: [program], all: [...verbs], alternatives: [VERB] });
  assert.equal(given, 0);
});
