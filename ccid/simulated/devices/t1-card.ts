/** The card's half of T=1 (ISO 7816-3 §11), written from the card's side and sharing nothing with the host's. */
export class T1CardSide {
  readonly #process: (command: Uint8Array) => Promise<Uint8Array>;
  readonly #ifsc: number;
  readonly #isCrc: boolean;
  #ifsd = 32;
  /** N(S) of the card's current or next I-block. */
  #sendNumber = 0;
  /** N(S) awaited from the host. */
  #awaited = 0;
  #command: number[] = [];
  #answer: { readonly bytes: Uint8Array; at: number } | undefined;
  #lastSent: Uint8Array | undefined;
  #waitsLeft = 0;
  #onWaitGranted: (() => Uint8Array) | undefined;

  /** WTX requests the card makes before each response, and their multiplier. */
  waits = { count: 0, multiplier: 1 };

  constructor(process: (command: Uint8Array) => Promise<Uint8Array>, ifsc: number, isCrc: boolean) {
    this.#process = process;
    this.#ifsc = ifsc;
    this.#isCrc = isCrc;
  }

  /** The block with which the card answers. */
  async receive(block: Uint8Array): Promise<Uint8Array> {
    const end = block.length - (this.#isCrc ? 2 : 1);
    const pcb = block[1] ?? 0;
    if (end < 3 || block[2] !== end - 3) return this.#send(this.#r(2));
    if (!this.#hasGoodCheck(block)) return this.#send(this.#r(1));
    const information = block.slice(3, end);
    if (pcb < 0x80) return this.#onI(pcb, information);
    if (pcb < 0xc0) return this.#onR(pcb);
    return this.#onS(pcb, information);
  }

  async #onI(pcb: number, information: Uint8Array): Promise<Uint8Array> {
    if (pcb >> 6 !== this.#awaited || information.length > this.#ifsc) return this.#send(this.#r(2));
    if (this.#answer) {
      // The next command acknowledges the last block of the previous response.
      this.#answer = undefined;
      this.#sendNumber ^= 1;
    }
    this.#awaited ^= 1;
    this.#command.push(...information);
    if (pcb & 0x20) return this.#send(this.#r(0));
    const command = Uint8Array.from(this.#command);
    this.#command = [];
    const bytes = await this.#process(command);
    this.#waitsLeft = this.waits.count;
    return this.#afterWaiting(() => {
      this.#answer = { bytes, at: 0 };
      return this.#sendAnswerPart();
    });
  }

  #afterWaiting(then: () => Uint8Array): Uint8Array {
    if (this.#waitsLeft === 0) return then();
    this.#waitsLeft--;
    this.#onWaitGranted = () => this.#afterWaiting(then);
    return this.#send(this.#frame(0xc3, Uint8Array.of(this.waits.multiplier)));
  }

  #onR(pcb: number): Uint8Array {
    const wanted = (pcb >> 4) & 1;
    if (!this.#answer) return this.#onWaitGranted && this.#lastSent ? this.#lastSent : this.#send(this.#r(0));
    if (wanted === this.#sendNumber) return this.#sendAnswerPart();
    this.#answer.at += Math.min(this.#ifsd, this.#answer.bytes.length - this.#answer.at);
    if (this.#answer.at < this.#answer.bytes.length) {
      this.#sendNumber ^= 1;
      return this.#sendAnswerPart();
    }
    this.#answer = undefined;
    this.#sendNumber ^= 1;
    return this.#send(this.#r(0));
  }

  #onS(pcb: number, information: Uint8Array): Uint8Array {
    switch (pcb) {
      case 0xc0:
        this.#sendNumber = 0;
        this.#awaited = 0;
        this.#command = [];
        this.#answer = undefined;
        this.#onWaitGranted = undefined;
        return this.#send(this.#frame(0xe0, new Uint8Array()));
      case 0xc1:
        this.#ifsd = information[0] ?? 32;
        return this.#send(this.#frame(0xe1, information));
      case 0xc2:
        this.#command = [];
        return this.#send(this.#frame(0xe2, information));
      case 0xe3: {
        const then = this.#onWaitGranted;
        this.#onWaitGranted = undefined;
        return then ? then() : this.#send(this.#r(2));
      }
      default:
        return this.#send(this.#r(2));
    }
  }

  #sendAnswerPart(): Uint8Array {
    const { bytes, at } = this.#answer ?? { bytes: new Uint8Array(), at: 0 };
    const part = bytes.slice(at, at + this.#ifsd);
    const more = at + part.length < bytes.length ? 0x20 : 0;
    return this.#send(this.#frame((this.#sendNumber << 6) | more, part));
  }

  #r(error: 0 | 1 | 2): Uint8Array {
    return this.#frame(0x80 | (this.#awaited << 4) | error, new Uint8Array());
  }

  #send(block: Uint8Array): Uint8Array {
    this.#lastSent = block;
    return block;
  }

  #frame(pcb: number, information: Uint8Array): Uint8Array {
    const body = [0, pcb, information.length, ...information];
    return Uint8Array.from([...body, ...this.#check(body)]);
  }

  #hasGoodCheck(block: Uint8Array): boolean {
    const width = this.#isCrc ? 2 : 1;
    const check = this.#check([...block.slice(0, -width)]);
    return check.every((byte, i) => byte === block[block.length - width + i]);
  }

  #check(bytes: readonly number[]): number[] {
    if (!this.#isCrc) return [bytes.reduce((a, b) => a ^ b, 0)];
    // Reflected CRC-16 of ISO/IEC 13239, initial value FFFF, most significant byte first.
    let register = 0xffff;
    for (const byte of bytes)
      for (let i = 0; i < 8; i++) {
        const out = (register ^ (byte >> i)) & 1;
        register >>= 1;
        if (out) register ^= 0x8408;
      }
    return [register >> 8, register & 0xff];
  }
}
