import { createApp } from '#lib/app/create-app.ts';
import type { LayoutLoad } from './$types';

/** A static app: every route is rendered in the browser. */
export const ssr = false;
export const prerender = false;

export const load: LayoutLoad = async () => ({ app: await createApp(window) });
