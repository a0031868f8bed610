import type { UsbConfiguration, UsbControlSetup, UsbInResult, UsbOutResult } from '../usb-api.ts';

/**
 * The part of node-usb 3 (`usb` on npm) that is used, as structural types, so that the package is not needed to compile.
 *
 * It looks like WebUSB and is not: every call for the list makes new objects for the same devices; a transfer takes a
 * time-out in milliseconds, 1000 unless given, and a read that it ends loses what had arrived; a stalled endpoint and a
 * busy interface are plain errors; properties open the device and may throw; closing gives no interface back.
 */
export interface NativeUsbDevice {
  /** The same for the same plugging in. */
  readonly handle: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceClass: number;
  readonly deviceVersionMajor: number;
  readonly deviceVersionMinor: number;
  readonly deviceVersionSubminor: number;
  /** Reads that the system did not do already open the device and throw where that is not allowed. */
  readonly manufacturerName?: string | null | undefined;
  readonly productName?: string | null | undefined;
  readonly serialNumber?: string | null | undefined;
  readonly configuration?: UsbConfiguration | null | undefined;
  readonly configurations: readonly UsbConfiguration[];
  readonly opened: boolean;
  open(): Promise<void>;
  close(): Promise<void>;
  reset(): Promise<void>;
  selectConfiguration(configurationValue: number): Promise<void>;
  claimInterface(interfaceNumber: number): Promise<void>;
  releaseInterface(interfaceNumber: number): Promise<void>;
  selectAlternateInterface(interfaceNumber: number, alternateSetting: number): Promise<void>;
  clearHalt(direction: 'in' | 'out', endpointNumber: number): Promise<void>;
  /** Fails with `invalid state` while no interface is claimed. */
  controlTransferIn(setup: UsbControlSetup, length: number, timeoutMs: number): Promise<UsbInResult>;
  /** Without data an empty array is needed. */
  controlTransferOut(setup: UsbControlSetup, data: Uint8Array<ArrayBuffer>, timeoutMs: number): Promise<UsbOutResult>;
  transferIn(endpointNumber: number, length: number, timeoutMs: number): Promise<UsbInResult>;
  transferOut(endpointNumber: number, data: Uint8Array<ArrayBuffer>, timeoutMs: number): Promise<UsbOutResult>;
}

/** What `usb` of the package is. */
export interface NativeUsb {
  getDevices(): Promise<NativeUsbDevice[]>;
  addEventListener(type: 'connect' | 'disconnect', listener: (event: Event) => void): void;
  removeEventListener(type: 'connect' | 'disconnect', listener: (event: Event) => void): void;
}

/** What a rejection of a transfer says, in the words of node-usb 3. */
export function transferOutcome(error: unknown): 'timed-out' | 'stalled' | 'failed' {
  const text = error instanceof Error ? error.message : '';
  if (/error: (Cancelled|transfer was cancelled)/.test(text)) return 'timed-out';
  if (/error: (Stall|endpoint stalled)/.test(text)) return 'stalled';
  return 'failed';
}
