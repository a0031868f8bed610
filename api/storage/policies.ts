import type { PolicyVersion } from '../contract/policy.ts';

/** The release policy of an institution, with every version there was. Writes are durable when they resolve. */
export interface PolicyStore {
  /** Newest first; empty until somebody saves one. */
  list(): Promise<readonly PolicyVersion[]>;
  read(): Promise<PolicyVersion | undefined>;
  /**
   * Stores the next version.
   *
   * @throws {Problem} `conflict` when somebody saved one meanwhile
   */
  save(version: PolicyVersion): Promise<void>;
}
