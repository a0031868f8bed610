/**
 * The part of the Web Smart Card API (WICG draft) that is used, as structural types: `navigator.smartCard` fits where a
 * browser has it (Isolated Web Apps on ChromeOS), and so does the simulated one.
 */
export interface SmartCardApi {
  establishContext(): Promise<SmartCardContext>;
}

/** One call at a time: a second one is refused with InvalidStateError. */
export interface SmartCardContext {
  listReaders(): Promise<readonly string[]>;
  /** Resolves when a state differs from what the caller knows. */
  getStatusChange(
    readerStates: SmartCardStateIn[],
    options?: { timeout?: number; signal?: AbortSignal },
  ): Promise<readonly SmartCardStateOut[]>;
  connect(
    readerName: string,
    accessMode: 'shared' | 'exclusive' | 'direct',
    options?: { preferredProtocols?: ('raw' | 't0' | 't1')[] },
  ): Promise<{ readonly connection: SmartCardHandle }>;
}

export interface SmartCardHandle {
  disconnect(disposition?: 'leave' | 'reset' | 'unpower' | 'eject'): Promise<void>;
  transmit(command: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  status(): Promise<{ readonly answerToReset?: ArrayBuffer }>;
}

export interface SmartCardFlags {
  readonly unaware?: boolean;
  readonly unavailable?: boolean;
  readonly empty?: boolean;
  readonly present?: boolean;
  readonly exclusive?: boolean;
  readonly inuse?: boolean;
  readonly mute?: boolean;
  readonly unpowered?: boolean;
}

export interface SmartCardStateIn {
  readonly readerName: string;
  readonly currentState: SmartCardFlags;
  readonly currentCount?: number;
}

export interface SmartCardStateOut {
  readonly readerName: string;
  readonly eventState: SmartCardFlags;
  /** Insertions and removals so far. */
  readonly eventCount: number;
}
