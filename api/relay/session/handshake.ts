import { encodeBase64Url } from '../../contract/encoding.ts';
import type { Envelope } from '../../contract/envelope.ts';
import { createId, type InstitutionId } from '../../contract/ids.ts';
import { Problem } from '../../contract/problem.ts';
import { createEphemeralKey, deriveSecrets, type EphemeralKey } from '../../contract/session/key-schedule.ts';
import {
  initHash,
  signAccept,
  signInit,
  transcriptHash,
  verifyAccept,
  verifyInit,
  type SessionInit,
  type SessionService,
} from '../../contract/session/statements.ts';
import { REQUEST_SKEW_SECONDS } from '../../contract/signed-request.ts';
import { pause } from '../../http/back-off.ts';
import { createChain } from './chain.ts';
import { sealHandshake, sendFrame } from './line.ts';
import type { LiveSession, LiveSessions } from './live-sessions.ts';
import { lifetimeOf, patienceOf, type SessionParts } from './parts.ts';
import type { SeenSessions } from './seen-sessions.ts';

const NONCE_BYTES = 32;

/** INIT and ACCEPT, from either side: what a session's keys come from. */
export interface Handshake {
  /** Sends INIT and waits for ACCEPT. @throws {Problem} `query_unanswered`, what sending throws */
  call(to: InstitutionId, service: SessionService): Promise<LiveSession>;
  /** @throws {Problem} */
  takeInit(envelope: Envelope, jws: string): Promise<void>;
  /** @throws {Problem} `session_unknown`, `session_untrusted`, `session_malformed` */
  takeAccept(envelope: Envelope, jws: string): Promise<void>;
}

export function createHandshake(parts: SessionParts, live: LiveSessions, seen: SeenSessions): Handshake {
  const { institution, signingKey, directory, now } = parts;
  const calls = new Map<string, (accept: string) => Promise<void>>();

  const nonce = () => encodeBase64Url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
  const seconds = () => Math.floor(now().getTime() / 1000);
  const keysOf = (party: InstitutionId) => directory().institutionKeys(party);

  async function establish(
    own: EphemeralKey,
    statements: { readonly init: string; readonly accept: string },
    { role, init, epk }: Pick<LiveSession, 'role'> & { readonly init: SessionInit; readonly epk: SessionInit['epk'] },
  ): Promise<LiveSession> {
    const hash = transcriptHash(statements.init, statements.accept);
    const secrets = await deriveSecrets(own, epk, hash).catch((cause: unknown) => {
      throw new Problem('session_malformed', 'not a key', { cause });
    });
    const other = role === 'initiator' ? 'responder' : 'initiator';
    return live.begin({
      ...{ sid: init.sid, role, service: init.service, transcript: encodeBase64Url(hash) },
      peer: role === 'initiator' ? init.to : init.from,
      out: createChain(secrets[role], now),
      in: createChain(secrets[other], now),
    });
  }

  return {
    async call(to, service) {
      const sid = createId();
      const own = await createEphemeralKey();
      const init: SessionInit = {
        ...{ version: 1, sid, from: institution, to, service, epk: own.publicJwk, nonce: nonce() },
        ...{ iat: seconds(), exp: seconds() + Math.ceil(lifetimeOf(parts) / 1000) },
      };
      const jws = await signInit(init, signingKey);
      const ended = new AbortController();
      const accepted = new Promise<LiveSession>((resolve, reject) => {
        calls.set(sid, async (acceptJws) => {
          const accept = await verifyAccept(acceptJws, keysOf(to));
          const isAnswer =
            accept.sid === sid && accept.from === to && accept.to === institution && accept.init === initHash(jws);
          if (!isAnswer) throw new Problem('session_untrusted', 'not an answer to our call');
          calls.delete(sid);
          const about = { role: 'initiator', init, epk: accept.epk } as const;
          resolve(await establish(own, { init: jws, accept: acceptJws }, about));
        });
        void pause(patienceOf(parts), ended.signal).then(() => {
          reject(new Problem('query_unanswered', `${to} did not answer`));
        });
      });
      // Whoever awaits it hears of it; sending may fail first.
      accepted.catch(() => {});
      try {
        await sendFrame(parts, to, sid, await sealHandshake(parts, to, jws));
        return await accepted;
      } finally {
        calls.delete(sid);
        ended.abort();
      }
    },

    async takeInit(envelope, jws) {
      const init = await verifyInit(jws, keysOf(envelope.from));
      const isOurs = init.from === envelope.from && init.to === institution && init.sid === envelope.conversation;
      if (!isOurs) throw new Problem('session_untrusted', 'the session is between others');
      const isTimely = Math.abs(seconds() - init.iat) <= REQUEST_SKEW_SECONDS && init.exp > seconds();
      if (!isTimely) throw new Problem('session_ended', 'opened too long ago');
      if (seen.has(init.sid)) throw new Problem('session_replayed', 'the session was opened before');
      const own = await createEphemeralKey();
      const accept = await signAccept(
        {
          ...{ version: 1, sid: init.sid, from: institution, to: init.from, epk: own.publicJwk, nonce: nonce() },
          ...{ init: initHash(jws), iat: seconds() },
        },
        signingKey,
      );
      const session = await establish(own, { init: jws, accept }, { role: 'responder', init, epk: init.epk });
      seen.add(init.sid);
      try {
        await sendFrame(parts, init.from, init.sid, await sealHandshake(parts, init.from, accept));
      } catch (error) {
        // The initiator's envelope comes again, and is then as good as new.
        seen.forget(init.sid);
        live.end(session.sid, 'session_ended');
        throw error;
      }
    },

    async takeAccept(envelope, jws) {
      const take = calls.get(envelope.conversation);
      if (!take) throw new Problem('session_unknown', 'nobody waits for this');
      await take(jws);
    },
  };
}
