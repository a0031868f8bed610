import * as z from 'zod';
import { Challenge, type ChallengeRequest } from '#api/contract/challenge.ts';
import { TrustFile } from '#api/contract/evidence/trust.ts';
import { InstitutionList } from '#api/contract/institutions-api.ts';
import type { PresenceSubmission } from '#api/contract/presence-proof.ts';
import { EnrolledTerminal, type TerminalEnrolment } from '#api/contract/terminals-api.ts';
import { LetterAnswer, VisitList, VisitView } from '#api/contract/visits-api.ts';
import type { HttpClient, RequestOptions } from './http-client.ts';
import { ServerStatus } from './server-status.ts';

const Nothing = z.undefined();

/** What a counter asks from the first second on: the server, its terminal's session, visits. */
export const createFirstRequests = (http: HttpClient) => ({
  fetchStatus: (options?: RequestOptions): Promise<ServerStatus> => http.get('/api/status', ServerStatus, options),
  enrolTerminal: (body: TerminalEnrolment) => http.post('/api/terminals', body, EnrolledTerminal),
  openSession: (assertion: string) => http.post('/api/sessions', { assertion }, Nothing),
  fetchChallenge: (body: ChallengeRequest, options?: RequestOptions) =>
    http.post('/api/challenges', body, Challenge, options),
  sendVisit: (submission: PresenceSubmission, options?: RequestOptions) =>
    http.post('/api/visits', submission, VisitView, options),
  sendLetter: (letter: string, options?: RequestOptions) =>
    http.post('/api/letters', { letter }, LetterAnswer, options),
  fetchVisits: (query: { since?: string; limit?: number } = {}, options: RequestOptions = {}) =>
    http.get('/api/visits', VisitList, { ...options, query }),
  /** Public, and the same at an exchange: for verifying receipts at a device that is nobody's terminal. */
  fetchTrust: (options?: RequestOptions) => http.get('/evidence/trust.json', TrustFile, options),
  fetchDirectory: (options?: RequestOptions) => http.get('/api/directory', InstitutionList, options),
});
