import { Hono } from 'hono';
import type { InstitutionId } from '../contract/ids.ts';
import { Standing } from '../contract/withdrawal.ts';
import type { DecryptionKey, SigningKey } from '../contract/jose.ts';
import type { DirectoryView } from '../directory/directory-view.ts';
import { createBells } from '../http/bells.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import type { StaffEnv } from '../http/access.ts';
import { toReleasedDocument } from '../records/documents.ts';
import type { FhirValidator } from '../records/fhir-validator.ts';
import type { VisitBook } from '../records/visit-book.ts';
import type { CallerGuard } from '../relay/caller-guard.ts';
import { createDeliveryRoutes } from '../relay/post-office/delivery-routes.ts';
import { createPostOffice } from '../relay/post-office/post-office.ts';
import type { ReceiveOptions } from '../relay/post-office/receive.ts';
import { createUndeliveredRoutes } from '../relay/post-office/routes.ts';
import { createSessions } from '../relay/session/sessions.ts';
import { answerResultsQuery } from '../sharing/answer-query.ts';
import { createSharingRoutes } from '../sharing/gateway-routes.ts';
import { createSharingHandlers } from '../sharing/handlers.ts';
import { keepReporting, REPORTING_BELL } from '../sharing/keep-reporting.ts';
import type { SharingParts, SharingRecords, SignerTrust } from '../sharing/parts.ts';
import { readPolicy } from '../sharing/policy-in-force.ts';
import { createPolicyRoutes } from '../sharing/policy-routes.ts';
import { createQueryRoutes } from '../sharing/query-routes.ts';
import { keepSettling } from '../sharing/settle-inbox.ts';
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
  readonly stores: Pick<
    GatewayStores,
    'postOffice' | 'sharing' | 'dispensings' | 'accessOutbox' | 'policies' | 'signals'
  >;
  readonly fhir: FhirValidator;
  readonly exchange: ExchangeClient;
  readonly directory: () => DirectoryView;
  readonly records: RecordStore;
  readonly visits: VisitBook;
  /** Lets the gateway's own exchange in, and nobody else. */
  readonly guard: CallerGuard;
  readonly now: () => Date;
}

/** A gateway's requests and releases: what it answers to terminals, and the work that runs beside. */
export function composeSharing(parts: GatewaySharingParts): {
  readonly routes: Hono<StaffEnv>;
  run(options: ReceiveOptions): Promise<void>;
} {
  const { institution, keys, stores, directory, records, visits, fhir, exchange, now } = parts;
  const bells = createBells(stores.signals);
  const post = createPostOffice({
    ...{ institution, directory, now, bells, client: exchange },
    signingKey: keys.signing,
    decryptionKeys: [keys.encryption, ...(keys.formerEncryption ?? [])],
    store: stores.postOffice,
  });
  const { sharing: store, dispensings, accessOutbox, policies } = stores;
  const sharing: SharingParts = {
    ...{ institution, directory, now, post, key: keys.signing, signers: parts.signers },
    ...{ store, dispensings, accessOutbox, records: createSharingRecords(records, visits) },
    policy: () => readPolicy(policies),
    fetchWithdrawals: async (subject) =>
      (await exchange.post('/api/consents/standing', { subject }, Standing)).withdrawals,
    wakeReporting: () => bells.ring(REPORTING_BELL),
  };
  const sessions = createSessions({
    ...post.parts,
    answer: (question, context) => answerResultsQuery(sharing, exchange, question, context),
  });
  return {
    routes: new Hono<StaffEnv>()
      .route('/', createSharingRoutes(sharing))
      .route('/', createUndeliveredRoutes(post.parts))
      .route('/', createDeliveryRoutes(post, parts.guard))
      .route(
        '/',
        createQueryRoutes((to) => sessions.open(to, 'results-available')),
      )
      .route('/', createPolicyRoutes({ sharing, policies, requireFhir: (resource) => fhir.requireValid(resource) })),
    async run(options) {
      await Promise.all([
        post.run(createSharingHandlers(sharing), { ...options, onSession: sessions.handle }),
        keepSettling(sharing, options),
        keepReporting({ outbox: accessOutbox, client: exchange, bells, now }, options),
      ]);
    },
  };
}

const createSharingRecords = (records: RecordStore, visits: VisitBook): SharingRecords => ({
  readDocuments: async (visitIds, kinds) =>
    (await records.readForVisits(visitIds, kinds)).map((document) => toReleasedDocument(document)),
  countDocuments: (visitIds) => records.countForVisits(visitIds),
  async findPerson(subject) {
    const known = await visits.visitsOf(subject);
    return known.findLast(({ person }) => person !== null)?.person ?? null;
  },
  visitsOf: async (subject) =>
    (await visits.visitsOf(subject)).map(({ visitId, presentedAt }) => ({ id: visitId, presentedAt })),
});
