import type { InstitutionId } from '../contract/ids.ts';
import type { Purpose } from '../contract/presence-proof.ts';

/** A challenge that this exchange gave out, and for whom. */
export interface IssuedChallenge {
  readonly challenge: string;
  readonly institution: InstitutionId;
  readonly terminal: string;
  readonly purpose: Purpose;
  readonly issuedAt: Date;
  readonly expires: Date;
}

/** That a presence proof was accepted: what makes it and its challenge count once. */
export interface PresenceUse {
  /** The proof's `jti`, which the card signed. */
  readonly id: string;
  readonly challenge: string | null;
  readonly usedAt: Date;
}

/** What an exchange remembers so that a presence proof counts once. Writes resolve when they are durable. */
export interface PresenceStore {
  saveChallenge(challenge: IssuedChallenge): Promise<void>;
  /** Challenges that were used are found too. */
  findChallenge(challenge: string): Promise<IssuedChallenge | undefined>;
  isUsed(id: string): Promise<boolean>;
  /**
   * Uses a proof up, for purposes that store nothing else. Whoever stores something beside it uses it up in the same
   * transaction.
   *
   * @throws {Problem} `presence_replayed`
   */
  use(use: PresenceUse): Promise<void>;
}
