import type { CardChannel } from 'webusb-ccid';
import type { PresenceMethod, PresenceStep } from 'webusb-ccid/mynumber';
import { digestBase64Url, encodeBase64 } from '#api/contract/encoding.ts';
import { createId, type ExchangeId, type InstitutionId } from '#api/contract/ids.ts';
import type { SigningKey } from '#api/contract/jose.ts';
import {
  assemblePresenceProof,
  encodePresenceSigningInput,
  presenceHash,
  signTerminalClaims,
  type ConsentScope,
  type WithdrawalScope,
  type Freshness,
  type PresenceClaims,
  type PresenceSubmission,
  type Purpose,
} from '#api/contract/presence-proof.ts';

/** What the card is asked to state. */
export interface PresenceRequest {
  readonly purpose: Purpose;
  /** With purpose `history`: what the patient agrees to. */
  readonly scope?: ConsentScope;
  /** With purpose `withdrawal`: what the patient takes back. */
  readonly withdraws?: WithdrawalScope;
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: PresenceStep) => void;
}

/** Who asks, where, and with what. */
export interface PresenceParties {
  readonly institution: InstitutionId;
  readonly exchange: ExchangeId;
  readonly terminal: SigningKey;
  readonly method: PresenceMethod;
  /** With `mynumber-terminal`: the provider's word for the proof. */
  readonly attest?: ((presenceHash: string) => Promise<string>) | undefined;
  /** Asked for at once, so that it is there when the card has been read. */
  readonly findFreshness: () => Promise<Freshness>;
  readonly now: () => Date;
}

/**
 * One tap: the card signs a presence proof about this place, terminal and moment; the terminal countersigns it.
 *
 * @throws {CardError} the card or the reader; {Problem} no freshness
 */
export async function takePresence(
  channel: CardChannel,
  request: PresenceRequest,
  parties: PresenceParties,
): Promise<PresenceSubmission> {
  const freshness = parties.findFreshness();
  // Awaited inside the card dialogue; a card that fails first must not leave this rejection unheard.
  freshness.catch(() => {});
  let signingInput = new Uint8Array();
  const { certificate, signature } = await parties.method.prove(
    channel,
    async (card) => {
      const claims = describe(request, parties, await freshness, digestBase64Url(card.certificate));
      signingInput = encodePresenceSigningInput(claims);
      return signingInput;
    },
    {
      ...(request.signal ? { signal: request.signal } : {}),
      ...(request.onProgress ? { onProgress: request.onProgress } : {}),
    },
  );
  const presence = assemblePresenceProof(signingInput, signature);
  const attestation = await parties.attest?.(presenceHash(presence));
  const submission = await countersign(presence, certificate, parties.terminal);
  return attestation === undefined ? submission : { ...submission, attestation };
}

function describe(
  { purpose, scope, withdraws }: PresenceRequest,
  { institution, exchange, terminal, method, now }: PresenceParties,
  freshness: Freshness,
  certHash: string,
): PresenceClaims {
  return {
    version: 1,
    jti: createId(),
    iss: terminal.kid,
    actorId: institution,
    aud: exchange,
    iat: Math.floor(now().getTime() / 1000),
    purpose,
    ...(scope ? { scope } : {}),
    ...(withdraws ? { withdraws } : {}),
    proofMethod: method.proofMethod,
    freshness,
    certHash,
  };
}

/** Wraps a proof in a submission of its own. */
export async function countersign(
  presence: string,
  certificate: Uint8Array,
  terminal: SigningKey,
): Promise<PresenceSubmission> {
  const submissionId = createId();
  return {
    submissionId,
    presence,
    certificate: encodeBase64(certificate),
    terminal: await signTerminalClaims(submissionId, presence, terminal),
  };
}
