import type { EcPublicJwk } from '../contract/ec-public-jwk.ts';

/** A tablet that this institution enrolled; `id` is the thumbprint of its key. */
export interface Terminal {
  readonly id: string;
  readonly key: EcPublicJwk;
  readonly name: string;
  readonly enrolledAt: Date;
  /** It may take visits with nobody signed in. */
  readonly receives: boolean;
  /** From then on it is a stranger. */
  readonly revokedAt: Date | null;
}

/** Lets one terminal in, once. */
export interface EnrolmentCode {
  readonly hash: string;
  /** What the terminal will be allowed. */
  readonly receives: boolean;
  readonly expires: Date;
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
  /** Enrols a terminal; a key that is enrolled already keeps its date and takes the rest, a revoked one stays revoked. */
  enrol(terminal: Terminal): Promise<Terminal>;
  saveCode(code: EnrolmentCode): Promise<void>;
  /** Enrols with a code and uses it up in one step; `undefined` when it is unknown, used or expired. */
  enrolWithCode(terminal: Omit<Terminal, 'receives'>, hash: string): Promise<Terminal | undefined>;
  find(id: string): Promise<Terminal | undefined>;
  /** Newest first, the revoked too. */
  list(): Promise<readonly Terminal[]>;
  /** Ends its sessions, for good. */
  revoke(id: string, at: Date): Promise<Terminal | undefined>;
  /** False when the assertion opened a session before. Sessions that have ended are forgotten meanwhile. */
  openSession(session: NewSession): Promise<boolean>;
  findSession(tokenHash: string, now: Date): Promise<Terminal | undefined>;
}
