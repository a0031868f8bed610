import { useApp, type App } from '#lib/app/app.ts';
import { createRecentCopies, type RecentCopies } from '#lib/offline/recent-copies.ts';

const kept = new WeakMap<App, RecentCopies>();

/** The recent copies of this window; rooms beyond the first bring them along. Call it while a component is set up. */
export function useRecentCopies(): RecentCopies {
  const app = useApp();
  let copies = kept.get(app);
  if (!copies) kept.set(app, (copies = createRecentCopies(app.store, app.copies, app.now)));
  return copies;
}
