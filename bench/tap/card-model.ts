/** Where the time of one command goes, in milliseconds. */
export interface ModelTimes {
  /** The card computing. */
  readonly card: number;
  /** Bits between reader and card. */
  readonly air: number;
  /** Bits between host and reader, and the frames they wait for. */
  readonly usb: number;
}

const RSA_MS = 400;
/** Any other command: looking up a file, copying bytes. */
const COMMAND_MS = 3;

/** ISO 14443 type B at 106 kbit/s: one start and one stop bit a byte, and about one bit of guard time. */
const AIR_BITS_PER_SECOND = 106_000;
const AIR_BITS_PER_BYTE = 11;
/** PCB and CRC of a block (ISO 14443-4 §7.1), and what frames the bytes. */
const BLOCK_OVERHEAD_BYTES = 3;
const FRAME_BITS = 24;
/** Bytes in one block without its overhead, for a frame size of 256. */
const BLOCK_PAYLOAD_BYTES = 253;

/** Full speed: 12 Mbit/s less what the bus keeps for itself; a transfer waits half a frame on average. */
const USB_BYTES_PER_SECOND = 1_000_000;
const USB_WAIT_MS = 0.5;
const CCID_HEADER_BYTES = 10;

/** The times of one command and its answer. A chained answer costs one acknowledging block for each further block. */
export function modelExchange({
  command,
  response,
}: {
  readonly command: Uint8Array;
  readonly response: Uint8Array;
}): ModelTimes {
  const isSignature = command[1] === 0x2a;
  return {
    card: isSignature ? RSA_MS : COMMAND_MS,
    air: airMs(command.length) + airMs(response.length),
    usb: usbMs(command.length) + usbMs(response.length),
  };
}

function airMs(sizeBytes: number): number {
  const blocks = Math.max(1, Math.ceil(sizeBytes / BLOCK_PAYLOAD_BYTES));
  const acknowledgements = blocks - 1;
  const bytes = sizeBytes + (blocks + acknowledgements) * BLOCK_OVERHEAD_BYTES;
  const bits = bytes * AIR_BITS_PER_BYTE + (blocks + acknowledgements) * FRAME_BITS;
  return (bits / AIR_BITS_PER_SECOND) * 1000;
}

function usbMs(sizeBytes: number): number {
  return ((sizeBytes + CCID_HEADER_BYTES) / USB_BYTES_PER_SECOND) * 1000 + USB_WAIT_MS;
}
