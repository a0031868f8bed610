import type { StaffRole } from '../contract/staff-person.ts';

export interface StaffRecord {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly StaffRole[];
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

/** With what only the store can count. */
export interface StaffEntry extends StaffRecord {
  readonly passkeys: number;
  readonly lastSignInAt: Date | null;
}

export interface PasskeyRecord {
  readonly credentialId: string;
  readonly staff: string;
  /** COSE_Key (RFC 9052 §7). */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly counter: number;
  readonly createdAt: Date;
}

/** Lets whoever knows the code make a passkey for a person, once. */
export interface Invitation {
  /** Hash of the code. */
  readonly hash: string;
  readonly staff: string;
  readonly expires: Date;
}

/** A WebAuthn challenge that one terminal was given. */
export interface StaffChallenge {
  readonly challenge: string;
  readonly terminal: string;
  readonly expires: Date;
}

export interface NewStaffSession {
  readonly tokenHash: string;
  readonly staff: string;
  readonly terminal: string;
  readonly credentialId: string;
  readonly openedAt: Date;
  readonly expires: Date;
}

/** The people of an institution, their passkeys and their sessions. Writes resolve when they are durable. */
export interface StaffStore {
  add(member: StaffRecord): Promise<void>;
  find(id: string): Promise<StaffEntry | undefined>;
  /** By name. */
  list(): Promise<readonly StaffEntry[]>;
  /** Disabling ends the person's sessions and invitations. */
  change(
    id: string,
    change: { readonly roles?: readonly StaffRole[]; readonly disabledAt?: Date | null },
  ): Promise<void>;
  /** Administrators who can sign in: not disabled, with a passkey. */
  countAdministrators(): Promise<number>;

  /** Takes the place of the person's earlier invitation. */
  invite(invitation: Invitation): Promise<void>;
  findInvitation(hash: string, now: Date): Promise<Invitation | undefined>;
  /**
   * Uses the invitation up and keeps the passkey in the place of all that the person had; their sessions end. False when
   * the invitation was used or has expired.
   */
  addPasskey(passkey: PasskeyRecord, invitationHash: string): Promise<boolean>;
  /** Keeps a passkey that needs no invitation: the demonstration's. One of that id stays as it is. */
  seedPasskey(passkey: PasskeyRecord): Promise<void>;
  findPasskey(credentialId: string): Promise<PasskeyRecord | undefined>;
  listPasskeys(staff: string): Promise<readonly PasskeyRecord[]>;

  saveChallenge(challenge: StaffChallenge): Promise<void>;
  /** Uses it up: true once, on the terminal it was given to, before it expires. */
  useChallenge(challenge: string, terminal: string, now: Date): Promise<boolean>;

  /** Ends the terminal's earlier session and remembers the passkey's counter. */
  openSession(session: NewStaffSession, counter: number): Promise<void>;
  /** The person, where the session is alive, on that terminal, and they are not disabled. */
  findSession(tokenHash: string, terminal: string, now: Date): Promise<StaffRecord | undefined>;
  endSession(tokenHash: string): Promise<void>;
}
