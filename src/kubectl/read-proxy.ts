import { RE2JS } from 're2js';

import { isLoopback } from './addresses.ts';
import { flagTable, isSet, last } from './flags.ts';
import type { ParsedFlags } from './flags.ts';
import type { Exposure, Listener } from './intent.ts';
import { failing, wholeNumber } from './verb-reading.ts';
import type { VerbReading } from './verb-reading.ts';

/** kubectl `pkg/cmd/proxy/proxy.go`. */
export const proxyFlags = [
  ...flagTable(
    'value',
    'port/p address accept-hosts accept-paths reject-paths reject-methods unix-socket/u www/w www-prefix/P api-prefix keepalive',
  ),
  ...flagTable('bool', 'disable-filter append-server-path'),
];

const DEFAULT_PORT = 8001;
const REGEX_FLAGS = ['accept-hosts', 'accept-paths', 'reject-paths', 'reject-methods'];
const LONGEST_REGEX = 1000;
/** Hosts that no caller on this host would name: an expression that accepts all of them accepts any. */
const FOREIGN_HOSTS = ['10.11.12.13', 'host.example.org', 'x', '203.0.113.77'];
/** Paths that the default reject list blocks. */
const EXEC_PATHS = ['/api/v1/namespaces/n/pods/p/exec', '/api/v1/namespaces/n/pods/p/attach'];

/** `proxy`: extra positionals are ignored, the last value of a flag counts. */
export function readProxy(flags: ParsedFlags): VerbReading {
  const unix = last(flags, 'unix-socket');
  const portText = last(flags, 'port') ?? String(DEFAULT_PORT);
  const port = wholeNumber(portText);
  if (port === undefined || port > 65535) return failing(`--port ${JSON.stringify(portText)} is no port`);
  if (unix !== undefined && unix !== '' && port !== DEFAULT_PORT)
    return failing('--unix-socket and --port exclude each other');
  const address = last(flags, 'address') ?? '127.0.0.1';
  if (unix === undefined && address.includes(':') && !address.startsWith('[')) {
    return failing(`--address ${JSON.stringify(address)}: an IPv6 address needs brackets`);
  }
  const disabled = isSet(flags, 'disable-filter');
  if (!disabled) {
    for (const name of REGEX_FLAGS) {
      const bad = splitList(last(flags, name)).find((expression) => !compiles(expression));
      if (bad !== undefined) return failing(`--${name}: ${JSON.stringify(bad)} is no regular expression`);
    }
  }
  const onSocket = unix !== undefined && unix !== '';
  const listen: Listener = onSocket ? { unix } : { address, port };
  const files = last(flags, 'www');
  return {
    action: 'proxy',
    target: null,
    listen: [listen],
    exposure: onSocket ? [] : exposureOf(flags, address, disabled),
    ...(files === undefined || files === '' ? {} : { servesFiles: files }),
  };
}

function exposureOf(flags: ParsedFlags, address: string, disabled: boolean): readonly Exposure[] {
  const found: Exposure[] = [];
  // An empty address binds every interface; a host name may be anything but this host.
  if (!isLoopback(address)) found.push('bind-non-loopback');
  if (disabled) return [...found, 'filter-disabled'];
  const hosts = splitList(last(flags, 'accept-hosts'));
  if (FOREIGN_HOSTS.every((host) => hosts.some((expression) => finds(expression, host))))
    found.push('accept-hosts-wildcard');
  const rejects = last(flags, 'reject-paths');
  if (
    rejects !== undefined &&
    EXEC_PATHS.some((path) => !splitList(rejects).some((expression) => finds(expression, path)))
  ) {
    found.push('reject-paths-relaxed');
  }
  return found;
}

function splitList(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(',').slice(0, 64);
}

function compiles(expression: string): boolean {
  try {
    RE2JS.compile(expression.slice(0, LONGEST_REGEX));
    return true;
  } catch {
    return false;
  }
}

function finds(expression: string, text: string): boolean {
  if (expression.length > LONGEST_REGEX) return false;
  try {
    return RE2JS.compile(expression).matcher(text).find();
  } catch {
    return false;
  }
}
