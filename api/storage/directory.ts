import type { ExchangeId } from '../contract/ids.ts';

/** A directory that was verified when it was kept. */
export interface StoredDirectory {
  readonly exchange: ExchangeId;
  readonly serial: number;
  /** The compact JWS, byte for byte as it was signed. */
  readonly directory: string;
}

/** The newest directory of each exchange; what makes a downgrade visible after a restart and lets a gateway work offline. */
export interface DirectoryStore {
  readAll(): Promise<readonly StoredDirectory[]>;
  /**
   * Keeps a directory durably, in place of one with a smaller serial.
   *
   * @throws {Problem} `directory_downgrade` when a larger serial is kept; `directory_untrusted` when the same serial is
   * kept with other bytes: an exchange says two things at once
   */
  keep(directory: StoredDirectory): Promise<void>;
}
