import { Hono } from 'hono';
import { createExchangeDirectoryRoutes } from '../directory/routes.ts';
import { createCardEnrolment } from '../enrolment/card-enrolment.ts';
import { createTrustRoute } from '../directory/trust-route.ts';
import { createEnrolmentRoutes } from '../enrolment/routes.ts';
import { createEvidenceRoutes } from '../evidence/routes.ts';
import { createWitnessRoutes } from '../evidence/witness-routes.ts';
import { createRequestMemory } from '../http/request-memory.ts';
import { createSignedCaller, type CallerEnv } from '../http/signed-caller.ts';
import { createChallengeRoutes } from '../presence/routes.ts';
import { createRelayRoutes, type CallerGuard } from '../relay/routes.ts';
import { createHistoryRoutes } from '../sharing/history/routes.ts';
import { createVisitAcceptance } from '../visits/accept-visit.ts';
import { checkCoverage } from '../visits/coverage-check.ts';
import { createVisitRoutes } from '../visits/routes.ts';
import { signTimeline } from '../visits/timeline-head.ts';
import { createCallerFinder } from './exchange-parties.ts';
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
): void {
  const { config, now } = parts;
  const { contacts, directories, relay } = services;
  const findCaller = createCallerFinder(config);
  const caller = { exchange: config.id, findCaller, memory: createRequestMemory(), now };
  const guard: CallerGuard = (options) => createSignedCaller({ ...caller, ...options });

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
    readWitnesses: () => services.witnessing.status(),
    readTimestamping: () => services.stamping.status(),
    readCheckpoint: async () => (await services.log.latestCheckpoint()).note,
  };
  app.route('/', createRelayRoutes({ parts: relay, guard, contacts, closing, status }));
  app.route('/', composeHistories(parts, services, guard));
  app.route('/', composeMemberRoutes(parts, services, guard));
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
