/** Status words of a card that does not do what it was asked (ISO 7816-4 §5.6, JICSAP 2.0). */
export const REFUSED = {
  endOfFile: 0x6282,
  wrongLength: 0x6700,
  channelNotSupported: 0x6881,
  secureMessagingNotSupported: 0x6882,
  lastOfChainExpected: 0x6883,
  chainingNotSupported: 0x6884,
  incompatibleFile: 0x6981,
  securityStatus: 0x6982,
  methodBlocked: 0x6983,
  referenceBlocked: 0x6984,
  conditionsOfUse: 0x6985,
  noCurrentFile: 0x6986,
  classNotSupportedByInstruction: 0x69fc,
  wrongData: 0x6a80,
  fileNotFound: 0x6a82,
  recordNotFound: 0x6a83,
  wrongP1P2: 0x6a86,
  referenceNotFound: 0x6a88,
  offsetOutside: 0x6b00,
  instructionUnknown: 0x6d00,
  classUnknown: 0x6e00,
  fault: 0x6f00,
} as const;

/** Ends an instruction with a status word and no data. Thrown inside the card and caught where the card answers. */
export class Refusal extends Error {
  readonly sw: number;

  constructor(sw: number) {
    super(sw.toString(16));
    this.name = 'Refusal';
    this.sw = sw;
  }
}

/** @throws {Refusal} always */
export function refuse(reason: keyof typeof REFUSED): never {
  throw new Refusal(REFUSED[reason]);
}
