import type { InstitutionId } from '../../contract/ids.ts';
import { Problem, type ProblemCode } from '../../contract/problem.ts';
import type { FrameContent } from '../../contract/session/frame.ts';
import type { Direction } from '../../contract/session/key-schedule.ts';
import type { SessionService } from '../../contract/session/statements.ts';
import { pause } from '../../http/back-off.ts';
import type { Chain } from './chain.ts';

/** Whoever asked and has no answer yet. */
interface Waiting {
  resolve(content: FrameContent): void;
  reject(problem: Problem): void;
}

/** A session whose keys are there. */
export interface LiveSession {
  readonly sid: string;
  readonly role: Direction;
  readonly peer: InstitutionId;
  readonly service: SessionService;
  readonly transcript: string;
  readonly out: Chain;
  readonly in: Chain;
  /** The initiator's word for the whole transcript was given. */
  isConfirmed: boolean;
  waiting: Waiting | undefined;
}

/** The sessions whose keys are in memory. */
export interface LiveSessions {
  find(sid: string): LiveSession | undefined;
  /** From here on it lives, at the longest for the lifetime of sessions. */
  begin(session: Omit<LiveSession, 'isConfirmed' | 'waiting'>): LiveSession;
  /** Overwrites its keys; whoever waits for an answer in it is told the code. */
  end(sid: string, code: ProblemCode): void;
  count(): number;
}

export function createLiveSessions(lifetimeMs: number): LiveSessions {
  const live = new Map<string, { readonly session: LiveSession; readonly ended: AbortController }>();

  function end(sid: string, code: ProblemCode): void {
    const { session, ended } = live.get(sid) ?? {};
    live.delete(sid);
    session?.out.wipe();
    session?.in.wipe();
    ended?.abort();
    session?.waiting?.reject(new Problem(code, 'the session is over'));
  }

  return {
    find: (sid) => live.get(sid)?.session,
    begin(facts) {
      const session: LiveSession = { ...facts, isConfirmed: facts.role === 'initiator', waiting: undefined };
      const ended = new AbortController();
      live.set(session.sid, { session, ended });
      void pause(lifetimeMs, ended.signal).then(() => end(session.sid, 'session_ended'));
      return session;
    },
    end,
    count: () => live.size,
  };
}
