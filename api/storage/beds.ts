import type { Subject } from '../contract/ids.ts';

/** A bed of an institution. `occupant` is a visit whose person lies there. */
export interface StoredBed {
  readonly id: string;
  readonly ward: string;
  readonly name: string;
  readonly occupant: {
    readonly visitId: string;
    readonly subject: Subject;
    readonly since: Date;
    /** When their card was last seen at the bed. */
    readonly confirmedAt: Date | null;
  } | null;
}

/** An institution's beds. Writes resolve when they are durable. */
export interface BedStore {
  /** By ward, then by name. */
  list(): Promise<readonly StoredBed[]>;
  find(id: string): Promise<StoredBed | undefined>;
  /** @throws {Problem} `conflict` when the ward has a bed of that name */
  add(bed: Omit<StoredBed, 'occupant'>): Promise<StoredBed>;
  /** @throws {Problem} `conflict` while somebody lies in it */
  remove(id: string): Promise<void>;
  /**
   * Somebody lies down, and out of any other bed in the same step; null leaves the bed empty. `undefined` for a bed that
   * is not there.
   *
   * @throws {Problem} `conflict` when somebody else than `replacing` lies there
   */
  occupy(
    id: string,
    occupant: { readonly visitId: string; readonly subject: Subject; readonly at: Date } | null,
    replacing: Subject | null,
  ): Promise<StoredBed | undefined>;
  /** Their card was seen at the bed; unchanged when somebody else lies there by now. */
  confirm(id: string, subject: Subject, at: Date): Promise<StoredBed | undefined>;
}
