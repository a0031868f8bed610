import { requireCardCertificate, type CardTrust } from '../contract/card-trust.ts';
import type { Certificate } from '../contract/certificate.ts';
import type { ExchangeId, InstitutionId } from '../contract/ids.ts';
import { JoseError, type JWK } from '../contract/jose.ts';
import {
  presenceHash,
  verifyPresenceProof,
  type Freshness,
  type PresenceClaims,
  type PresenceSubmission,
  type Purpose,
} from '../contract/presence-proof.ts';
import { Problem } from '../contract/problem.ts';
import type { CardBinding } from '../storage/enrolment.ts';
import type { PresenceStore, PresenceUse } from '../storage/presence.ts';
import { readCertificate, requireNamed } from './certificate-checks.ts';
import { checkChallenge, checkCheckpoint, type KnownCheckpoint } from './freshness.ts';
import { checkStatement, checkTerminal, readStatement } from './statement-checks.ts';
import { checkAttestation } from './terminal-attestation-check.ts';
import { bindingFor } from './verification-key.ts';

export interface PresenceVerifierParts {
  readonly exchange: ExchangeId;
  readonly store: PresenceStore;
  readonly findBinding: (certHash: string) => Promise<CardBinding | undefined>;
  readonly findCheckpoint: (quoted: Extract<Freshness, { kind: 'checkpoint' }>) => Promise<KnownCheckpoint | undefined>;
  readonly trust: CardTrust;
  /** Pinned keys of certified terminals' providers; none when left out. */
  readonly terminalProviders?: readonly JWK[];
  readonly now: () => Date;
}

/** A presence proof that holds in every respect and has not been used. */
export interface VerifiedPresence {
  readonly claims: PresenceClaims;
  /** SHA-256 of the compact JWS, base64url. */
  readonly hash: string;
  /** The card and person; its key is the one that verified the signature. */
  readonly binding: CardBinding;
  readonly certificate: Certificate;
  /** By the terminal's clock. */
  readonly presentedAt: Date;
  /** The proven lower bound: the challenge's issue or the checkpoint's signature. */
  readonly notBefore: Date;
  /** The card belongs to the world of test cards, or a simulated terminal vouched for it. */
  readonly simulated: boolean;
  /** To be used up with whatever is stored because of this proof. */
  readonly use: PresenceUse;
}

/** Verifies presence proofs at one exchange; every check there is, refusing at the first that fails. */
export interface PresenceVerifier {
  /**
   * Uses nothing up.
   *
   * @throws {Problem} `presence_*`, `terminal_signature_invalid`, `card_not_enrolled`, `clock_skew`
   * @throws {CertificateError}
   */
  verify(
    submission: PresenceSubmission,
    expected: { readonly actor: InstitutionId; readonly purpose: Purpose },
  ): Promise<VerifiedPresence>;
  /** Uses a proof up that leaves nothing else behind. @throws {Problem} `presence_replayed` */
  use(presence: VerifiedPresence): Promise<void>;
}

export function createPresenceVerifier(parts: PresenceVerifierParts): PresenceVerifier {
  const { exchange, store, trust, terminalProviders = [] } = parts;

  async function findNotBefore(claims: PresenceClaims, now: Date): Promise<Date> {
    const { freshness } = claims;
    return freshness.kind === 'challenge'
      ? checkChallenge(claims, await store.findChallenge(freshness.challenge), now)
      : checkCheckpoint(claims, await parts.findCheckpoint(freshness), now);
  }

  return {
    async verify(submission, { actor, purpose }) {
      const now = parts.now();
      const claims = readStatement(submission.presence);
      checkStatement(claims, { exchange, actor, purpose });
      await checkTerminal(submission);
      if (await store.isUsed(claims.jti)) throw new Problem('presence_replayed', 'the proof was used before');
      const notBefore = await findNotBefore(claims, now);

      const der = readCertificate(submission.certificate);
      requireNamed(claims.certHash, der);
      const presentedAt = new Date(claims.iat * 1000);
      const certificate = await requireCardCertificate(der, trust, { at: presentedAt, now });
      const enrolled = await parts.findBinding(claims.certHash);
      const binding = bindingFor(claims.proofMethod, certificate, enrolled);
      await requireSignature(submission.presence, binding);
      const terminal = await checkAttestation(submission, claims, { providers: terminalProviders, world: trust.world });

      const challenge = claims.freshness.kind === 'challenge' ? claims.freshness.challenge : null;
      return {
        claims,
        hash: presenceHash(submission.presence),
        binding,
        certificate,
        presentedAt,
        notBefore,
        simulated: trust.world === 'test' || terminal === 'simulated',
        use: { id: claims.jti, challenge, usedAt: now },
      };
    },
    use: (presence) => store.use(presence.use),
  };
}

async function requireSignature(presence: string, { cardKey }: CardBinding): Promise<void> {
  try {
    await verifyPresenceProof(presence, cardKey);
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    const code = cause.code === 'jws_bad_signature' ? 'presence_signature_invalid' : 'presence_malformed';
    throw new Problem(code, cause.code, { cause });
  }
}
