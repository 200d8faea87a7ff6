import { ecsFormat } from './ecs.ts';
import type { AlertFormat } from './format.ts';
import { ndjsonFormat } from './ndjson.ts';
import { ocsfFormat } from './ocsf.ts';
import { sarifFormat } from './sarif.ts';
import { tableFormat } from './table.ts';

/** Every format; a new one is a file and a line here. */
const formats: Readonly<Record<string, () => AlertFormat>> = {
  table: tableFormat,
  ndjson: ndjsonFormat,
  ecs: ecsFormat,
  ocsf: ocsfFormat,
  sarif: sarifFormat,
};

export const formatNames: readonly string[] = Object.keys(formats);

export function formatByName(name: string): AlertFormat | undefined {
  return Object.hasOwn(formats, name) ? formats[name]?.() : undefined;
}
