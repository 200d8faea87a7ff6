import type { ParsedFlags } from './flags.ts';
import { last } from './flags.ts';
import type { Action, Exposure, ForwardPort, Intent, Listener, Operation, ServicePort, ServiceSpec } from './intent.ts';

/** What one verb's reader finds. What it leaves out is nothing. */
export interface VerbReading {
  readonly action: Action;
  readonly operation?: Operation;
  readonly target?: string | null;
  readonly ports?: readonly (ForwardPort | ServicePort)[];
  readonly listen?: readonly Listener[];
  readonly service?: ServiceSpec;
  readonly exposure?: readonly Exposure[];
  readonly dryRun?: Intent['dry_run'];
  readonly servesFiles?: string;
  /** Why kubectl stops before it does anything. */
  readonly error?: string;
  readonly notes?: readonly string[];
}

export const NOTHING: VerbReading = { action: 'none' };

export function failing(error: string): VerbReading {
  return { action: 'none', error };
}

const MOST_DIGITS = 9;

/** A whole number in decimal of at most nine digits, or `undefined`. */
export function wholeNumber(text: string): number | undefined {
  if (text.length === 0 || text.length > MOST_DIGITS) return undefined;
  let number = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}

export function isPort(number: number): boolean {
  return number > 0 && number < 65536;
}

/** A port's number, or its name as it is. */
export function portOrName(text: string): number | string {
  return wholeNumber(text) ?? text;
}

/**
 * `--dry-run`: bare and `client` and `true` send nothing, `server` sends a request that keeps nothing, `none` and `false`
 * are real. The last one counts.
 */
export function dryRunOf(flags: ParsedFlags): Intent['dry_run'] | undefined {
  const value = last(flags, 'dry-run');
  if (value === undefined || value === 'none' || value === 'false') return 'none';
  if (value === 'server') return 'server';
  if (value === 'client' || value === 'true' || value === 'unchanged') return 'client';
  return undefined;
}
