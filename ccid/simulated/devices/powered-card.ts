import type { SimulatedCard } from '../card.ts';
import { T0CardSide } from './t0-card.ts';
import { T1CardSide } from './t1-card.ts';

/** What a card's answer to reset says about its protocols, read as simply as a card's own firmware knows it. */
export interface CardProtocols {
  readonly offered: readonly number[];
  readonly fiDi: number;
  readonly isSpecific: boolean;
  readonly ifsc: number;
  readonly isCrc: boolean;
}

/** Walks the interface bytes; a card's own ATR is trusted to be in order. */
export function cardProtocols(atr: Uint8Array): CardProtocols {
  const offered: number[] = [];
  let [fiDi, isSpecific, ifsc, isCrc] = [0x11, false, 32, false];
  let at = 1;
  let td = atr[at++] ?? 0;
  for (let round = 1; ; round++) {
    const ta = td & 0x10 ? atr[at++] : undefined;
    if (td & 0x20) at++;
    const tc = td & 0x40 ? atr[at++] : undefined;
    if (round === 1) fiDi = ta ?? fiDi;
    if (round === 2) isSpecific = ta !== undefined;
    if (round > 2 && (td & 0x0f) === 1) {
      ifsc = ta ?? ifsc;
      isCrc = tc === undefined ? isCrc : (tc & 1) === 1;
    }
    if (!(td & 0x80)) break;
    td = atr[at++] ?? 0;
    if ((td & 0x0f) !== 15 && !offered.includes(td & 0x0f)) offered.push(td & 0x0f);
  }
  return { offered: offered.length > 0 ? offered : [0], fiDi, isSpecific, ifsc, isCrc };
}

/** A card under power: which protocol it is in, at which speed, and its half of that protocol. */
export class PoweredCard {
  readonly t0: T0CardSide;
  readonly t1: T1CardSide;
  /** The card itself, behind both protocols. */
  readonly process: (command: Uint8Array) => Promise<Uint8Array>;
  /** Speed the card listens at: TA1 in specific mode, else the default until PPS. */
  fiDi: number;
  protocol: number;
  readonly #protocols: CardProtocols;
  #mayNegotiate: boolean;

  constructor(card: SimulatedCard, process: (command: Uint8Array) => Promise<Uint8Array>) {
    this.#protocols = cardProtocols(card.atr);
    this.#mayNegotiate = !this.#protocols.isSpecific;
    this.fiDi = this.#protocols.isSpecific ? this.#protocols.fiDi : 0x11;
    this.protocol = this.#protocols.offered[0] ?? 0;
    this.process = process;
    this.t0 = new T0CardSide(process);
    this.t1 = new T1CardSide(process, this.#protocols.ifsc, this.#protocols.isCrc);
    card.reset();
  }

  /** What the card answers to a PPS request, or `undefined` when it stays silent (ISO 7816-3 §9). */
  negotiate(request: Uint8Array): Uint8Array | undefined {
    const isWhole = request.reduce((sum, byte) => sum ^ byte, 0) === 0;
    const protocol = (request[1] ?? 0) & 0x0f;
    if (!this.#mayNegotiate || !isWhole || !this.#protocols.offered.includes(protocol)) return undefined;
    this.#mayNegotiate = false;
    this.protocol = protocol;
    if ((request[1] ?? 0) & 0x10) this.fiDi = request[2] ?? this.fiDi;
    return request;
  }

  /** What a reader with automatic PPS does with the card. */
  negotiateAlone(protocol: number, fiDi: number): boolean {
    if (!this.#mayNegotiate) return protocol === this.protocol;
    if (!this.#protocols.offered.includes(protocol)) return false;
    this.protocol = protocol;
    this.fiDi = fiDi;
    return true;
  }
}
