import type { StaffStore } from '../storage/staff.ts';
import type { AttemptLimit } from './attempt-limit.ts';

/** What everything about staff needs. */
export interface StaffParts {
  readonly staff: StaffStore;
  readonly origin: string;
  /** In the list of passkeys that a person's device shows. */
  readonly institutionName: string;
  /** Wrong codes, whoever tries. */
  readonly attempts: AttemptLimit;
  /** Passkeys that open nothing, at each terminal by itself: nobody locks a ward out from one terminal. */
  readonly signInAttempts: (terminal: string) => AttemptLimit;
  /** What the first start printed; `undefined` once there is an administrator. */
  readonly setUpCode: () => string | undefined;
  /** Somebody has a passkey now. */
  readonly onPasskey: () => Promise<void>;
  readonly now: () => Date;
}
