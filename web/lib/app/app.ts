import { createContext } from 'svelte';
import type { Gateway } from '#lib/api/gateway.ts';
import type { Directory } from '#lib/directory/directory.svelte.ts';
import type { I18n } from '#lib/i18n/i18n.svelte.ts';
import type { Copies } from '#lib/offline/copies.ts';
import type { DeviceStorage } from '#lib/offline/device-storage.svelte.ts';
import type { OfflineStore } from '#lib/offline/offline-store.ts';
import type { PinPrompt } from '#lib/presence/pin-prompt.svelte.ts';
import type { Presence } from '#lib/presence/presence.ts';
import type { CardReader } from '#lib/reader.svelte.ts';
import type { Simulation } from '#lib/simulated/simulation.svelte.ts';
import type { RecentPeople } from '#lib/staff/recent-people.ts';
import type { Staff } from '#lib/staff/staff.svelte.ts';
import type { Terminal } from '#lib/terminal/terminal.svelte.ts';
import type { Toasts } from '#lib/ui/toasts.svelte.ts';
import type { Visits } from '#lib/visits/visits.svelte.ts';
import type { Connection } from './connection.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';

/** Everything a room may use; made once per window by `create-app.ts`. */
export interface App {
  /** The server's time, as well as this device knows it. */
  readonly now: () => Date;
  readonly i18n: I18n;
  readonly preferences: Preferences;
  readonly connection: Connection;
  readonly gateway: Gateway;
  readonly directory: Directory;
  readonly terminal: Terminal;
  readonly staff: Staff;
  readonly people: RecentPeople;
  /** What this device keeps; rooms ask the parts above it. */
  readonly store: OfflineStore;
  readonly copies: Copies;
  readonly storage: DeviceStorage;
  readonly visits: Visits;
  readonly reader: CardReader;
  readonly simulation: Simulation;
  readonly presence: Presence;
  readonly pinPrompt: PinPrompt;
  readonly toasts: Toasts;
  /** Starts what runs for as long as the window is open; answers how to stop it. */
  readonly start: () => () => void;
}

const [useApp, provideApp] = createContext<App>();

export { useApp, provideApp };
