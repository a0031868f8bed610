import type { ClientErrorCode } from '#lib/api/api-error.ts';

export const clientErrors: Record<ClientErrorCode, string> = {
  network_unreachable: 'The server cannot be reached. Work resumes by itself when it can.',
  network_timeout: 'The server took too long to answer. Please try again.',
  answer_malformed: 'The answer of the server could not be read. Please tell your administrator.',
  request_aborted: 'This was stopped.',
  unexpected: 'Something unexpected happened. Please try again.',
};
