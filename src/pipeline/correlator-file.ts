import { open, readFile, rename } from 'node:fs/promises';

import { isCorrelatorState } from '../correlate/state.ts';
import type { CorrelatorState } from '../correlate/state.ts';

/** A state file that cannot be gone on from. */
export class CorrelatorStateError extends Error {
  override readonly name = 'CorrelatorStateError';
}

const EMPTY: CorrelatorState = {
  version: 1,
  latest: null,
  nextEvent: 0,
  counts: { observed: 0, duplicates: 0, late: 0, ungrouped: 0, dropped_groups: 0, dropped_entries: 0 },
  groups: [],
};

/** The state in the file, or one to begin with where there is no file. `rules`: the hash of the rules it belongs to. */
export async function loadCorrelatorState(path: string, rules: string): Promise<CorrelatorState> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return EMPTY;
    throw new CorrelatorStateError(`cannot read the correlation state ${path}`, { cause });
  }
  let saved: unknown;
  try {
    saved = JSON.parse(text);
  } catch (cause) {
    throw new CorrelatorStateError(`${path} is no correlation state: it is not JSON`, { cause });
  }
  const known = typeof saved === 'object' && saved !== null && 'rules' in saved && 'state' in saved ? saved : undefined;
  if (known === undefined || !isCorrelatorState(known.state))
    throw new CorrelatorStateError(`${path} is no correlation state; expected what --correlation-state has written`);
  if (known.rules !== rules)
    throw new CorrelatorStateError(
      `the correlation state ${path} belongs to other rules; remove it to begin anew, or give the rules it was made with`,
    );
  return known.state;
}

/** Written whole or not at all: to a file beside it, flushed, then renamed. */
export async function saveCorrelatorState(path: string, rules: string, state: CorrelatorState): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify({ rules, state }));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
