import type { Hono } from 'hono';
import type { InstitutionId } from '../contract/ids.ts';
import type { DecryptionKey, SigningKey } from '../contract/jose.ts';
import type { DirectoryView } from '../directory/directory-view.ts';
import { createBells } from '../http/bells.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import { toReleasedDocument } from '../records/documents.ts';
import type { VisitBook } from '../records/visit-book.ts';
import { createPostOffice } from '../relay/post-office/post-office.ts';
import type { ReceiveOptions } from '../relay/post-office/receive.ts';
import { createSharingRoutes } from '../sharing/gateway-routes.ts';
import { createSharingHandlers } from '../sharing/handlers.ts';
import type { SharingParts, SignerTrust } from '../sharing/parts.ts';
import type { GatewayStores } from '../storage/gateway-stores.ts';
import type { RecordStore } from '../storage/records.ts';

export interface GatewaySharingParts {
  readonly institution: InstitutionId;
  readonly keys: {
    readonly signing: SigningKey;
    readonly encryption: DecryptionKey;
    readonly formerEncryption?: readonly DecryptionKey[];
  };
  readonly signers: SignerTrust;
  readonly stores: Pick<GatewayStores, 'postOffice' | 'sharing' | 'signals'>;
  readonly exchange: ExchangeClient;
  readonly directory: () => DirectoryView;
  readonly records: RecordStore;
  readonly visits: VisitBook;
  readonly now: () => Date;
}

/** A gateway's requests and releases: what it answers to terminals, and the post office that runs beside. */
export function composeSharing(parts: GatewaySharingParts): {
  readonly routes: Hono;
  run(options: ReceiveOptions): Promise<void>;
} {
  const { institution, keys, stores, directory, records, visits, now } = parts;
  const post = createPostOffice({
    ...{ institution, directory, now, bells: createBells(stores.signals), client: parts.exchange },
    signingKey: keys.signing,
    decryptionKeys: [keys.encryption, ...(keys.formerEncryption ?? [])],
    store: stores.postOffice,
  });
  const sharing: SharingParts = {
    ...{ institution, directory, now, post, key: keys.signing, signers: parts.signers },
    store: stores.sharing,
    records: {
      readDocuments: async (visitIds, kinds) => (await records.readForVisits(visitIds, kinds)).map(toReleasedDocument),
      countDocuments: (visitIds) => records.countForVisits(visitIds),
      async findPerson(subject) {
        const known = await visits.visitsOf(subject);
        return known.findLast(({ person }) => person !== null)?.person ?? null;
      },
    },
  };
  return {
    routes: createSharingRoutes(sharing),
    run: (options) => post.run(createSharingHandlers(sharing), options),
  };
}
