import { CardError } from '../errors.ts';
import type { Trace } from '../protocol/trace.ts';
import type { CardConnection, Reader } from '../readers/reader.ts';
import type { CliBus } from './bus.ts';
import { chooseReader } from './choose-reader.ts';
import type { Page } from './page.ts';

export interface CardChoice {
  readonly reader: string | undefined;
  /** Wait for a card when there is none. */
  readonly waits: boolean;
}

/**
 * Does something with the card in a reader and leaves both as they were.
 *
 * @throws {CardError} as choosing the reader, connecting and the work do
 */
export async function withCard(
  bus: CliBus,
  choice: CardChoice,
  page: Page,
  signal: AbortSignal,
  work: (card: CardConnection, reader: Reader) => Promise<boolean>,
  onTrace?: Trace,
): Promise<boolean> {
  const reader = await chooseReader(bus, choice.reader, onTrace ? { onTrace } : {});
  try {
    const card = await connect(reader, choice.waits, page, signal);
    try {
      return await work(card, reader);
    } finally {
      await card.disconnect();
    }
  } finally {
    await reader.close();
  }
}

async function connect(reader: Reader, waits: boolean, page: Page, signal: AbortSignal): Promise<CardConnection> {
  try {
    return await reader.connect({ signal });
  } catch (error) {
    if (!waits || !(error instanceof CardError) || error.code !== 'card_absent') throw error;
  }
  page.say(`${reader.name} waits for a card`);
  await cardPresent(reader, signal);
  return reader.connect({ signal });
}

function cardPresent(reader: Reader, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = reader.watchCard((state) => {
      if (state !== 'present') return;
      queueMicrotask(() => stop());
      resolve();
    });
    signal.addEventListener('abort', () => {
      stop();
      reject(new CardError('aborted', 'no card came', { cause: signal.reason }));
    });
  });
}
