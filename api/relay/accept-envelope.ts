import { openSealedEnvelope, SealedEnvelope, type Envelope } from '../contract/envelope.ts';
import { Problem } from '../contract/problem.ts';
import { REQUEST_SKEW_SECONDS } from '../contract/signed-request.ts';
import type { Destination, RelayedEnvelope } from '../storage/relay.ts';
import { requireBodyShape } from './body-shape.ts';
import { mailboxBell, outgoingBell, type RelayDirectory, type RelayParts } from './parts.ts';
import { createReceipt } from './receipts.ts';

/** Who hands an envelope over: a member's gateway, or the exchange of the sender's network. */
export interface Caller {
  readonly kind: 'member' | 'peer';
  readonly id: string;
}

/** Nobody keeps a stranger's mail longer. */
export const LONGEST_LIFETIME_DAYS = 30;

/**
 * Takes an envelope into the relay: checked, stored durably with a signed receipt, and only then answered. The same
 * envelope again is answered as it stands now.
 *
 * @throws {Problem}
 */
export async function acceptEnvelope(
  parts: RelayParts,
  caller: Caller,
  seal: string | undefined,
  body: string,
): Promise<RelayedEnvelope> {
  const { store, exchange, now } = parts;
  const directory = parts.directory();
  const parsedSeal = SealedEnvelope.safeParse(seal);
  if (!parsedSeal.success) throw new Problem('envelope_malformed', 'no sealed envelope');
  const envelope = await openSealedEnvelope(parsedSeal.data, body, ({ from }) => {
    requireSender(from, caller, directory);
    return directory.institutionKeys(from);
  });
  const known = await store.read(envelope.id);
  if (!known) {
    requireTimes(envelope, now());
    requireBodyShape(body, envelope);
  }
  const destination = known?.destination ?? chooseDestination(envelope, caller, directory, exchange);
  const origin = caller.kind === 'peer' ? caller.id : null;
  const accepted = { envelope, seal: parsedSeal.data, body, destination, origin };
  const { entry } = await store.accept(accepted, await createReceipt(parts, envelope, 'accepted'));
  // Also for a known one: it may have been stored by a try whose answer, and whose bell, was lost.
  if (entry.state === 'accepted') {
    parts.bells.ring(destination.kind === 'mailbox' ? mailboxBell(envelope.to) : outgoingBell(destination.exchange));
  }
  return entry;
}

/** A gateway sends for its institution, a peer for the institutions of its networks. */
function requireSender(from: string, caller: Caller, directory: RelayDirectory): void {
  if (caller.kind === 'member' && from !== caller.id) throw new Problem('forbidden', 'an envelope of someone else');
  if (caller.kind === 'peer') {
    const exchange = directory.exchangeOf(from);
    // A peer whose directory did not arrive yet may well speak for the sender: it shall come again.
    if (exchange === undefined) throw new Problem('directory_stale', 'no directory names the network of the sender');
    if (exchange !== caller.id) throw new Problem('forbidden', 'an envelope out of the networks of another exchange');
  }
}

/** @throws {Problem} `clock_skew`, `envelope_expired`, `envelope_malformed` */
export function requireTimes({ created, expires }: Pick<Envelope, 'created' | 'expires'>, now: Date): void {
  const [from, until] = [Date.parse(created), Date.parse(expires)];
  if (from > now.getTime() + REQUEST_SKEW_SECONDS * 1000) throw new Problem('clock_skew', 'created in the future');
  if (until <= now.getTime()) throw new Problem('envelope_expired', expires);
  if (until - from > LONGEST_LIFETIME_DAYS * 86_400_000) throw new Problem('envelope_malformed', 'expires');
}

/** What came from a peer ends here: an envelope crosses one border at most. */
function chooseDestination({ to }: Envelope, caller: Caller, directory: RelayDirectory, self: string): Destination {
  const { exchange } = directory.findInstitution(to);
  if (exchange === self) return { kind: 'mailbox' };
  if (caller.kind === 'peer') throw new Problem('recipient_unknown', 'the recipient is not behind this exchange');
  return { kind: 'peer', exchange };
}
