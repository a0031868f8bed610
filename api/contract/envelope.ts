import * as z from 'zod';
import { digestBase64Url } from './encoding.ts';
import { Base64Url32, ExchangeId, InstitutionId, Timestamp, Uuidv7 } from './ids.ts';
import { JoseError, readClaims, signClaims, verifyClaims, type SigningKey } from './jose.ts';
import type { KeyFinder } from './keys-by-thumbprint.ts';
import { Problem } from './problem.ts';

export const ENVELOPE_KINDS = [
  'share-request',
  'release',
  'refusal',
  'delivery-receipt',
  'dispensing',
  'session',
] as const;
export type EnvelopeKind = (typeof ENVELOPE_KINDS)[number];

/** Kinds whose body is a signed statement (`sealed-body.ts`); a session's frames are not (`session/frame.ts`). */
export type StatementKind = Exclude<EnvelopeKind, 'session'>;

/**
 * How soon an envelope is handed on beside others for the same destination. Each is given its share, so that nothing
 * waits for ever; inside a conversation order comes before priority.
 */
export const PRIORITIES = ['urgent', 'normal', 'bulk'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Sizes a body is padded to before encryption, so that its length says little: 4 KiB to 64 MiB, times four. */
export const SIZE_BUCKETS = [4, 16, 64, 256, 1024, 4096, 16_384, 65_536].map((kib) => kib * 1024);

/** All that the relay sees beside the encrypted body. No patient, no purpose, no exact size. */
export const Envelope = z
  .object({
    version: z.literal(1),
    id: Uuidv7,
    from: InstitutionId,
    to: InstitutionId,
    kind: z.enum(ENVELOPE_KINDS),
    priority: z.enum(PRIORITIES).default('normal'),
    /** Groups the messages of one request; order is kept inside it. */
    conversation: Uuidv7,
    created: Timestamp,
    expires: Timestamp,
    /** One of SIZE_BUCKETS: the length of the plaintext after padding. */
    sizeBucket: z.number().int().positive(),
    /** SHA-256 of the body as it travels. */
    digest: Base64Url32,
  })
  .readonly();
export type Envelope = z.infer<typeof Envelope>;

/** An envelope with its sender's signature (JWS `envelope+jwt` whose payload is the envelope). */
export const SealedEnvelope = z.string().max(8192);

export const sealEnvelope = (envelope: Envelope, key: SigningKey): Promise<string> =>
  signClaims('envelope+jwt', envelope, key);

/** @throws {Problem} `envelope_malformed`, `envelope_signature_invalid`, `envelope_digest_mismatch` */
export async function openSealedEnvelope(
  jws: string,
  body: string | Uint8Array | undefined,
  findSenderKey: (envelope: Envelope) => KeyFinder,
): Promise<Envelope> {
  let envelope: Envelope;
  try {
    const findKey = findSenderKey(readClaims(jws, Envelope));
    envelope = (await verifyClaims(jws, { typ: 'envelope+jwt', claims: Envelope, findKey })).claims;
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    const isMalformed =
      cause.code === 'jws_malformed' || cause.code === 'jws_wrong_claims' || cause.code === 'jws_wrong_type';
    throw new Problem(isMalformed ? 'envelope_malformed' : 'envelope_signature_invalid', cause.code, { cause });
  }
  if (body !== undefined && digestBase64Url(body) !== envelope.digest) {
    throw new Problem('envelope_digest_mismatch', 'the body is not the one that was signed');
  }
  return envelope;
}

/**
 * `held`: the next exchange would not take it for a reason that a person can mend; it waits there for one.
 */
export const ENVELOPE_STATES = [
  'accepted',
  'held',
  'forwarded',
  'delivered',
  'acknowledged',
  'expired',
  'refused',
] as const;
export type EnvelopeState = (typeof ENVELOPE_STATES)[number];

/** An exchange's signed word that an envelope reached a state (JWS `envelope-receipt+jwt`). */
export const EnvelopeReceipt = z
  .object({
    version: z.literal(1),
    iss: ExchangeId,
    envelope: Uuidv7,
    digest: Base64Url32,
    state: z.enum(ENVELOPE_STATES),
    at: Timestamp,
    reason: z.string().max(80).optional(),
  })
  .readonly();
export type EnvelopeReceipt = z.infer<typeof EnvelopeReceipt>;

export const signEnvelopeReceipt = (receipt: EnvelopeReceipt, key: SigningKey): Promise<string> =>
  signClaims('envelope-receipt+jwt', receipt, key);

/** @throws {JoseError} */
export async function verifyEnvelopeReceipt(jws: string, findKey: KeyFinder): Promise<EnvelopeReceipt> {
  return (await verifyClaims(jws, { typ: 'envelope-receipt+jwt', claims: EnvelopeReceipt, findKey })).claims;
}
