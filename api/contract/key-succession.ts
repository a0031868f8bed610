import * as z from 'zod';
import { ExchangeId } from './ids.ts';
import { JoseError, signClaims, thumbprint, verifyClaims, type JWK, type SigningKey } from './jose.ts';
import { findAmong } from './keys-by-thumbprint.ts';

/** A P-256 public key. */
const Successor = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().length(43),
  y: z.string().length(43),
});

/** An exchange's word, signed by a key of its own, that another key follows it (JWS `key-succession+jwt`). */
const Succession = z.object({
  version: z.literal(1),
  iss: ExchangeId,
  key: Successor,
  iat: z.number().int().positive(),
});

/** A compact JWS. */
export const SuccessionText = z.string().max(2048);

/** @param key the one that is followed */
export const signSuccession = (
  { exchange, successor, now }: { readonly exchange: ExchangeId; readonly successor: JWK; readonly now: Date },
  key: SigningKey,
): Promise<string> => {
  const claims = { version: 1, iss: exchange, key: successor, iat: Math.floor(now.getTime() / 1000) };
  return signClaims('key-succession+jwt', Succession.parse(claims), key);
};

/** Thumbprints of the keys in a chain of successions. */
export interface FollowedKeys {
  /** The keys that were trusted, and every key that follows from them. */
  readonly keys: readonly JWK[];
  /** Thumbprints of those that another one follows. */
  readonly followed: ReadonlySet<string>;
}

/**
 * Follows successions from keys that are trusted already, in whatever order they come: whoever pinned the first key of an
 * exchange believes its later ones without asking anybody. What does not verify leads nowhere.
 */
export async function followSuccessions(
  exchange: ExchangeId,
  trusted: readonly JWK[],
  successions: readonly string[],
): Promise<FollowedKeys> {
  const keys = [...trusted];
  const followed = new Set<string>();
  let open = successions;
  for (let isGrowing = true; isGrowing;) {
    const steps = await Promise.all(open.map(async (jws) => ({ jws, step: await verifyStep(exchange, keys, jws) })));
    const taken = steps.flatMap(({ step }) => (step ? [step] : []));
    for (const { key, signer } of taken) {
      keys.push(key);
      followed.add(signer);
    }
    open = steps.flatMap(({ jws, step }) => (step ? [] : [jws]));
    isGrowing = taken.length > 0 && open.length > 0;
  }
  return { keys: await distinct(keys), followed };
}

async function verifyStep(exchange: ExchangeId, keys: readonly JWK[], jws: string) {
  try {
    const expected = { typ: 'key-succession+jwt', claims: Succession, findKey: findAmong(keys) };
    const { claims, signer } = await verifyClaims(jws, expected);
    return claims.iss === exchange ? { key: claims.key, signer } : undefined;
  } catch (error) {
    if (!(error instanceof JoseError)) throw error;
    return undefined;
  }
}

async function distinct(keys: readonly JWK[]): Promise<readonly JWK[]> {
  const named = await Promise.all(keys.map(async (key) => [await thumbprint(key), key] as const));
  return [...new Map(named).values()];
}
