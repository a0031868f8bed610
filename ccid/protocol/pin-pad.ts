import { concatBytes } from '../iso7816/bytes.ts';

/** How the reader builds the PIN into the command (CCID §6.1.11, tables 6.1-18 and 6.1-19). */
export interface PinFormat {
  /** `binary` one digit a byte, `bcd` two digits a byte, `ascii` one character a byte. */
  readonly coding: 'binary' | 'bcd' | 'ascii';
  /** Bytes from the start of the command data to the first digit. */
  readonly offset: number;
  /** Length of the PIN block, bytes; 0 when the block is as long as the PIN. */
  readonly blockLength: number;
  readonly digitsMin: number;
  readonly digitsMax: number;
}

export interface PinEntryOptions {
  readonly format: PinFormat;
  /** Seconds the reader waits for a key, 1 to 255; 0 leaves it to the reader. */
  readonly timeoutSeconds?: number;
  /** Language of the reader's display, a Windows LANGID; Japanese is 0411. */
  readonly languageId?: number;
}

/** PIN verification asks once; PIN modification asks for the old one, the new one, and the new one again. */
export interface PinModificationOptions extends PinEntryOptions {
  /** Offset of the new PIN in the command data. */
  readonly newPinOffset: number;
  readonly asksForOldPin: boolean;
}

const CODING = { binary: 0, bcd: 1, ascii: 2 } as const;
/** bmFormatString b7: offsets count bytes; b2: digits stand left. */
const UNIT_BYTES = 0x80;
/** The user ends the entry with the validation key. */
const ENDS_WITH_KEY = 0x02;

/**
 * abData of PC_to_RDR_Secure for PIN verification: `template` is the command that the reader completes with the PIN.
 *
 * A descriptor that promises PIN entry proves nothing: some keyboards show the digits to the host.
 *
 * @throws {RangeError} when the format does not fit its fields
 */
export function encodePinVerification(template: Uint8Array, options: PinEntryOptions): Uint8Array {
  const { format, timeoutSeconds = 0, languageId = 0x0409 } = options;
  return concatBytes(
    Uint8Array.of(0x00, byte(timeoutSeconds), ...formatBytes(format), byte(format.digitsMax), byte(format.digitsMin)),
    Uint8Array.of(ENDS_WITH_KEY, 0x01, languageId & 0xff, languageId >> 8, 0x00),
    new Uint8Array(3),
    template,
  );
}

/** abData of PC_to_RDR_Secure for PIN modification. @throws {RangeError} when the format does not fit its fields */
export function encodePinModification(template: Uint8Array, options: PinModificationOptions): Uint8Array {
  const { format, timeoutSeconds = 0, languageId = 0x0409, newPinOffset, asksForOldPin } = options;
  const messages = asksForOldPin ? 3 : 2;
  // b0 asks for the new PIN twice, b1 for the old one first.
  const bConfirmPIN = 0x01 | (asksForOldPin ? 0x02 : 0x00);
  return concatBytes(
    Uint8Array.of(0x01, byte(timeoutSeconds), ...formatBytes(format), byte(format.offset), byte(newPinOffset)),
    Uint8Array.of(byte(format.digitsMax), byte(format.digitsMin), bConfirmPIN, ENDS_WITH_KEY, messages),
    Uint8Array.of(languageId & 0xff, languageId >> 8),
    Uint8Array.from([0, 1, 2].slice(0, messages)),
    new Uint8Array(3),
    template,
  );
}

/** Where bTeoPrologue stands: verification has one message index, modification as many as messages. */
function prologueOffset(abData: Uint8Array): number {
  return abData[0] === 0 ? 12 : 14 + (abData[11] ?? 0);
}

/** The command that the reader completes. */
export function pinTemplate(abData: Uint8Array): Uint8Array {
  return abData.slice(prologueOffset(abData) + 3);
}

/** The same with the T=1 prologue of the block that will carry the command (§6.1.11, bTeoPrologue). */
export function withPrologue(abData: Uint8Array, prologue: Uint8Array): Uint8Array {
  const own = abData.slice();
  own.set(prologue, prologueOffset(abData));
  return own;
}

/** bmFormatString, bmPINBlockString, bmPINLengthFormat. */
function formatBytes({ coding, offset, blockLength }: PinFormat): readonly number[] {
  if (offset > 15 || blockLength > 15) throw new RangeError('offset and block length of a PIN are at most 15');
  return [UNIT_BYTES | (byte(offset) << 3) | CODING[coding], byte(blockLength), 0x00];
}

function byte(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xff) throw new RangeError('not a byte');
  return value;
}
