import type { Detection, SigmaRule } from '../sigma/rule.ts';

/** Every field that rules ask for, with how many of them ask; keywords are no field. In the order of the name. */
export function ruleFields(rules: readonly SigmaRule[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const rule of rules) {
    const fields = new Set<string>();
    for (const { detection } of rule.identifiers) collect(detection, fields);
    for (const field of fields) counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function collect(detection: Detection, into: Set<string>): void {
  if (detection.kind !== 'field') {
    for (const item of detection.items) collect(item, into);
    return;
  }
  const { field, values } = detection.test;
  if (field !== null) into.add(field);
  for (const { tests } of values) for (const test of tests) if (test.kind === 'fieldref') into.add(test.field);
}
