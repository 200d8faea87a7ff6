/**
 * What started the command, most telling first. `unknown`: the source says nothing of the parent and look-back
 * found nothing.
 */
export type OriginKind =
  | 'temp-dir'
  | 'hidden'
  | 'script'
  | 'interpreter'
  | 'web-server'
  | 'scheduler'
  | 'ci'
  | 'developer-tool'
  | 'service-manager'
  | 'container-runtime'
  | 'remote-login'
  | 'shell'
  | 'home-dir'
  | 'wrapper'
  | 'other'
  | 'unknown';

/** Where a command was started from, with the reasons in words that name the fields they rest on. */
export interface Origin {
  readonly kind: OriginKind;
  readonly reasons: readonly string[];
  /** Every kind that applies, the chosen one first: a hidden file in /tmp is both. */
  readonly kinds: readonly OriginKind[];
  /** A script that the parent runs, where its arguments name one. */
  readonly script: string | null;
  /** Over ssh or another remote session, as far as parent, ancestors or entry leader tell. */
  readonly remote: boolean;
  /** Directory class of the started image itself: `temp`, `shared-memory`, `hidden`, `home`, `container`, … or null. */
  readonly binary_location: string | null;
}
