/** Instructions whose data comes from the card: P3 is Le. T=0 cannot say it, so cards know it by heart. */
const OUTGOING: ReadonlySet<number> = new Set([0x84, 0xb0, 0xb1, 0xb2, 0xb3, 0xca, 0xcb]);
/** Instructions that take data and may answer with data. */
const BOTH_WAYS: ReadonlySet<number> = new Set([0x22, 0x2a, 0x82, 0x86, 0x87, 0x88, 0xa2, 0xa4]);

const GET_RESPONSE = 0xc0;
const ENVELOPE = 0xc2;

/** The card's half of T=0 (ISO 7816-3 §10, §12.2): TPDUs in, data and status words out. */
export class T0CardSide {
  readonly #process: (command: Uint8Array) => Promise<Uint8Array>;
  /** Data waiting for GET RESPONSE, with the status word that ends it. */
  #waiting: { readonly data: Uint8Array; readonly status: Uint8Array } | undefined;
  /** The answer of an outgoing command that was asked for with the wrong length. */
  #resized: { readonly header: string; readonly data: Uint8Array; readonly status: Uint8Array } | undefined;
  #envelope: number[] = [];
  /** Length of the first part, which only the last may fall short of. */
  #envelopePart = 0;

  constructor(process: (command: Uint8Array) => Promise<Uint8Array>) {
    this.#process = process;
  }

  /** Whether the command with this header takes P3 bytes of data from the host. */
  takesData(header: Uint8Array): boolean {
    return header[4] !== 0 && header[1] !== GET_RESPONSE && !OUTGOING.has(header[1] ?? 0);
  }

  /** Answers one TPDU: five header bytes and, for incoming commands, P3 bytes of data. */
  async receive(tpdu: Uint8Array): Promise<Uint8Array> {
    const [, ins = 0, p1 = 0, p2 = 0, p3 = 0] = tpdu;
    if (ins === GET_RESPONSE) return this.#getResponse(p3 || 256);
    this.#waiting = undefined;
    if (ins === ENVELOPE) return this.#onEnvelope(tpdu.slice(5));
    if (OUTGOING.has(ins)) return this.#outgoing(tpdu.slice(0, 4), p3 || 256);
    this.#resized = undefined;
    const hasAnswer = BOTH_WAYS.has(ins) && !(ins === 0xa4 && (p2 & 0x0c) === 0x0c) && !(ins === 0x22 && p1 !== 0);
    const head = tpdu.slice(0, 4);
    const body = tpdu.length > 5 ? tpdu.slice(4, 5 + p3) : new Uint8Array();
    return this.#offer(await this.#process(Uint8Array.from([...head, ...body, ...(hasAnswer ? [0] : [])])));
  }

  /** What an APDU level reader does with a short command for this card. */
  async receiveShortApdu(apdu: Uint8Array): Promise<Uint8Array> {
    const hasLe = apdu.length === 5 || apdu.length === 6 + (apdu[4] ?? 0);
    const le = (apdu.length === 4 ? 0 : hasLe ? apdu[apdu.length - 1] : 0) || 256;
    if (apdu.length <= 5) {
      const answer = await this.receive(Uint8Array.from([...apdu, 0]).slice(0, 5));
      if (answer[0] !== 0x6c || apdu.length === 4) return answer;
      const exact = await this.receive(Uint8Array.from([...apdu.slice(0, 4), answer[1] ?? 0]));
      return join(exact.slice(0, -2).slice(0, le), exact.slice(-2));
    }
    const answer = await this.receive(hasLe ? apdu.slice(0, -1) : apdu);
    if (answer[0] !== 0x61 || !hasLe) return answer;
    return this.#getResponse(Math.min(answer[1] || 256, le));
  }

  async #outgoing(header: Uint8Array, wanted: number): Promise<Uint8Array> {
    const key = header.join();
    const again = this.#resized?.header === key ? this.#resized : undefined;
    this.#resized = undefined;
    const { data, status } = again ?? split(await this.#process(Uint8Array.from([...header, wanted & 0xff])));
    if (data.length === wanted || (data.length === 0 && status[0] !== 0x90)) return join(data, status);
    if (data.length > wanted) return join(data.slice(0, wanted), status);
    this.#resized = { header: key, data, status };
    return Uint8Array.of(0x6c, data.length & 0xff);
  }

  #getResponse(wanted: number): Uint8Array {
    if (!this.#waiting) return Uint8Array.of(0x69, 0x85);
    const { data, status } = this.#waiting;
    if (wanted > data.length) return Uint8Array.of(0x6c, data.length & 0xff);
    const rest = data.slice(wanted);
    this.#waiting = rest.length > 0 ? { data: rest, status } : undefined;
    return join(data.slice(0, wanted), rest.length > 0 ? more(rest.length) : status);
  }

  async #onEnvelope(part: Uint8Array): Promise<Uint8Array> {
    if (this.#envelope.length === 0) this.#envelopePart = part.length;
    this.#envelope.push(...part);
    if (!isComplete(this.#envelope, part.length < this.#envelopePart)) return Uint8Array.of(0x90, 0x00);
    const command = Uint8Array.from(this.#envelope);
    this.#envelope = [];
    return this.#offer(await this.#process(command));
  }

  /** Incoming commands cannot carry data back: the card keeps it and says how much there is. */
  #offer(answer: Uint8Array): Uint8Array {
    const { data, status } = split(answer);
    if (data.length === 0) return status;
    this.#waiting = { data, status };
    return more(data.length);
  }
}

/**
 * An extended command says in its bytes 5 to 7 how long it is; after its data nothing, or a two-byte Le, follows. One
 * that seems to end with its data has its Le in the next part, unless this part is shorter than the others.
 */
function isComplete(bytes: readonly number[], isShorterPart: boolean): boolean {
  if (bytes.length < 7) return false;
  const end = 7 + (((bytes[5] ?? 0) << 8) | (bytes[6] ?? 0));
  return bytes.length === end + 2 || (bytes.length === end && isShorterPart);
}

function more(length: number): Uint8Array {
  return Uint8Array.of(0x61, length > 255 ? 0 : length);
}

function split(answer: Uint8Array): { data: Uint8Array; status: Uint8Array } {
  return { data: answer.slice(0, -2), status: answer.slice(-2) };
}

function join(data: Uint8Array, status: Uint8Array): Uint8Array {
  return Uint8Array.from([...data, ...status]);
}
