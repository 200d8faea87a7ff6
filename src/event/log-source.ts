/**
 * Where an event comes from, in Sigma's terms. A part that is absent is not known, and every rule is tried on it.
 * Sigma 2.1, "Log source".
 */
export interface LogSource {
  readonly product?: string;
  /** Several where one event is of several: a registry value set is `registry_set` and `registry_event`. */
  readonly category?: string | readonly string[];
  /** Several where it may be any of them: a start of a process is told of by Sysmon and by the security log. */
  readonly service?: string | readonly string[];
}
