import type { LabelledCase } from './labelled-case.ts';
import { elastic } from './render.ts';
import { scoreShape } from './score.ts';
import type { Scored } from './score.ts';

interface Row {
  readonly name: string;
  /** Which of the cases that should be found are this rule's to find. */
  readonly meant: (labelled: LabelledCase) => boolean;
  readonly fires: (scored: Scored) => boolean;
}

const opens = ({ expect }: LabelledCase, ...actions: readonly string[]): boolean =>
  expect.detect && actions.includes(expect.action);

/** The table of docs/packs.md: core cases as Elastic Defend events, so that every rule has all the fields it asks for. */
export async function packsTable(all: readonly LabelledCase[]): Promise<string> {
  const cases = all.filter(({ scope, expect }) => scope === 'core' && expect.resolved_by === undefined);
  const [own, portable] = [await scoreShape(cases, elastic), await scoreShape(cases, elastic, 'portable')];
  const titled =
    (title: string): Row['fires'] =>
    (scored) =>
      scored.alert?.rules.some((rule) => rule.title === title) === true;
  const suspicious = (labelled: LabelledCase): boolean =>
    labelled.expect.signals?.some((signal) =>
      /^parent:(temp-dir|hidden|script|interpreter|web-server|scheduler)$/.test(signal),
    ) === true;
  const rows: readonly (Row & { readonly scored: readonly Scored[] })[] = [
    {
      name: '`kubernetes-network` (default pack)',
      meant: ({ expect }) => expect.detect,
      fires: ({ alert }) => alert !== undefined,
      scored: own,
    },
    {
      name: 'Kubectl Port-Forward From a Suspicious Parent',
      meant: (one) => opens(one, 'port-forward') && suspicious(one),
      fires: titled('Kubectl Port-Forward From a Suspicious Parent'),
      scored: portable,
    },
    {
      name: 'Kubectl Proxy Execution',
      meant: (one) => opens(one, 'proxy'),
      fires: titled('Kubectl Proxy Execution'),
      scored: portable,
    },
    {
      name: 'Kubectl Expose Execution',
      meant: (one) => opens(one, 'expose'),
      fires: titled('Kubectl Expose Execution'),
      scored: portable,
    },
    {
      name: 'Kubectl Network Configuration Modification (Parity)',
      meant: ({ expect }) => expect.detect,
      fires: titled('Kubectl Network Configuration Modification (Parity)'),
      scored: portable,
    },
  ];
  const quiet = cases.filter(({ expect }) => !expect.detect).length;
  const lines = rows.map(({ name, meant, fires, scored }) => {
    const wanted = scored.filter(({ labelled }) => meant(labelled));
    const found = wanted.filter(fires).length;
    const wrong = scored.filter((one) => !one.labelled.expect.detect && fires(one)).length;
    return `| ${name} | ${wanted.length} | ${found} | ${wanted.length - found} | ${wrong} of ${quiet} |\n`;
  });
  return `| pack or rule | meant to find | finds | misses | wrongly fires |\n|---|---|---|---|---|\n${lines.join('')}`;
}
