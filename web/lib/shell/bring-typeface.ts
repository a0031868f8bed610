import { whenIdle } from '#lib/app/when-idle.ts';

interface Page extends Pick<Window, 'requestIdleCallback'> {
  readonly document: Pick<Document, 'hidden' | 'addEventListener' | 'removeEventListener'>;
  readonly navigator: { readonly serviceWorker?: Pick<ServiceWorkerContainer, 'controller'> };
}

/**
 * Fetches the app's own typeface, a hundred small files named in two long style sheets, where no text changes under
 * anybody's eyes for longer than a moment: where the app was before, with what it keeps, as soon as the window has
 * nothing else to do; on a first visit while nobody looks at it. Until then the device's letters do. Answers how to stop.
 */
export function bringTypeface(page: Page, load: () => void): () => void {
  const { document } = page;
  if (page.navigator.serviceWorker?.controller) {
    whenIdle(page, load);
    return () => {};
  }
  const stop = () => document.removeEventListener('visibilitychange', look);
  const look = () => {
    if (!document.hidden) return;
    stop();
    load();
  };
  document.addEventListener('visibilitychange', look);
  return stop;
}
