import { digestBase64Url } from '../../contract/encoding.ts';
import { sealEnvelope, type Envelope, type Priority, type StatementKind } from '../../contract/envelope.ts';
import { createId, type InstitutionId } from '../../contract/ids.ts';
import { Problem } from '../../contract/problem.ts';
import { sealBody } from '../../contract/sealed-body.ts';
import type { OutgoingEnvelope } from '../../storage/post-office.ts';
import type { PostOfficeParts } from './parts.ts';

/** A signed statement on its way to an institution. */
export interface Message {
  readonly to: InstitutionId;
  readonly kind: StatementKind;
  readonly conversation: string;
  /** The statement, compact JWS. */
  readonly jws: string;
  readonly expires: Date;
  /** `normal` when left out, `bulk` for a large one. */
  readonly priority?: Priority;
}

/**
 * Encrypts a statement to its recipient and signs the envelope; storing it is the caller's, beside what it is about. Whoever
 * asks hears here already what no rule lets pass; an answer goes out by the right of its question.
 *
 * @throws {Problem} `recipient_unknown`, `access_denied`, `directory_stale`, `envelope_too_large`
 */
export async function prepareEnvelope(parts: PostOfficeParts, message: Message): Promise<OutgoingEnvelope> {
  const { to, kind, conversation, jws, expires } = message;
  const from = parts.institution;
  if (kind === 'share-request') parts.directory().requireEnvelopeAccess({ kind, from, to });
  const [encryptionKey] = parts.directory().findInstitution(to).encryptionKeys;
  if (!encryptionKey) throw new Problem('recipient_unknown', 'the recipient has no encryption key');
  const { body, sizeBucket } = await sealBody(jws, encryptionKey);
  const priority = message.priority ?? (typeof body === 'string' ? 'normal' : 'bulk');
  const created = parts.now();
  const digest = digestBase64Url(body);
  const envelope: Envelope = {
    ...{ version: 1, id: createId(), from, to, kind, priority, conversation, sizeBucket, digest },
    created: created.toISOString(),
    expires: expires.toISOString(),
  };
  const seal = await sealEnvelope(envelope, parts.signingKey);
  return { id: envelope.id, to, kind, priority, conversation, created, expires, digest, seal, body, statement: jws };
}
