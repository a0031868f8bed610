import { describeTrust } from '#api/contract/evidence/describe-trust.ts';
import type { ReceiptTrust } from '#api/contract/evidence/trust.ts';
import type { InstitutionList } from '#api/contract/institutions-api.ts';
import type { LocalName } from '#api/contract/ids.ts';
import type { Kept } from '#lib/app/kept.ts';

interface Dependencies {
  readonly kept: Kept<InstitutionList>;
  readonly fetchDirectory: () => Promise<InstitutionList>;
  readonly keptTrust: Kept<ReceiptTrust>;
  readonly fetchTrust: () => Promise<ReceiptTrust>;
}

/** Names of institutions and keys of exchanges, as the gateway verified them; kept, so that they are there offline. */
export class Directory {
  #list = $state.raw<InstitutionList | undefined>(undefined);
  #pinned = $state.raw<ReceiptTrust | undefined>(undefined);
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    this.#list = dependencies.kept.read();
    this.#pinned = dependencies.keptTrust.read();
  }

  get list(): InstitutionList | undefined {
    return this.#list;
  }

  institutionName(id: string): LocalName | undefined {
    return this.#list?.institutions.find((institution) => institution.id === id)?.name;
  }

  exchangeName(id: string): LocalName | undefined {
    return this.#list?.exchanges.find((exchange) => exchange.id === id)?.name;
  }

  /** Whether receipts can be verified here. */
  get hasTrust(): boolean {
    return (this.#list ?? this.#pinned) !== undefined;
  }

  /** The keys to verify receipts with; `undefined` before the server was ever asked. */
  async trust(): Promise<ReceiptTrust | undefined> {
    const exchanges = this.#list?.exchanges;
    return exchanges ? describeTrust(exchanges) : this.#pinned;
  }

  /** The server's public file of keys, for a device that has no list: nobody's terminal. */
  async refreshTrust(): Promise<void> {
    const trust = await this.#dependencies.fetchTrust();
    this.#dependencies.keptTrust.keep(trust);
    this.#pinned = trust;
  }

  async refresh(): Promise<void> {
    const list = await this.#dependencies.fetchDirectory();
    this.#dependencies.kept.keep(list);
    this.#list = list;
  }
}
