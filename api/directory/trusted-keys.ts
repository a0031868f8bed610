import type { Directory } from '../contract/directory.ts';
import type { ExchangeId } from '../contract/ids.ts';
import { thumbprint, type JWK } from '../contract/jose.ts';
import { followSuccessions } from '../contract/key-succession.ts';

/** An exchange with the keys that its directories must be signed by. */
export interface PinnedExchange {
  readonly id: ExchangeId;
  readonly signingKeys: readonly JWK[];
}

/**
 * The keys that may sign an exchange's next directory: the pinned ones and those of the directory that is held, with what
 * follows from them by the successions that the new one brings. A key that another one followed, and that the held
 * directory lists no longer, has been put away: whoever still has it cannot bring it back.
 */
export async function trustedKeys(
  pinned: PinnedExchange,
  claimed: Directory,
  held?: Directory,
): Promise<readonly JWK[]> {
  const base = [...pinned.signingKeys, ...(held?.signingKeys ?? [])];
  const { keys } = await followSuccessions(pinned.id, base, claimed.successions ?? []);
  if (!held) return keys;
  const { followed } = await followSuccessions(pinned.id, base, held.successions ?? []);
  const listed = new Set(await Promise.all(held.signingKeys.map(thumbprint)));
  const names = await Promise.all(keys.map(thumbprint));
  return keys.filter((_, i) => !followed.has(names[i] ?? '') || listed.has(names[i] ?? ''));
}
