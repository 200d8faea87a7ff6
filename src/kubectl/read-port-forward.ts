import { isLoopback, isAddress } from './addresses.ts';
import { flagTable } from './flags.ts';
import type { ParsedFlags } from './flags.ts';
import type { ForwardPort, Listener } from './intent.ts';
import { kindOf } from './resources.ts';
import { failing, isPort, wholeNumber } from './verb-reading.ts';
import type { VerbReading } from './verb-reading.ts';

/** kubectl `pkg/cmd/portforward/portforward.go`. */
export const portForwardFlags = [...flagTable('list', 'address'), ...flagTable('value', 'pod-running-timeout')];

/** Ports that one command may name; the rest is not shown. */
const MOST_PORTS = 256;

/** `port-forward TYPE/NAME [LOCAL:]REMOTE …`: the first positional is always the target. */
export function readPortForward(flags: ParsedFlags): VerbReading {
  const [target, ...specs] = flags.positionals;
  if (target === undefined || specs.length === 0) return failing('port-forward needs a target and at least one port');
  const ports: ForwardPort[] = [];
  for (const spec of specs.slice(0, MOST_PORTS)) {
    const port = readPort(spec);
    if (port === undefined) return failing(`${JSON.stringify(spec)} is no port: expected [LOCAL:]REMOTE`);
    ports.push(port);
  }
  const addresses = flags.values.get('address') ?? ['localhost'];
  const bad = addresses.find((address) => address !== 'localhost' && !isAddress(address));
  if (bad !== undefined) return failing(`--address ${JSON.stringify(bad)} is no IP address nor localhost`);
  const object = readTarget(target);
  if (object === undefined) return failing(`${JSON.stringify(target)} is no target: expected NAME or TYPE/NAME`);
  const listen: Listener[] = [];
  for (const address of addresses) for (const { local } of ports) listen.push({ address, port: local });
  return {
    action: 'port-forward',
    target: object,
    ports,
    listen,
    exposure: addresses.every(isLoopback) ? [] : ['bind-non-loopback'],
    ...(specs.length > MOST_PORTS ? { notes: [`${specs.length} ports; the first ${MOST_PORTS} are shown`] } : {}),
  };
}

function readTarget(text: string): string | undefined {
  const slash = text.indexOf('/');
  if (slash === -1) return text === '' ? undefined : `pod/${text}`;
  const isPair = slash > 0 && slash < text.length - 1 && !text.includes('/', slash + 1);
  return isPair ? `${kindOf(text.slice(0, slash))}/${text.slice(slash + 1)}` : undefined;
}

/** `8080`, `8888:5000`, `:5000` and `0:5000` (random), `http`, `8443:https`. Three parts, ranges and lists are errors. */
function readPort(spec: string): ForwardPort | undefined {
  const colon = spec.indexOf(':');
  if (colon !== spec.lastIndexOf(':')) return undefined;
  const first = colon === -1 ? spec : spec.slice(0, colon);
  const second = colon === -1 ? undefined : spec.slice(colon + 1);
  const remote = second ?? first;
  const number = wholeNumber(remote);
  if (number === undefined ? !isPortName(remote) : !isPort(number)) return undefined;
  if (second === undefined) return number === undefined ? { local: null, remote } : { local: number, remote: number };
  const local = first === '' ? 0 : wholeNumber(first);
  if (local === undefined) return isPortName(first) ? { local: first, remote: number ?? remote } : undefined;
  return local < 65536 ? { local, remote: number ?? remote } : undefined;
}

/** IANA service name: at most 15 letters, digits and dashes, with a letter. What a shell has yet to fill in (`808$i`) may be any. */
function isPortName(text: string): boolean {
  if (/\$[\w({]|\$\(…\)|`…`/.test(text)) return text.length <= 200;
  return /^[a-z0-9-]{1,15}$/i.test(text) && /[a-z]/i.test(text);
}
