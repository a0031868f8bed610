import type { RsaPrivateKey } from './rsa.ts';

/** A dedicated file: what SELECT by name finds. */
export interface Application {
  readonly name: Uint8Array;
  readonly files: readonly CardFile[];
  /** The key that COMPUTE DIGITAL SIGNATURE uses when the command names none. */
  readonly defaultKey?: number;
}

/**
 * What must have happened since the application was selected. A number is the identifier of a PIN file that was
 * verified; `terminal` is the simulated terminal authentication.
 */
export type AccessCondition = 'free' | 'never' | { readonly anyOf: readonly SecurityAttribute[] };
export type SecurityAttribute = number | 'terminal';

interface FileIdentity {
  readonly id: number;
  /** Short identifier, 1 to 30, which READ BINARY, VERIFY and the signature command carry in P1 or P2. */
  readonly sfi?: number;
}

/** A transparent file. */
export interface BinaryFile extends FileIdentity {
  readonly kind: 'binary';
  readonly content: Uint8Array;
  readonly read: AccessCondition;
}

/** A linear file of records, the first being record 1. */
export interface RecordFile extends FileIdentity {
  readonly kind: 'records';
  readonly records: readonly Uint8Array[];
  readonly read: AccessCondition;
}

/** Reference data for VERIFY. */
export interface PinFile extends FileIdentity {
  readonly kind: 'pin';
  readonly value: Uint8Array;
  /** Tries of a fresh card; 0 is a reference that was issued blocked. */
  readonly tries: number;
  /** What CHANGE REFERENCE DATA accepts as a new value; absent when the command is not offered. */
  readonly accepts?: RegExp;
  /** What VERIFY says when there are no tries left: 6984 on JICSAP cards, which is meant when left out, or 6983 (ISO 7816-4). */
  readonly whenBlocked?: 'referenceBlocked' | 'methodBlocked';
}

/** An RSA private key. */
export interface KeyFile extends FileIdentity {
  readonly kind: 'key';
  readonly key: RsaPrivateKey;
  readonly use: AccessCondition;
  /** Each signature uses up the verification that allowed it. */
  readonly consumesVerification?: boolean;
}

/** A file that can be selected and whose content nobody outside the card sees. */
export interface InternalFile extends FileIdentity {
  readonly kind: 'internal';
}

export type CardFile = BinaryFile | RecordFile | PinFile | KeyFile | InternalFile;
