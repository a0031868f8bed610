import { accessOf, isAllowed, type AccessQuestion } from '../contract/access.ts';
import type { Directory, DirectoryInstitution } from '../contract/directory.ts';
import type { Envelope } from '../contract/envelope.ts';
import type { InstitutionList } from '../contract/institutions-api.ts';
import { networkOf, type ExchangeId, type InstitutionId } from '../contract/ids.ts';
import { findAmong, type KeyFinder, type PartyKeys } from '../contract/keys-by-thumbprint.ts';
import { Problem } from '../contract/problem.ts';

/** An institution with the exchange it stands behind. */
export interface KnownInstitution extends DirectoryInstitution {
  readonly exchange: ExchangeId;
}

/**
 * Verified directories, ready to be asked. Whatever decides about trust refuses a directory that has expired; what only
 * shows names does not.
 */
export interface DirectoryView {
  readonly directories: readonly Directory[];
  /** @throws {Problem} `recipient_unknown`, `directory_stale` */
  findInstitution(id: InstitutionId): KnownInstitution;
  /** The exchange that answers for the institution's network; `undefined` when no directory names the network. */
  exchangeOf(institution: InstitutionId): ExchangeId | undefined;
  /**
   * Signing keys of an institution; none for one that its network does not name. Rejects with `directory_stale`, also while
   * no directory names the network: it may be on its way.
   */
  readonly institutionKeys: PartyKeys;
  /**
   * Refuses what the directory of the institution that is asked does not let pass.
   *
   * @throws {Problem} `access_denied`, `recipient_unknown`, `directory_stale`
   */
  requireAccess(question: AccessQuestion): void;
  /** The same for an envelope, in whichever direction it travels. */
  requireEnvelopeAccess(envelope: Pick<Envelope, 'kind' | 'from' | 'to'>): void;
  /** Signing keys of an exchange, also those of before; none for one that nobody pinned. Rejects with `directory_stale`. */
  readonly exchangeKeys: PartyKeys;
  /** Verifier keys of an exchange's evidence log. */
  logKeys(exchange: ExchangeId): readonly string[];
  /** How many witnesses must have cosigned a checkpoint of the exchange's log. */
  witnessThreshold(exchange: ExchangeId): number;
  /** Whether somebody else's clock stamps the exchange's log. */
  isStamped(exchange: ExchangeId): boolean;
  /** For screens. */
  list(): InstitutionList;
}

/** @param directories of different exchanges, verified, no network in two of them */
export function createDirectoryView(directories: readonly Directory[], now: () => Date): DirectoryView {
  const byExchange = new Map(directories.map((directory) => [directory.iss, directory]));
  const byNetwork = new Map(directories.flatMap((directory) => directory.networks.map(({ id }) => [id, directory])));
  const byInstitution = new Map(
    directories.flatMap((directory) => directory.institutions.map((institution) => [institution.id, institution])),
  );

  const requireFresh = ({ iss, expires }: Directory) => {
    if (Date.parse(expires) <= now().getTime()) throw new Problem('directory_stale', `${iss} until ${expires}`);
  };

  const isPinned = (exchange: ExchangeId) => directories.some(({ peers }) => peers.some(({ id }) => id === exchange));

  const requireAccess = (question: AccessQuestion) => {
    const { service, to } = question;
    const directory = byNetwork.get(to.includes('/') ? networkOf(to) : to);
    if (!directory) throw new Problem('recipient_unknown', 'no directory names the network');
    requireFresh(directory);
    const offered = byInstitution.get(to)?.services;
    if (offered && !offered.includes(service)) throw new Problem('access_denied', `${service} is not offered there`);
    if (directory.access && !isAllowed(directory.access, question)) {
      throw new Problem('access_denied', `no rule of ${directory.iss} allows ${service}`);
    }
  };

  const isLetPass = (question: AccessQuestion) => {
    try {
      requireAccess(question);
      return true;
    } catch (error) {
      if (error instanceof Problem) return false;
      throw error;
    }
  };

  return {
    directories,
    requireAccess,
    requireEnvelopeAccess(envelope) {
      const questions = accessOf(envelope);
      if (!questions.slice(1).some(isLetPass)) questions.slice(0, 1).forEach(requireAccess);
    },
    findInstitution(id) {
      const directory = byNetwork.get(networkOf(id));
      if (!directory) throw new Problem('recipient_unknown', 'no directory names the network');
      requireFresh(directory);
      const institution = byInstitution.get(id);
      if (!institution) throw new Problem('recipient_unknown', 'its network does not name the institution');
      return { ...institution, exchange: directory.iss };
    },
    exchangeOf: (institution) => byNetwork.get(networkOf(institution))?.iss,
    institutionKeys: (id) =>
      refusing(() => {
        const directory = byNetwork.get(networkOf(id));
        if (!directory) throw new Problem('directory_stale', 'no directory names the network yet');
        requireFresh(directory);
        return findAmong(byInstitution.get(id)?.signingKeys ?? []);
      }),
    exchangeKeys: (exchange) =>
      refusing(() => {
        const directory = byExchange.get(exchange);
        if (directory) requireFresh(directory);
        else if (isPinned(exchange)) throw new Problem('directory_stale', `nothing of ${exchange} yet`);
        return findAmong(directory ? verifyingKeys(directory) : []);
      }),
    logKeys: (exchange) => byExchange.get(exchange)?.logKeys ?? [],
    witnessThreshold: (exchange) => byExchange.get(exchange)?.witnesses?.threshold ?? 0,
    isStamped: (exchange) => (byExchange.get(exchange)?.timestampAnchors ?? []).length > 0,
    list: () => ({
      institutions: directories.flatMap(({ iss, institutions }) =>
        institutions.map(({ id, name, signingKeys }) => ({ id, name, exchange: iss, signingKeys })),
      ),
      exchanges: directories.map((directory) => ({
        ...{ id: directory.iss, name: directory.name, logKeys: directory.logKeys },
        signingKeys: verifyingKeys(directory),
        ...(directory.witnesses ? { witnesses: directory.witnesses } : {}),
        ...(directory.timestampAnchors ? { timestampAnchors: directory.timestampAnchors } : {}),
      })),
    }),
  };
}

/** Keys whose signatures count, the one for new messages first. */
export const verifyingKeys = ({ signingKeys, formerKeys }: Directory) => [...signingKeys, ...(formerKeys ?? [])];

/** Moves a refusal of the lookup to the moment the key is asked for. */
const refusing =
  (find: () => KeyFinder): KeyFinder =>
  async (header) =>
    find()(header);

/**
 * Refuses a directory that claims a network another exchange already answers for.
 *
 * @throws {Problem} `directory_untrusted`
 */
export function requireOwnNetworks(
  { iss, networks }: Pick<Directory, 'iss' | 'networks'>,
  others: readonly Directory[],
): void {
  const claims = (directory: Directory) =>
    directory.iss !== iss && directory.networks.some(({ id }) => networks.some((network) => network.id === id));
  const other = others.find(claims);
  const claimed = networks.find(({ id }) => other?.networks.some((network) => network.id === id));
  if (!other || !claimed) return;
  throw new Problem('directory_untrusted', `network ${claimed.id} of ${iss} belongs to exchange ${other.iss}`);
}
