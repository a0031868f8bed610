import type { App } from '#lib/app/app.ts';
import { createApp } from '#lib/app/create-app.ts';
import type { LayoutLoad } from './$types';

/** A static app: every route is rendered in the browser. */
export const ssr = false;
export const prerender = false;

let app: Promise<App> | undefined;

/** Makes the window's app once, and sees to it that the room that comes next finds its words. */
export const load: LayoutLoad = async ({ route }) => {
  app ??= createApp(window);
  const { i18n } = await app;
  if (route.id !== '/') await i18n.loadRooms();
  return { app: await app };
};
