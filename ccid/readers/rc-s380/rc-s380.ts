import { activateTypeB, pollTypeB } from '../../isodep/activate-type-b.ts';
import type { RawFramePort } from '../../isodep/raw-frame-port.ts';
import { SENSB_REQ } from '../../isodep/type-b.ts';
import { DEFAULT_SLOT_TIMEOUTS } from '../../protocol/slot.ts';
import type { UsbDevice } from '../../transport/usb-api.ts';
import { openWebUsbPort } from '../../transport/webusb-port.ts';
import type { ContactlessSession } from '../contactless/contactless-device.ts';
import { vendorInterface } from '../contactless/vendor-interface.ts';
import type { ReaderSettings } from '../reader-options.ts';
import { commRf, initialise, setTypeB, switchFieldOff } from './port100-commands.ts';
import { FRAME_LENGTH_MAX } from './port100-frame.ts';
import { Port100Link } from './port100-link.ts';

/** What the reader carries of a frame of 256 bytes; the CRC is its own. */
const CARD_FRAME_LENGTH_MAX = 254;

/**
 * Claims a Sony RC-S380 (chip PORT100) and makes it ready for Type B cards.
 *
 * @throws {CardError} `reader_busy`, `reader_denied`, `reader_gone`, `reader_fault`, `reader_unknown`, `timeout`
 */
export async function openRcS380(
  device: UsbDevice,
  settings: ReaderSettings,
  unplugged: AbortSignal,
): Promise<ContactlessSession> {
  const { clock, trace } = settings;
  const { statusMs } = { ...DEFAULT_SLOT_TIMEOUTS, ...settings.timeouts };
  const link = new Port100Link(clock, trace);
  const options = { messageLengthMax: FRAME_LENGTH_MAX, clock, unplugged };
  const port = await openWebUsbPort(device, vendorInterface(device), link, options);
  link.attach(port);
  try {
    await initialise(link, statusMs);
    await setTypeB(link, statusMs);
  } catch (error) {
    await port.close();
    throw error;
  }
  const air: RawFramePort = {
    frameLengthMax: CARD_FRAME_LENGTH_MAX,
    exchange: (frame, waitMs) => commRf(link, frame, waitMs, statusMs),
  };
  return {
    get failure() {
      return link.failure;
    },
    async activate() {
      const { atr, isoDep } = await activateTypeB(air, SENSB_REQ);
      return {
        atr,
        transmit: (command) => isoDep.transmit(command),
        isPresent: () => isoDep.isPresent(),
        deselect: () => isoDep.deselect(),
      };
    },
    async isCardPresent() {
      await switchFieldOff(link, statusMs);
      const card = await pollTypeB(air, SENSB_REQ);
      await switchFieldOff(link, statusMs);
      return card !== undefined;
    },
    fieldOff: () => switchFieldOff(link, statusMs),
    abort: () => link.abort(),
    async close(isHung) {
      if (isHung) await port.reset();
      await port.close();
    },
  };
}
