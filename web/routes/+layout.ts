import type { App } from '#lib/app/app.ts';
import { createApp } from '#lib/app/create-app.ts';
import type { LayoutLoad } from './$types';

/** A static app: every route is rendered in the browser. */
export const ssr = false;
export const prerender = false;

type Start = { readonly kind: 'started'; readonly app: App } | { readonly kind: 'failed'; readonly error: unknown };

let started: Promise<Start> | undefined;

const start = (): Promise<Start> =>
  createApp(window).then(
    (app) => ({ kind: 'started', app }),
    (error: unknown) => ({ kind: 'failed', error }),
  );

/** Makes the window's app once, and sees to it that the room that comes next finds its words. */
export const load: LayoutLoad = async ({ route }) => {
  started ??= start();
  const result = await started;
  if (result.kind === 'started' && route.id !== '/') await result.app.i18n.loadRooms();
  return { start: result };
};
