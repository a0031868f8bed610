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
import { createStaffRoutes } from '../enrolment/staff-routes.ts';
import { createTerminalAdministrationRoutes } from '../enrolment/terminal-administration.ts';
import { createAccess } from '../http/access.ts';
import { createOriginCheck, createSessionCookie } from '../http/terminal-session.ts';
import { CoseAnswer } from '../contract/exchange-api.ts';
import { openLetter } from '../contract/open-letter.ts';
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

/** Wrong codes, or passkeys, that are let pass before a pause. */
const ATTEMPTS = { failures: 10, windowMs: 10 * 60_000 };

/** Mounts what a gateway answers (`contract/gateway-api.ts`). */
export function mountGatewayRoutes(app: Hono, parts: GatewayParts, services: GatewayServices): void {
  const { config, now } = parts;
  const { terminals, staff, visits } = services;
  const cookie = createSessionCookie(config.origin);
  const access = createAccess({
    ...{ cookie, now },
    findTerminal: (hash, at) => terminals.findSession(hash, at),
    findPerson: (hash, terminal, at) => staff.findSession(hash, terminal, at),
  });

  for (const path of ['/api/*', '/demo/*']) app.use(path, createOriginCheck(config.origin), access);
  if (services.witness) app.route('/evidence/witness', createWitnessRoutes(services.witness));
  app.route(
    '/',
    createTrustRoute(() => services.directories.book.view),
  );
  app.route('/', createGatewayStatusRoute({ ...services, config, letterKey: parts.keys.encryption.publicJwk, now }));
  const sessions = createOperatorSessions({
    ...{ self: config.institution.id, origin: config.origin, operators: config.operators },
    ...{ key: parts.keys.signing, memory: parts.stores.requests ?? createRequestMemory(), now },
  });
  app.route('/', createOperatorRoutes({ sessions, control: parts.control }));
  mountEnrolment(app, parts, services);
  mountRooms(app, parts, services);
  if (parts.demoWorld) {
    const findVisit = (visitId: string) => visits.findByVisit(visitId);
    app.route('/', createDemoRoutes({ world: parts.demoWorld, institution: config.institution.id, findVisit }));
  }
}

/** Terminals and people: how they get in. */
function mountEnrolment(app: Hono, { config, stores, now }: GatewayParts, services: GatewayServices): void {
  const { terminals, staff, setUp } = services;
  const cookie = createSessionCookie(config.origin);
  const { origin, institution, terminalCode } = config;
  const isOpen = config.demoWorld !== undefined && terminalCode === undefined;
  const standingCode = () => terminalCode ?? setUp.code();
  const attempts = createAttemptLimit(stores.attempts, 'terminal codes', ATTEMPTS);
  app.route('/', createTerminalRoutes({ terminals, isOpen, standingCode, attempts, origin, cookie, now }));
  app.route('/', createTerminalAdministrationRoutes({ terminals, now }));
  const institutionName = institution.name.ja;
  const staffParts = { staff, origin, institutionName, setUpCode: () => setUp.code(), now };
  app.route(
    '/',
    createStaffRoutes({
      ...staffParts,
      attempts: createAttemptLimit(stores.attempts, 'staff codes', ATTEMPTS),
      signInAttempts: (terminal) => createAttemptLimit(stores.attempts, `passkeys at ${terminal}`, ATTEMPTS),
      onPasskey: () => setUp.refresh(),
    }),
  );
}

/** What the rooms of the app ask for. */
function mountRooms(app: Hono, { keys, now }: GatewayParts, services: GatewayServices): void {
  const { beds, dispensings, exchange, fhir, forwarder, inspect, records, visits, visitBook, watch } = services;
  const isExchangeReachable = () => watch.isReachable();
  const takeVisit = createGatewayIntake({ visits, forwarder, inspect, isExchangeReachable, now });
  const countDocuments = (visitIds: readonly string[]) => records.countForVisits(visitIds);

  app.route('/', createGatewayChallengeRoutes({ exchange }));
  app.route('/', createGatewayEnrolmentRoutes({ exchange }));
  app.route(
    '/',
    createGatewayVisitRoutes({
      takeVisit,
      openLetter: (letter) => openLetter(letter, [keys.encryption]),
      visits,
      fetchCose: (visitId) => exchange.get(`/api/visits/${visitId}/receipt/cose`, CoseAnswer),
      countDocuments,
    }),
  );
  app.route('/', createGatewayDirectoryRoutes(services.directories));
  app.route('/', createBedRoutes(createWard({ store: beds, findVisit: (id) => visits.findByVisit(id), now })));
  const readUses = (documentIds: readonly string[]) => dispensings.readUses(documentIds);
  app.route('/', createRecordRoutes({ store: records, visits: visitBook, fhir, readUses, now }));
  app.route('/', createGatewayHistoryRoutes({ exchange, inspect }));
  app.route('/', createGatewayAccessRoutes({ exchange, inspect }));
  app.route('/', services.sharing.routes);
}
