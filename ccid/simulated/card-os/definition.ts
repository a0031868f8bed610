import type { CommandApdu, ResponseApdu } from '../../iso7816/apdu.ts';
import type { Application } from './card-file.ts';
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
