/** Cuts a stream of bytes into pieces of the lengths that its reader asks for. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer: Uint8Array = new Uint8Array();

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Exactly so many bytes, or `undefined` when the stream ends before. */
  async take(length: number): Promise<Uint8Array | undefined> {
    while (this.#buffer.length < length) {
      const next = await this.#chunks.next();
      if (next.done) return undefined;
      const { value } = next;
      const longer = new Uint8Array(this.#buffer.length + value.length);
      longer.set(this.#buffer);
      longer.set(value, this.#buffer.length);
      this.#buffer = longer;
    }
    const taken = this.#buffer.slice(0, length);
    this.#buffer = this.#buffer.slice(length);
    return taken;
  }
}
