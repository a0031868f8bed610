/** What came back over the air within the waiting time. */
export type FrameOutcome =
  /** A frame whose CRC was right; the CRC is not part of it. */
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  /** Nothing. */
  | { readonly kind: 'silent' }
  /** Something with a wrong CRC, parity or framing. */
  | { readonly kind: 'garbled' };

/** Exchanges single frames with one activated card; the reader adds and checks CRC, SOF and EOF. */
export interface RawFramePort {
  /**
   * Sends a frame and waits `timeoutMs` for the answer to begin. One call at a time.
   *
   * @throws {CardError} about the reader only: `reader_gone`, `reader_fault`, `timeout`, `aborted`
   */
  exchange(frame: Uint8Array, timeoutMs: number): Promise<FrameOutcome>;
  /** Longest frame the reader carries, bytes without CRC. */
  readonly frameLengthMax: number;
}
