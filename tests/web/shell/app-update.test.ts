import { describe, expect, it } from 'vitest';
import { AppUpdate, type Workers } from '#lib/shell/app-update.svelte.ts';

/** A service worker as far as an update looks at it. */
class FakeWorker extends EventTarget {
  state = 'installing';
  readonly said: unknown[] = [];
  postMessage(message: unknown): void {
    this.said.push(message);
  }
  install(): void {
    this.state = 'installed';
    this.dispatchEvent(new Event('statechange'));
  }
}

function createBrowser({ isFirstVisit = false } = {}) {
  const registration = Object.assign(new EventTarget(), {
    waiting: null as FakeWorker | null,
    installing: null as FakeWorker | null,
  });
  const workers = Object.assign(new EventTarget(), {
    controller: isFirstVisit ? null : new FakeWorker(),
    ready: Promise.resolve(registration),
  });
  const reloads: string[] = [];
  return {
    registration,
    reloads,
    /** A window of this browser. */
    async open(name: string) {
      const update = new AppUpdate(workers as unknown as Workers, () => void reloads.push(name));
      update.start();
      await workers.ready;
      return update;
    },
    find(): FakeWorker {
      const worker = new FakeWorker();
      registration.installing = worker;
      registration.dispatchEvent(new Event('updatefound'));
      return worker;
    },
    takeOver: () => workers.dispatchEvent(new Event('controllerchange')),
  };
}

describe('a new version', () => {
  it('is offered when it is whole, and changes nothing until somebody wants it', async () => {
    const browser = createBrowser();
    const update = await browser.open('desk');
    const worker = browser.find();
    expect(update.state).toBe('none');
    worker.install();
    expect([update.state, worker.said, browser.reloads]).toEqual(['ready', [], []]);
    update.apply();
    expect(worker.said).toEqual(['skip-waiting']);
    browser.takeOver();
    expect(browser.reloads).toEqual(['desk']);
  });

  it('that waited before the window opened is offered too', async () => {
    const browser = createBrowser();
    browser.registration.waiting = new FakeWorker();
    expect((await browser.open('desk')).state).toBe('ready');
  });

  it('leaves a window alone in which a visit is open, when another window asked for it', async () => {
    const browser = createBrowser();
    const [desk, bed] = [await browser.open('desk'), await browser.open('bed')];
    browser.find().install();
    desk.apply();
    browser.takeOver();
    expect([browser.reloads, bed.state]).toEqual([['desk'], 'replaced']);
    bed.apply();
    expect(browser.reloads).toEqual(['desk', 'bed']);
  });

  it('is none at a first visit', async () => {
    const browser = createBrowser({ isFirstVisit: true });
    const update = await browser.open('desk');
    browser.find().install();
    browser.takeOver();
    expect([update.state, browser.reloads]).toEqual(['none', []]);
  });
});
