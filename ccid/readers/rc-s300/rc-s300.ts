import { CardError } from '../../errors.ts';
import type { RawFramePort } from '../../isodep/raw-frame-port.ts';
import { CcidLink } from '../../protocol/link.ts';
import { escape } from '../../protocol/requests.ts';
import { DEFAULT_SLOT_TIMEOUTS } from '../../protocol/slot.ts';
import type { UsbDevice } from '../../transport/usb-api.ts';
import { openWebUsbPort } from '../../transport/webusb-port.ts';
import type { ContactlessCard, ContactlessSession } from '../contactless/contactless-device.ts';
import { vendorInterface } from '../contactless/vendor-interface.ts';
import type { ReaderSettings } from '../reader-options.ts';
import { ATTEMPTS, type Attempt, type TransparentReader } from './attempts.ts';
import {
  activatedCard,
  encodeExchange,
  encodeManage,
  encodeSwitchToTypeB,
  exchangeOutcome,
  isActivated,
  MANAGE,
  parseTransparentReply,
  requireDone,
  type TransparentReply,
} from './transparent-session.ts';

/** dwMaxCCIDMessageLength of the other interface. */
const MESSAGE_LENGTH_MAX = 522;
const CARD_FRAME_LENGTH_MAX = 254;

/** Which way to ISO-DEP a device takes; known for as long as it is plugged in. */
const knownWays = new WeakMap<UsbDevice, Attempt>();

/**
 * Claims the vendor interface of a Sony RC-S300, whose Escape messages have CCID's form, and starts a transparent
 * session.
 *
 * @throws {CardError} `reader_busy`, `reader_denied`, `reader_gone`, `reader_fault`, `reader_unknown`, `timeout`
 */
export async function openRcS300(
  device: UsbDevice,
  settings: ReaderSettings,
  unplugged: AbortSignal,
): Promise<ContactlessSession> {
  const { clock, trace } = settings;
  const { statusMs } = { ...DEFAULT_SLOT_TIMEOUTS, ...settings.timeouts };
  const address = vendorInterface(device);
  const link = new CcidLink({
    messageLengthMax: MESSAGE_LENGTH_MAX,
    bulkInPacketSize: address.bulkIn.packetSize,
    clock,
    abortTimeoutMs: statusMs,
    trace,
    onInterrupt: () => {},
    onInterruptEnded: () => {},
    onBroken: () => {},
  });
  const options = { messageLengthMax: MESSAGE_LENGTH_MAX, clock, unplugged };
  const port = await openWebUsbPort(device, address, link, options);
  link.attach(port);

  const ask = async (command: Uint8Array, timeoutMs = statusMs): Promise<TransparentReply> => {
    const { abData } = await link.request(0, escape(command), timeoutMs);
    try {
      return parseTransparentReply(abData);
    } catch (cause) {
      throw new CardError('protocol_error', 'the reader sent a malformed reply', { cause });
    }
  };
  const manage = async (tag: (typeof MANAGE)[keyof typeof MANAGE]): Promise<void> =>
    requireDone(await ask(encodeManage(tag)));

  const air: RawFramePort = {
    frameLengthMax: CARD_FRAME_LENGTH_MAX,
    exchange: async (frame, waitMs) => exchangeOutcome(await ask(encodeExchange(frame, waitMs), waitMs + statusMs)),
  };
  const reader: TransparentReader = {
    air,
    async activate(layer) {
      await manage(MANAGE.fieldOff);
      await manage(MANAGE.fieldOn);
      const reply = await ask(encodeSwitchToTypeB(layer));
      if (!isActivated(reply)) throw new CardError('card_absent', 'no Type B card in the field');
      return activatedCard(reply);
    },
  };

  try {
    // A session that an earlier page left open is ended first; there may be none.
    await ask(encodeManage(MANAGE.end));
    await manage(MANAGE.start);
    await manage(MANAGE.fieldOff);
  } catch (error) {
    await port.close();
    throw error;
  }
  return {
    get failure() {
      return link.failure;
    },
    activate: () => takeAWay(device, reader),
    async isCardPresent() {
      const reply = await lookAtLayer3(manage, ask);
      await manage(MANAGE.fieldOff);
      return isActivated(reply);
    },
    fieldOff: () => manage(MANAGE.fieldOff),
    abort: () => void link.abort(0),
    async close(isHung) {
      if (isHung) await port.reset();
      else if (!link.failure) await ask(encodeManage(MANAGE.end)).catch(() => {});
      await port.close();
    },
  };
}

async function lookAtLayer3(
  manage: (tag: (typeof MANAGE)[keyof typeof MANAGE]) => Promise<void>,
  ask: (command: Uint8Array) => Promise<TransparentReply>,
): Promise<TransparentReply> {
  await manage(MANAGE.fieldOff);
  await manage(MANAGE.fieldOn);
  return ask(encodeSwitchToTypeB(3));
}

/** The way that worked before, or the first that does. */
async function takeAWay(device: UsbDevice, reader: TransparentReader): Promise<ContactlessCard> {
  const known = knownWays.get(device);
  for (const attempt of known ? [known] : ATTEMPTS) {
    const card = await attempt(reader);
    if (!card) continue;
    knownWays.set(device, attempt);
    return card;
  }
  throw known
    ? new CardError('card_mute', 'the card does not answer')
    : new CardError('reader_fault', 'the reader refuses every known way to ISO-DEP');
}
