import { connect, type NetConnectOpts } from 'node:net';
import { CardError } from '../errors.ts';
import type { SimulatedCard } from '../simulated/card.ts';
import { createVpcdLink } from './vpcd-link.ts';
import { createVscardLink } from './vscard-link.ts';

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
export function offerToVpcd(card: SimulatedCard, host = '127.0.0.1', port = VPCD_PORT): Promise<OfferedCard> {
  return offer({ host, port }, (send) => createVpcdLink(card, send));
}

/**
 * Lays a simulated card on QEMU's `usb-ccid` reader, through the socket of its `ccid-card-passthru`.
 *
 * @throws {CardError} `reader_gone` when nobody listens there
 */
export function offerToQemu(card: SimulatedCard, path: string): Promise<OfferedCard> {
  return offer({ path }, (send) => createVscardLink(card, send));
}

interface Link {
  start?(): void;
  remove?(): void;
  receive(bytes: Uint8Array): Promise<void>;
}

async function offer(
  where: NetConnectOpts,
  createLink: (send: (message: Uint8Array) => void) => Link,
): Promise<OfferedCard> {
  const socket = connect(where);
  const removed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (cause) => reject(new CardError('reader_gone', 'no virtual reader there', { cause })));
  });
  // After the connection stands, every error is followed by close.
  socket.on('error', () => undefined);
  const link = createLink((message) => socket.write(message));
  socket.on('data', (bytes) => void link.receive(bytes));
  link.start?.();
  return {
    remove() {
      link.remove?.();
      socket.destroySoon();
    },
    removed,
  };
}
