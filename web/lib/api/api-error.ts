/** What can go wrong between this window and its server, beside the problems that the server itself states. */
export const CLIENT_ERROR_CODES = [
  'network_unreachable',
  'network_timeout',
  'answer_malformed',
  'request_aborted',
  'unexpected',
] as const;
export type ClientErrorCode = (typeof CLIENT_ERROR_CODES)[number];

/** No answer, or none that can be understood. What was asked may or may not have happened: ask again with the same id. */
export class ApiError extends Error {
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'ApiError';
    this.code = code;
  }
}

/** Whether a failure says that the server did not answer, so that work goes on offline. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === 'network_unreachable' || error.code === 'network_timeout');
