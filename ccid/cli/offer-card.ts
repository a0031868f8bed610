import { connect } from 'node:net';
import { CardError } from '../errors.ts';
import type { SimulatedCard } from '../simulated/card.ts';
import { createVpcdLink } from './vpcd-link.ts';

/** Where vpcd listens unless its configuration says otherwise. */
export const VPCD_PORT = 0x8c7b;

export interface OfferedCard {
  /** Takes the card out of the reader. */
  remove(): void;
  /** Resolves when the card is out, whoever ended it. */
  readonly removed: Promise<void>;
}

/**
 * Lays a simulated card on vsmartcard's virtual reader, so that every PC/SC program sees it.
 *
 * @throws {CardError} `reader_gone` when nobody listens there
 */
export async function offerCard(card: SimulatedCard, host = '127.0.0.1', port = VPCD_PORT): Promise<OfferedCard> {
  const socket = connect(port, host);
  const removed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (cause) => reject(new CardError('reader_gone', 'no virtual reader there', { cause })));
  });
  // After the connection stands, every error is followed by close.
  socket.on('error', () => undefined);
  const link = createVpcdLink(card, (message) => socket.write(message));
  socket.on('data', (bytes) => void link.receive(bytes));
  return { remove: () => socket.destroy(), removed };
}
