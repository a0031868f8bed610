import { describeTrust } from '#api/contract/evidence/describe-trust.ts';
import type { ReceiptTrust } from '#api/contract/evidence/trust.ts';
import type { InstitutionList } from '#api/contract/institutions-api.ts';
import type { ExchangeId, InstitutionId, LocalName } from '#api/contract/ids.ts';
import { findAmong, type PartyKeys } from '#api/contract/keys-by-thumbprint.ts';
import type { Directory } from '#lib/directory/directory.svelte.ts';

/** The directories that the gateway behind this page verified, ready to be asked for names and keys. */
export interface Names {
  readonly list: InstitutionList;
  /** The name in both languages; the id itself where no directory names it. */
  institution(id: InstitutionId): LocalName;
  exchange(id: ExchangeId): LocalName;
  exchangeOf(institution: InstitutionId): ExchangeId | undefined;
  /** Keys of exactly the named party: what another one signed never passes for its word. */
  readonly exchangeKeys: PartyKeys;
  readonly institutionKeys: PartyKeys;
  /** What a receipt of this exchange is verified with. */
  receiptTrust(exchange: ExchangeId): Promise<ReceiptTrust>;
}

const made = new WeakMap<InstitutionList, Names>();
const NOBODY = createNames({ institutions: [], exchanges: [] });

/** The names and keys that are known now; before any directory came, ids stand for names and no key is known. */
export function namesFrom({ list }: Pick<Directory, 'list'>): Names {
  if (!list) return NOBODY;
  let names = made.get(list);
  if (!names) made.set(list, (names = createNames(list)));
  return names;
}

export function createNames(list: InstitutionList): Names {
  const institutions = new Map(list.institutions.map((institution) => [institution.id, institution]));
  const exchanges = new Map(list.exchanges.map((exchange) => [exchange.id, exchange]));
  return {
    list,
    institution: (id) => institutions.get(id)?.name ?? { ja: id, en: id },
    exchange: (id) => exchanges.get(id)?.name ?? { ja: id.toUpperCase(), en: id.toUpperCase() },
    exchangeOf: (id) => institutions.get(id)?.exchange,
    exchangeKeys: (id) => findAmong(exchanges.get(id)?.signingKeys ?? []),
    institutionKeys: (id) => findAmong(institutions.get(id)?.signingKeys ?? []),
    receiptTrust: (id) => describeTrust(list.exchanges.filter((exchange) => exchange.id === id)),
  };
}
