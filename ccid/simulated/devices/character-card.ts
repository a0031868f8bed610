import type { PoweredCard } from './powered-card.ts';

/** How the card asks for its data: all at once, byte by byte, or after three NULL bytes (ISO 7816-3 §10.3.3). */
export type ProcedureStyle = 'all' | 'one-by-one' | 'after-nulls';

/** The card as a character level reader meets it: single bytes in and out, in the protocol that is in force. */
export class CharacterCard {
  readonly #card: PoweredCard;
  readonly #style: ProcedureStyle;
  #in: number[] = [];
  #out: number[] = [];
  #header: Uint8Array | undefined;
  #data: number[] = [];

  constructor(card: PoweredCard, style: ProcedureStyle) {
    this.#card = card;
    this.#style = style;
  }

  /** Takes bytes from the line and puts the card's own onto it. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#in.push(...bytes);
    if (bytes[0] === 0xff && this.#header === undefined) return this.#negotiate();
    if (this.#card.protocol === 1) return this.#writeBlock();
    for (const byte of this.#in.splice(0)) await this.#writeByte(byte);
  }

  /** Up to `count` of the bytes that the card has sent. */
  read(count: number): Uint8Array {
    return Uint8Array.from(this.#out.splice(0, count));
  }

  #negotiate(): void {
    const answer = this.#card.negotiate(Uint8Array.from(this.#in.splice(0)));
    this.#out.push(...(answer ?? []));
  }

  async #writeBlock(): Promise<void> {
    const block = Uint8Array.from(this.#in.splice(0));
    this.#out = [...(await this.#card.t1.receive(block))];
  }

  async #writeByte(byte: number): Promise<void> {
    this.#data.push(byte);
    if (!this.#header) {
      if (this.#data.length < 5) return;
      this.#header = Uint8Array.from(this.#data);
      this.#data = [];
      if (this.#style === 'after-nulls') this.#out.push(0x60, 0x60, 0x60);
      if (this.#card.t0.takesData(this.#header)) return this.#askForData();
      return this.#answer(this.#header);
    }
    if (this.#data.length < (this.#header[4] ?? 0)) {
      if (this.#style === 'one-by-one') this.#askForData();
      return;
    }
    return this.#answer(Uint8Array.from([...this.#header, ...this.#data]));
  }

  #askForData(): void {
    const ins = this.#header?.[1] ?? 0;
    this.#out.push(this.#style === 'one-by-one' ? ins ^ 0xff : ins);
  }

  async #answer(tpdu: Uint8Array): Promise<void> {
    const ins = tpdu[1] ?? 0;
    this.#header = undefined;
    this.#data = [];
    const answer = await this.#card.t0.receive(tpdu);
    const data = [...answer.slice(0, -2)];
    if (this.#style === 'one-by-one') this.#out.push(...data.flatMap((byte) => [ins ^ 0xff, byte]));
    else if (data.length > 0) this.#out.push(ins, ...data);
    this.#out.push(...answer.slice(-2));
  }
}
