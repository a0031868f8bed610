import * as z from 'zod';
import { AccessLogView } from '#api/contract/access-event.ts';
import { EnrolmentChallenge, type EnrolmentSubmission } from '#api/contract/enrolment.ts';
import { CoseAnswer, Directories, EnrolmentOutcome } from '#api/contract/exchange-api.ts';
import { ExchangeStatus } from '#api/contract/exchange-status.ts';
import { Health } from '#api/contract/health.ts';
import { HistoryView } from '#api/contract/histories-api.ts';
import { Inbox, InboxRequest } from '#api/contract/inbox-api.ts';
import { PeerDiagnosis } from '#api/contract/operator-api.ts';
import { PolicyTrial, PolicyView, type PolicyChange, type PolicyRules } from '#api/contract/policy.ts';
import type { PresenceSubmission } from '#api/contract/presence-proof.ts';
import type { RecordKind } from '#api/contract/record-kind.ts';
import { RecordList, RegisteredRecords, type RecordRegistration } from '#api/contract/records-api.ts';
import { ResultsQueryAnswer, type ResultsQueryPosting } from '#api/contract/results-query.ts';
import { SendLog } from '#api/contract/send-log-api.ts';
import { SentRequest, SentRequestList } from '#api/contract/share-requests-api.ts';
import { VisitSummaryList, VisitView } from '#api/contract/visits-api.ts';
import { createBedRequests } from './bed-requests.ts';
import type { HttpClient, RequestOptions } from './http-client.ts';
import { createStaffRequests } from './staff-requests.ts';

const Nothing = z.undefined();
const SampleBundle = z.record(z.string(), z.unknown());
const AnyJson = z.record(z.string(), z.unknown());

/** A page of a long list: the first, or the one that follows `after`. */
type PageQuery = { readonly after?: string | undefined; readonly limit?: number };

/** What the rooms beyond the counter ask. */
export function createRoomRequests(http: HttpClient) {
  const at = (path: string, id: string) => `${path}/${encodeURIComponent(id)}`;
  return {
    ...createBedRequests(http),
    ...createStaffRequests(http),
    fetchVisitSummaries: (query: { since?: string; after?: string; limit: number }, options: RequestOptions = {}) =>
      http.get('/api/visit-summaries', VisitSummaryList, { ...options, query }),
    fetchVisit: (submissionId: string, options?: RequestOptions) =>
      http.get(at('/api/visits', submissionId), VisitView, options),
    fetchCoseReceipt: (submissionId: string) => http.get(`${at('/api/visits', submissionId)}/receipt/cose`, CoseAnswer),
    fetchEnrolmentChallenge: () => http.post('/api/enrolments/challenges', undefined, EnrolmentChallenge),
    sendEnrolment: (submission: EnrolmentSubmission) => http.post('/api/enrolments', submission, EnrolmentOutcome),
    registerRecords: (body: RecordRegistration) => http.post('/api/records', body, RegisteredRecords),
    fetchRecords: (subject: string, options: RequestOptions = {}) =>
      http.get('/api/records', RecordList, { ...options, query: { subject } }),
    /** The submission's purpose is `history`: the patient's consent. */
    fetchHistory: (submission: PresenceSubmission, options?: RequestOptions) =>
      http.post('/api/histories', submission, HistoryView, options),
    /** Asks one institution what it has, in a session of its own, while the doctor waits. */
    askWhatThereIs: (body: ResultsQueryPosting, options?: RequestOptions) =>
      http.post('/api/queries', body, ResultsQueryAnswer, options),
    sendShareRequest: (request: string) => http.post('/api/share-requests', { request }, SentRequest),
    fetchShareRequests: (options?: RequestOptions) => http.get('/api/share-requests', SentRequestList, options),
    fetchShareRequest: (id: string, options?: RequestOptions) =>
      http.get(at('/api/share-requests', id), SentRequest, options),
    fetchInbox: (query: PageQuery = {}, options: RequestOptions = {}) =>
      http.get('/api/inbox', Inbox, { ...options, query }),
    release: (id: string) => http.post(`${at('/api/inbox', id)}/release`, undefined, InboxRequest),
    refuse: (id: string, note?: string) =>
      http.post(`${at('/api/inbox', id)}/refusal`, note === undefined ? {} : { note }, InboxRequest),
    acknowledgeAlarm: (id: string, name: string) => http.post(`${at('/api/inbox', id)}/alarm`, { name }, InboxRequest),
    /** A prescription among what was released was filled here. */
    dispense: (requestId: string, documentId: string) =>
      http.post(`${at('/api/share-requests', requestId)}/dispensings`, { documentId }, SentRequest),
    fetchPolicy: (options?: RequestOptions) => http.get('/api/policy', PolicyView, options),
    savePolicy: (change: PolicyChange) => http.put('/api/policy', change, PolicyView),
    tryPolicy: (rules: PolicyRules) => http.post('/api/policy/trials', { rules }, PolicyTrial),
    fetchAuditEvents: () => http.get('/api/send-log/audit-events', AnyJson),
    /** The submission's purpose is `access-log`. */
    fetchAccessLog: (submission: PresenceSubmission, options?: RequestOptions) =>
      http.post('/api/access-logs', submission, AccessLogView, options),
    /** The submission's purpose is `withdrawal`. */
    withdrawConsent: (submission: PresenceSubmission, options?: RequestOptions) =>
      http.post('/api/withdrawals', submission, AccessLogView, options),
    fetchSendLog: (query: PageQuery = {}, options: RequestOptions = {}) =>
      http.get('/api/send-log', SendLog, { ...options, query }),
    /** For an exchange's operator: who writes to whom, what waits. */
    fetchExchangeStatus: (options?: RequestOptions) => http.get('/api/operator/status', ExchangeStatus, options),
    /** How the server is; it says so also while it fails. */
    fetchHealth: (options?: RequestOptions) => http.get('/healthz', Health, { ...options, answersWith: 503 }),
    openOperatorSession: (link: string) => http.post('/api/operator/sessions', { link }, Nothing),
    testPeer: (id: string) => http.post(`${at('/api/operator/peers', id)}/test`, undefined, PeerDiagnosis),
    /** Signed directories with names and keys, where the server is an exchange. */
    fetchDirectories: (options?: RequestOptions) => http.get('/api/directories', Directories, options),
    /** Demonstration only: a record of the person of a visit, made up. */
    fetchSampleBundle: (visitId: string, kind: RecordKind = 'laboratory', options: RequestOptions = {}) =>
      http.get('/demo/sample-bundle', SampleBundle, { ...options, query: { visit: visitId, kind } }),
  };
}
