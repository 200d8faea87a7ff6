const LONGEST_HEADER = 400;
/** RFC 3164 (`Oct 24 17:05:31 host …`) and RFC 5424 (`<13>1 2021-10-24T17:05:31Z host …`), each with or without `<PRI>`. */
const HEADER =
  /^(?:<\d{1,3}>)?(?:1 )?(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T[^ ]{8,30}) ([^ ]{1,255}) /;

/** The host that a syslog header names, or `undefined`. */
export function syslogHost(text: string): string | undefined {
  return HEADER.exec(text.slice(0, LONGEST_HEADER))?.[1];
}
