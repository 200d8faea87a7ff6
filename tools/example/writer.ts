import type { Activity } from './world.ts';

/** Writes one happening as a product does: no line where the product does not report it, several for auditd. */
export type Writer = (activity: Activity) => readonly string[];
