import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ExchangeConfig } from '../config/exchange-config.ts';
import { HISTORY_SERVICE, isAllowed } from '../contract/access.ts';
import { PublicExchangeStatus } from '../contract/public-exchange-status.ts';
import { type PeerHello } from '../contract/exchange-api.ts';
import { Problem } from '../contract/problem.ts';
import { diagnosePeer } from '../directory/diagnose-peer.ts';
import { createDirectoryMark } from '../directory/directory-mark.ts';
import type { DirectoryView } from '../directory/directory-view.ts';
import { createExchangeDirectoryRoutes } from '../directory/routes.ts';
import { createTrustRoute } from '../directory/trust-route.ts';
import { createCardEnrolment } from '../enrolment/card-enrolment.ts';
import { createEnrolmentRoutes } from '../enrolment/routes.ts';
import { createEvidenceRoutes } from '../evidence/routes.ts';
import { createWitnessRoutes } from '../evidence/witness-routes.ts';
import { exportRange } from '../evidence/export-range.ts';
import { createEvidenceOperatorRoutes } from '../evidence/operator-routes.ts';
import { createOperatorSessions, type OperatorSessions } from '../http/operator-session.ts';
import { createRequestMemory } from '../http/request-memory.ts';
import { createSignedCaller, type CallerEnv } from '../http/signed-caller.ts';
import { createOperatorRoutes } from '../operations/operator-routes.ts';
import { createChallengeRoutes } from '../presence/routes.ts';
import { createDeadLetterRoutes } from '../relay/dead-letter-routes.ts';
import { createRelayRoutes, type CallerGuard } from '../relay/routes.ts';
import { describeExchange } from '../relay/status.ts';
import { createAccessRoutes } from '../sharing/access/routes.ts';
import { createHistoryRoutes } from '../sharing/history/routes.ts';
import { createVisitAcceptance } from '../visits/accept-visit.ts';
import { checkCoverage } from '../visits/coverage-check.ts';
import { createVisitRoutes } from '../visits/routes.ts';
import { signTimeline } from '../visits/timeline-head.ts';
import { composeAccess, countEmergencies } from './exchange-access.ts';
import { watchExchange } from './exchange-health.ts';
import { createCallerFinder } from './exchange-parties.ts';
import type { Telemetry } from './telemetry.ts';
import type { ExchangeParts, ExchangeServices } from './exchange-services.ts';

/**
 * Mounts what an exchange answers (`contract/exchange-api.ts`).
 *
 * @param closing ends long polls
 */
export function mountExchangeRoutes(
  app: Hono,
  parts: ExchangeParts,
  services: ExchangeServices,
  closing: AbortSignal,
  telemetry?: Telemetry,
): void {
  const { config, now } = parts;
  const { contacts, directories, relay } = services;
  const findCaller = createCallerFinder(config, () => directories.book.view);
  const caller = { exchange: config.id, findCaller, memory: parts.stores.requests ?? createRequestMemory(), now };
  const guard: CallerGuard = (options) => createSignedCaller({ ...caller, ...options });

  app.use(
    '/api/*',
    createDirectoryMark(() => directories.book.view),
  );
  app.route(
    '/',
    createTrustRoute(() => directories.book.view),
  );
  if (services.witness) app.route('/evidence/witness', createWitnessRoutes(services.witness));
  app.route('/evidence', createEvidenceRoutes(services.log));
  app.route('/', createExchangeDirectoryRoutes(directories));
  const status = {
    contacts,
    members: () => config.institutions.map(({ id }) => id),
    peers: () => config.peers.map(({ id }) => id),
    countVisits: () => services.visits.count(),
    countEmergencies: () => countEmergencies(parts),
    readWitnesses: () => services.witnessing.status(),
    readTimestamping: () => services.stamping.status(),
    readCheckpoint: async () => (await services.log.latestCheckpoint()).note,
  };
  if (telemetry) watchExchange(telemetry, parts, services, status);
  app.get('/api/status', async (context) =>
    context.json(PublicExchangeStatus.parse(await describeExchange(relay, status))),
  );
  app.get('/api/peer/hello', guard({ only: 'peer' }), (context) => {
    contacts.seen(context.var.caller.id);
    const time = now().toISOString();
    return context.json({ exchange: config.id, caller: context.var.caller.id, time } satisfies PeerHello);
  });
  const sessions = createOperatorSessions({
    ...{ self: config.id, origin: config.origin, operators: config.operators },
    ...{ key: parts.keys.signing, memory: parts.stores.requests ?? createRequestMemory(), now },
  });
  app.route(
    '/',
    createOperatorRoutes({
      sessions,
      control: parts.control,
      readStatus: () => describeExchange(relay, status),
      async testPeer(id) {
        const peer = config.peers.find((known) => known.id === id);
        const held = directories.book.view.directories.find(({ iss }) => iss === id);
        const own = { self: config.id, key: parts.keys.signing, fetch: parts.fetch, now };
        const diagnosis = peer && (await diagnosePeer({ peer, held, ...own }));
        if (diagnosis) (diagnosis.finding === null ? contacts.seen : contacts.missed)(id);
        return diagnosis;
      },
    }),
  );
  app.route('/', composeEvidenceOperation(parts, services, sessions.guard));
  app.use('/api/operator/dead-letters/*', sessions.guard);
  app.route('/', createDeadLetterRoutes(relay));
  app.route('/', createRelayRoutes({ parts: relay, guard, contacts, closing, status }));
  app.route('/', composeHistories(parts, services, guardHistories(guard, parts, services)));
  app.route('/', createAccessRoutes(composeAccess(parts, services), guard));
  app.route('/', composeMemberRoutes(parts, services, guard));
}

function composeEvidenceOperation(
  { stores }: ExchangeParts,
  { log, evidenceStore, visits }: ExchangeServices,
  guard: OperatorSessions['guard'],
) {
  const range = {
    ...{ log, store: evidenceStore },
    readOpenings: (begin: number, end: number) => visits.readOpenings(begin, end),
    listAccessLeaves: (begin: number, end: number) => stores.accessEvents.listLeaves(begin, end),
  };
  return createEvidenceOperatorRoutes({
    guard,
    exportRange: (begin, end) => exportRange(range, begin, end),
    // The access log goes first: a failure in between leaves a person who is asked to be forgotten again.
    forget: async (subject) => (await stores.accessEvents.forget(subject)) + (await visits.forget(subject)),
  });
}

/** Histories go to a peer only if a rule lets one of its networks ask for those of one of ours. */
function guardHistories(guard: CallerGuard, { config }: ExchangeParts, { directories }: ExchangeServices): CallerGuard {
  return (options) => {
    const requireCaller = guard(options);
    return createMiddleware<CallerEnv>((context, next) =>
      requireCaller(context, async () => {
        if (options.only === 'peer') requireHistoryAccess(directories.book.view, config, context.var.caller.id);
        await next();
      }),
    );
  };
}

/** @throws {Problem} `access_denied` */
function requireHistoryAccess(
  { directories }: DirectoryView,
  { access, networks }: ExchangeConfig,
  peer: string,
): void {
  if (!access) return;
  const theirs = directories.find(({ iss }) => iss === peer)?.networks ?? [];
  const isLetPass = theirs.some(({ id: from }) =>
    networks.some(({ id: to }) => isAllowed(access, { service: HISTORY_SERVICE, from, to })),
  );
  if (!isLetPass) throw new Problem('access_denied', `no rule allows ${HISTORY_SERVICE} to ${peer}`);
}

function composeHistories(
  { config, keys, stores, now }: ExchangeParts,
  { presence, enrolmentStore, receipts, payer, peers, directories }: ExchangeServices,
  guard: CallerGuard,
) {
  return createHistoryRoutes(
    {
      exchange: config.id,
      key: keys.signing,
      consents: stores.consents,
      verifyTap: (submission, actor) => presence.verify(submission, { actor, purpose: 'history' }),
      findBinding: (certHash) => enrolmentStore.findBinding(certHash),
      async readReceipts(subject) {
        const all = await receipts.receiptsOf(subject);
        const timeline = await signTimeline(all, { exchange: config.id, subject, key: keys.signing, now });
        return { ...all, timeline };
      },
      findPerson: async (query) => (await checkCoverage(query, payer)).person,
      peers,
      directory: () => directories.book.view,
      now,
    },
    guard,
  );
}

function composeMemberRoutes(
  { config, keys, cards, now }: ExchangeParts,
  { presence, presenceStore, enrolmentStore, visits, receipts, payer, contacts, stamping }: ExchangeServices,
  guard: CallerGuard,
) {
  const members = new Hono<CallerEnv>();
  for (const path of ['/api/challenges', '/api/visits/*', '/api/enrolments/*']) {
    members.use(path, guard({ only: 'member' }), async (context, next) => {
      contacts.seen(context.var.caller.id);
      await next();
    });
  }
  const acceptVisit = createVisitAcceptance({
    exchange: config.id,
    signer: keys.recordSigner,
    visits,
    receipts,
    async verifyVisit(submission, actor) {
      await stamping.requireTime();
      return presence.verify(submission, { actor, purpose: 'visit' });
    },
    payer,
    now,
  });
  const enrolment = createCardEnrolment({
    exchange: config.id,
    store: enrolmentStore,
    trust: cards,
    authorities: config.cards.authorities,
    askPayer: payer.ask,
    federationKey: payer.federationKey,
    now,
  });
  members.route('/', createChallengeRoutes({ store: presenceStore, now }));
  members.route('/', createVisitRoutes({ acceptVisit, visits, receipts }));
  members.route('/', createEnrolmentRoutes(enrolment));
  return members;
}
