/** Longest wait for a quiet moment, milliseconds. */
const LIMIT_MS = 2_000;

/** Does what nobody waits for as soon as the window has nothing else to do. */
export function whenIdle(page: Partial<Pick<Window, 'requestIdleCallback'>>, work: () => void): void {
  if (page.requestIdleCallback) page.requestIdleCallback(work, { timeout: LIMIT_MS });
  // Safari has no such moment: after what is due now.
  else setTimeout(work, 200);
}
