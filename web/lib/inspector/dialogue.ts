import { type CardChannel, encodeHex, INS, isSecretInstruction } from 'webusb-ccid';

/** What a command is for, in the words of the screen. */
export const COMMAND_PURPOSES = [
  'selectApplication',
  'selectFile',
  'read',
  'askTries',
  'presentPin',
  'sign',
  'continueAnswer',
  'other',
] as const;
export type CommandPurpose = (typeof COMMAND_PURPOSES)[number];

/**
 * One command and its answer, as a screen or a file may hold it: of a command that carries a PIN only the header, of an
 * answer only its size and status word. Certificates hold serial numbers, and files hold what the law restricts.
 */
export interface DialogueLine {
  readonly purpose: CommandPurpose;
  /** Hex. */
  readonly command: string;
  /** Data bytes of the command are left out. */
  readonly isRedacted: boolean;
  readonly answerSizeBytes: number;
  /** SW1-SW2 in hex; `undefined` when no answer came. */
  readonly statusWord: string | undefined;
}

/** A channel that writes down what passes through it. */
export interface RecordedChannel extends CardChannel {
  readonly lines: readonly DialogueLine[];
}

const HEADER_SIZE_BYTES = 4;
const SELECT_BY_NAME = 0x04;

/** @param onLine told of every answer, to show that something happens */
export function recordDialogue(channel: CardChannel, onLine: (count: number) => void = () => {}): RecordedChannel {
  const lines: DialogueLine[] = [];
  const note = (line: DialogueLine): void => {
    lines.push(line);
    onLine(lines.length);
  };
  return {
    lines,
    async transmit(command, signal) {
      // The owner wipes a command that holds a PIN as soon as it is answered: it is described before it is sent.
      const described = describeCommand(command);
      try {
        const answer = await channel.transmit(command, signal);
        const statusWord = encodeHex(answer.subarray(-2));
        note({ ...described, answerSizeBytes: Math.max(0, answer.length - 2), statusWord });
        return answer;
      } catch (error) {
        note({ ...described, answerSizeBytes: 0, statusWord: undefined });
        throw error;
      }
    },
  };
}

function describeCommand(command: Uint8Array): Pick<DialogueLine, 'purpose' | 'command' | 'isRedacted'> {
  const isRedacted = isSecretInstruction(command[1] ?? 0) && command.length > HEADER_SIZE_BYTES;
  const shown = isRedacted ? command.subarray(0, HEADER_SIZE_BYTES) : command;
  return { purpose: purposeOf(command), command: encodeHex(shown), isRedacted };
}

function purposeOf(command: Uint8Array): CommandPurpose {
  switch (command[1]) {
    case INS.SELECT:
      return command[2] === SELECT_BY_NAME ? 'selectApplication' : 'selectFile';
    case INS.READ_BINARY:
      return 'read';
    case INS.VERIFY:
      return command.length > HEADER_SIZE_BYTES ? 'presentPin' : 'askTries';
    case INS.PERFORM_SECURITY_OPERATION:
      return 'sign';
    case INS.GET_RESPONSE:
      return 'continueAnswer';
    default:
      return 'other';
  }
}

/** The dialogue as text, one line for each command. */
export function formatDialogue(lines: readonly DialogueLine[]): string {
  return lines
    .map(({ command, isRedacted, answerSizeBytes, statusWord }) => {
      const hidden = isRedacted ? ' …' : '';
      const answer = statusWord === undefined ? 'no answer' : `${answerSizeBytes} bytes, ${statusWord}`;
      return `> ${command}${hidden}\n< ${answer}\n`;
    })
    .join('');
}
