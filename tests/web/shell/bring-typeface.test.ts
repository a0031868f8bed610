import { expect, it } from 'vitest';
import { bringTypeface } from '#lib/shell/bring-typeface.ts';

function openPage(controller: ServiceWorker | null) {
  const document = Object.assign(new EventTarget(), { hidden: false });
  const idle: IdleRequestCallback[] = [];
  const page = {
    document,
    navigator: { serviceWorker: { controller } },
    requestIdleCallback: (work: IdleRequestCallback) => idle.push(work),
  };
  let loaded = 0;
  const stop = bringTypeface(page, () => (loaded += 1));
  const show = (isSeen: boolean) => {
    document.hidden = !isSeen;
    document.dispatchEvent(new Event('visibilitychange'));
  };
  return {
    stop,
    show,
    rest: () => idle.forEach((work) => work({ didTimeout: false, timeRemaining: () => 50 })),
    loaded: () => loaded,
  };
}

it('comes as soon as there is nothing else to do, where the app was before', () => {
  const page = openPage(new EventTarget() as ServiceWorker);
  expect(page.loaded()).toBe(0);
  page.rest();
  expect(page.loaded()).toBe(1);
});

it('comes on a first visit once nobody looks', () => {
  const page = openPage(null);
  page.rest();
  page.show(true);
  expect(page.loaded()).toBe(0);
  page.show(false);
  page.show(true);
  page.show(false);
  expect(page.loaded()).toBe(1);
});

it('does not come to a window that is left', () => {
  const page = openPage(null);
  page.stop();
  page.show(false);
  expect(page.loaded()).toBe(0);
});
