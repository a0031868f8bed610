import * as z from 'zod';
import type { AccessLogView } from '../../contract/access-event.ts';
import type { ExchangeId, InstitutionId, Subject } from '../../contract/ids.ts';
import type { PresenceSubmission } from '../../contract/presence-proof.ts';
import { readPresenceClaims } from '../../contract/presence-proof.ts';
import { Problem } from '../../contract/problem.ts';
import type { Withdrawal } from '../../contract/withdrawal.ts';
import type { ExchangeClient } from '../../http/exchange-client.ts';
import { delayAfter, pause, SERVER_PACE } from '../../http/back-off.ts';
import { vouchFor } from '../history/accept-consent.ts';
import { verifyPeerProof } from '../history/verify-peer-proof.ts';
import { withdrawalBell, type AccessParts } from './parts.ts';
import { collectLog } from './read-log.ts';

const BATCH = 50;
const LONGEST_SLEEP_MS = 30_000;

/**
 * Takes a consent back, by tap: stored here, owed to every peer, and answered with the log, where what had already left can
 * be seen. The same tap again gives the same.
 *
 * @throws {Problem}
 */
export async function takeWithdrawal(
  parts: AccessParts,
  submission: PresenceSubmission,
  institution: InstitutionId,
): Promise<AccessLogView> {
  const { presence, certificate } = submission;
  const { jti } = readPresenceClaims(presence);
  const known = await parts.consents.findWithdrawal(jti);
  if (known?.presence === presence) {
    return collectLog(parts, { proof: known, subject: known.subject, institution, certificate });
  }
  const { claims, binding, use } = await parts.verifyTap(submission, institution, 'withdrawal');
  if (!claims.withdraws) throw new Problem('presence_malformed', 'nothing is withdrawn');
  const proof = { presence, binding: await vouchFor(parts, binding) };
  const { subject } = binding;
  const peers = parts.peers.map(({ exchange }) => exchange);
  await parts.consents.withdraw({ id: jti, subject, acceptedAt: parts.now(), ...proof }, use, peers);
  await Promise.all(
    parts.peers.map((peer) => tell(parts, peer).catch(() => parts.bells.ring(withdrawalBell(peer.exchange)))),
  );
  return collectLog(parts, { proof, subject, institution, certificate });
}

/** A peer tells of a withdrawal it took. @throws {Problem} `consent_invalid`, `consent_wrong_person` */
export async function takePeerWithdrawal(parts: AccessParts, peer: ExchangeId, proof: Withdrawal): Promise<void> {
  const { claims, binding } = await verifyPeerProof(parts, peer, proof);
  if (claims.purpose !== 'withdrawal' || !claims.withdraws) throw new Problem('consent_invalid', 'not a withdrawal');
  const { presence, binding: word } = proof;
  const stored = { id: claims.jti, subject: binding.subject, acceptedAt: parts.now(), presence, binding: word };
  await parts.consents.withdraw(stored, null, []);
}

/** What we know of a person's withdrawals. */
export const listWithdrawals = async ({ consents }: AccessParts, subject: Subject): Promise<readonly Withdrawal[]> =>
  (await consents.listWithdrawals(subject)).map(({ presence, binding }) => ({ presence, binding }));

/** Tells a peer of every withdrawal it is owed, until the signal is aborted. */
export async function keepTelling(
  parts: AccessParts,
  peer: ExchangeClient,
  {
    signal,
    random,
    report,
  }: {
    readonly signal: AbortSignal;
    readonly random: () => number;
    readonly report: (failure: unknown) => void;
  },
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const ring = parts.bells.wait(withdrawalBell(peer.exchange), LONGEST_SLEEP_MS, signal);
    try {
      await tell(parts, peer, signal);
      failures = 0;
      await ring;
    } catch (failure) {
      if (signal.aborted) return;
      if (!(failure instanceof Problem)) report(failure);
      failures += 1;
      await pause(delayAfter(failures, SERVER_PACE, random), signal);
    }
  }
}

async function tell({ consents }: AccessParts, peer: ExchangeClient, signal?: AbortSignal): Promise<void> {
  for (const { id, presence, binding } of await consents.readOwedWithdrawals(peer.exchange, BATCH)) {
    const options = signal ? { signal } : {};
    await peer.post('/api/peer/withdrawals', { withdrawal: { presence, binding } }, z.unknown(), options);
    await consents.settleWithdrawals(peer.exchange, [id]);
  }
}
