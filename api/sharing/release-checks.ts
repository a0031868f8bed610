import {
  requireConsentExpiry,
  requireConsentRecipient,
  requireConsentScope,
  verifyConsentSignature,
} from '../contract/consent.ts';
import type { Doctor } from '../contract/doctor.ts';
import { RELEASE_CHECKS_OF, type ReleaseCheck, type ReleaseCheckCode } from '../contract/release-checks.ts';
import type { InstitutionId, Subject } from '../contract/ids.ts';
import type { PartyKeys } from '../contract/keys-by-thumbprint.ts';
import { Problem } from '../contract/problem.ts';
import type { ShareRequest } from '../contract/share-request.ts';
import { REQUEST_SKEW_SECONDS } from '../contract/signed-request.ts';
import { requireAttendance, requireReason } from './attendance-checks.ts';
import { attempt, need, settle, type CheckResults } from './check-results.ts';
import { requireStanding, type FetchWithdrawals } from './consent-checks.ts';
import type { SignerTrust, VisitHere } from './parts.ts';
import { basisOf } from './request-basis.ts';
import { findSigner, readChain, requirePath, requireRole, requireSignature, requireStatus } from './signer-checks.ts';
import { requireVisitsAt, requireVisitsOf } from './visit-checks.ts';

/** Against what a request is checked. */
export interface CheckContext {
  /** Who is asked. */
  readonly holder: InstitutionId;
  readonly signers: SignerTrust;
  readonly exchangeKeys: PartyKeys;
  readonly fetchWithdrawals: FetchWithdrawals;
  /** A person's visits at the holder; left out where only the holder can know. */
  readonly visitsHere?: (subject: Subject) => Promise<readonly VisitHere[]>;
  /** Whether the request came before. */
  readonly isReplayed: boolean;
  readonly at: Date;
}

/** Every check of the request's ground with its result, and what those that held found out. */
export interface CheckedRequest {
  readonly checks: readonly ReleaseCheck[];
  readonly doctor: Doctor | null;
  readonly subject: Subject | null;
  /** The visits that are asked about: those named, or without consent all there are. */
  readonly visits: readonly VisitHere[];
}

interface Ground {
  readonly subject: Subject | null;
  readonly visits: readonly VisitHere[];
}

/**
 * Runs every check of a request, however many fail before: a person shall see all of them. A check that has nothing to look
 * at because another one failed, fails with that one's problem.
 */
export async function checkRequest(jws: string, request: ShareRequest, context: CheckContext): Promise<CheckedRequest> {
  const { signers, at } = context;
  const results: CheckResults = new Map();

  const chain = await settle(() => readChain(jws));
  const signed = await attempt(results, 'signature', async () => requireSignature(jws, need(chain)));
  const path = await attempt(results, 'certificate_path', async () => requirePath(need(chain), signers, at));
  await attempt(results, 'certificate_status', async () => requireStatus(need(path), signers, at));
  const allowed = await attempt(results, 'role', async () => requireRole(need(chain), signers, at));

  const basis = basisOf(request);
  const ground = await (basis === 'consent' ? checkConsent : checkEmergency)(results, request, context);

  await attempt(results, 'not_replayed', () => {
    if (context.isReplayed) throw new Problem('request_replayed', 'the request came before');
  });
  await attempt(results, 'clock', () => requireRequestTimes(request, at));

  // Without the signature the certificate beside it is anybody's: nobody is named then.
  const signer = 'value' in signed ? need(chain) : undefined;
  const doctor = 'value' in allowed ? allowed.value : signer && (await findSigner(signer, signers, at));
  return {
    checks: RELEASE_CHECKS_OF[basis].map((check) => toReleaseCheck(check, results.get(check))),
    doctor: (signer && doctor) ?? null,
    ...ground,
  };
}

async function checkConsent(
  results: CheckResults,
  request: ShareRequest,
  { holder, exchangeKeys, fetchWithdrawals, at }: CheckContext,
): Promise<Ground> {
  const proof = request.consent;
  const consent = await attempt(results, 'consent_signature', () => {
    if (!proof) throw new Problem('consent_invalid', 'no consent');
    return verifyConsentSignature(proof, exchangeKeys);
  });
  await attempt(results, 'consent_recipient', () => requireConsentRecipient(need(consent).claims, request.from));
  await attempt(results, 'consent_scope', () => requireConsentScope(need(consent).claims, request.kinds));
  await attempt(results, 'consent_expiry', () => requireConsentExpiry(need(consent).claims, at));
  await attempt(results, 'consent_standing', () => requireStanding(need(consent), fetchWithdrawals, exchangeKeys));

  const visits = await attempt(results, 'visit_ours', () => requireVisitsAt(holder, request.visits, exchangeKeys));
  await attempt(results, 'visit_person', () => requireVisitsOf(need(consent).binding.subject, need(visits)));
  return {
    subject: 'value' in consent ? consent.value.binding.subject : null,
    visits:
      'value' in visits ? visits.value.map(({ id, presentedAt }) => ({ id, presentedAt: new Date(presentedAt) })) : [],
  };
}

async function checkEmergency(
  results: CheckResults,
  request: ShareRequest,
  { exchangeKeys, visitsHere }: CheckContext,
): Promise<Ground> {
  await attempt(results, 'reason', () => requireReason(request));
  const attendance = await attempt(results, 'attendance', () => requireAttendance(request, request.from, exchangeKeys));
  const visits = await attempt(results, 'visit_ours', async () => {
    const { subject } = need(attendance);
    const here = await visitsHere?.(subject);
    if (here?.length === 0) throw new Problem('visit_not_ours', 'the person was never here');
    return here ?? [];
  });
  return {
    subject: 'value' in attendance ? attendance.value.subject : null,
    visits: 'value' in visits ? visits.value : [],
  };
}

/** The problem of the first check that failed. */
export function firstProblem({ checks }: Pick<CheckedRequest, 'checks'>): Problem | undefined {
  const problem = checks.find(({ ok }) => !ok)?.problem;
  return problem ? new Problem(problem.code, problem.detail ?? '') : undefined;
}

/** @throws {Problem} `clock_skew`, `request_stale` */
export function requireRequestTimes({ issuedAt, expires }: Pick<ShareRequest, 'issuedAt' | 'expires'>, at: Date): void {
  if (Date.parse(issuedAt) > at.getTime() + REQUEST_SKEW_SECONDS * 1000) {
    throw new Problem('clock_skew', 'the request was signed in the future');
  }
  if (Date.parse(expires) <= at.getTime()) throw new Problem('request_stale', expires);
}

const toReleaseCheck = (check: ReleaseCheckCode, problem: Problem | null | undefined): ReleaseCheck => ({
  check,
  ok: problem === null,
  problem: problem?.toDocument() ?? null,
});
