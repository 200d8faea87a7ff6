import type { Severity } from './alert.ts';

/** Lowest first. */
export const severities: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** Below 0: `a` is lower; 0: the same; above 0: higher. */
export function compareSeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b);
}

const RISK: Readonly<Record<Severity, number>> = { informational: 0, low: 21, medium: 47, high: 73, critical: 99 };

/** 0–100, on the scale that Elastic's detection rules use for these levels. */
export function riskScore(severity: Severity): number {
  return RISK[severity];
}
