import { createSimulatedRcS300, createSimulatedRcS380, createSimulatedReader } from 'webusb-ccid/simulated';
import type { Tapped } from '../client/dialogues.ts';
import { createMyNumberCard } from './cards.ts';
import { type Check, expectThat, type Lab } from './check.ts';
import { type Chromium, startChromium, type TalkingPage } from './chromium.ts';
import { LabError } from '../lab-error.ts';
import { EXCHANGE_LEVELS } from './levels.ts';
import type { UsbSockets } from './usb-sockets.ts';
import { expectTap } from './verdicts.ts';

const VENDOR = 0x1209;
const SONY = 0x054c;
const SMART_CARD_CLASS = 0x0b;
const VENDOR_CLASS = 0xff;

type PageKind = 'ordinaryPage' | 'isolatedApp';

/** Started by the first check that wants it, because it takes half a minute. */
let running: Promise<Chromium> | undefined;

async function withPage<T>(
  { pages }: Lab,
  kind: PageKind,
  work: (page: TalkingPage, version: string) => Promise<T>,
): Promise<T> {
  running ??= startChromium(pages, [VENDOR, SONY]);
  const chromium = await running;
  const page = await chromium[kind]();
  try {
    return await work(page, chromium.version());
  } finally {
    await page.close();
  }
}

/** Ends what the checks have started. */
export async function closeChromium(): Promise<void> {
  await (await running)?.close();
}

/** A tap in a reader of each level, one behind the other, in a page that stays open. */
async function tapAtEveryLevel(lab: Lab, kind: PageKind, interfaceClass: 0x0b | 0xff): Promise<string> {
  return withPage(lab, kind, async (page) => {
    for (const { level, card } of EXCHANGE_LEVELS) {
      const reader = createSimulatedReader({ level, interfaceClass, vendorId: VENDOR });
      reader.insert(card());
      await whilePluggedIn(lab.sockets, reader.device, async () => expectTap((await page.converse('tap')) as Tapped));
    }
    return `${EXCHANGE_LEVELS.map(({ name }) => name).join(', ')}: certificate and signature right`;
  });
}

async function whilePluggedIn<T>(
  sockets: UsbSockets,
  device: Parameters<UsbSockets['plugIn']>[0],
  work: () => Promise<T>,
): Promise<T> {
  await sockets.plugIn(device);
  try {
    return await work();
  } finally {
    await sockets.detach();
  }
}

async function unplugInTheMiddle(lab: Lab, kind: PageKind, interfaceClass: 0x0b | 0xff): Promise<string> {
  const { sockets } = lab;
  return withPage(lab, kind, async (page) => {
    const reader = createSimulatedReader({ interfaceClass, vendorId: VENDOR });
    reader.insert(createMyNumberCard());
    return whilePluggedIn(sockets, reader.device, async () => {
      const seen = (await page.converse('unplugged', (what) => {
        if (what === 'connected') {
          reader.faults.hang();
          setTimeout(() => void sockets.detach(), 1000);
        }
        if (what === 'gone') void sockets.plugIn(reader.device);
      })) as Tapped & { code: string; idBefore: string; idAfter: string };
      expectThat(seen.code === 'reader_gone', `the exchange ended with ${seen.code}`);
      expectThat(seen.idBefore === seen.idAfter, 'the reader came back under another id');
      expectTap(seen);
      return `${seen.code}, then the same reader again, and a tap`;
    });
  });
}

export const chromiumChecks: readonly Check[] = [
  {
    name: 'chromium/tap',
    title: 'an ordinary page of Chromium taps a card in a reader of class FF, at every exchange level',
    run: (lab) => tapAtEveryLevel(lab, 'ordinaryPage', VENDOR_CLASS),
  },
  {
    name: 'chromium/sony',
    title: 'an ordinary page of Chromium taps a card on our RC-S300 and RC-S380',
    run: (lab) =>
      withPage(lab, 'ordinaryPage', async (page) => {
        for (const reader of [createSimulatedRcS300(), createSimulatedRcS380()]) {
          reader.insert(createMyNumberCard());
          await whilePluggedIn(lab.sockets, reader.device, async () =>
            expectTap((await page.converse('tap')) as Tapped),
          );
        }
        return 'vendor interfaces, ISO-DEP over Type B: certificate and signature right';
      }),
  },
  {
    name: 'chromium/protected',
    title: 'an ordinary page of Chromium is refused a reader of class 0B, in our words',
    run: (lab) =>
      withPage(lab, 'ordinaryPage', async (page) => {
        const reader = createSimulatedReader({ interfaceClass: SMART_CARD_CLASS, vendorId: VENDOR });
        return whilePluggedIn(lab.sockets, reader.device, async () => {
          const { code, message } = (await page.converse('refused')) as { code: string; message: string };
          expectThat(code === 'protected_interface', `it was refused with ${code}`);
          expectThat(message.includes('Isolated Web App'), `the way out is not named: ${message}`);
          return message;
        });
      }),
  },
  {
    name: 'chromium/unplug',
    title: 'a reader unplugged in the middle of an exchange: reader_gone in a page, and it works when it is back',
    run: (lab) => unplugInTheMiddle(lab, 'ordinaryPage', VENDOR_CLASS),
  },
  {
    name: 'chromium/isolated-app',
    title: 'an Isolated Web App taps a card in a reader of class 0B, at every exchange level',
    run: (lab) => tapAtEveryLevel(lab, 'isolatedApp', SMART_CARD_CLASS),
  },
  {
    name: 'chromium/isolated-unplug',
    title: 'the same in an Isolated Web App, with a reader of class 0B that is unplugged',
    run: (lab) => unplugInTheMiddle(lab, 'isolatedApp', SMART_CARD_CLASS),
  },
  {
    name: 'chromium/smart-card',
    title: 'an Isolated Web App has the Web Smart Card API, with readers that the developer tools put behind it',
    run: (lab) =>
      withPage(lab, 'isolatedApp', async (page, version) => {
        const { hasApi, canEmulate } = await page.smartCards();
        const lacks = [!hasApi && 'navigator.smartCard', !canEmulate && "the developer tools' SmartCardEmulation"];
        const missing = lacks.filter((what) => what !== false).join(' and ');
        // ChromeOS alone has them so far; where both are there, this check is to go on from here.
        throw new LabError(
          'not_possible',
          `${version} on Linux ${missing ? `lacks ${missing}` : 'has both, and nobody has driven them yet'}; ` +
            'tests/ccid/readers/web-smart-card.test.ts holds that road to a simulated navigator.smartCard',
        );
      }),
  },
];
