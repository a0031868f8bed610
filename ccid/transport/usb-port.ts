import type { CardError } from '../errors.ts';
import type { UsbControlSetup } from './usb-api.ts';

/** What comes out of a port by itself. */
export interface UsbPortListener {
  /** One finished bulk-in transfer, never empty. */
  bulkIn(bytes: Uint8Array): void;
  /** One finished interrupt-in transfer, never empty. */
  interruptIn(bytes: Uint8Array): void;
  /** A bulk-in transfer was lost (stall, babble, transfer error); the pump goes on reading. */
  bulkInLost(reason: CardError): void;
  /** The interrupt endpoint is of no more use; bulk goes on. */
  interruptInEnded(): void;
  /** Nothing more will come: closed, unplugged or beyond repair. Called once. */
  ended(reason: CardError): void;
}

/** One claimed interface with a bulk endpoint pair: the seam between protocols and USB. */
export interface UsbPort {
  readonly interfaceNumber: number;
  /** Packet size of the bulk-in endpoint, bytes. */
  readonly bulkInPacketSize: number;
  /** Whether interrupt messages may arrive. */
  readonly hasInterruptIn: boolean;
  /** The bytes are the port's from now on. @throws {CardError} `reader_gone`, `reader_fault` */
  bulkOut(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** @throws {CardError} `reader_gone`, `reader_fault` (also when the device stalls the request) */
  controlIn(setup: UsbControlSetup, length: number): Promise<Uint8Array>;
  /** @throws {CardError} `reader_gone`, `reader_fault` (also when the device stalls the request) */
  controlOut(setup: UsbControlSetup, data?: Uint8Array): Promise<void>;
  /** Restarts the device, for one that does not react any more; failing to is not told. */
  reset(): Promise<void>;
  /** Ends the pumps and gives the interface back. Never rejects. */
  close(): Promise<void>;
}
