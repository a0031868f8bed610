import type { Envelope } from '../../contract/envelope.ts';
import type { InstitutionId } from '../../contract/ids.ts';
import { JoseError, readHeader } from '../../contract/jose.ts';
import { Problem } from '../../contract/problem.ts';
import { openBody } from '../../contract/sealed-body.ts';
import { signConfirm, type SessionService } from '../../contract/session/statements.ts';
import { createConversation } from './conversation.ts';
import { createHandshake } from './handshake.ts';
import { createLiveSessions } from './live-sessions.ts';
import { lifetimeOf, type SessionParts } from './parts.ts';
import { createSeenSessions } from './seen-sessions.ts';
import { createTurns } from './turns.ts';

/** A session that we opened. */
export interface OpenSession {
  readonly transcript: string;
  /** @throws {Problem} the other side's refusal, `query_unanswered`, `session_ended` */
  ask(question: unknown): Promise<unknown>;
  /** Says so to the other side and forgets the keys. */
  close(): Promise<void>;
}

export interface Sessions {
  open(to: InstitutionId, service: SessionService): Promise<OpenSession>;
  /** Takes a session's envelope that was verified and is for us. @throws {Problem} */
  readonly handle: (envelope: Envelope, body: string) => Promise<void>;
  /** How many are open, for the operator. */
  count(): number;
}

/** The sessions of one gateway. Everything is in memory: a restart ends them, which is what their secrecy rests on. */
export function createSessions(parts: SessionParts): Sessions {
  const { institution, signingKey, decryptionKeys, now } = parts;
  const live = createLiveSessions(lifetimeOf(parts));
  const seen = createSeenSessions(() => Math.floor(now().getTime() / 1000));
  const handshake = createHandshake(parts, live, seen);
  const conversation = createConversation(parts, live);
  const inTurn = createTurns();

  const takeHandshake = (envelope: Envelope, jws: string) =>
    readHead(jws).typ === 'session-init+jwt' ? handshake.takeInit(envelope, jws) : handshake.takeAccept(envelope, jws);

  return {
    count: () => live.count(),
    async open(to, service) {
      const session = await handshake.call(to, service);
      const { sid, transcript } = session;
      const claims = { version: 1, sid, from: institution, to, transcript } as const;
      let confirm: string | undefined = await signConfirm(claims, signingKey);
      return {
        transcript,
        ask(question) {
          const first = confirm;
          confirm = undefined;
          return conversation.ask(session, question, first);
        },
        close: () => conversation.close(session),
      };
    },
    handle: (envelope, body) =>
      inTurn(envelope.conversation, async () => {
        const sid = envelope.conversation;
        // The same envelope again: its acknowledgement was lost.
        if (seen.hasEnvelope(sid, envelope.id)) return;
        if (isFrame(body)) await conversation.takeFrame(envelope, body);
        else await takeHandshake(envelope, await openBody(body, decryptionKeys));
        seen.addEnvelope(sid, envelope.id);
      }),
  };
}

const isFrame = (body: string): boolean => readHead(body).alg === ('dir' as string);

/** @throws {Problem} `session_malformed` */
function readHead(jose: string) {
  try {
    return readHeader(jose);
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('session_malformed', cause.code, { cause });
  }
}
