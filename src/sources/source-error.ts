export type SourceErrorCode = 'input-missing' | 'input-unreadable' | 'input-not-a-file' | 'input-cut' | 'input-corrupt';

/** The world failed under an input: what was read before it still counts. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;
  /** Would the same call perhaps succeed later? */
  readonly retryable: boolean;

  constructor(
    code: SourceErrorCode,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** The system's own code (`ENOENT`, …) of an unknown error, or an empty string. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
