/** Carries APDUs to one card: a reader slot, the relay, or a simulated card. */
export interface CardChannel {
  /**
   * Resolves with the response data followed by SW1-SW2. One call at a time.
   *
   * @throws {CardError} `card_gone`, `card_mute`, `reader_gone`, `timeout`, `aborted`, `protocol_error`
   */
  transmit(command: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
}
