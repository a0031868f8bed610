import { createGateway } from '#lib/api/gateway.ts';
import { createHttpClient } from '#lib/api/http-client.ts';
import { I18n } from '#lib/i18n/i18n.svelte.ts';
import { loadCatalogue } from '#lib/i18n/load-catalogue.ts';
import { Toasts } from '#lib/ui/toasts.svelte.ts';
import type { App } from './app.ts';
import { Connection } from './connection.svelte.ts';
import { createKeptStatus } from './kept-status.ts';
import { Preferences } from './preferences.svelte.ts';

/** Puts the app of one window together from what the browser gives. */
export async function createApp(page: Window): Promise<App> {
  const preferences = new Preferences(page.localStorage, page.navigator.languages);
  const i18n = await I18n.create(preferences.language, loadCatalogue);
  const gateway = createGateway(createHttpClient({ fetch: page.fetch.bind(page), signIn: () => Promise.resolve() }));
  const kept = createKeptStatus(page.localStorage);
  const connection = new Connection({
    fetchStatus: () => gateway.fetchStatus({ timeoutMs: 5_000 }),
    readKept: kept.read,
    keep: kept.keep,
  });
  await connection.restore();
  return { i18n, preferences, connection, gateway, toasts: new Toasts() };
}
