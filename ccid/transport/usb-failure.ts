import { CardError } from '../errors.ts';

/** What was being asked of the device when it refused. */
export type UsbStep = 'choose' | 'open' | 'claim' | 'transfer';

/**
 * The one place where WebUSB's and node-usb's rejections become this library's codes. The messages name the usual
 * causes, because browsers do not.
 */
export function usbFailure(step: UsbStep, cause: unknown): CardError {
  if (cause instanceof CardError) return cause;
  const name = cause instanceof Error ? cause.name : '';
  const text = cause instanceof Error ? cause.message : '';
  // node-usb's words for a device that is no longer there.
  if (step !== 'choose' && (name === 'NotFoundError' || /NO_DEVICE|disconnected|device not found/i.test(text)))
    return new CardError('reader_gone', 'the device is no longer attached', { cause });
  switch (step) {
    case 'choose':
      return name === 'NotFoundError'
        ? new CardError('no_reader_chosen', 'the chooser was closed without a choice', { cause })
        : new CardError('usb_unsupported', 'the chooser needs a secure page, a user gesture and the usb policy', {
            cause,
          });
    case 'open':
      return new CardError(
        name === 'SecurityError' || /ACCESS|denied/i.test(text) ? 'reader_denied' : 'reader_busy',
        'the operating system refused the device: Linux needs a udev rule, Windows the WinUSB driver; or another program holds it',
        { cause },
      );
    case 'claim':
      return name === 'SecurityError'
        ? new CardError(
            'protected_interface',
            'browsers protect class 0B (smart card) interfaces from pages; an Isolated Web App with usb-unrestricted, ' +
              'a Sony RC-S300 or RC-S380 or a reader of vendor class FF can be reached',
            { cause },
          )
        : new CardError(
            'reader_busy',
            "another program holds the reader; usual holders: pcscd, Sony's NFC Port Software, the port100 or pn533 " +
              'kernel module, another tab',
            { cause },
          );
    case 'transfer':
      // node-usb sends control requests through an interface that it must be able to claim.
      if (/interface is busy/.test(text)) return usbFailure('claim', cause);
      return new CardError('reader_fault', 'a USB transfer failed', { cause });
  }
}
