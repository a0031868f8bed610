import type { ExchangeConfig } from '../config.ts';
import { EcPublicJwk } from '../contract/directory.ts';
import type { SigningKey } from '../contract/jose.ts';
import type { DirectoryContent } from '../directory/own-directory.ts';
import type { CallerFinder, KnownCaller } from '../http/signed-caller.ts';

/** Who may call an exchange: the institutions behind it and the peers it pinned, each by its configured keys. */
export function createCallerFinder(config: ExchangeConfig): CallerFinder {
  const callers = [
    ...config.institutions.map(({ id, signingKeys }): KnownCaller => ({ kind: 'member', id, keys: signingKeys })),
    ...config.peers.map(({ id, signingKeys }): KnownCaller => ({ kind: 'peer', id, keys: signingKeys })),
  ];
  const byId = new Map(callers.map((caller) => [caller.id, caller]));
  return (id) => byId.get(id);
}

/** What an exchange says of itself in its directory. */
export function describeOwnDirectory(config: ExchangeConfig, key: SigningKey, logKey: string): DirectoryContent {
  const { id, name, networks, institutions, peers, witnesses } = config;
  return {
    iss: id,
    name,
    signingKeys: [EcPublicJwk.parse(key.publicJwk)],
    logKeys: [logKey],
    ...(witnesses ? { witnesses: { threshold: witnesses.threshold, keys: witnesses.ask.map(({ key }) => key) } } : {}),
    networks,
    institutions,
    peers,
  };
}
