/** What TypeScript's library does not know yet: Service Workers, section "InstallEvent", `addRoutes`. */
interface Rule {
  readonly condition: { readonly urlPattern: string };
  readonly source: { readonly cacheName: string } | 'network';
}

/** What is used of the worker's `install` event. */
export interface RoutingInstallEvent {
  addRoutes?(rule: Rule): Promise<void>;
  waitUntil(work: Promise<unknown>): void;
}

/**
 * Has the browser take files that never change from the cache by itself, where it can: no worker is woken and asked for
 * each of them. What is not there comes from the network; other browsers ask the worker, which answers the same.
 *
 * @param urlPattern of files whose cache key is their address
 */
export function takeStraightFromCache(event: RoutingInstallEvent, urlPattern: string, cacheName: string): void {
  addRule(event, { condition: { urlPattern }, source: { cacheName } });
}

/**
 * Has the browser send requests to the server by itself, where it can. They pass a worker by that has nothing to say about
 * them, and do not keep it busy when a newer one is to take over.
 */
export function sendStraightToServer(event: RoutingInstallEvent, urlPattern: string): void {
  addRule(event, { condition: { urlPattern }, source: 'network' });
}

function addRule(event: RoutingInstallEvent, rule: Rule): void {
  const added = event.addRoutes?.(rule);
  // A refused rule is no rule: the worker answers.
  if (added) event.waitUntil(added.catch(() => {}));
}
