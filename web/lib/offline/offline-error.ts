/** Why this device could not keep or read something of its own. */
export const OFFLINE_ERROR_CODES = ['storage_full', 'storage_failed', 'record_unreadable', 'terminal_missing'] as const;
export type OfflineErrorCode = (typeof OFFLINE_ERROR_CODES)[number];

/** A failure of this device's own storage. What was being kept is not kept. */
export class OfflineError extends Error {
  readonly code: OfflineErrorCode;

  constructor(code: OfflineErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'OfflineError';
    this.code = code;
  }
}

/** Translates what a browser's storage rejects with. */
export function toOfflineError(cause: unknown): OfflineError {
  if (cause instanceof OfflineError) return cause;
  const isFull = cause instanceof DOMException && cause.name === 'QuotaExceededError';
  return new OfflineError(isFull ? 'storage_full' : 'storage_failed', String(cause), { cause });
}
