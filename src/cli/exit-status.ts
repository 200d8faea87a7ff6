/** Exit statuses that scripts count on. */
export const exitStatus = {
  /** It ran. */
  ran: 0,
  /** It ran and found something at or above `--fail-on`. */
  findings: 1,
  /** It could not run, or not on everything: bad arguments, no such file, no valid rule. */
  failed: 2,
} as const;
