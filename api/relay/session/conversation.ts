import type { Envelope } from '../../contract/envelope.ts';
import { Problem } from '../../contract/problem.ts';
import { openFrame, readFramePlace, sealFrame, type FrameContent } from '../../contract/session/frame.ts';
import { verifyConfirm } from '../../contract/session/statements.ts';
import { pause } from '../../http/back-off.ts';
import { sendFrame } from './line.ts';
import type { LiveSession, LiveSessions } from './live-sessions.ts';
import { patienceOf, type SessionContext, type SessionParts } from './parts.ts';

/** The frames of sessions whose keys are there: questions, answers, the end. */
export interface Conversation {
  /**
   * @param confirm the initiator's word for the transcript, with the first question
   * @throws {Problem} the other side's refusal, `query_unanswered`, `session_ended`
   */
  ask(session: LiveSession, question: unknown, confirm: string | undefined): Promise<unknown>;
  /** Says so to the other side and forgets the keys. */
  close(session: LiveSession): Promise<void>;
  /** Takes a frame in its place; anything wrong in it ends its session. @throws {Problem} */
  takeFrame(envelope: Envelope, body: string): Promise<void>;
}

export function createConversation(parts: SessionParts, live: LiveSessions): Conversation {
  const { institution, directory } = parts;

  async function say(session: LiveSession, content: FrameContent): Promise<void> {
    const { sid, role, out, peer } = session;
    const gen = out.generation + (out.isWorn() ? 1 : 0);
    const key = await out.keyFor(gen);
    if (!key) throw new Problem('session_ended', 'the keys are gone');
    const frame = await sealFrame(content, { sid, dir: role, gen, seq: out.sequence }, key);
    key.fill(0);
    await out.step(gen, frame.body.length);
    await sendFrame(parts, peer, sid, frame);
  }

  async function takeContent(session: LiveSession, content: FrameContent): Promise<void> {
    const { sid, role, peer, service, transcript, waiting } = session;
    if (content.kind === 'close') {
      // Whoever cuts the last frames off cannot say how many there were.
      if (content.frames !== session.in.sequence - 1) throw new Problem('session_malformed', 'frames are missing');
      return live.end(sid, 'session_ended');
    }
    if (role === 'initiator') {
      if (!waiting || content.kind === 'ask') throw new Problem('session_malformed', 'an answer to nothing');
      session.waiting = undefined;
      return waiting.resolve(content);
    }
    if (content.kind !== 'ask') throw new Problem('session_malformed', 'not a question');
    if (!session.isConfirmed) await takeConfirm(session, content.confirm);
    // Answered beside: the mailbox goes on.
    void answerQuestion(session, content.body, { from: peer, service, sid, transcript });
  }

  async function takeConfirm(session: LiveSession, jws: string | undefined): Promise<void> {
    const { sid, peer, transcript } = session;
    const confirm = await verifyConfirm(jws ?? '', directory().institutionKeys(peer));
    const isOurs =
      confirm.sid === sid && confirm.from === peer && confirm.to === institution && confirm.transcript === transcript;
    if (!isOurs) throw new Problem('session_untrusted', 'the confirmation is of another handshake');
    session.isConfirmed = true;
  }

  async function answerQuestion(session: LiveSession, question: unknown, context: SessionContext): Promise<void> {
    let content: FrameContent;
    try {
      content = { kind: 'answer', body: await parts.answer(question, context) };
    } catch (error) {
      content = { kind: 'refusal', code: error instanceof Problem ? error.code : 'internal' };
    }
    // The asker has its own patience: an answer that cannot be sent now is asked for again.
    await say(session, content).catch(() => live.end(session.sid, 'session_ended'));
  }

  return {
    async ask(session, question, confirm) {
      if (!live.find(session.sid)) throw new Problem('session_ended', 'the session is over');
      if (session.waiting) throw new TypeError('one question at a time');
      const given = new AbortController();
      const content = new Promise<FrameContent>((resolve, reject) => {
        session.waiting = { resolve, reject };
        void pause(patienceOf(parts), given.signal).then(() =>
          reject(new Problem('query_unanswered', 'no answer in time')),
        );
      });
      content.catch(() => {});
      try {
        await say(session, { kind: 'ask', body: question, ...(confirm === undefined ? {} : { confirm }) });
        const answer = await content;
        if (answer.kind === 'refusal') throw new Problem(answer.code, 'refused in the session');
        return answer.kind === 'answer' ? answer.body : undefined;
      } finally {
        session.waiting = undefined;
        given.abort();
      }
    },

    async close(session) {
      if (!live.find(session.sid)) return;
      try {
        await say(session, { kind: 'close', frames: session.out.sequence });
      } finally {
        live.end(session.sid, 'session_ended');
      }
    },

    async takeFrame(envelope, body) {
      const place = readFramePlace(body);
      const session = live.find(envelope.conversation);
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
        live.end(session.sid, 'session_malformed');
        throw error;
      }
    },
  };
}
