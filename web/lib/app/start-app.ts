import { mayAsk } from '#api/contract/gateway-access.ts';
import { WAKE_MESSAGE } from '#lib/offline/background-sync.ts';
import { createSealer } from '#lib/offline/sealer.ts';
import { watchIdle } from '#lib/staff/idle.ts';
import type { App } from './app.ts';
import { whenIdle } from './when-idle.ts';

const TICK_MS = 3_000;
/** While every record is in the log, the list is asked for once in so many ticks. */
const QUIET_TICKS = 10;

/**
 * What runs while the window is open: asks for the server, sends what waits (at once, when the server comes back, on
 * every tick), follows today's visits, listens to other tabs, watches the readers.
 */
export function startApp(page: Window, channel: BroadcastChannel, app: Omit<App, 'start'>): () => void {
  const { connection, visits, terminal, staff, copies, preferences, storage, reader, directory, i18n } = app;
  let tick = 0;

  const synchronise = async () => {
    if (!connection.isOnline || !terminal.isEnrolled) return;
    try {
      await visits.carryOver();
      await visits.flush();
      if (mayAsk('GET', '/api/visits', staff.roles) && !staff.isOfflineOnly) await visits.refresh();
      if (!directory.list || tick % QUIET_TICKS === 0) await directory.refresh();
    } catch {
      // What waits still waits and is counted on screen; the next tick tries again.
      void connection.refresh();
    }
  };
  const work = () => {
    tick += 1;
    const isDue = visits.waiting > 0 || visits.isUnfinished || !directory.list || tick % QUIET_TICKS === 0;
    if (isDue) void synchronise();
  };

  const idle = watchIdle(page, {
    limitMs: () => preferences.lockMinutes * 60_000,
    now: () => new Date(),
    onTouch: () => staff.noteActive(),
    onIdle: () => staff.lock('idle'),
  });
  staff.join(() => idle.touch());
  const stopStaff = staff.onChange(() => {
    idle.touch();
    if (staff.person) copies.begin(staff.person.id, staff.key && createSealer(staff.key));
    else copies.end();
    void visits.restore().then(synchronise, () => {});
  });
  const stopCard = reader.onCard(() => idle.touch());

  const stopConnection = connection.start(page);
  const stopListening = connection.onReconnect(() => void synchronise());
  const onMessage = ({ data }: MessageEvent) => {
    if (data === WAKE_MESSAGE) void connection.refresh().then(synchronise);
  };
  const worker = 'serviceWorker' in page.navigator ? page.navigator.serviceWorker : undefined;
  worker?.addEventListener('message', onMessage);
  const timer = page.setInterval(work, TICK_MS);
  channel.onmessage = () => void visits.restore();
  // Behind the room on screen.
  whenIdle(page, () => {
    void reader.start();
    void storage.askPersistence().then(() => storage.refresh());
    // Words for the other rooms, before anybody goes there.
    void i18n.loadRooms();
  });
  return () => {
    stopConnection();
    stopListening();
    stopStaff();
    stopCard();
    worker?.removeEventListener('message', onMessage);
    idle.stop();
    page.clearInterval(timer);
    channel.close();
  };
}
