import { createContext } from 'svelte';
import type { Gateway } from '#lib/api/gateway.ts';
import type { I18n } from '#lib/i18n/i18n.svelte.ts';
import type { Toasts } from '#lib/ui/toasts.svelte.ts';
import type { Connection } from './connection.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';

/** Everything a room may use; made once per window by `create-app.ts`. */
export interface App {
  readonly i18n: I18n;
  readonly preferences: Preferences;
  readonly connection: Connection;
  readonly gateway: Gateway;
  readonly toasts: Toasts;
}

const [useApp, provideApp] = createContext<App>();

export { useApp, provideApp };
