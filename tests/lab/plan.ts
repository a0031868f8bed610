/** What the host wants of the guest: `plan.json` in the folder that both see. */
export interface Plan {
  /** Names of checks, in no order. */
  readonly checks: readonly string[];
}
