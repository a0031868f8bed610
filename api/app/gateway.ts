import { Hono } from 'hono';
import type { GatewayConfig } from '../config.ts';
import type { DecryptionKey, SigningKey } from '../contract/jose.ts';
import { findAmong } from '../contract/keys-by-thumbprint.ts';
import type { PresenceSubmission } from '../contract/presence-proof.ts';
import { Problem } from '../contract/problem.ts';
import { openGatewayDirectories } from '../directory/gateway-directories.ts';
import { keepDirectoriesFresh } from '../directory/keep-fresh.ts';
import { createGatewayDirectoryRoutes } from '../directory/routes.ts';
import { createAttemptLimit } from '../enrolment/attempt-limit.ts';
import { createGatewayEnrolmentRoutes } from '../enrolment/gateway-routes.ts';
import { createTerminalRoutes } from '../enrolment/terminal-routes.ts';
import { createAppFiles } from '../http/app-files.ts';
import { createExchangeClient } from '../http/exchange-client.ts';
import { answerProblems } from '../http/problem-answer.ts';
import { createApiHeaders, createSecurityHeaders } from '../http/security-headers.ts';
import {
  createOriginCheck,
  createSessionCookie,
  createTerminalSession,
  type TerminalEnv,
} from '../http/terminal-session.ts';
import { createCheckpointWatch } from '../presence/checkpoint-watch.ts';
import { inspectSubmission } from '../presence/gateway-inspection.ts';
import { createGatewayChallengeRoutes } from '../presence/gateway-routes.ts';
import { createRecordRoutes } from '../records/routes.ts';
import { createGatewayHistoryRoutes } from '../sharing/history/routes.ts';
import type { SignerTrust } from '../sharing/parts.ts';
import { checkpointsSchema, createSqliteCheckpointStore } from '../storage/sqlite/checkpoints.ts';
import type { SqliteDatabase } from '../storage/sqlite/database.ts';
import { createSqliteDirectoryStore, directorySchema } from '../storage/sqlite/directory.ts';
import { createSqliteGatewayVisitStore, gatewayVisitsSchema } from '../storage/sqlite/gateway-visits.ts';
import { createSqliteRecordStore, recordsSchema } from '../storage/sqlite/records.ts';
import { createSqliteTerminalStore, terminalsSchema } from '../storage/sqlite/terminals.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';
import { createVisitForwarder } from '../visits/forwarder.ts';
import { startForwardingLoop, type ForwardingLoop } from '../visits/forwarding-loop.ts';
import { createGatewayIntake } from '../visits/gateway-intake.ts';
import { createGatewayVisitRoutes } from '../visits/gateway-routes.ts';
import { createDemoRoutes } from '../demo/routes.ts';
import { composeSharing, SHARING_SCHEMAS } from './gateway-sharing.ts';
import { createGatewayStatusRoute } from './gateway-status.ts';
import { reportDirectory } from './report-directory.ts';
import { createVisitBook } from './visit-book.ts';
import { createLoops, type RunnableApp, type Surroundings } from './runnable-app.ts';

/** The tables of a gateway. */
export const GATEWAY_SCHEMAS = [
  directorySchema,
  terminalsSchema,
  checkpointsSchema,
  gatewayVisitsSchema,
  recordsSchema,
  ...SHARING_SCHEMAS,
];

export interface GatewayParts extends Surroundings {
  readonly config: GatewayConfig;
  readonly keys: { readonly signing: SigningKey; readonly encryption: DecryptionKey };
  /** Opened with `GATEWAY_SCHEMAS`. */
  readonly database: SqliteDatabase;
  /** Whose signature under a request counts as a doctor's. */
  readonly signers: SignerTrust;
  /** Folder of the built app. */
  readonly appDirectory?: string;
  /** The demonstration's people and cards. */
  readonly demoWorld?: SyntheticWorld;
}

/** Composes a gateway. */
export async function createGatewayApp(parts: GatewayParts): Promise<RunnableApp> {
  const { config, keys, database, now, random, report, fetch } = parts;
  const institution = config.institution.id;
  const loops = createLoops(report);

  const terminals = createSqliteTerminalStore(database);
  const visits = createSqliteGatewayVisitStore(database);
  const records = createSqliteRecordStore(database);
  const directories = await openGatewayDirectories({
    exchange: config.exchange,
    store: createSqliteDirectoryStore(database),
    fetch,
    now,
  });

  const { origin: exchangeOrigin, id: exchangeId, signingKeys, logKeys } = config.exchange;
  const client = { origin: exchangeOrigin, self: institution, exchange: exchangeId, key: keys.signing, fetch, now };
  const exchange = createExchangeClient(client);
  const watch = createCheckpointWatch({
    url: new URL('/evidence/checkpoint', exchangeOrigin).href,
    logKeys,
    fetch,
    store: createSqliteCheckpointStore(database),
    onReachable: () => loop?.wake(),
  });
  const forwarder = createVisitForwarder({
    visits,
    exchange,
    institution,
    findExchangeKey: findAmong(signingKeys),
    now,
  });
  let loop: ForwardingLoop | undefined;

  const inspect = (submission: PresenceSubmission) =>
    inspectSubmission(submission, {
      institution,
      isEnrolled: async (terminal) => (await terminals.find(terminal)) !== undefined,
    });
  const takeVisit = createGatewayIntake({
    visits,
    forwarder,
    inspect,
    isExchangeReachable: () => watch.isReachable(),
    now,
  });
  const visitBook = createVisitBook(visits);
  const sharing = composeSharing({
    ...{ institution, keys, database, exchange, records, visits: visitBook, signers: parts.signers, now },
    directory: () => directories.book.view,
  });

  const cookie = createSessionCookie(config.origin);
  const guard = createTerminalSession({ cookie, findSession: (hash, at) => terminals.findSession(hash, at), now });

  const app = new Hono();
  answerProblems(app, report);
  app.use('*', createSecurityHeaders(config.origin.startsWith('https:')));
  for (const path of ['/api/*', '/demo/*']) app.use(path, createApiHeaders(), createOriginCheck(config.origin));
  app.route('/', createGatewayStatusRoute({ config, watch, visits, now }));
  app.route(
    '/',
    createTerminalRoutes({
      terminals,
      ...(config.terminalCode === undefined ? {} : { code: config.terminalCode }),
      attempts: createAttemptLimit({ failures: 10, windowMs: 10 * 60_000 }),
      origin: config.origin,
      cookie,
      now,
    }),
  );

  const forTerminals = new Hono<TerminalEnv>();
  forTerminals.use('/api/*', guard);
  forTerminals.route('/', createGatewayChallengeRoutes({ exchange }));
  forTerminals.route('/', createGatewayEnrolmentRoutes({ exchange }));
  forTerminals.route(
    '/',
    createGatewayVisitRoutes({ takeVisit, visits, countDocuments: (visitIds) => records.countForVisits(visitIds) }),
  );
  forTerminals.route('/', createGatewayDirectoryRoutes(directories));
  forTerminals.route('/', createRecordRoutes({ store: records, visits: visitBook, now }));
  forTerminals.route('/', createGatewayHistoryRoutes({ exchange, inspect }));
  forTerminals.route('/', sharing.routes);
  app.route('/', forTerminals);
  if (parts.demoWorld) {
    const findVisit = (visitId: string) => visits.findByVisit(visitId);
    app.route('/', createDemoRoutes({ world: parts.demoWorld, institution, findVisit, guard }));
  }
  app.all('/api/*', () => {
    throw new Problem('not_found', 'no such address');
  });
  if (parts.appDirectory) app.route('/', createAppFiles(parts.appDirectory));

  return {
    app,
    start() {
      const forwarding = startForwardingLoop({ visits, exchange, forwarder, now, random, report });
      loop = forwarding;
      loops.onEnd(() => forwarding.stop());
      loops.onEnd(watch.start());
      loops.add(keepDirectoriesFresh(directories, { signal: loops.signal, random, report: reportDirectory(report) }));
      loops.add(sharing.run({ signal: loops.signal, random, report }));
    },
    stop: () => loops.end(),
  };
}
