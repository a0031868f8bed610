import * as z from 'zod';

// zod compiles its parsers with `new Function`, which the Trusted Types policy reports.
z.config({ jitless: true });

const PARTS = [
  () => import('#api/contract/presence-proof.ts'),
  () => import('#api/contract/visits-api.ts'),
  () => import('#lib/app/create-app.ts'),
];

/** Runs what the app is made of before its screens, each part in a task of its own: in between the window answers. */
export const init = async (): Promise<void> => {
  // Whoever needs one next says that it cannot be had.
  for (const load of PARTS) await load().catch(() => {});
};
