import { TrustFile } from '#api/contract/evidence/trust.ts';
import { InstitutionList } from '#api/contract/institutions-api.ts';
import { STAFF_HEADER } from '#api/contract/staff-person.ts';
import { createGateway } from '#lib/api/gateway.ts';
import { createHttpClient } from '#lib/api/http-client.ts';
import { ServerStatus } from '#lib/api/server-status.ts';
import { Directory } from '#lib/directory/directory.svelte.ts';
import { dayOf } from '#lib/i18n/dates.ts';
import { I18n } from '#lib/i18n/i18n.svelte.ts';
import { catalogueLoaders } from '#lib/i18n/load-catalogue.ts';
import { createSyncRequest } from '#lib/offline/background-sync.ts';
import { Copies } from '#lib/offline/copies.ts';
import { withWebLock } from '#lib/offline/exclusively.ts';
import { OfflineError } from '#lib/offline/offline-error.ts';
import { openDevice } from '#lib/offline/open-device.ts';
import { loadMethod } from '#lib/presence/load-method.ts';
import { PinPrompt } from '#lib/presence/pin-prompt.svelte.ts';
import { createPresence } from '#lib/presence/presence.ts';
import { createCardReader } from '#lib/reader.svelte.ts';
import { Simulation } from '#lib/simulated/simulation.svelte.ts';
import { createRecentPeople } from '#lib/staff/recent-people.ts';
import { Staff } from '#lib/staff/staff.svelte.ts';
import { Terminal } from '#lib/terminal/terminal.svelte.ts';
import { Toasts } from '#lib/ui/toasts.svelte.ts';
import { writeLetter } from '#lib/visits/letters.ts';
import { createOutbox } from '#lib/visits/outbox.ts';
import { createVisitCopies } from '#lib/visits/visit-copies.ts';
import { Visits } from '#lib/visits/visits.svelte.ts';
import type { App } from './app.ts';
import { Connection } from './connection.svelte.ts';
import { HeardTime } from './heard-time.ts';
import { createKept } from './kept.ts';
import { Preferences } from './preferences.svelte.ts';
import { ServerClock } from './server-clock.svelte.ts';
import { startApp } from './start-app.ts';

const CHANNEL = 'tsunagi-visits';
const STAFF_CHANNEL = 'tsunagi-staff';
const STATUS_TIMEOUT_MS = 5_000;

/** Puts the app of one window together from what the browser gives. */
export async function createApp(page: Window & typeof globalThis): Promise<App> {
  const preferences = new Preferences(page.localStorage, page.navigator.languages);
  const fetch = page.fetch.bind(page);
  const signedOut = createGateway(createHttpClient({ fetch, signIn: () => Promise.resolve() }));
  const [i18n, device] = await Promise.all([
    I18n.create(preferences.language, catalogueLoaders),
    openDevice(page, (): number => visits.waiting),
  ]);

  const clock = new ServerClock({
    deviceNow: () => new Date(),
    kept: createKept(device.store, 'clock', HeardTime),
  });
  const now = () => clock.now();
  const connection = new Connection({
    // An Isolated Web App has an origin of its own, with nobody behind it.
    hasServer: page.location.protocol !== 'isolated-app:',
    fetchStatus: () => signedOut.fetchStatus({ timeoutMs: STATUS_TIMEOUT_MS }),
    kept: createKept(device.store, 'status', ServerStatus),
    clock,
  });
  const reader = createCardReader(page, now);
  const simulation = new Simulation({
    reader,
    fetchCards: async (): Promise<unknown> => (await fetch('/demo/cards.json')).json(),
    memory: page.localStorage,
  });
  // At a counter somebody waits with a card: the driver comes while the rest is read.
  if (device.store.readFact('terminal') !== undefined) reader.prepare();
  if (connection.gateway?.demo) simulation.prepare();

  const staff = new Staff({
    channel: new BroadcastChannel(STAFF_CHANNEL),
    endSession: (token) => gateway.endStaffSession(token),
    after: (ms, work) => void page.setTimeout(work, ms),
  });
  const gateway = createGateway(
    createHttpClient({
      fetch,
      signIn: () => terminal.signIn(),
      headers: (): Readonly<Record<string, string>> => (staff.token ? { [STAFF_HEADER]: staff.token } : {}),
      onStaffRequired(headers) {
        // An answer to a request of before says nothing about now.
        if (staff.token && headers[STAFF_HEADER] === staff.token) staff.lock('ended');
      },
    }),
  );

  const directory = new Directory({
    kept: createKept(device.store, 'directory', InstitutionList),
    fetchDirectory: gateway.fetchDirectory,
    keptTrust: createKept(device.store, 'trust', TrustFile),
    fetchTrust: signedOut.fetchTrust,
  });

  const askForSync = createSyncRequest(async () => page.navigator.serviceWorker?.getRegistration());
  const channel = new BroadcastChannel(CHANNEL);
  const copies = new Copies();
  const visitCopies = createVisitCopies(device.store, copies, now);
  const visits = new Visits({
    outbox: createOutbox({
      store: device.store,
      copies: visitCopies,
      write: (submission) => writeLetter(submission, connection.gateway?.letterKey),
    }),
    copies: visitCopies,
    send: gateway.sendVisit,
    sendLetter: gateway.sendLetter,
    fetchVisits: (since, limit) => gateway.fetchVisits({ since, limit }),
    exclusively: withWebLock(page.navigator.locks),
    announce: () => channel.postMessage('changed'),
    onWaiting(count) {
      device.storage.noteWaiting(count);
      void askForSync(count);
    },
    startOfDay: () => new Date(`${dayOf(now())}T00:00:00+09:00`),
  });
  const [terminal] = await Promise.all([
    Terminal.open({
      store: device.store,
      preferences: page.localStorage,
      enrol: signedOut.enrolTerminal,
      openSession: signedOut.openSession,
      origin: page.location.origin,
      now,
    }),
    // The screens work without the past; what is kept now is kept, and the next change reads again.
    visits.restore().catch((error: unknown) => {
      if (!(error instanceof OfflineError)) throw error;
    }),
  ]);

  const pinPrompt = new PinPrompt();
  const presence = createPresence({
    withCard: (use, signal) => reader.withCard(use, signal),
    loadMethod: (purpose, signal) =>
      loadMethod(
        purpose,
        { choice: () => preferences.presenceChoice, askPin: (signal) => pinPrompt.ask(signal) },
        signal,
      ),
    terminalKey: () => terminal.key,
    gateway: () => connection.gateway,
    fetchChallenge: (request) => gateway.fetchChallenge(request, { timeoutMs: STATUS_TIMEOUT_MS }),
    now,
  });
  const parts = {
    now,
    i18n,
    preferences,
    connection,
    gateway,
    directory,
    terminal,
    staff,
    people: createRecentPeople(page.localStorage),
    store: device.store,
    copies,
    storage: device.storage,
    visits,
    reader,
    simulation,
    presence,
    pinPrompt,
    toasts: new Toasts(),
  };
  return { ...parts, start: () => startApp(page, channel, parts) };
}
