import { CardError } from '../errors.ts';
import { FEATURE, type CcidClassDescriptor } from './class-descriptor.ts';
import type { CcidLink } from './link.ts';
import type { CcidReply, IccStatus } from './replies.ts';
import {
  escape,
  getParameters,
  getSlotStatus,
  iccPowerOff,
  iccPowerOn,
  secure,
  setParameters,
  xfrBlock,
  type CcidRequest,
} from './requests.ts';
import { PROTOCOL_ERROR_IN_EMV_MODE, SLOT_ERROR, slotFailure } from './slot-failure.ts';
import { powerSelections } from './voltage.ts';

/** How long a reader may be silent, milliseconds; a time extension starts the waiting anew. */
export interface SlotTimeouts {
  readonly statusMs: number;
  readonly powerOnMs: number;
  readonly transferMs: number;
}

export const DEFAULT_SLOT_TIMEOUTS: SlotTimeouts = { statusMs: 3000, powerOnMs: 60_000, transferMs: 10_000 };

/** What some readers want around PC_to_RDR_IccPowerOn. */
export interface PowerOnManner {
  /** The card must be switched off first, even where nobody switched it on. */
  readonly isOffFirst?: boolean;
  /** The reader begins in the mode of payment cards, and leaves it on demand. */
  readonly leavesEmvMode?: boolean;
}

/** What Gemplus readers take for "ISO 7816 from now on", in PC_to_RDR_Escape. */
const SET_ISO_MODE = Uint8Array.of(0x1f, 0x01);

/** Longer than any reader waits for a person. */
const PIN_ENTRY_MS = 300_000;

/** One slot of a reader: the CCID commands, each as a call. */
export class CcidSlot {
  readonly bSlot: number;
  readonly descriptor: CcidClassDescriptor;
  readonly #link: CcidLink;
  readonly #timeouts: SlotTimeouts;
  readonly #manner: PowerOnManner;

  constructor(
    link: CcidLink,
    bSlot: number,
    descriptor: CcidClassDescriptor,
    timeouts = DEFAULT_SLOT_TIMEOUTS,
    manner: PowerOnManner = {},
  ) {
    this.#link = link;
    this.bSlot = bSlot;
    this.descriptor = descriptor;
    this.#timeouts = timeouts;
    this.#manner = manner;
  }

  has(feature: number): boolean {
    return (this.descriptor.dwFeatures & feature) !== 0;
  }

  /** @throws {CardError} as {@link CcidLink.request} */
  async iccStatus(): Promise<IccStatus> {
    // Readers that fail the command for an empty slot still say so in bStatus.
    return (await this.#link.request(this.bSlot, getSlotStatus(), this.#timeouts.statusMs)).iccStatus;
  }

  /**
   * Powers the card on and returns its answer to reset. Without automatic voltage the classes are tried from the lowest
   * up, so that no card meets more than it asks for before it had a chance.
   *
   * @throws {CardError} `card_absent`, `card_mute`, `card_unsupported`, and as {@link CcidLink.request}
   */
  async powerOn(): Promise<Uint8Array> {
    let failure = new CardError('card_mute', 'the card does not answer');
    if (this.#manner.isOffFirst) await this.powerOff();
    for (const bPowerSelect of powerSelections(this.descriptor)) {
      const reply = await this.#switchOn(bPowerSelect);
      if (reply.commandStatus === 'processed' && reply.iccStatus !== 'absent') return reply.abData;
      failure = slotFailure(reply, 'power-on');
      if (failure.code === 'card_absent') break;
    }
    throw failure;
  }

  async #switchOn(bPowerSelect: number): Promise<CcidReply> {
    const attempt = () => this.#link.request(this.bSlot, iccPowerOn(bPowerSelect), this.#timeouts.powerOnMs);
    const reply = await attempt();
    const isEmv = reply.commandStatus === 'failed' && reply.bError === PROTOCOL_ERROR_IN_EMV_MODE;
    if (!isEmv || !this.#manner.leavesEmvMode) return reply;
    await this.#link.request(this.bSlot, escape(SET_ISO_MODE), this.#timeouts.statusMs);
    return attempt();
  }

  /** @throws {CardError} as {@link CcidLink.request} */
  async powerOff(): Promise<void> {
    await this.#link.request(this.bSlot, iccPowerOff(), this.#timeouts.statusMs);
  }

  /** One block to the card and what comes back. @throws {CardError} as `slotFailure` decides, and as {@link CcidLink.request} */
  xfrBlock(block: Uint8Array, bBWI = 0, wLevelParameter = 0): Promise<CcidReply> {
    const timeoutMs = this.#timeouts.transferMs * Math.max(1, bBWI);
    return this.command(xfrBlock(block, bBWI, wLevelParameter), timeoutMs);
  }

  /** The protocol and parameters in force. @throws {CardError} as {@link CcidLink.request} */
  async parameters(): Promise<{ readonly protocol: number; readonly structure: Uint8Array }> {
    const reply = requireProcessed(await this.#link.request(this.bSlot, getParameters(), this.#timeouts.statusMs));
    return { protocol: reply.bSpecific, structure: reply.abData };
  }

  /** @throws {CardError} `card_unsupported` when the reader refuses them, and as {@link CcidLink.request} */
  async setParameters(protocol: number, structure: Uint8Array): Promise<void> {
    const reply = await this.#link.request(this.bSlot, setParameters(protocol, structure), this.#timeouts.statusMs);
    if (reply.commandStatus === 'processed') return;
    // Readers that set parameters by themselves may not know the command.
    const isAutomatic = this.has(FEATURE.AUTO_PARAMETERS_FROM_ATR) && reply.bError === 0;
    if (isAutomatic && reply.iccStatus === 'active') return;
    const failure = slotFailure(reply, 'exchange');
    if (failure.code !== 'reader_fault') throw failure;
    throw new CardError('card_unsupported', 'the reader refuses the parameters of this card', { cause: failure });
  }

  /** Tells the reader to give up what it is doing in this slot; without effect at readers that cannot. */
  abort(): Promise<void> {
    return this.#link.abort(this.bSlot);
  }

  /**
   * PIN entry on the reader's keys: the response of the card, or 6401 when the person cancelled and 6400 when nobody
   * typed in time, as PC/SC part 10 reports them. @throws {CardError} as {@link xfrBlock}
   */
  async enterPin(abData: Uint8Array): Promise<Uint8Array> {
    const reply = await this.#link.request(this.bSlot, secure(abData), PIN_ENTRY_MS);
    if (reply.commandStatus === 'failed' && reply.iccStatus === 'active') {
      if (reply.bError === SLOT_ERROR.PIN_CANCELLED) return Uint8Array.of(0x64, 0x01);
      if (reply.bError === SLOT_ERROR.PIN_TIMEOUT) return Uint8Array.of(0x64, 0x00);
    }
    return requireProcessed(reply).abData;
  }

  /** Any other command, answered by a processed reply. @throws {CardError} as {@link xfrBlock} */
  command(request: CcidRequest, timeoutMs = this.#timeouts.transferMs): Promise<CcidReply> {
    return this.#link.request(this.bSlot, request, timeoutMs).then(requireProcessed);
  }
}

function requireProcessed(reply: CcidReply): CcidReply {
  if (reply.commandStatus === 'processed' && reply.iccStatus !== 'absent') return reply;
  throw slotFailure(reply, 'exchange');
}
