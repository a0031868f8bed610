import type { EcPublicJwk } from '../contract/directory.ts';

/** A tablet that this institution enrolled; `id` is the thumbprint of its key. */
export interface Terminal {
  readonly id: string;
  readonly key: EcPublicJwk;
  readonly name: string;
  readonly enrolledAt: Date;
}

export interface NewSession {
  /** Hash of the cookie's token. */
  readonly tokenHash: string;
  readonly terminal: string;
  /** Id of the assertion that opened it. */
  readonly assertion: string;
  readonly openedAt: Date;
  readonly expires: Date;
}

/** A gateway's terminals and their sessions. Writes resolve when they are durable. */
export interface TerminalStore {
  /** Enrols a terminal; a key that is enrolled already keeps its date and takes the new name. */
  enrol(terminal: Terminal): Promise<Terminal>;
  find(id: string): Promise<Terminal | undefined>;
  /** False when the assertion opened a session before. Sessions that have ended are forgotten meanwhile. */
  openSession(session: NewSession): Promise<boolean>;
  findSession(tokenHash: string, now: Date): Promise<Terminal | undefined>;
}
