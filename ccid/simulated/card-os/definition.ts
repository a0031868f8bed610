import type { CommandApdu, ResponseApdu } from '../../iso7816/apdu.ts';
import type { RsaPrivateKey } from './rsa.ts';
import type { CardSession } from './session.ts';

/** What a simulated card is: data only, made by a card profile and never changed by commands. */
export interface CardDefinition {
  readonly atr: Uint8Array;
  /** The first is selected after power-on when `selectedAtReset` says so. */
  readonly applications: readonly Application[];
  readonly selectedAtReset: boolean;
  /** Instructions by class and instruction byte, `8020` for CLA 80 INS 20. */
  readonly instructions: InstructionTable;
  /** Whether Lc and Le of two bytes are understood; without, such a command is answered 6700. */
  readonly hasExtendedLength: boolean;
  /** Whether the parts of a command in class 10 are joined; without, they are answered 6884. */
  readonly hasChaining: boolean;
}

export type InstructionTable = Readonly<Record<string, Instruction>>;

/** Carries out one command on the selected application, or throws a `Refusal`. */
export type Instruction = (session: CardSession, command: CommandApdu) => ResponseApdu | Promise<ResponseApdu>;

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
