import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import type { DialogueName } from '../client/dialogues.ts';
import { LabError } from '../lab-error.ts';
import { type PageServer, servePages } from './page-server.ts';
import { waitFor } from './programs.ts';

const POLICIES = '/etc/chromium/policies/managed';
/** An id of the kind for development: 32 bytes that say nothing, and 00 00 02, in base32. */
const APP_ID = 'aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypqaaac';
const APP_ORIGIN = `isolated-app://${APP_ID}/`;

/** Half a minute is usual in an emulated machine; minutes where that is one of many programs. */
const PATIENCE_MS = 900_000;

/** Chromium as it is, without a window, and its own WebUSB. */
export interface Chromium {
  /** The page at an address of the network's. */
  ordinaryPage(): Promise<TalkingPage>;
  /** The same files, installed as an Isolated Web App in developer mode. */
  isolatedApp(): Promise<TalkingPage>;
  /** `Chromium 156.0.8078.79` and so on. */
  version(): string;
  close(): Promise<void>;
}

/** A page with the library in it. */
export interface TalkingPage {
  converse(name: DialogueName, onReport?: (what: string) => void): Promise<unknown>;
  /** Whether the page has the Web Smart Card API, and its developer tools a way to put readers behind it. */
  smartCards(): Promise<{ readonly hasApi: boolean; readonly canEmulate: boolean }>;
  close(): Promise<void>;
}

/**
 * Starts Chromium with a policy that gives the page every device of the makers named: a chooser wants a person.
 *
 * @param vendorIds of the devices that the page may use
 */
export async function startChromium(pages: string, vendorIds: readonly number[]): Promise<Chromium> {
  const server = await servePages(pages);
  mkdirSync(POLICIES, { recursive: true });
  const devices = vendorIds.map((vendor_id) => ({ vendor_id }));
  const urls = [new URL(server.url).origin, APP_ORIGIN];
  const policy = { WebUsbAllowDevicesForUrls: [{ devices, urls }] };
  writeFileSync(join(POLICIES, 'lab.json'), JSON.stringify(policy));
  const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'chromium-')), {
    executablePath: '/usr/bin/chromium',
    headless: true,
    timeout: PATIENCE_MS,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--enable-features=IsolatedWebApps,IsolatedWebAppDevMode,SmartCard',
      '--enable-blink-features=SmartCard',
      '--enable-devtools-pwa-handler',
    ],
  });
  context.setDefaultTimeout(PATIENCE_MS);
  let isInstalled = false;
  return {
    async ordinaryPage() {
      const page = await context.newPage();
      await page.goto(server.url);
      return talk(page);
    },
    async isolatedApp() {
      await launchApp(context, isInstalled ? undefined : server);
      isInstalled = true;
      const isApp = (page: Page): boolean => page.url().startsWith(APP_ORIGIN);
      return talk(await waitFor('page of the app', () => context.pages().find(isApp)));
    },
    version: () => `Chromium ${context.browser()?.version() ?? ''}`,
    async close() {
      await context.close();
      server.close();
    },
  };
}

/**
 * @param server installs the app from it first
 * @throws {LabError} `program_failed`
 */
async function launchApp(context: BrowserContext, server: PageServer | undefined): Promise<void> {
  const browser = context.browser();
  if (!browser) throw new LabError('program_failed', 'no Chromium');
  const devTools = await browser.newBrowserCDPSession();
  // Playwright's types do not know the domain PWA.
  const send = devTools.send.bind(devTools) as (method: string, parameters: object) => Promise<unknown>;
  if (server) await send('PWA.install', { manifestId: APP_ORIGIN, installUrlOrBundleUrl: server.url });
  await send('PWA.launch', { manifestId: APP_ORIGIN });
  await devTools.detach();
}

async function talk(page: Page): Promise<TalkingPage> {
  let listener: (what: string) => void = () => undefined;
  // An empty page has nothing to be seen.
  await page.waitForSelector('body[data-ready]', { state: 'attached' });
  await page.exposeFunction('report', (what: string) => listener(what));
  return {
    converse(name, onReport = () => undefined) {
      listener = onReport;
      return page.evaluate((dialogue) => window.converse(dialogue), name);
    },
    async smartCards() {
      const hasApi = await page.evaluate(() => 'smartCard' in navigator);
      const devTools = await page.context().newCDPSession(page);
      const canEmulate = await devTools.send('SmartCardEmulation.enable').then(
        () => true,
        () => false,
      );
      await devTools.detach();
      return { hasApi, canEmulate };
    },
    close: () => page.close(),
  };
}
