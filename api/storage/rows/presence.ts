import { PURPOSES, type Purpose } from '../../contract/presence-proof.ts';
import type { IssuedChallenge } from '../presence.ts';

export interface ChallengeRow {
  readonly challenge: string;
  readonly institution: string;
  readonly terminal: string;
  readonly purpose: string;
  readonly issued_at: number;
  readonly expires: number;
}

export function toChallenge(row: ChallengeRow): IssuedChallenge {
  const { challenge, institution, terminal, issued_at, expires } = row;
  const issuedAt = new Date(issued_at);
  return { challenge, institution, terminal, purpose: readPurpose(row.purpose), issuedAt, expires: new Date(expires) };
}

export function readPurpose(text: string): Purpose {
  const purpose = PURPOSES.find((known) => known === text);
  if (!purpose) throw new RangeError('a purpose that this release does not know');
  return purpose;
}
