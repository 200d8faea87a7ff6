import type { Intent } from '../kubectl/intent.ts';
import { constant } from './json-output.ts';
import type { JsonOutput } from './json-output.ts';

interface Member {
  readonly key: keyof Intent;
  /** The comma before it, or the brace that opens the object, its name and the colon. */
  readonly name: Uint8Array;
  /** Left out where the command has none. */
  readonly isOptional: boolean;
}

/** In their order: those that every command has, then those that only some have, and the words. */
const MEMBERS: readonly Member[] = [
  member('action', '{'),
  member('verb'),
  member('operation', ',', true),
  member('namespace'),
  member('target'),
  member('ports'),
  member('listen'),
  member('service', ',', true),
  member('context'),
  member('exposure'),
  member('sensitive'),
  member('identity'),
  member('wrappers'),
  member('dry_run'),
  member('confidence'),
  member('not_understood'),
  member('binary'),
  member('remote'),
  member('cluster', ',', true),
  member('plugin', ',', true),
  member('kuberc', ',', true),
  member('serves_files', ',', true),
  member('argv'),
];
const CLOSE = constant('}');

function member(key: keyof Intent, before = ',', isOptional = false): Member {
  return { key, name: constant(`${before}"${key}":`), isOptional };
}

/** The object `kubectl` of an alert. */
export function kubectlObject(intent: Intent): Readonly<Record<string, unknown>> {
  const object: Record<string, unknown> = {};
  for (const { key, isOptional } of MEMBERS) if (!isOptional || intent[key] !== null) object[key] = intent[key];
  return object;
}

/** The same as text. */
export function writeKubectl(out: JsonOutput, intent: Intent): void {
  for (const { key, name, isOptional } of MEMBERS) {
    const value = intent[key];
    if (isOptional && value === null) continue;
    out.bytes(name);
    out.plain(value);
  }
  out.bytes(CLOSE);
}
