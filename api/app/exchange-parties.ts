import type { ExchangeConfig } from '../config/exchange-config.ts';
import { EcPublicJwk } from '../contract/ec-public-jwk.ts';
import { encodeBase64 } from '../contract/encoding.ts';
import type { SigningKey } from '../contract/jose.ts';
import type { DirectoryContent } from '../directory/own-directory.ts';
import type { TimeStampAuthority } from '../evidence/time-stamp-authority.ts';
import type { DirectoryView } from '../directory/directory-view.ts';
import type { CallerFinder, KnownCaller } from '../http/signed-caller.ts';

/**
 * Who may call an exchange: the institutions behind it by their configured keys, and the peers it pinned by the keys of
 * their newest directory, which follow from the pinned ones.
 */
export function createCallerFinder(config: ExchangeConfig, view: () => DirectoryView): CallerFinder {
  const callers = [
    ...config.institutions.map(({ id, signingKeys }): KnownCaller => ({ kind: 'member', id, keys: signingKeys })),
    ...config.peers.map(({ id, signingKeys }): KnownCaller => ({ kind: 'peer', id, keys: signingKeys })),
  ];
  const byId = new Map(callers.map((caller) => [caller.id, caller]));
  return (id) => {
    const caller = byId.get(id);
    const directory = caller?.kind === 'peer' && view().directories.find(({ iss }) => iss === id);
    return caller && directory ? { ...caller, keys: directory.signingKeys } : caller;
  };
}

/** What an exchange says of itself in its directory. */
export function describeOwnDirectory(
  config: ExchangeConfig,
  keys: { readonly signing: SigningKey; readonly nextSigning?: SigningKey },
  logKey: string,
  authorities: readonly TimeStampAuthority[] = [],
): DirectoryContent {
  const { id, name, networks, institutions, access, peers, witnesses } = config;
  const { nextSigning, formerSigning } = config.keys;
  const overlapping = formerSigning.filter(({ overlaps }) => overlaps).map(({ key }) => key);
  const formerKeys = formerSigning.filter(({ overlaps }) => !overlaps).map(({ key }) => key);
  const successions = [...(nextSigning ? [nextSigning] : []), ...formerSigning].map(({ succession }) => succession);
  const announced = keys.nextSigning ? [publicKey(keys.nextSigning)] : [];
  const anchors = authorities.flatMap((authority) => authority.anchors.map(({ der }) => encodeBase64(der)));
  return {
    iss: id,
    name,
    signingKeys: [publicKey(keys.signing), ...announced, ...overlapping],
    ...(formerKeys.length > 0 ? { formerKeys } : {}),
    ...(successions.length > 0 ? { successions } : {}),
    logKeys: [logKey],
    ...(witnesses ? { witnesses: { threshold: witnesses.threshold, keys: witnesses.ask.map(({ key }) => key) } } : {}),
    ...(anchors.length > 0 ? { timestampAnchors: [...new Set(anchors)] } : {}),
    networks,
    institutions,
    ...(access ? { access } : {}),
    peers,
  };
}

const publicKey = ({ publicJwk }: SigningKey): EcPublicJwk => EcPublicJwk.parse(publicJwk);
