import type { LabEvent } from '../events.ts';
import { LabError } from '../lab-error.ts';
import type { UsbSockets } from './usb-sockets.ts';

/** What a check may use. */
export interface Lab {
  readonly sockets: UsbSockets;
  /** The folder with the pages that the host has built. */
  readonly pages: string;
  /** Asks the host for something. */
  readonly tell: (event: LabEvent) => void;
}

/** One thing that the lab finds out. */
export interface Check {
  /** `group/what`: what is typed after `--only`. */
  readonly name: string;
  /** In words, for whoever watches. */
  readonly title: string;
  /** Resolves with what was seen; rejects when it is not what should be. */
  run(lab: Lab): Promise<string>;
}

/** @throws {LabError} `check_failed` */
export function expectThat(holds: boolean, what: string): asserts holds {
  if (!holds) throw new LabError('check_failed', what);
}

/** Resolves with the code that a promise is rejected with. @throws {LabError} `check_failed` when it is not rejected */
export async function rejectionCode(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code === 'string') return code;
    throw error;
  }
  throw new LabError('check_failed', 'it should have been refused');
}
