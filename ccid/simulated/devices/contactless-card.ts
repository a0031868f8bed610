import type { SimulatedCard } from '../card.ts';

/** How a simulated Type B card shows itself and behaves; what is left out is as the card's own ATR tells it. */
export interface ContactlessBehaviour {
  /** Frame size code the card announces: 0 is 16 bytes, 8 is 256. Default 8. */
  readonly frameSizeCode?: number;
  /** FWI: the waiting time is 0.302 ms × 2^FWI. Default 8. */
  readonly waitingTimeInteger?: number;
  readonly applicationData?: readonly [number, number, number, number];
  /** Requests for more time before each block of a response, and the multiplier asked for. */
  waits?: { readonly count: number; readonly multiplier: number };
}

const SIZES = [16, 24, 32, 40, 48, 64, 96, 128, 256] as const;
const CRC = 2;

/** Application data and protocol info of a card about which nothing is known: 256 bytes, FWI 8. */
const ANY_CARD = [0, 0, 0, 0x11, 0x00, 0x81, 0x85];

/**
 * The bytes that a PC/SC reader took from the ATQB when it made this ATR (PC/SC part 3 §3.1.3.2.3), or `undefined` for
 * the ATR of contacts.
 */
function contactlessHistory(atr: Uint8Array): readonly number[] | undefined {
  const isMadeByReader = atr.length === 13 && atr[1] === 0x88 && atr[2] === 0x80 && atr[3] === 0x01;
  return isMadeByReader ? [...atr.slice(4, 11)] : undefined;
}

const highHalf = (half: number | undefined, byte: number): number =>
  half === undefined ? byte : (half << 4) | (byte & 0x0f);

type Mode = 'idle' | 'ready' | 'active' | 'halted';

/**
 * A Type B card in a field (ISO 14443-3 §7, ISO 14443-4 §7), written from the card's side and sharing nothing with the
 * reader's: block numbers start at 1 and follow rules C to E, blocks are answered after rules 9 to 13.
 */
export class ContactlessCardSide {
  readonly behaviour: ContactlessBehaviour;
  readonly #card: SimulatedCard;
  readonly #process: (command: Uint8Array) => Promise<Uint8Array>;
  readonly #pupi: Uint8Array;
  #mode: Mode = 'idle';
  #number = 1;
  #frameSizeOfReader = 256;
  #command: number[] = [];
  #rest: Uint8Array | undefined;
  #last: Uint8Array | undefined;
  #waitsLeft = 0;
  #afterWaiting: (() => Uint8Array) | undefined;

  constructor(
    card: SimulatedCard,
    process: (command: Uint8Array) => Promise<Uint8Array>,
    behaviour: ContactlessBehaviour,
    pupi: Uint8Array,
  ) {
    this.#card = card;
    this.#process = process;
    this.behaviour = behaviour;
    this.#pupi = pupi;
    card.reset();
  }

  /** ATQB, as readers that activate by themselves hand it on. */
  get atqb(): Uint8Array {
    const told = contactlessHistory(this.#card.atr) ?? ANY_CARD;
    const { applicationData = told.slice(0, 4), frameSizeCode, waitingTimeInteger } = this.behaviour;
    const [rates = 0, size = 0, waiting = 0] = told.slice(4);
    const info = [rates, highHalf(frameSizeCode, size), highHalf(waitingTimeInteger, waiting)];
    return Uint8Array.from([0x50, ...this.#pupi, ...applicationData, ...info]);
  }

  /** What the card sends back, or nothing. */
  async receive(frame: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#mode === 'active') return this.#block(frame);
    if (frame[0] === 0x05 && frame.length === 3) {
      const wakes = ((frame[2] ?? 0) & 0x08) !== 0;
      if (this.#mode === 'halted' && !wakes) return undefined;
      this.#mode = 'ready';
      return this.atqb;
    }
    const isAttrib = this.#mode === 'ready' && frame[0] === 0x1d && frame.length >= 9;
    if (!isAttrib || this.#pupi.some((byte, i) => byte !== frame[i + 1])) return undefined;
    this.#activate(SIZES[(frame[6] ?? 0) & 0x0f] ?? 256);
    return Uint8Array.of((frame[8] ?? 0) & 0x0f);
  }

  #activate(frameSizeOfReader: number): void {
    this.#mode = 'active';
    this.#frameSizeOfReader = frameSizeOfReader;
    this.#number = 1;
    this.#command = [];
    this.#rest = undefined;
    this.#last = undefined;
    this.#afterWaiting = undefined;
  }

  /** What a reader does that brings the card to layer 4 by itself. */
  activate(): void {
    this.#activate(256);
  }

  async #block(frame: Uint8Array): Promise<Uint8Array | undefined> {
    const pcb = frame[0] ?? 0;
    if (frame.length + CRC > (SIZES[this.behaviour.frameSizeCode ?? 8] ?? 256)) return undefined;
    if (pcb === 0xc2 && frame.length === 1) {
      this.#mode = 'halted';
      return Uint8Array.of(0xc2);
    }
    if (pcb === 0xf2 && frame.length === 2) {
      const then = this.#afterWaiting;
      this.#afterWaiting = undefined;
      return then?.();
    }
    if (pcb >> 5 === 0b101 && frame.length === 1) return this.#r(pcb);
    if (pcb >> 5 === 0b000 && (pcb & 0x0e) === 0x02) return this.#i(pcb, frame.slice(1));
    return undefined;
  }

  async #i(pcb: number, inf: Uint8Array): Promise<Uint8Array> {
    this.#number ^= 1; // rule D
    this.#rest = undefined;
    this.#afterWaiting = undefined;
    this.#command.push(...inf);
    if (pcb & 0x10) return this.#send(Uint8Array.of(0xa2 | this.#number));
    const command = Uint8Array.from(this.#command);
    this.#command = [];
    this.#rest = await this.#process(command);
    return this.#nextPart();
  }

  #r(pcb: number): Uint8Array | undefined {
    const isNak = (pcb & 0x10) !== 0;
    if ((pcb & 1) === this.#number) return this.#last; // rule 11
    if (isNak) return Uint8Array.of(0xa2 | this.#number); // rule 12
    if (!this.#rest || this.#rest.length === 0) return undefined;
    this.#number ^= 1; // rule E
    return this.#nextPart(); // rule 13
  }

  #nextPart(): Uint8Array {
    this.#waitsLeft = this.behaviour.waits?.count ?? 0;
    return this.#waitOrSend();
  }

  #waitOrSend(): Uint8Array {
    if (this.#waitsLeft > 0) {
      this.#waitsLeft--;
      this.#afterWaiting = () => this.#waitOrSend();
      return this.#send(Uint8Array.of(0xf2, this.behaviour.waits?.multiplier ?? 1));
    }
    const rest = this.#rest ?? new Uint8Array();
    const room = this.#frameSizeOfReader - 1 - CRC;
    const part = rest.slice(0, room);
    this.#rest = rest.slice(room);
    return this.#send(Uint8Array.from([0x02 | (this.#rest.length > 0 ? 0x10 : 0) | this.#number, ...part]));
  }

  #send(block: Uint8Array): Uint8Array {
    this.#last = block;
    return block;
  }

  /** The field goes: everything volatile is lost. */
  leaveField(): void {
    this.#mode = 'idle';
    this.#activateNothing();
    this.#card.reset();
  }

  #activateNothing(): void {
    this.#command = [];
    this.#rest = undefined;
    this.#afterWaiting = undefined;
    this.#last = undefined;
  }
}
