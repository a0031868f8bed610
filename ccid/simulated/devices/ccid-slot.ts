import type { SimulatedCard } from '../card.ts';
import type { ReaderFaults } from '../faults.ts';
import type { BlockOutcome } from './block-outcome.ts';
import type { CcidReaderModel } from './ccid-descriptors.ts';
import { CharacterCard } from './character-card.ts';
import { passBlock } from './noisy-line.ts';
import { PoweredCard } from './powered-card.ts';

const AUTO_PPS = 0x80;
const AUTO_NEGOTIATION = 0x40;
const TPDU = 0x10000;
const EXTENDED = 0x40000;
const APDU_LEVELS = 0x60000;

const ICC_MUTE = 0xfe;
const PROTOCOL_ERROR_IN_EMV_MODE = 0xbb;
const MUTE: BlockOutcome = { kind: 'error', bError: ICC_MUTE };

/** Thrown inside a slot by a card that says nothing. */
class Silence extends Error {}

/** One slot of the simulated reader: the card in it, its power, the parameters of the line. */
export class CcidSlotFirmware {
  readonly #model: CcidReaderModel;
  readonly #faults: ReaderFaults;
  readonly #onPulled: () => void;
  #card: SimulatedCard | undefined;
  #powered: PoweredCard | undefined;
  #characters: CharacterCard | undefined;
  /** Protocol and parameters that the reader works with. */
  #line = { protocol: 0, structure: Uint8Array.of(0x11, 0, 0, 10, 0) };
  /** Done what {@link CcidReaderModel.powerOnManner} asks for. */
  #isReady: boolean;
  #command: number[] = [];
  #response: { readonly bytes: Uint8Array; at: number } | undefined;

  constructor(model: CcidReaderModel, faults: ReaderFaults, onPulled: () => void) {
    this.#model = model;
    this.#faults = faults;
    this.#onPulled = onPulled;
    this.#isReady = model.powerOnManner === 'plain';
  }

  get isPresent(): boolean {
    return this.#card !== undefined;
  }

  /** Bits 0 and 1 of bStatus. */
  get iccStatus(): number {
    return this.#powered ? 0 : this.#card ? 1 : 2;
  }

  get line(): { readonly protocol: number; readonly structure: Uint8Array } {
    return this.#line;
  }

  insert(card: SimulatedCard): void {
    this.#card = card;
    this.#faults.forgetMute();
  }

  remove(): void {
    this.#card = undefined;
    this.losePower();
  }

  powerOff(): void {
    if (this.#model.powerOnManner === 'off-first') this.#isReady = true;
    this.losePower();
  }

  /** PC_to_RDR_Escape: `1F 01` ends the mode of payment cards. */
  escape(data: Uint8Array): void {
    if (this.#model.powerOnManner === 'iso-mode' && data[0] === 0x1f && data[1] === 0x01) this.#isReady = true;
  }

  /** Nobody asked: the card was pulled, the plug was. */
  losePower(): void {
    this.#powered = undefined;
    this.#characters = undefined;
    this.abandon();
  }

  /** Forgets half a command or response. */
  abandon(): void {
    this.#command = [];
    this.#response = undefined;
  }

  /** The ATR, or bError when the card is not there, silent, or wants another voltage, and when the reader is not ready. */
  powerOn(bPowerSelect: number): Uint8Array | number {
    const card = this.#card;
    const needs = this.#model.cardPowerSelect;
    this.losePower();
    if (!card || this.#faults.isMuted || (bPowerSelect !== 0 && needs !== 0 && bPowerSelect !== needs)) return ICC_MUTE;
    if (!this.#isReady) return this.#model.powerOnManner === 'iso-mode' ? PROTOCOL_ERROR_IN_EMV_MODE : ICC_MUTE;
    if (this.#model.powerOnManner === 'off-first') this.#isReady = false;
    this.#powered = new PoweredCard(card, (command) => this.#process(card, command));
    this.#characters = new CharacterCard(this.#powered, this.#model.procedureStyle);
    this.resetParameters();
    return card.atr.slice();
  }

  resetParameters(): void {
    this.#line = { protocol: 0, structure: Uint8Array.of(0x11, 0, 0, 10, 0) };
  }

  setParameters(protocol: number, structure: Uint8Array): boolean {
    if (structure.length !== (protocol === 0 ? 5 : 7) || !this.#powered) return false;
    if ((this.#model.dwProtocols & (1 << protocol)) === 0) return false;
    const isAutomatic = (this.#model.dwFeatures & AUTO_PPS) !== 0;
    if (isAutomatic && !this.#powered.negotiateAlone(protocol, structure[0] ?? 0x11)) return false;
    this.#line = { protocol, structure: structure.slice() };
    return true;
  }

  /** What PC_to_RDR_XfrBlock does at the reader's level; at APDU level the reader speaks the card's protocol unseen. */
  async transfer(block: Uint8Array, wLevelParameter: number): Promise<BlockOutcome> {
    const powered = this.#powered;
    if (!powered || this.#faults.isMuted) return MUTE;
    try {
      if (this.#model.dwFeatures & APDU_LEVELS) return await this.#transferApdu(powered, block, wLevelParameter);
      if (block[0] !== 0xff && !this.#isAgreed(powered)) return MUTE;
      if (this.#model.dwFeatures & TPDU) return await this.#transferTpdu(powered, block);
      return await this.#transferCharacters(block, wLevelParameter);
    } catch (reason) {
      if (reason instanceof Silence) return MUTE;
      throw reason;
    }
  }

  /** At TPDU level with T=1 the reader puts the command in a block, with a length and a check of its own. */
  wrapPinCommand(command: Uint8Array, prologue: Uint8Array): Uint8Array {
    if (!(this.#model.dwFeatures & TPDU) || this.#powered?.protocol !== 1) return command;
    const block = [prologue[0] ?? 0, prologue[1] ?? 0, command.length, ...command];
    // LRC: the simulated cards of readers with keys use no other.
    return Uint8Array.from([...block, block.reduce((sum, byte) => sum ^ byte, 0)]);
  }

  /** Two sides that disagree about protocol or speed hear noise, and a card that hears noise is silent. */
  #isAgreed(powered: PoweredCard): boolean {
    if (this.#model.dwFeatures & AUTO_NEGOTIATION) return true;
    return this.#line.protocol === powered.protocol && this.#line.structure[0] === powered.fiDi;
  }

  async #transferTpdu(powered: PoweredCard, block: Uint8Array): Promise<BlockOutcome> {
    if (block[0] === 0xff) {
      const answer = powered.negotiate(block);
      return answer ? whole(answer) : MUTE;
    }
    if (powered.protocol === 0) return whole(await powered.t0.receive(block));
    return passBlock(powered.t1, block, this.#faults.nextBlock());
  }

  async #transferCharacters(bytes: Uint8Array, count: number): Promise<BlockOutcome> {
    if (bytes.length > 0) await this.#characters?.write(bytes);
    const data = this.#characters?.read(count) ?? new Uint8Array();
    // As on a real line: what does not come is waited for until the time is up, and what came is lost with it.
    return data.length === count ? whole(data) : MUTE;
  }

  async #transferApdu(powered: PoweredCard, block: Uint8Array, wLevelParameter: number): Promise<BlockOutcome> {
    if (!(this.#model.dwFeatures & EXTENDED)) {
      if (wLevelParameter !== 0) return { kind: 'error', bError: 8 };
      if (block.length > 261) return { kind: 'error', bError: 1 };
      return whole(await (powered.protocol === 0 ? powered.t0.receiveShortApdu(block) : powered.process(block)));
    }
    if (wLevelParameter === 0x10) return this.#nextResponsePart();
    this.#response = undefined;
    if (wLevelParameter === 0 || wLevelParameter === 1) this.#command = [];
    this.#command.push(...block);
    if (wLevelParameter === 1 || wLevelParameter === 3) return { kind: 'data', data: new Uint8Array(), chain: 0x10 };
    const command = Uint8Array.from(this.#command);
    this.#command = [];
    this.#response = { bytes: await powered.process(command), at: 0 };
    return this.#nextResponsePart();
  }

  #nextResponsePart(): BlockOutcome {
    const response = this.#response;
    if (!response) return { kind: 'error', bError: 8 };
    const room = this.#model.dwMaxCCIDMessageLength - 10;
    const data = response.bytes.slice(response.at, response.at + room);
    const isFirst = response.at === 0;
    response.at += data.length;
    const isLast = response.at >= response.bytes.length;
    if (isLast) this.#response = undefined;
    return { kind: 'data', data, chain: isFirst ? (isLast ? 0 : 1) : isLast ? 2 : 3 };
  }

  async #process(card: SimulatedCard, command: Uint8Array): Promise<Uint8Array> {
    const what = this.#faults.nextApdu();
    if (what === 'hang') return new Promise(() => {});
    if (what === 'answer') {
      const answer = await card.process(command);
      // Taken away by hand while it was working.
      if (this.#card === card && this.#powered) return answer;
    }
    if (what === 'pull') {
      this.remove();
      this.#onPulled();
    }
    throw new Silence('the card does not answer');
  }
}

function whole(data: Uint8Array): BlockOutcome {
  return { kind: 'data', data, chain: 0 };
}
