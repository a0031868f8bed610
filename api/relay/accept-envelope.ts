import { Problem } from '../contract/problem.ts';
import type { RelayedEnvelope } from '../storage/relay.ts';
import { admitEnvelope, openSeal, type Caller } from './admission.ts';
import { requireBodyShape } from './body-shape.ts';
import { mailboxBell, outgoingBell, type RelayParts } from './parts.ts';
import { createReceipt } from './receipts.ts';
import { requireWholeUpload } from './uploads.ts';

/**
 * Takes an envelope into the relay: checked, stored durably with a signed receipt, and only then answered. The same
 * envelope again is answered as it stands now.
 *
 * @param body null when it was uploaded
 * @throws {Problem}
 */
export async function acceptEnvelope(
  parts: RelayParts,
  caller: Caller,
  sealText: string | undefined,
  body: string | null,
): Promise<RelayedEnvelope> {
  const { store } = parts;
  const { envelope, seal } = await openSeal(parts, caller, sealText, body ?? undefined);
  const known = await store.read(envelope.id);
  let entry: RelayedEnvelope;
  if (known?.envelope.digest === envelope.digest && known.envelope.from === envelope.from) entry = known;
  else if (known) throw new Problem('conflict', 'the envelope id is taken');
  else {
    if (body !== null) requireBodyShape(body, envelope);
    const size = body === null ? await requireWholeUpload(store, envelope) : body.length;
    const { destination, release } = await admitEnvelope(parts, caller, envelope, body === null ? 0 : size);
    const origin = caller.kind === 'peer' ? caller.id : null;
    const accepted = { envelope, seal, body, destination, origin };
    try {
      ({ entry } = await store.accept(accepted, await createReceipt(parts, envelope, 'accepted')));
    } finally {
      release();
    }
  }
  // Also for a known one: it may have been stored by a try whose answer, and whose bell, was lost.
  if (entry.state === 'accepted') {
    const { destination } = entry;
    parts.bells.ring(destination.kind === 'mailbox' ? mailboxBell(envelope.to) : outgoingBell(destination.exchange));
  }
  return entry;
}
