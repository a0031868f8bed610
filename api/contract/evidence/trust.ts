import * as z from 'zod';
import { EvidenceError } from './errors.ts';
import type { JWK } from '../jose.ts';
import { LogWitnesses } from './log-witnesses.ts';

/** Whom the verifier trusts: pinned beforehand, never taken from the receipt. */
export interface ReceiptTrust {
  /** Verifier key texts of logs. */
  readonly logKeys: readonly string[];
  /** Public keys of exchanges by `kid`. */
  readonly exchangeKeys: Readonly<Record<string, JWK>>;
  /** Verifier key texts of witnesses, and how many of them must have cosigned. */
  readonly witnessKeys?: readonly string[];
  readonly policy?: { readonly threshold: number };
  /**
   * The witnesses of single logs, by the log's origin; before `policy` for those. No log can do with its own operator's.
   */
  readonly logPolicies?: Readonly<Record<string, LogWitnesses>>;
  /**
   * Certificates (base64 DER) in which the path of a time-stamp authority must end. Pinned here, a time-stamp is asked of
   * everything.
   */
  readonly timestampAnchors?: readonly string[];
  /** The same as single logs name them, by the log's origin: a time-stamp is checked where one came along. */
  readonly logTimestampAnchors?: Readonly<Record<string, readonly string[]>>;
}

/** Certificates of time-stamp authorities, base64 DER. */
export const TimestampAnchors = z.array(z.base64().max(16_384)).max(16).readonly();

const PublicKey = z.object({ kty: z.enum(['EC', 'OKP', 'RSA']) }).loose();

/** A file of pinned keys: whom a verifier believes. It must reach them by another way than the receipts do. */
export const TrustFile = z
  .object({
    version: z.literal(1),
    logKeys: z.array(z.string().max(400)).min(1),
    exchangeKeys: z.record(z.string(), PublicKey),
    witnessKeys: z.array(z.string().max(400)).default([]),
    policy: z.object({ threshold: z.number().int().nonnegative() }).default({ threshold: 0 }),
    logPolicies: z.record(z.string(), LogWitnesses).default({}),
    timestampAnchors: TimestampAnchors.default([]),
    logTimestampAnchors: z.record(z.string(), TimestampAnchors).default({}),
  })
  .readonly();

/** Pinned keys from the text of their file. @throws {EvidenceError} `trust_malformed` */
export function parseTrust(text: string): ReceiptTrust {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new EvidenceError('trust_malformed', 'not JSON', { cause });
  }
  const parsed = TrustFile.safeParse(json);
  if (!parsed.success) {
    throw new EvidenceError('trust_malformed', parsed.error.issues[0]?.path.join('.') || 'not a trust file');
  }
  const { version: _version, ...trust } = parsed.data;
  return trust;
}

/** The text of a trust file. */
export function encodeTrust({
  logKeys,
  exchangeKeys,
  witnessKeys = [],
  policy = { threshold: 0 },
  logPolicies = {},
  timestampAnchors = [],
  logTimestampAnchors = {},
}: ReceiptTrust): string {
  const keys = { logKeys, exchangeKeys, witnessKeys, policy, logPolicies };
  return `${JSON.stringify({ version: 1, ...keys, timestampAnchors, logTimestampAnchors }, undefined, 2)}\n`;
}
