import { digestBase64Url, encodeUtf8 } from '../../contract/encoding.ts';
import { sealEnvelope, type Envelope } from '../../contract/envelope.ts';
import { ENVELOPE_HEADER } from '../../contract/exchange-api.ts';
import { createId, type InstitutionId } from '../../contract/ids.ts';
import { Problem } from '../../contract/problem.ts';
import { EnvelopeAnswer } from '../../contract/relay-api.ts';
import { sealBody } from '../../contract/sealed-body.ts';
import type { PostOfficeParts } from '../post-office/parts.ts';

/** A frame that is not there by then is not waited for. */
const LIFETIME_MS = 60_000;

export type LineParts = Pick<PostOfficeParts, 'institution' | 'signingKey' | 'client' | 'directory' | 'now'>;

/** Encrypts a handshake statement to the other institution's directory key, so that no relay reads who opens what. */
export async function sealHandshake({ directory }: LineParts, to: InstitutionId, jws: string) {
  const [key] = directory().findInstitution(to).encryptionKeys;
  if (!key) throw new Problem('recipient_unknown', 'the recipient has no encryption key');
  const { body, sizeBucket } = await sealBody(jws, key);
  if (typeof body !== 'string') throw new Problem('envelope_too_large', 'no handshake is that large');
  return { body, sizeBucket };
}

/** Sends one body of a session as an urgent envelope, past the outbox: it is worth nothing after the session. */
export async function sendFrame(
  parts: LineParts,
  to: InstitutionId,
  sid: string,
  { body, sizeBucket }: { readonly body: string; readonly sizeBucket: number },
): Promise<void> {
  const { institution, signingKey, client, now } = parts;
  const created = now();
  const envelope: Envelope = {
    ...{ version: 1, id: createId(), from: institution, to, kind: 'session', priority: 'urgent', conversation: sid },
    ...{ sizeBucket, digest: digestBase64Url(body), created: created.toISOString() },
    expires: new Date(created.getTime() + LIFETIME_MS).toISOString(),
  };
  const headers = { [ENVELOPE_HEADER]: await sealEnvelope(envelope, signingKey) };
  await client.post('/api/envelopes', encodeUtf8(body), EnvelopeAnswer, { headers });
}
