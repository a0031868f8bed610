import { openSealedEnvelope, SealedEnvelope, type Envelope } from '../contract/envelope.ts';
import { Problem } from '../contract/problem.ts';
import { REQUEST_SKEW_SECONDS } from '../contract/signed-request.ts';
import type { Destination } from '../storage/relay.ts';
import type { RelayDirectory, RelayParts } from './parts.ts';

/** Who hands an envelope over: a member's gateway, or the exchange of the sender's network. */
export interface Caller {
  readonly kind: 'member' | 'peer';
  readonly id: string;
}

/** Nobody keeps a stranger's mail longer. */
export const LONGEST_LIFETIME_DAYS = 30;

/**
 * Opens what a caller hands over: a seal by the sender that the caller may speak for, over the body that came with it.
 *
 * @throws {Problem}
 */
export async function openSeal(
  { directory }: RelayParts,
  caller: Caller,
  seal: string | undefined,
  body: string | undefined,
): Promise<{ readonly envelope: Envelope; readonly seal: string }> {
  const view = directory();
  const parsed = SealedEnvelope.safeParse(seal);
  if (!parsed.success) throw new Problem('envelope_malformed', 'no sealed envelope');
  const envelope = await openSealedEnvelope(parsed.data, body, ({ from }) => {
    requireSender(from, caller, view);
    return view.institutionKeys(from);
  });
  return { envelope, seal: parsed.data };
}

/**
 * Requires that a new envelope may come in: in time, to somebody we can reach, and with room for it, which is kept until it
 * is let go.
 *
 * @throws {Problem} also `mailbox_full`, `storage_full`
 */
export async function admitEnvelope(
  parts: RelayParts,
  caller: Caller,
  envelope: Envelope,
  size: number,
): Promise<{ readonly destination: Destination; readonly release: () => void }> {
  requireTimes(envelope, parts.now());
  const directory = parts.directory();
  const destination = chooseDestination(envelope, caller, directory, parts.exchange);
  // Both exchanges ask: the sender's spares the way, the recipient's does not have to believe it.
  directory.requireEnvelopeAccess(envelope);
  return { destination, release: await parts.quota.reserve(envelope.to, destination, size) };
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
