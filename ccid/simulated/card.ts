/**
 * The card side of a simulated device: what lies on a simulated reader.
 *
 * It sees whole command APDUs and knows nothing of readers, so the same card answers behind a simulated
 * USB device, a PC/SC daemon or a unit test.
 */
export interface SimulatedCard {
  readonly atr: Uint8Array;
  /** Power-on or reset: selections and security status are gone; retry counters and files stay. */
  reset(): void;
  /** Answers one command APDU with data and SW1-SW2; never rejects, a card always answers something. */
  process(command: Uint8Array): Promise<Uint8Array>;
}
