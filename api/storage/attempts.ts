/** How many wrong guesses are let pass in a while. */
export interface AttemptAllowance {
  readonly failures: number;
  readonly windowMs: number;
}

/**
 * Guesses at a door of the gateway (the codes of terminals, those of staff, the passkeys at a terminal). Kept where all processes see them, so that a
 * limit is one limit, and a restart gives nobody new tries.
 */
export interface AttemptStore {
  /** Takes one try, before the guess is looked at; false when none is left. Of many at once no more pass than are left. */
  take(door: string, at: Date, allowance: AttemptAllowance): Promise<boolean>;
  /** The guess that was taken at this time was right and counts no longer. */
  giveBack(door: string, at: Date): Promise<void>;
}
