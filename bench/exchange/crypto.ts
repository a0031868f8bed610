import { openSealedEnvelope, sealEnvelope, type Envelope } from '../../api/contract/envelope.ts';
import { digestBase64Url } from '../../api/contract/encoding.ts';
import { createId } from '../../api/contract/ids.ts';
import { signClaims, verifyClaims } from '../../api/contract/jose.ts';
import { findAmong } from '../../api/contract/keys-by-thumbprint.ts';
import { openBody, sealBody } from '../../api/contract/sealed-body.ts';
import { createReceipt } from '../../api/relay/receipts.ts';
import * as z from 'zod';
import type { ExchangeParty, Party } from './parties.ts';

/** A sealed envelope with its body. */
export interface Mail {
  readonly id: string;
  readonly envelope: string;
  readonly body: string;
}

/** About as much as a request with a few visit records: the body fills the bucket of 4 KiB. */
const STATEMENT = { text: 'x'.repeat(2000) };
const Statement = z.object({ text: z.string(), at: z.number() });
const LIFETIME_MS = 86_400_000;

/** Signs a statement, encrypts it to its recipient, seals the envelope: what a sender does for one message. */
export async function sealMessage(from: Party, to: Party): Promise<Mail> {
  const jws = await signClaims(
    'bench+jwt',
    { ...STATEMENT, at: performance.timeOrigin + performance.now() },
    from.signing,
  );
  const { body, sizeBucket } = await sealBody(jws, to.encryption.publicJwk);
  if (typeof body !== 'string') throw new RangeError('a small body is a JWE');
  const now = Date.now();
  const envelope: Envelope = {
    ...{ version: 1, id: createId(), from: from.id, to: to.id, kind: 'release', priority: 'normal' },
    ...{ conversation: createId(), sizeBucket, digest: digestBase64Url(body) },
    created: new Date(now).toISOString(),
    expires: new Date(now + LIFETIME_MS).toISOString(),
  };
  return { id: envelope.id, envelope: await sealEnvelope(envelope, from.signing), body };
}

/** Verifies the envelope, decrypts, verifies the statement: what a recipient does. Resolves with when it was signed. */
export async function openMessage({ envelope, body }: Omit<Mail, 'id'>, from: Party, to: Party): Promise<number> {
  await openSealedEnvelope(envelope, body, () => findAmong([from.signing.publicJwk]));
  const jws = await openBody(body, [to.encryption]);
  const findKey = findAmong([from.signing.publicJwk]);
  return (await verifyClaims(jws, { typ: 'bench+jwt', claims: Statement, findKey })).claims.at;
}

/** Verifies the envelope and signs the receipts of its three states: what an exchange does. */
export async function relayCrypto({ envelope, body }: Mail, from: Party, exchange: ExchangeParty): Promise<void> {
  const opened = await openSealedEnvelope(envelope, body, () => findAmong([from.signing.publicJwk]));
  const parts = { exchange: exchange.id, key: exchange.key, now: () => new Date() };
  for (const state of ['accepted', 'delivered', 'acknowledged'] as const) await createReceipt(parts, opened, state);
}
