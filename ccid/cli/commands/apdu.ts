import { encodeHex, parseHex } from '../../iso7816/bytes.ts';
import { isSecretInstruction } from '../../iso7816/commands.ts';
import { describeStatusWord } from '../../iso7816/status-word.ts';
import type { TraceEvent } from '../../protocol/trace.ts';
import type { CardConnection } from '../../readers/reader.ts';
import type { CliBus } from '../bus.ts';
import { withCard, type CardChoice } from '../card-session.ts';
import type { Page } from '../page.ts';
import { traceWords } from '../words/trace-words.ts';

export interface ApduChoice extends CardChoice {
  /** Commands in hexadecimal; `-` stands for standard input, one command a line. */
  readonly rest: readonly string[];
  readonly isTraced?: boolean;
}

/** `apdu` and `trace`: sends commands one behind the other. False when the card refused one. */
export async function runApdus(
  bus: CliBus,
  choice: ApduChoice,
  readInput: () => Promise<string>,
  page: Page,
  signal: AbortSignal,
): Promise<boolean> {
  const commands = await readCommands(choice.rest, readInput);
  const send = async (card: CardConnection): Promise<boolean> => {
    let isGood = true;
    for (const command of commands) isGood = (await exchange(card, command, page, signal, choice.isTraced)) && isGood;
    return isGood;
  };
  const onTrace = (event: TraceEvent): void => {
    page.say(traceWords(event));
    page.tell(traceObject(event));
  };
  return withCard(bus, choice, page, signal, send, choice.isTraced ? onTrace : undefined);
}

/** @throws {RangeError} when one is no command */
async function readCommands(words: readonly string[], readInput: () => Promise<string>): Promise<Uint8Array[]> {
  const lines: string[] = [];
  for (const word of words) lines.push(...(word === '-' ? (await readInput()).split('\n') : [word]));
  const commands = lines.map((line) => line.replace(/[;#].*$/, '').trim()).filter((line) => line !== '');
  return commands.map((line) => {
    const bytes = parseHex(line.replaceAll(':', ''));
    if (bytes.length < 4) throw new RangeError('a command has at least four bytes');
    return bytes;
  });
}

async function exchange(
  card: CardConnection,
  command: Uint8Array,
  page: Page,
  signal: AbortSignal,
  isTraced = false,
): Promise<boolean> {
  const shown = isSecretInstruction(command[1] ?? 0)
    ? `${encodeHex(command.subarray(0, 4))} ${'*'.repeat(8)}`
    : encodeHex(command);
  if (!isTraced) page.say(`> ${shown}`);
  const answer = await card.transmit(command, signal);
  const sw = ((answer.at(-2) ?? 0) << 8) | (answer.at(-1) ?? 0);
  const words = describeStatusWord(sw);
  if (!isTraced) page.say(`< ${encodeHex(answer)}  ${words}`);
  page.tell({
    kind: 'exchange',
    command: shown,
    answer: encodeHex(answer),
    statusWord: encodeHex(answer.slice(-2)),
    words,
  });
  return sw === 0x9000 || sw >> 8 === 0x61;
}

function traceObject(event: TraceEvent): object {
  return 'bytes' in event ? { ...event, bytes: encodeHex(event.bytes) } : event;
}
