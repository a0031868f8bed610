import type { InstitutionId } from '../../contract/ids.ts';
import type { SessionService } from '../../contract/session/statements.ts';
import type { PostOfficeParts } from '../post-office/parts.ts';

/** Who asks in a session, in what session: what an answer may depend on and what is written down about it. */
export interface SessionContext {
  readonly from: InstitutionId;
  readonly service: SessionService;
  readonly sid: string;
  /** Hash of what both sides signed, base64url. */
  readonly transcript: string;
}

/** What the sessions of one gateway need. */
export interface SessionParts extends Pick<
  PostOfficeParts,
  'institution' | 'signingKey' | 'decryptionKeys' | 'client' | 'directory' | 'now'
> {
  /** Answers a question, or throws a `Problem` that the asker is told. */
  readonly answer: (question: unknown, context: SessionContext) => Promise<unknown>;
  /** Longest wait for the other side, and longest life of a session. */
  readonly patienceMs?: number;
  readonly lifetimeMs?: number;
}

const PATIENCE_MS = 20_000;
const LIFETIME_MS = 5 * 60_000;

export const patienceOf = (parts: SessionParts): number => parts.patienceMs ?? PATIENCE_MS;
export const lifetimeOf = (parts: SessionParts): number => parts.lifetimeMs ?? LIFETIME_MS;
