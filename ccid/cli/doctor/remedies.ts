import type { CardErrorCode } from '../../errors.ts';

/** What is known of the place where something failed. */
export interface Circumstances {
  /** Node's name of the operating system. */
  readonly platform: string;
  readonly vendorId?: number;
  readonly productId?: number;
  readonly kernelDrivers?: readonly string[];
  readonly programs?: readonly string[];
}

const hex = (id: number): string => id.toString(16).padStart(4, '0');

/** What somebody can do about a failure, one step a line; at least one for every code. */
export function remedies(code: CardErrorCode, circumstances: Circumstances): readonly string[] {
  return REMEDIES[code](circumstances);
}

type Remedy = (circumstances: Circumstances) => readonly string[];

const REMEDIES: Readonly<Record<CardErrorCode, Remedy>> = {
  usb_unsupported: () => [
    'install node-usb beside this package: npm install webusb-ccid usb',
    'or run both without installing: npx --package=webusb-ccid --package=usb webusb-ccid list',
  ],
  no_reader_chosen: () => [
    'plug the reader in, and look at "webusb-ccid list"; try another cable or socket',
    'a container or virtual machine needs the USB device passed through to it',
  ],
  token_unsupported: () => ['put the chip card itself in a reader; chip cards with a USB plug are not driven'],
  reader_unknown: () => ['the device is no CCID reader and no Sony RC-S300 or RC-S380; it needs its own software'],
  reader_denied: ({ platform, vendorId, productId }) => {
    if (platform === 'win32') return ['bind the WinUSB driver to the device, for example with Zadig (zadig.akeo.ie)'];
    if (platform === 'darwin') return ['run the program as a user that may open USB devices'];
    if (vendorId === undefined) return ['"webusb-ccid doctor" gives the udev rule that allows it'];
    const rule = `SUBSYSTEM=="usb", ATTR{idVendor}=="${hex(vendorId)}", ATTR{idProduct}=="${hex(productId ?? 0)}", MODE="0660", TAG+="uaccess"`;
    return [
      'allow users to open it: write this line to /etc/udev/rules.d/70-smart-card-reader.rules',
      rule,
      'then: sudo udevadm control --reload && sudo udevadm trigger, and plug the reader in again',
    ];
  },
  reader_busy: (circumstances) => [...busyWith(circumstances)],
  reader_gone: () => ['the plug is out or the reader restarted: plug it in and try again'],
  reader_fault: () => ['unplug the reader, wait a moment, and plug it in again', 'try without a hub'],
  protected_interface: () => [
    'use a reader with a vendor-class (FF) interface, or a Sony RC-S300 or RC-S380, in an ordinary page',
    'or install the page as an Isolated Web App with the permissions policy usb-unrestricted',
  ],
  card_absent: () => ['put a card in or on the reader, chip first and upwards'],
  card_mute: () => [
    'turn the card round: the chip touches no contact, or the card lies off the middle of the field',
    'wipe the contacts; try another card to see which of the two is at fault',
  ],
  card_unsupported: () => ['the card speaks no protocol that this reader speaks; try another reader'],
  protocol_error: () => ['take the card out, put it in again, and try once more', 'wipe the contacts'],
  timeout: () => ['unplug the reader, wait a moment, and plug it in again'],
  card_gone: () => ['leave the card in or on the reader until it is done, and try again'],
  aborted: () => ['it was given up; try again'],
  not_this_card: () => ['use another card: this one has no such application'],
  not_found: () => ['the card has no such file; a card of another issue may have it'],
  not_permitted: () => ['give the PIN that this needs first; some things no PIN opens'],
  wrong_data: () => ['take the card out, put it in again, and try once more; then try another card'],
  pin_wrong: () => ['look the PIN up before the next try: the card counts them'],
  pin_last_attempt: () => ['do not guess: one more wrong PIN locks it; look the PIN up'],
  pin_blocked: () => ['the PIN is locked; whoever issued the card can unlock it'],
  unexpected_status: () => ['see with "webusb-ccid trace" what the card answered, and look it up for this card'],
};

function* busyWith({ platform, kernelDrivers = [], programs = [] }: Circumstances): Iterable<string> {
  const holders = new Set([...kernelDrivers, ...programs]);
  if (holders.has('port100') || holders.has('pn533_usb'))
    yield 'the kernel drives it for NFC: sudo modprobe -r port100 pn533_usb, and blacklist them in /etc/modprobe.d';
  if (holders.has('usbhid')) yield 'the kernel drives it as a keyboard: it cannot be used as a reader meanwhile';
  if (holders.has('pcscd')) yield 'pcscd holds it: sudo systemctl stop pcscd.socket pcscd.service';
  const others = programs.filter((name) => name !== 'pcscd');
  if (others.length > 0) yield `close the program that has it open: ${others.join(', ')}`;
  // usbfs is any program; which one, only its owner may see.
  if (programs.length > 0 || kernelDrivers.some((name) => name !== 'usbfs')) return;
  if (platform === 'linux') yield 'stop pcscd: sudo systemctl stop pcscd.socket pcscd.service';
  if (platform === 'win32') yield "quit Sony's NFC Port Software and stop the service SCardSvr";
  if (platform === 'darwin') yield 'close programs that use smart cards; the system itself holds class 0B readers';
  yield 'close other browser tabs and programs that use the reader';
}
