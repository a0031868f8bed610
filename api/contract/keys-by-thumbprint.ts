import { thumbprint, type JWK } from './jose.ts';

/** Finds a trusted key by the `kid` of a JWS header. */
export type KeyFinder = (header: { readonly kid?: string }) => Promise<JWK | undefined>;

/** The keys of one named party: what another party signed never passes for its word. */
export type PartyKeys = (party: string) => KeyFinder;

/** A finder over a fixed list of trusted public keys. */
export function findAmong(keys: readonly JWK[]): KeyFinder {
  const indexed = Promise.all(keys.map(async (key) => [await thumbprint(key), key] as const));
  return async ({ kid }) => (await indexed).find(([name]) => name === kid)?.[1];
}
