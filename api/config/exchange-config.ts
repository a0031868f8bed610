import * as z from 'zod';
import { AccessRule } from '../contract/access.ts';
import { RsaPublicJwk } from '../contract/binding.ts';
import { DirectoryInstitution } from '../contract/directory.ts';
import { EcPublicJwk } from '../contract/ec-public-jwk.ts';
import { ExchangeId, InstitutionId, LocalName, NetworkId } from '../contract/ids.ts';
import { SuccessionText } from '../contract/key-succession.ts';
import { findContradictions } from './exchange-consistency.ts';
import { CertificateTrust, keptFor, nodeMembers, Origin, Path, PinnedExchange } from './shared-members.ts';

/** An inter-network exchange. */
export const ExchangeConfig = z
  .strictObject({
    role: z.literal('exchange'),
    ...nodeMembers,
    id: ExchangeId,
    name: LocalName,
    keys: z
      .strictObject({
        /** ES256 private JWK: signs records, bindings, envelope receipts, the directory, requests. */
        signing: Path,
        /** Ed25519 private JWK: signs the evidence log's checkpoints. */
        log: Path,
        /** 32 random bytes as base64url, the same at every exchange of the federation: makes pseudonyms. */
        federation: Path,
        /** The signing key to come, announced in the directory with the word of the present one; none when left out. */
        nextSigning: z.strictObject({ key: Path, succession: SuccessionText }).readonly().optional(),
        /** Signing keys of before, newest first, each with its word for the one that followed it. */
        formerSigning: z
          .array(
            z
              .strictObject({
                key: EcPublicJwk,
                succession: SuccessionText,
                /** Still believed for what is new, until everybody has learnt of its successor. */
                overlaps: z.boolean().default(false),
              })
              .readonly(),
          )
          .max(60)
          .readonly()
          .default([]),
      })
      .readonly(),
    /** The evidence log's name, in every checkpoint. Never changes. */
    logOrigin: z
      .string()
      .regex(/^[^\s+]+$/)
      .max(200),
    /** Who cosigns our log's checkpoints, where they are asked, and how many of them a verifier shall insist on. */
    witnesses: z
      .strictObject({
        threshold: z.int().nonnegative(),
        ask: z.array(z.strictObject({ key: z.string().max(400), prefix: z.url() }).readonly()).readonly(),
      })
      .refine(({ threshold, ask }) => threshold <= ask.length, 'more than there are')
      .readonly()
      .optional(),
    /**
     * Time-stamp authorities (RFC 3161), asked in this order for a token over the log's newest checkpoint. Without any, a
     * simulated one stamps by our own clock, which proves nothing and says so.
     */
    timestamping: z
      .strictObject({
        authorities: z
          .array(
            z
              .strictObject({
                url: z.url({ protocol: /^https?$/ }),
                /** PEM file of the pinned CA certificates that the authority's path ends in. */
                anchors: Path,
              })
              .readonly(),
          )
          .min(1)
          .readonly(),
        /** How long checkpoints go on unstamped before that is too long; four hours when left out. */
        graceMs: z.int().positive().optional(),
        /** What happens then: the status says so and visits go on, or new visits wait at their gateways until it is over. */
        whenOverdue: z.enum(['continue', 'stop']).default('continue'),
      })
      .readonly()
      .optional(),
    networks: z.array(z.strictObject({ id: NetworkId, name: LocalName }).readonly()).readonly(),
    institutions: z.array(DirectoryInstitution).readonly(),
    /** Who may use what of these institutions: with rules nobody else, without any everybody whom a directory names. */
    access: z.array(AccessRule).readonly().optional(),
    peers: z.array(PinnedExchange).readonly(),
    /** Gateways that can be reached from here: their mail is brought to them. Every other one pulls. */
    gateways: z
      .array(z.strictObject({ institution: InstitutionId, origin: Origin }).readonly())
      .readonly()
      .default([]),
    cards: z
      .strictObject({
        ...CertificateTrust.unwrap().shape,
        /** Keys that sign the cards' card-verifiable certificates, by their number: `5000033` in production. */
        authorities: z
          .array(z.strictObject({ number: z.string().regex(/^\d{7}$/), key: RsaPublicJwk }).readonly())
          .min(1)
          .readonly(),
        /** Keys of providers of certified terminals, whose attestations count; none when left out. */
        terminalProviders: z.array(EcPublicJwk).readonly().default([]),
      })
      .readonly(),
    /** How much is kept for others; what is left out has the defaults of `docs/configuration.md`. */
    relay: z
      .strictObject({
        /** Envelopes, and bytes of their bodies, that one mailbox or the queue to one peer may hold. */
        envelopes: z.int().positive(),
        bytes: z.int().positive(),
        /** What all may take on the disk. */
        storedBytes: z.int().positive(),
        /** How soon who was turned away may come again. */
        retrySeconds: z.int().nonnegative(),
      })
      .partial()
      .readonly()
      .default({}),
    /** For how many days each class of data is kept; what is left out has the defaults of `docs/configuration.md`. */
    retention: z
      .strictObject({
        /** Envelopes that ended, with their receipts, since then. */
        envelopes: keptFor(30),
        /** Consents, since their own expiry. */
        consents: keptFor(1),
        /** Challenges, since they were given out: a tap from a place without a network may come two weeks later. */
        challenges: keptFor(28),
        /** That a presence proof was used: longer than a quiet log stays without a new checkpoint. */
        proofs: keptFor(400),
      })
      .readonly()
      .default({}),
    payer: z.strictObject({ origin: Origin, timeoutMs: z.int().positive().default(4000) }).readonly(),
  })
  .superRefine((config, refinement) => {
    for (const { path, message } of findContradictions(config)) {
      refinement.addIssue({ code: 'custom', path: [...path], message });
    }
  })
  .readonly();
export type ExchangeConfig = z.infer<typeof ExchangeConfig>;
