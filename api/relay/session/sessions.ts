import { encodeBase64Url } from '../../contract/encoding.ts';
import type { Envelope } from '../../contract/envelope.ts';
import { createId, type InstitutionId } from '../../contract/ids.ts';
import { JoseError, readHeader } from '../../contract/jose.ts';
import { Problem, type ProblemCode } from '../../contract/problem.ts';
import { openBody } from '../../contract/sealed-body.ts';
import { openFrame, readFramePlace, sealFrame, type FrameContent } from '../../contract/session/frame.ts';
import {
  createEphemeralKey,
  deriveSecrets,
  type Direction,
  type EphemeralKey,
} from '../../contract/session/key-schedule.ts';
import {
  initHash,
  signAccept,
  signConfirm,
  signInit,
  transcriptHash,
  verifyAccept,
  verifyConfirm,
  verifyInit,
  type SessionInit,
  type SessionService,
} from '../../contract/session/statements.ts';
import { REQUEST_SKEW_SECONDS } from '../../contract/signed-request.ts';
import { pause } from '../../http/back-off.ts';
import type { PostOfficeParts } from '../post-office/parts.ts';
import { createChain, type Chain } from './chain.ts';
import { sealHandshake, sendFrame } from './line.ts';

/** Who asks in a session, in what session: what an answer may depend on and what is written down about it. */
export interface SessionContext {
  readonly from: InstitutionId;
  readonly service: SessionService;
  readonly sid: string;
  /** Hash of what both sides signed, base64url. */
  readonly transcript: string;
}

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

const PATIENCE_MS = 20_000;
const LIFETIME_MS = 5 * 60_000;
const NONCE_BYTES = 32;

interface Live {
  readonly sid: string;
  readonly role: Direction;
  readonly peer: InstitutionId;
  readonly service: SessionService;
  readonly transcript: string;
  readonly out: Chain;
  readonly in: Chain;
  /** The initiator's word for the whole transcript was given. */
  isConfirmed: boolean;
  readonly ended: AbortController;
}

interface Waiting {
  resolve(content: FrameContent): void;
  reject(problem: Problem): void;
}

/** The sessions of one gateway. Everything is in memory: a restart ends them, which is what their secrecy rests on. */
export function createSessions(parts: SessionParts): Sessions {
  const { institution, signingKey, decryptionKeys, directory, now } = parts;
  const { lifetimeMs = LIFETIME_MS } = parts;
  const patienceMs = () => parts.patienceMs ?? PATIENCE_MS;
  const live = new Map<string, Live>();
  const calls = new Map<string, (accept: string) => Promise<void>>();
  const waiting = new Map<string, Waiting>();
  /** Session ids as long as an INIT of theirs would be accepted, with the envelopes that had their effect. */
  const seen = new Map<string, { readonly until: number; readonly envelopes: Set<string> }>();
  const turns = new Map<string, Promise<void>>();

  const nonce = () => encodeBase64Url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
  const seconds = () => Math.floor(now().getTime() / 1000);
  const keysOf = (party: InstitutionId) => directory().institutionKeys(party);

  function remember(sid: string): Set<string> {
    for (const [old, { until }] of seen) if (until < seconds()) seen.delete(old);
    const known = seen.get(sid) ?? { until: seconds() + 2 * REQUEST_SKEW_SECONDS, envelopes: new Set<string>() };
    seen.set(sid, known);
    return known.envelopes;
  }

  function begin(session: Omit<Live, 'ended' | 'isConfirmed'>): Live {
    const made: Live = { ...session, isConfirmed: session.role === 'initiator', ended: new AbortController() };
    live.set(made.sid, made);
    void pause(lifetimeMs, made.ended.signal).then(() => end(made.sid, 'session_ended'));
    return made;
  }

  function end(sid: string, code: ProblemCode): void {
    const session = live.get(sid);
    live.delete(sid);
    session?.out.wipe();
    session?.in.wipe();
    session?.ended.abort();
    waiting.get(sid)?.reject(new Problem(code, 'the session is over'));
    waiting.delete(sid);
  }

  async function establish(
    own: EphemeralKey,
    statements: { readonly init: string; readonly accept: string },
    about: {
      readonly epk: SessionInit['epk'];
      readonly role: Direction;
      readonly init: SessionInit;
    },
  ): Promise<Live> {
    const { role, init, epk } = about;
    const hash = transcriptHash(statements.init, statements.accept);
    const secrets = await deriveSecrets(own, epk, hash).catch((cause: unknown) => {
      throw new Problem('session_malformed', 'not a key', { cause });
    });
    const other = role === 'initiator' ? 'responder' : 'initiator';
    return begin({
      ...{ sid: init.sid, role, service: init.service, transcript: encodeBase64Url(hash) },
      peer: role === 'initiator' ? init.to : init.from,
      out: createChain(secrets[role], now),
      in: createChain(secrets[other], now),
    });
  }

  async function say(session: Live, content: FrameContent): Promise<void> {
    const { sid, role, out, peer } = session;
    const gen = out.generation + (out.isWorn() ? 1 : 0);
    const key = await out.keyFor(gen);
    if (!key) throw new Problem('session_ended', 'the keys are gone');
    const frame = await sealFrame(content, { sid, dir: role, gen, seq: out.sequence }, key);
    key.fill(0);
    await out.step(gen, frame.body.length);
    await sendFrame(parts, peer, sid, frame);
  }

  async function takeInit(envelope: Envelope, jws: string): Promise<void> {
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
    remember(init.sid);
    try {
      await sendFrame(parts, init.from, init.sid, await sealHandshake(parts, init.from, accept));
    } catch (error) {
      // The initiator's envelope comes again, and is then as good as new.
      seen.delete(init.sid);
      end(session.sid, 'session_ended');
      throw error;
    }
  }

  async function takeFrame(envelope: Envelope, body: string): Promise<void> {
    const place = readFramePlace(body);
    const session = live.get(envelope.conversation);
    if (!session) throw new Problem('session_unknown', 'no such session');
    const isTheirs = session.peer === envelope.from && place?.sid === session.sid && place.dir !== session.role;
    if (!place || !isTheirs) throw new Problem('session_untrusted', 'a frame of another session or side');
    if (place.seq < session.in.sequence) throw new Problem('session_replayed', 'the frame came before');
    try {
      if (place.seq > session.in.sequence) throw new Problem('session_malformed', 'a frame is missing');
      const key = await session.in.keyFor(place.gen);
      if (!key) throw new Problem('session_malformed', 'a key that is not in use');
      const content = await openFrame(body, key);
      key.fill(0);
      await session.in.step(place.gen, body.length);
      await takeContent(session, content);
    } catch (error) {
      end(session.sid, 'session_malformed');
      throw error;
    }
  }

  async function takeContent(session: Live, content: FrameContent): Promise<void> {
    const { sid, role, peer, service, transcript } = session;
    if (content.kind === 'close') {
      // Whoever cuts the last frames off cannot say how many there were.
      if (content.frames !== session.in.sequence - 1) throw new Problem('session_malformed', 'frames are missing');
      return end(sid, 'session_ended');
    }
    if (role === 'initiator') {
      const waiter = waiting.get(sid);
      if (!waiter || content.kind === 'ask') throw new Problem('session_malformed', 'an answer to nothing');
      waiting.delete(sid);
      return waiter.resolve(content);
    }
    if (content.kind !== 'ask') throw new Problem('session_malformed', 'not a question');
    if (!session.isConfirmed) await takeConfirm(session, content.confirm);
    // Answered beside: the mailbox goes on.
    void answerQuestion(session, content.body, { from: peer, service, sid, transcript });
  }

  async function takeConfirm(session: Live, jws: string | undefined): Promise<void> {
    const { sid, peer, transcript } = session;
    const confirm = await verifyConfirm(jws ?? '', keysOf(peer));
    const isOurs =
      confirm.sid === sid && confirm.from === peer && confirm.to === institution && confirm.transcript === transcript;
    if (!isOurs) throw new Problem('session_untrusted', 'the confirmation is of another handshake');
    session.isConfirmed = true;
  }

  async function answerQuestion(session: Live, question: unknown, context: SessionContext): Promise<void> {
    let content: FrameContent;
    try {
      content = { kind: 'answer', body: await parts.answer(question, context) };
    } catch (error) {
      content = { kind: 'refusal', code: error instanceof Problem ? error.code : 'internal' };
    }
    // The asker has its own patience: an answer that cannot be sent now is asked for again.
    await say(session, content).catch(() => end(session.sid, 'session_ended'));
  }

  async function call(to: InstitutionId, service: SessionService): Promise<Live> {
    const sid = createId();
    const own = await createEphemeralKey();
    const init: SessionInit = {
      ...{ version: 1, sid, from: institution, to, service, epk: own.publicJwk, nonce: nonce() },
      ...{ iat: seconds(), exp: seconds() + Math.ceil(lifetimeMs / 1000) },
    };
    const jws = await signInit(init, signingKey);
    const ended = new AbortController();
    const accepted = new Promise<Live>((resolve, reject) => {
      calls.set(sid, async (acceptJws) => {
        const accept = await verifyAccept(acceptJws, keysOf(to));
        const isAnswer =
          accept.sid === sid && accept.from === to && accept.to === institution && accept.init === initHash(jws);
        if (!isAnswer) throw new Problem('session_untrusted', 'not an answer to our call');
        calls.delete(sid);
        const about = { role: 'initiator', init, epk: accept.epk } as const;
        resolve(await establish(own, { init: jws, accept: acceptJws }, about));
      });
      void pause(patienceMs(), ended.signal).then(() => {
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
  }

  async function ask(session: Live, question: unknown, confirm: string | undefined): Promise<unknown> {
    const { sid } = session;
    if (!live.has(sid)) throw new Problem('session_ended', 'the session is over');
    if (waiting.has(sid)) throw new TypeError('one question at a time');
    const given = new AbortController();
    const content = new Promise<FrameContent>((resolve, reject) => {
      waiting.set(sid, { resolve, reject });
      void pause(patienceMs(), given.signal).then(() => reject(new Problem('query_unanswered', 'no answer in time')));
    });
    content.catch(() => {});
    try {
      await say(session, { kind: 'ask', body: question, ...(confirm === undefined ? {} : { confirm }) });
      const answer = await content;
      if (answer.kind === 'refusal') throw new Problem(answer.code, 'refused in the session');
      return answer.kind === 'answer' ? answer.body : undefined;
    } finally {
      waiting.delete(sid);
      given.abort();
    }
  }

  return {
    count: () => live.size,
    async open(to, service) {
      const session = await call(to, service);
      const { sid, transcript } = session;
      const claims = { version: 1, sid, from: institution, to, transcript } as const;
      let confirm: string | undefined = await signConfirm(claims, signingKey);
      return {
        transcript,
        ask(question) {
          const first = confirm;
          confirm = undefined;
          return ask(session, question, first);
        },
        async close() {
          if (!live.has(sid)) return;
          try {
            await say(session, { kind: 'close', frames: session.out.sequence });
          } finally {
            end(sid, 'session_ended');
          }
        },
      };
    },
    async handle(envelope, body) {
      const sid = envelope.conversation;
      const before = turns.get(sid) ?? Promise.resolve();
      const turn = before.then(async () => {
        // The same envelope again: its acknowledgement was lost.
        if (seen.get(sid)?.envelopes.has(envelope.id)) return;
        if (isFrame(body)) await takeFrame(envelope, body);
        else await takeHandshake(envelope, await openBody(body, decryptionKeys));
        remember(sid).add(envelope.id);
      });
      const settled = turn.catch(() => {});
      turns.set(sid, settled);
      void settled.then(() => turns.get(sid) === settled && turns.delete(sid));
      return turn;
    },
  };

  async function takeHandshake(envelope: Envelope, jws: string): Promise<void> {
    if (readHead(jws).typ === 'session-init+jwt') return takeInit(envelope, jws);
    const take = calls.get(envelope.conversation);
    if (!take) throw new Problem('session_unknown', 'nobody waits for this');
    await take(jws);
  }
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
