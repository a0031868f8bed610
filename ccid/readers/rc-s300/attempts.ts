import { CardError } from '../../errors.ts';
import { activateTypeB } from '../../isodep/activate-type-b.ts';
import { typeBAtr, unknownCardAtr } from '../../isodep/contactless-atr.ts';
import { IsoDep, type IsoDepParameters } from '../../isodep/iso-dep.ts';
import type { RawFramePort } from '../../isodep/raw-frame-port.ts';
import { ALLB_REQ, parseProtocolInfo, parseSensbRes } from '../../isodep/type-b.ts';
import type { ContactlessCard } from '../contactless/contactless-device.ts';

/** The reader as the attempts see it. */
export interface TransparentReader {
  readonly air: RawFramePort;
  /**
   * Field off and on, then the reader's own activation; resolves with what the reader tells of the card.
   *
   * @throws {CardError} `card_absent`, `reader_fault` when refused, and about the reader
   */
  activate(layer: 3 | 4): Promise<Uint8Array | undefined>;
}

/** A way to ISO-DEP; `undefined` when the reader does not go it. */
export type Attempt = (reader: TransparentReader) => Promise<ContactlessCard | undefined>;

/** Small enough for every card, and long enough: what is assumed of a card of which the reader says nothing. */
const UNKNOWN_CARD: IsoDepParameters = { fsc: 32, fwtMs: 4949 };
/** How long one whole APDU may take where the reader does the waiting. */
const APDU_TIMEOUT_MS = 10_000;
/** SELECT of the master file, which is selected anyway: every card answers something, and nothing changes. */
const HARMLESS_APDU = Uint8Array.of(0x00, 0xa4, 0x00, 0x00);

/** The reader activates to layer 4 and passes on blocks that the host makes. */
const blocksAtLayer4: Attempt = async (reader) => {
  const told = await unlessRefused(reader.activate(4));
  if (told === 'refused') return undefined;
  const { atr, parameters } = describeCard(told);
  const isoDep = new IsoDep(reader.air, parameters);
  // R(NAK) is answered by R(ACK) only where it reaches the card as a block.
  const answers = await unlessRefused(isoDep.isPresent());
  return answers === true ? withIsoDep(atr, isoDep) : undefined;
};

/** The reader activates to layer 4 and makes the blocks itself. */
const apdusAtLayer4: Attempt = async (reader) => {
  const told = await unlessRefused(reader.activate(4));
  if (told === 'refused') return undefined;
  const carry = async (command: Uint8Array): Promise<Uint8Array | undefined> => {
    const outcome = await reader.air.exchange(command, APDU_TIMEOUT_MS);
    return outcome.kind === 'frame' && outcome.bytes.length >= 2 ? outcome.bytes : undefined;
  };
  const answer = await unlessRefused(carry(HARMLESS_APDU));
  if (answer === 'refused' || !isStatusWord(answer?.at(-2))) return undefined;
  return {
    atr: describeCard(told).atr,
    async transmit(command) {
      const response = await carry(command);
      if (!response) throw new CardError('card_mute', 'the card does not answer');
      return response;
    },
    isPresent: async () => (await carry(HARMLESS_APDU)) !== undefined,
    deselect: () => Promise.resolve(),
  };
};

/** The reader finds the card, and everything from ATTRIB on is the host's. */
const blocksAtLayer3: Attempt = async (reader) => {
  if ((await unlessRefused(reader.activate(3))) === 'refused') return undefined;
  const { atr, isoDep } = await activateTypeB(reader.air, ALLB_REQ);
  return withIsoDep(atr, isoDep);
};

/** In the order in which they are tried; which of them a real reader takes is not documented. */
export const ATTEMPTS: readonly Attempt[] = [blocksAtLayer4, apdusAtLayer4, blocksAtLayer3];

function withIsoDep(atr: Uint8Array, isoDep: IsoDep): ContactlessCard {
  return {
    atr,
    transmit: (command) => isoDep.transmit(command),
    isPresent: () => isoDep.isPresent(),
    deselect: () => isoDep.deselect(),
  };
}

/** Refusals of the reader mean that this is not its way; everything else is the caller's business. */
async function unlessRefused<T>(work: Promise<T>): Promise<T | 'refused'> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CardError && error.code === 'reader_fault') return 'refused';
    throw error;
  }
}

/** From SENSB_RES or a PC/SC ATR with the same bytes in it; from anything else nothing is concluded. */
function describeCard(told: Uint8Array | undefined): {
  readonly atr: Uint8Array;
  readonly parameters: IsoDepParameters;
} {
  if (told?.[0] === 0x50 && (told.length === 12 || told.length === 13)) {
    const card = parseSensbRes(told);
    return { atr: typeBAtr(card, 0), parameters: parseProtocolInfo(card.protocolInfo) };
  }
  if (told?.[0] === 0x3b && told[1] === 0x88 && told[2] === 0x80 && told[3] === 0x01 && told.length === 13)
    return { atr: told, parameters: parseProtocolInfo(told.subarray(8, 11)) };
  return { atr: unknownCardAtr(), parameters: UNKNOWN_CARD };
}

function isStatusWord(sw1: number | undefined): boolean {
  return sw1 !== undefined && (sw1 >> 4 === 6 || sw1 >> 4 === 9);
}
