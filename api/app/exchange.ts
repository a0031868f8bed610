import { Hono } from 'hono';
import type { ExchangeConfig } from '../config.ts';
import type { CardTrust } from '../contract/card-trust.ts';
import type { NoteSigner } from '../contract/evidence/note-signer.ts';
import type { SigningKey } from '../contract/jose.ts';
import type { AskPayer } from '../contract/payer-answer.ts';
import { Problem } from '../contract/problem.ts';
import { openExchangeDirectories } from '../directory/exchange-directories.ts';
import { keepDirectoriesFresh } from '../directory/keep-fresh.ts';
import { createExchangeDirectoryRoutes } from '../directory/routes.ts';
import { createCardEnrolment } from '../enrolment/card-enrolment.ts';
import { createEnrolmentRoutes } from '../enrolment/routes.ts';
import { createEvidenceLog } from '../evidence/log.ts';
import { createEvidenceRoutes } from '../evidence/routes.ts';
import { createAppFiles } from '../http/app-files.ts';
import { createBells } from '../http/bells.ts';
import { createExchangeClient } from '../http/exchange-client.ts';
import { answerProblems } from '../http/problem-answer.ts';
import { createRequestMemory } from '../http/request-memory.ts';
import { createApiHeaders, createSecurityHeaders } from '../http/security-headers.ts';
import { createSignedCaller, type CallerEnv } from '../http/signed-caller.ts';
import { createPresenceVerifier } from '../presence/verify-presence.ts';
import { createChallengeRoutes } from '../presence/routes.ts';
import { createContacts, observeClient } from '../relay/contacts.ts';
import { keepExpiring } from '../relay/expiry.ts';
import { keepForwarding } from '../relay/forward.ts';
import { keepReturningReceipts } from '../relay/return-receipts.ts';
import { createRelayRoutes, type CallerGuard } from '../relay/routes.ts';
import { createHistoryRoutes } from '../sharing/history/routes.ts';
import { consentsSchema, createSqliteConsentStore } from '../storage/sqlite/consents.ts';
import type { SqliteDatabase } from '../storage/sqlite/database.ts';
import { createSqliteDirectoryStore, directorySchema } from '../storage/sqlite/directory.ts';
import { createSqliteEnrolmentStore, enrolmentSchema } from '../storage/sqlite/enrolment.ts';
import { createSqliteEvidenceStore, evidenceSchema } from '../storage/sqlite/evidence.ts';
import { createSqlitePresenceStore, presenceSchema } from '../storage/sqlite/presence.ts';
import { createSqliteRelayStore, relaySchema } from '../storage/sqlite/relay.ts';
import { createSqliteVisitStore, visitsSchema } from '../storage/sqlite/visits.ts';
import { createVisitAcceptance } from '../visits/accept-visit.ts';
import type { ImmediateSigner } from '../visits/record-sealer.ts';
import { checkCoverage } from '../visits/coverage-check.ts';
import { createReceiptSource } from '../visits/receipts.ts';
import { createVisitRoutes } from '../visits/routes.ts';
import { createCallerFinder, describeOwnDirectory } from './exchange-parties.ts';
import { reportDirectory } from './report-directory.ts';
import { createLoops, type RunnableApp, type Surroundings } from './runnable-app.ts';

/** The tables of an exchange, in the order in which they refer to each other. */
export const EXCHANGE_SCHEMAS = [
  directorySchema,
  evidenceSchema,
  presenceSchema,
  enrolmentSchema,
  visitsSchema,
  consentsSchema,
  relaySchema,
];

export interface ExchangeParts extends Surroundings {
  readonly config: ExchangeConfig;
  readonly keys: {
    readonly signing: SigningKey;
    /** The same key, for records. */
    readonly recordSigner: ImmediateSigner;
    readonly log: NoteSigner;
    readonly federation: Uint8Array;
  };
  /** Opened with `EXCHANGE_SCHEMAS`. */
  readonly database: SqliteDatabase;
  readonly cards: CardTrust;
  readonly askPayer: AskPayer;
  /** Folder of the built app. */
  readonly appDirectory?: string;
}

/** Composes an exchange. */
export async function createExchangeApp(parts: ExchangeParts): Promise<RunnableApp> {
  const { config, keys, database, now, random, report, fetch } = parts;
  const exchange = config.id;
  const loops = createLoops(report);

  const log = await createEvidenceLog({
    store: createSqliteEvidenceStore(database),
    signer: keys.log,
    origin: config.logOrigin,
    clock: now,
  });
  const directories = await openExchangeDirectories({
    content: describeOwnDirectory(config, keys.signing, log.verifierKey),
    key: keys.signing,
    store: createSqliteDirectoryStore(database),
    now,
    fetch,
  });

  const presenceStore = createSqlitePresenceStore(database);
  const enrolmentStore = createSqliteEnrolmentStore(database);
  const visits = createSqliteVisitStore(database);
  const receipts = createReceiptSource(visits, log);
  const presence = createPresenceVerifier({
    exchange,
    store: presenceStore,
    findBinding: (certHash) => enrolmentStore.findBinding(certHash),
    async findCheckpoint(quoted) {
      const known = await log.isKnownCheckpoint(quoted);
      const isNewest = (await log.latestCheckpoint()).size === quoted.size;
      return known && { ...known, isNewest };
    },
    trust: parts.cards,
    now,
  });
  const payer = { ask: parts.askPayer, federationKey: keys.federation };

  const contacts = createContacts(now);
  const peers = config.peers.map(({ id, origin }) =>
    observeClient(
      createExchangeClient({ origin, self: exchange, exchange: id, key: keys.signing, fetch, now }),
      contacts,
    ),
  );
  const relay = {
    exchange,
    key: keys.signing,
    store: createSqliteRelayStore(database),
    directory: () => directories.book.view,
    bells: createBells(),
    now,
  };

  const caller = { exchange, findCaller: createCallerFinder(config), memory: createRequestMemory(), now };
  const guard: CallerGuard = (options) => createSignedCaller({ ...caller, ...options });
  const members = guard({ only: 'member' });

  const app = new Hono();
  answerProblems(app, report);
  app.use('*', createSecurityHeaders(config.origin.startsWith('https:')));
  app.route('/evidence', createEvidenceRoutes(log));
  app.use('/api/*', createApiHeaders());
  app.route('/', createExchangeDirectoryRoutes(directories));
  app.route(
    '/',
    createRelayRoutes({
      parts: relay,
      guard,
      contacts,
      closing: loops.signal,
      status: {
        contacts,
        members: () => config.institutions.map(({ id }) => id),
        peers: () => config.peers.map(({ id }) => id),
        countVisits: () => visits.count(),
        readCheckpoint: async () => (await log.latestCheckpoint()).note,
      },
    }),
  );
  app.route(
    '/',
    createHistoryRoutes(
      {
        exchange,
        key: keys.signing,
        consents: createSqliteConsentStore(database),
        verifyTap: (submission, actor) => presence.verify(submission, { actor, purpose: 'history' }),
        findBinding: (certHash) => enrolmentStore.findBinding(certHash),
        readReceipts: (subject) => receipts.receiptsOf(subject),
        findPerson: async (query) => (await checkCoverage(query, payer)).person,
        peers,
        directory: () => directories.book.view,
        now,
      },
      guard,
    ),
  );
  const forMembers = new Hono<CallerEnv>();
  for (const path of ['/api/challenges', '/api/visits/*', '/api/enrolments/*']) {
    forMembers.use(path, members, async (context, next) => {
      contacts.seen(context.var.caller.id);
      await next();
    });
  }
  forMembers.route('/', createChallengeRoutes({ store: presenceStore, now }));
  forMembers.route(
    '/',
    createVisitRoutes({
      acceptVisit: createVisitAcceptance({
        exchange,
        signer: keys.recordSigner,
        visits,
        receipts,
        verifyVisit: (submission, actor) => presence.verify(submission, { actor, purpose: 'visit' }),
        payer,
        now,
      }),
      visits,
      receipts,
    }),
  );
  forMembers.route(
    '/',
    createEnrolmentRoutes(
      createCardEnrolment({
        exchange,
        store: enrolmentStore,
        trust: parts.cards,
        authorities: config.cards.authorities,
        askPayer: parts.askPayer,
        federationKey: keys.federation,
        now,
      }),
    ),
  );
  app.route('/', forMembers);
  app.all('/api/*', () => {
    throw new Problem('not_found', 'no such address');
  });
  if (parts.appDirectory) app.route('/', createAppFiles(parts.appDirectory));

  return {
    app,
    start() {
      loops.onEnd(log.start({ onFailure: report }));
      const options = { signal: loops.signal, random, report };
      loops.add(keepDirectoriesFresh(directories, { ...options, report: reportDirectory(report) }));
      loops.add(keepExpiring(relay, loops.signal));
      for (const peer of peers) {
        loops.add(keepForwarding(relay, peer, options));
        loops.add(keepReturningReceipts(relay, peer, options));
      }
    },
    stop: () => loops.end(),
  };
}
