/** Where "now" comes from. Event time rules everything that is decided; the clock only serves progress and timeouts. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}
