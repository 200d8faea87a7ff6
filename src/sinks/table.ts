import type { Alert, Severity } from '../alert/alert.ts';
import { printable } from '../base/print-diagnostic.ts';
import type { Exposure, Sensitivity } from '../kubectl/intent.ts';
import type { AlertFormat, FormatContext } from './format.ts';

const COLOURS: Readonly<Record<Severity, string>> = {
  critical: '\u001b[1;97;41m',
  high: '\u001b[1;31m',
  medium: '\u001b[1;33m',
  low: '\u001b[36m',
  informational: '\u001b[2m',
};
const PLAIN = '\u001b[0m';
const DIM = '\u001b[2m';
const BOLD = '\u001b[1m';
const LABEL_WIDTH = 9;
const NARROWEST = 60;

const EXPOSURES: Readonly<Record<Exposure, string>> = {
  'bind-non-loopback': 'listens beyond loopback',
  'accept-hosts-wildcard': 'accepts any host',
  'filter-disabled': 'request filter off',
  'reject-paths-relaxed': 'exec and attach not blocked',
  nodeport: 'a port on every node',
  loadbalancer: 'a cloud load balancer',
  'external-ip': 'takes an external IP',
  route: 'a public Route',
  ingress: 'an Ingress',
};
const SENSITIVITIES: Readonly<Record<Sensitivity, string>> = {
  namespace: 'control-plane namespace',
  'control-plane': 'control plane',
  'secret-store': 'secret store',
  'data-store': 'data store',
};

/**
 * For people: each alert a block that answers, in this order, how bad, what and where, with which command, started by what,
 * why it counts, and where the event is. Worst news first on every line.
 */
export function tableFormat(): AlertFormat {
  let context: FormatContext = { version: '', rules: () => [], width: 100, colour: false };
  const counts = new Map<Severity, number>();
  return {
    name: 'table',
    begin(given) {
      context = { ...given, width: Math.max(NARROWEST, given.width) };
      counts.clear();
      return '';
    },
    alert(alert, out) {
      counts.set(alert.severity, (counts.get(alert.severity) ?? 0) + 1);
      out.text(`${block(alert, context).join('\n')}\n\n`);
    },
    end() {
      const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'informational'];
      const parts = order.flatMap((severity) => {
        const count = counts.get(severity);
        return count === undefined ? [] : [paint(`${count} ${severity}`, COLOURS[severity], context.colour)];
      });
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      return total === 0 ? 'No alerts.\n' : `${total} ${total === 1 ? 'alert' : 'alerts'}: ${parts.join(', ')}\n`;
    },
  };
}

function block(alert: Alert, { width, colour }: FormatContext): readonly string[] {
  const { process: start, kubectl, origin, event } = alert;
  const badge = ` ${alert.severity.toUpperCase()} `;
  const [leading] = alert.rules;
  const head = [
    alert.time === null ? 'no time' : alert.time,
    start?.host?.name ?? start?.host?.id,
    start?.user?.name ?? start?.user?.id,
  ]
    .filter((part) => part !== undefined)
    .join('  ');
  const title = cut(printable(leading?.title ?? alert.title), width - badge.length - 1);
  const lines = [`${paint(badge, COLOURS[alert.severity], colour)} ${paint(title, BOLD, colour)}`];
  const row = (label: string, text: string | undefined): void => {
    if (text === undefined || text === '') return;
    lines.push(`  ${paint(label.padEnd(LABEL_WIDTH), DIM, colour)} ${cut(printable(text), width - LABEL_WIDTH - 3)}`);
  };
  row('when', head);
  row('command', withoutSecrets(start?.commandLine?.trim() || start?.args?.join(' ') || ''));
  if (kubectl !== undefined && kubectl.action !== 'none') {
    const what = [
      kubectl.target ?? undefined,
      kubectl.namespace === null ? undefined : `in namespace ${kubectl.namespace}`,
      listens(alert),
    ];
    row('target', what.filter((part) => part !== undefined && part !== '').join(', '));
    row(
      'reach',
      [...kubectl.exposure.map((one) => EXPOSURES[one]), ...kubectl.sensitive.map((one) => SENSITIVITIES[one])].join(
        ', ',
      ),
    );
    row(
      'as',
      Object.entries(kubectl.identity)
        .map(([key, value]) => `${key} ${value === true ? 'given' : String(value)}`)
        .join(', '),
    );
  }
  row('parent', parentText(alert));
  if (origin !== undefined && origin.reasons.length > 0) row('origin', `${origin.kind}: ${origin.reasons[0] ?? ''}`);
  const others = alert.rules.slice(1).map(({ title: other, level }) => `${other} (${level})`);
  if (others.length > 0) row('also', others.join('; '));
  const { correlation } = alert;
  if (correlation !== undefined) {
    const figure = `${correlation.type} is ${correlation.value}`;
    row('found', `${figure}, ${correlation.count} events from ${correlation.first} to ${correlation.last}`);
    const group = Object.entries(correlation.group).map(([field, value]) => `${field} ${value}`);
    row('for', group.join(', '));
  }
  row('event', `${event.place.file}:${event.place.line} (${event.shape})`);
  return lines;
}

/** Terminals are scrolled, shared and logged: what follows `--token` and `--password` is not shown. */
function withoutSecrets(command: string): string {
  return command.replace(/(--(?:token|password)[= ])[^ ]+/g, '$1…');
}

function listens({ kubectl }: Alert): string {
  const found = (kubectl?.listen ?? [])
    .slice(0, 4)
    .map((one) => ('unix' in one ? one.unix : `${one.address === '' ? '*' : one.address}:${one.port ?? '?'}`));
  if (found.length > 0) return `listens on ${found.join(', ')}`;
  const type = kubectl?.service?.type;
  return type === undefined ? '' : `as ${type}`;
}

function parentText({ process: start }: Alert): string | undefined {
  const parent = start?.parent;
  if (parent === undefined) return undefined;
  const command = parent.commandLine?.trim() || parent.args?.join(' ');
  const image = parent.executable ?? parent.name;
  if (image === undefined)
    return parent.pid === undefined ? undefined : `pid ${parent.pid}, not among the events before`;
  return command === undefined || command === '' || command === image ? image : `${image}  (${command})`;
}

/** At most `width` characters; never half a surrogate pair. */
function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.max(1, width - 1);
  const code = text.charCodeAt(end - 1);
  return `${text.slice(0, code >= 0xd800 && code < 0xdc00 ? end - 1 : end)}…`;
}

function paint(text: string, colour: string, on: boolean): string {
  return on ? `${colour}${text}${PLAIN}` : text;
}
