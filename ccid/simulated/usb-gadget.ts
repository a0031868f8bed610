/** The eight bytes before a control transfer's data (USB 2.0 §9.3). */
export interface GadgetSetup {
  readonly bmRequestType: number;
  readonly bRequest: number;
  readonly wValue: number;
  readonly wIndex: number;
  readonly wLength: number;
}

/** What a gadget can do to the bus it is plugged into. */
export interface GadgetBus {
  /**
   * Queues a message on an IN endpoint (address with bit 7), cut into packets. With `zeroLengthPacket` a message that
   * fills its last packet is ended by an empty one.
   */
  send(endpointAddress: number, message: Uint8Array, options?: { readonly zeroLengthPacket?: boolean }): void;
  /** Makes the endpoint answer STALL until the host clears it. */
  stall(endpointAddress: number): void;
  /** The read under way, or the next one, ends because a packet was longer than it may be. */
  babble(endpointAddress: number): void;
}

/** The inside of a simulated USB device: descriptors, and what happens to the bytes that arrive. */
export interface UsbGadget {
  readonly vendorId: number;
  readonly productId: number;
  /** bcdDevice: `0x0105` is version 1.0.5. */
  readonly bcdDevice: number;
  readonly manufacturerName: string;
  readonly productName: string;
  readonly serialNumber: string | undefined;
  /** The configuration descriptor with all descriptors below it. */
  readonly configurationDescriptor: Uint8Array;
  /** Plugged in and powered; everything volatile begins anew. */
  start(bus: GadgetBus): void;
  /** Unplugged. */
  stop(): void;
  /** Answers class and vendor requests: bytes for IN, anything for OUT; `undefined` stalls. */
  control(setup: GadgetSetup, data: Uint8Array): Uint8Array | undefined;
  /** Takes one bulk-out transfer; `false` stalls the endpoint. */
  receive(endpointAddress: number, bytes: Uint8Array): boolean;
}
