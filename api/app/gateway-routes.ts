import { Hono } from 'hono';
import { createOperatorSessions } from '../http/operator-session.ts';
import { createRequestMemory } from '../http/request-memory.ts';
import { createOperatorRoutes } from '../operations/operator-routes.ts';
import { createDemoRoutes } from '../demo/routes.ts';
import { createGatewayDirectoryRoutes } from '../directory/routes.ts';
import { createTrustRoute } from '../directory/trust-route.ts';
import { createAttemptLimit } from '../enrolment/attempt-limit.ts';
import { createWitnessRoutes } from '../evidence/witness-routes.ts';
import { createGatewayEnrolmentRoutes } from '../enrolment/gateway-routes.ts';
import { createTerminalRoutes } from '../enrolment/terminal-routes.ts';
import {
  createOriginCheck,
  createSessionCookie,
  createTerminalSession,
  type TerminalEnv,
} from '../http/terminal-session.ts';
import { createGatewayChallengeRoutes } from '../presence/gateway-routes.ts';
import { createBedRoutes } from '../beds/routes.ts';
import { createWard } from '../beds/ward.ts';
import { createRecordRoutes } from '../records/routes.ts';
import { createGatewayAccessRoutes } from '../sharing/access/routes.ts';
import { createGatewayHistoryRoutes } from '../sharing/history/routes.ts';
import { createGatewayIntake } from '../visits/gateway-intake.ts';
import { createGatewayVisitRoutes } from '../visits/gateway-routes.ts';
import type { GatewayParts, GatewayServices } from './gateway-services.ts';
import { createGatewayStatusRoute } from './gateway-status.ts';

/** Wrong codes that are let pass before a pause. */
const CODE_ATTEMPTS = { failures: 10, windowMs: 10 * 60_000 };

/** Mounts what a gateway answers (`contract/gateway-api.ts`). */
export function mountGatewayRoutes(app: Hono, parts: GatewayParts, services: GatewayServices): void {
  const { config, now } = parts;
  const { terminals, visits, watch } = services;
  const cookie = createSessionCookie(config.origin);
  const guard = createTerminalSession({ cookie, findSession: (hash, at) => terminals.findSession(hash, at), now });

  for (const path of ['/api/*', '/demo/*']) app.use(path, createOriginCheck(config.origin));
  if (services.witness) app.route('/evidence/witness', createWitnessRoutes(services.witness));
  app.route(
    '/',
    createTrustRoute(() => services.directories.book.view),
  );
  app.route('/', createGatewayStatusRoute({ config, watch, visits, now }));
  const sessions = createOperatorSessions({
    ...{ self: config.institution.id, origin: config.origin, operators: config.operators },
    ...{ key: parts.keys.signing, memory: createRequestMemory(), now },
  });
  app.route('/', createOperatorRoutes({ sessions, control: parts.control }));
  const code = config.terminalCode === undefined ? {} : { code: config.terminalCode };
  const attempts = createAttemptLimit(CODE_ATTEMPTS);
  app.route('/', createTerminalRoutes({ terminals, ...code, attempts, origin: config.origin, cookie, now }));

  const signedIn = new Hono<TerminalEnv>();
  signedIn.use('/api/*', guard);
  mountTerminalRoutes(signedIn, parts, services);
  app.route('/', signedIn);
  if (parts.demoWorld) {
    const findVisit = (visitId: string) => visits.findByVisit(visitId);
    const institution = config.institution.id;
    app.route('/', createDemoRoutes({ world: parts.demoWorld, institution, findVisit, guard }));
  }
}

/** Everything that needs a session. */
function mountTerminalRoutes(app: Hono<TerminalEnv>, { now }: GatewayParts, services: GatewayServices): void {
  const { beds, dispensings, exchange, fhir, forwarder, inspect, records, visits, visitBook, watch } = services;
  const isExchangeReachable = () => watch.isReachable();
  const takeVisit = createGatewayIntake({ visits, forwarder, inspect, isExchangeReachable, now });
  const countDocuments = (visitIds: readonly string[]) => records.countForVisits(visitIds);

  app.route('/', createGatewayChallengeRoutes({ exchange }));
  app.route('/', createGatewayEnrolmentRoutes({ exchange }));
  app.route('/', createGatewayVisitRoutes({ takeVisit, visits, countDocuments }));
  app.route('/', createGatewayDirectoryRoutes(services.directories));
  app.route('/', createBedRoutes(createWard({ store: beds, findVisit: (id) => visits.findByVisit(id), now })));
  const readUses = (documentIds: readonly string[]) => dispensings.readUses(documentIds);
  app.route('/', createRecordRoutes({ store: records, visits: visitBook, fhir, readUses, now }));
  app.route('/', createGatewayHistoryRoutes({ exchange, inspect }));
  app.route('/', createGatewayAccessRoutes({ exchange, inspect }));
  app.route('/', services.sharing.routes);
}
