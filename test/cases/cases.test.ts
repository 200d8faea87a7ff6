import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import type { EventSchema } from '../../src/engine/event-view.ts';
import { compileRules } from '../../src/engine/rule-set.ts';
import { deriveFacts } from '../../src/facts/derive-facts.ts';
import type { ProcessFacts } from '../../src/facts/derive-facts.ts';
import { factField } from '../../src/facts/fact-fields.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { packFolder, readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { sigmaLevels } from '../../src/sigma/rule.ts';
import { expectedOutcome, labelledCases } from './labelled-case.ts';
import type { LabelledCase } from './labelled-case.ts';
import { auditd, crowdstrike, elastic, sentinelone, sysmon } from './render.ts';
import type { Render } from './render.ts';
import { extractionProblems, scoreShape, summarise } from './score.ts';
import type { Scored } from './score.ts';

const SHAPES: Readonly<Record<string, Render>> = { elastic, crowdstrike, sentinelone, auditd, sysmon };

type Reasons = Readonly<Record<string, string>>;

/** Cases whose outcome is not the labelled one but among the acceptable, each with an argument. */
const accepted: Readonly<Record<string, Reasons>> = read('./accepted.json');
/** Cases that a shape cannot decide, because it lacks what the label rests on. */
const undecidable: Readonly<Record<string, Reasons>> = read('./undecidable.json');

function read(name: string): Readonly<Record<string, Reasons>> {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

/** The kuberc file in force is no part of an event: such cases are scored where the context can be given. */
const fromEvent = ({ expect }: LabelledCase): boolean => expect.resolved_by === undefined;

for (const [shape, render] of Object.entries(SHAPES)) {
  test(`labelled cases as ${shape} events`, async (t) => {
    const cases = labelledCases();
    if (cases === undefined) {
      t.skip('shared data is not here: data/kubectl-cases');
      return;
    }
    const excused: Reasons = { ...accepted['every shape'], ...accepted[shape], ...undecidable[shape] };
    const scored = await scoreShape(cases.filter(fromEvent), render);
    const decidable = scored.filter(({ labelled }) => undecidable[shape]?.[labelled.id] === undefined);
    for (const scope of ['core', 'extended'] as const) {
      const score = summarise(decidable.filter(({ labelled }) => labelled.scope === scope));
      t.diagnostic(
        `${shape}, ${scope}: ${score.strict} of ${score.cases} right, found ${score.found} of ${score.toFind}, false alarms ${score.falseAlarms} of ${score.quiet}; ${scored.length - decidable.length} undecidable in all`,
      );
      assert.ok(score.strict / score.cases >= 0.97, `${shape} ${scope}: ${JSON.stringify(score)}`);
    }
    const wrong = scored
      .filter(({ labelled, outcome }) => outcome !== expectedOutcome(labelled))
      .filter(({ labelled }) => excused[labelled.id] === undefined);
    assert.deepEqual(wrong.map(describe), []);
    for (const { labelled, outcome } of scored) {
      const isListed = accepted['every shape']?.[labelled.id] ?? accepted[shape]?.[labelled.id];
      if (isListed === undefined || outcome === expectedOutcome(labelled)) continue;
      assert.ok(
        labelled.expect.acceptable?.includes(outcome),
        `${describe({ labelled, outcome, alert: undefined })} is listed as accepted, and its label does not accept it`,
      );
    }
    const extraction = scored
      .filter(({ labelled }) => excused[labelled.id] === undefined)
      .flatMap((one) => extractionProblems(one).map((problem) => `${one.labelled.id}: ${problem}`));
    assert.deepEqual(extraction, []);
    // An excuse that is no longer needed is to be struck off.
    const idle = scored
      .filter(({ labelled }) => undecidable[shape]?.[labelled.id] !== undefined)
      .filter((one) => one.outcome === expectedOutcome(one.labelled) && extractionProblems(one).length === 0);
    assert.deepEqual(
      idle.map(({ labelled }) => labelled.id),
      [],
      'these are listed as undecidable and are decided',
    );
  });
}

test('kuberc cases, with the file in force given beside the event', async (t) => {
  const cases = labelledCases()?.filter((labelled) => !fromEvent(labelled));
  if (cases === undefined) {
    t.skip('shared data is not here: data/kubectl-cases');
    return;
  }
  const { rules } = await loadLibrary(readRuleTexts([packFolder('kubernetes-network')]));
  const rulesOnFacts = compileRules(rules, factsOnly);
  const outcomes = cases.map((labelled): Scored => {
    const { name, executable, argv } = labelled.parent;
    const parent = { name, ...(executable === null ? {} : { executable }), ...(argv === null ? {} : { args: argv }) };
    const facts = deriveFacts(
      { os: labelled.os, executable: labelled.executable, args: labelled.argv ?? [], parent },
      labelled.context?.kuberc,
    );
    const levels = rulesOnFacts.matchAll(facts).map(({ rule }) => sigmaLevels.indexOf(rule.level));
    return {
      labelled,
      outcome: levels.length === 0 ? 'none' : (sigmaLevels[Math.max(...levels)] ?? 'none'),
      alert: undefined,
    };
  });
  assert.deepEqual(outcomes.filter(({ labelled, outcome }) => outcome !== expectedOutcome(labelled)).map(describe), []);
});

/** Events that are nothing but their facts: the rules of the default pack ask for little else. */
const factsOnly: EventSchema<ProcessFacts> = {
  name: 'facts',
  field: factField,
  keywords: () => [],
  logSource: () => ({ category: 'process_creation' }),
};

test('the parity rule fires on exactly the events of the rule it stands for', async (t) => {
  const cases = labelledCases();
  if (cases === undefined) {
    t.skip('shared data is not here: data/kubectl-cases');
    return;
  }
  const scored = await scoreShape(cases, asElasticSeesIt, 'portable');
  const wrong = scored.filter(({ labelled, alert }) => {
    const fires = alert?.rules.some(({ id }) => id === '2d0b3c1e-94a4-4d0f-8f2c-7f7b7a5a1f38') === true;
    return fires !== labelled.elastic_rule_matches;
  });
  assert.deepEqual(wrong.map(describe), []);
});

/** As Elastic's integrations index it: CrowdStrike's command line is split by the rules of Windows, empty words dropped. */
const asElasticSeesIt: Render = (labelled, index) => {
  if (labelled.argv !== undefined) return elastic(labelled, index);
  const argv = splitWindows(labelled.command_line ?? '');
  const [line = ''] = elastic({ ...labelled, argv }, index);
  return [line];
};

function splitWindows(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const unit = line[i] ?? '';
    if (unit === '"' && line[i - 1] !== '\\') quoted = !quoted;
    else if (unit === ' ' && !quoted) {
      if (word !== '') words.push(word);
      word = '';
    } else word += unit;
  }
  if (word !== '') words.push(word);
  return words;
}

function describe({ labelled, outcome }: Scored): string {
  return `${labelled.id} ${labelled.argv?.join(' ') ?? labelled.command_line}: ${outcome}, expected ${expectedOutcome(labelled)}`;
}
