import {
  requireConsentExpiry,
  requireConsentRecipient,
  requireConsentScope,
  verifyConsentSignature,
} from '../contract/consent.ts';
import { RELEASE_CHECKS, type Doctor, type ReleaseCheck, type ReleaseCheckCode } from '../contract/gateway-api.ts';
import type { InstitutionId, Subject } from '../contract/ids.ts';
import type { PartyKeys } from '../contract/keys-by-thumbprint.ts';
import { Problem } from '../contract/problem.ts';
import type { ShareRequest } from '../contract/share-request.ts';
import { REQUEST_SKEW_SECONDS } from '../contract/signed-request.ts';
import type { VisitRecord } from '../contract/visit-record.ts';
import type { SignerTrust } from './parts.ts';
import { findSigner, readChain, requirePath, requireRole, requireSignature, requireStatus } from './signer-checks.ts';
import { requireVisitsAt, requireVisitsOf } from './visit-checks.ts';

/** Against what a request is checked. */
export interface CheckContext {
  /** Who is asked. */
  readonly holder: InstitutionId;
  readonly signers: SignerTrust;
  readonly exchangeKeys: PartyKeys;
  /** Whether the request came before. */
  readonly isReplayed: boolean;
  readonly at: Date;
}

/** Every check of `RELEASE_CHECKS` with its result, and what those that held found out. */
export interface CheckedRequest {
  readonly checks: readonly ReleaseCheck[];
  readonly doctor: Doctor | null;
  readonly subject: Subject | null;
  readonly visits: readonly VisitRecord[];
}

/**
 * Runs every check of a request, however many fail before: a person shall see all of them. A check that has nothing to look
 * at because another one failed, fails with that one's problem.
 */
export async function checkRequest(jws: string, request: ShareRequest, context: CheckContext): Promise<CheckedRequest> {
  const { holder, signers, exchangeKeys, at } = context;
  const results = new Map<ReleaseCheckCode, Problem | null>();
  const run = <T>(check: ReleaseCheckCode, work: () => T | Promise<T>) => attempt(results, check, work);

  const chain = await settle(() => readChain(jws));
  const signed = await run('signature', async () => requireSignature(jws, need(chain)));
  const path = await run('certificate_path', async () => requirePath(need(chain), signers, at));
  await run('certificate_status', async () => requireStatus(need(path), signers, at));
  const allowed = await run('role', async () => requireRole(need(chain), signers, at));

  const consent = await run('consent_signature', () => verifyConsentSignature(request.consent, exchangeKeys));
  await run('consent_recipient', () => requireConsentRecipient(need(consent).claims, request.from));
  await run('consent_scope', () => requireConsentScope(need(consent).claims, request.kinds));
  await run('consent_expiry', () => requireConsentExpiry(need(consent).claims, at));

  const visits = await run('visit_ours', () => requireVisitsAt(holder, request.visits, exchangeKeys));
  await run('visit_person', () => requireVisitsOf(need(consent).binding.subject, need(visits)));
  await run('not_replayed', () => {
    if (context.isReplayed) throw new Problem('request_replayed', 'the request came before');
  });
  await run('clock', () => requireRequestTimes(request, at));

  // Without the signature the certificate beside it is anybody's: nobody is named then.
  const signer = 'value' in signed ? need(chain) : undefined;
  const doctor = 'value' in allowed ? allowed.value : signer && (await findSigner(signer, signers, at));
  return {
    checks: RELEASE_CHECKS.map((check) => toReleaseCheck(check, results.get(check))),
    doctor: (signer && doctor) ?? null,
    subject: 'value' in consent ? consent.value.binding.subject : null,
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

type Settled<T> = { readonly value: T } | { readonly problem: Problem };

async function settle<T>(work: () => T | Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { problem: error };
  }
}

async function attempt<T>(
  results: Map<ReleaseCheckCode, Problem | null>,
  check: ReleaseCheckCode,
  work: () => T | Promise<T>,
): Promise<Settled<T>> {
  const outcome = await settle(work);
  results.set(check, 'problem' in outcome ? outcome.problem : null);
  return outcome;
}

function need<T>(outcome: Settled<T>): T {
  if ('problem' in outcome) throw outcome.problem;
  return outcome.value;
}

const toReleaseCheck = (check: ReleaseCheckCode, problem: Problem | null | undefined): ReleaseCheck => ({
  check,
  ok: problem === null,
  problem: problem?.toDocument() ?? null,
});
