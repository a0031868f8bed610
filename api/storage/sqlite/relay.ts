import type { Envelope } from '../../contract/envelope.ts';
import { furtherState, isFinalState } from '../../contract/envelope-progress.ts';
import { Problem } from '../../contract/problem.ts';
import { chooseFairly, laneOf } from '../fair-lanes.ts';
import type {
  AcceptedEnvelope,
  EnvelopeWithBody,
  RelayedEnvelope,
  RelayStore,
  Selection,
  StoredReceipt,
} from '../relay.ts';
import { parseEnvelope, toDeadLetter, toRelayed, type RelayRow } from '../rows/relay.ts';
import type { SqliteDatabase } from './database.ts';
import { prepareRelay, type RelayStatements } from './relay-statements.ts';
import { createSqliteUploads } from './uploads.ts';

export { relaySchema } from './relay-schema.ts';

/** States in which a body still has to be handed to a peer. */
const STILL_HERE = ['accepted', 'held'];
const LANES = [0, 1, 2];

/** The relay's part of an embedded database that was opened with `relaySchema`. */
export function createSqliteRelayStore(database: SqliteDatabase): RelayStore {
  const { connection } = database;
  const statements = prepareRelay(connection);
  const uploads = createSqliteUploads(database);

  const receiptsOf = ({ id }: RelayRow) => statements.receipts.all(id).map(({ jws }) => jws);
  const toEntry = (row: RelayRow) => toRelayed(row, receiptsOf(row));
  const toLetter = (row: RelayRow) => toDeadLetter(row, receiptsOf(row));

  function choose(
    lanes: RelayStatements['mailbox'],
    key: string,
    { count, bytes, except = [] }: Selection,
  ): readonly EnvelopeWithBody[] {
    const without = JSON.stringify(except);
    const rows = LANES.map((lane) => lanes.all(key, lane, without, Math.max(1, count)));
    return chooseFairly(rows, { count, bytes }, ({ size }) => size).map((row) => ({
      ...toEntry(row),
      body: statements.body.get(row.id)?.body ?? null,
      size: row.size,
    }));
  }

  function insert({ envelope, seal, destination, origin, body }: AcceptedEnvelope, receipt: StoredReceipt): void {
    const { to, id, digest, conversation } = envelope;
    const size = body === null ? uploads.settle(id, digest) : body.length;
    statements.insert.run({
      ...{ recipient: to, id, digest, conversation, envelope: JSON.stringify(envelope), seal, size },
      ...{ peer: destination.kind === 'peer' ? destination.exchange : null, origin, changed: receipt.at.getTime() },
      ...{ expires: Date.parse(envelope.expires), lane: joinConversation(envelope) },
    });
    if (body !== null) statements.insertBody.run(id, body);
    insertReceipt(id, receipt);
  }

  /** The lane of a conversation is that of its most urgent envelope: earlier ones come along. */
  function joinConversation({ to, conversation, priority }: Envelope): number {
    const own = laneOf(priority);
    const held = statements.laneOfConversation.get(to, conversation)?.lane ?? null;
    if (held !== null && held > own) statements.hurryConversation.run(own, to, conversation, own);
    return held === null ? own : Math.min(own, held);
  }

  const insertReceipt = (id: string, { issuer, state, at, jws }: StoredReceipt): boolean =>
    statements.insertReceipt.run(id, issuer, state, at.getTime(), jws).changes === 1;

  function advance(
    id: string,
    receipts: readonly (StoredReceipt & { readonly isOwn: boolean })[],
    hold: string | null = null,
  ): RelayedEnvelope | undefined {
    const row = statements.read.get(id);
    if (!row) return undefined;
    let { state, changed, reason } = row;
    for (const receipt of receipts) {
      const next = furtherState(state, receipt.state);
      // Our own word is given once per change; what another exchange says is kept in any case.
      if ((receipt.isOwn && next === state) || !insertReceipt(id, receipt)) continue;
      if (next !== state) {
        changed = receipt.at.getTime();
        reason = receipt.reason ?? null;
      }
      state = next;
      if (receipt.isOwn && row.origin !== null) statements.insertOwed.run(row.origin, receipt.jws);
    }
    const held = state === 'held' ? (hold ?? row.held) : null;
    statements.update.run(state, changed, held, reason, id);
    if (isFinalState(state) || (row.peer !== null && !STILL_HERE.includes(state))) {
      statements.deleteBody.run(id);
      statements.deleteChunks.run(id);
    }
    return toEntry({ ...row, state, changed });
  }

  return {
    ...uploads,
    accept: (accepted, receipt) =>
      database.write(() => {
        const known = statements.read.get(accepted.envelope.id);
        if (known) {
          const isSame =
            known.digest === accepted.envelope.digest && parseEnvelope(known.envelope).from === accepted.envelope.from;
          if (!isSame) throw new Problem('conflict', 'the envelope id is taken');
          return { isNew: false, entry: toEntry(known) };
        }
        insert(accepted, receipt);
        const { body: _body, ...entry } = accepted;
        return { isNew: true, entry: { ...entry, state: 'accepted', changed: receipt.at, receipts: [receipt.jws] } };
      }),
    read(id) {
      const row = statements.read.get(id);
      return Promise.resolve(row && toEntry(row));
    },
    readMailbox: (institution, selection) => Promise.resolve(choose(statements.mailbox, institution, selection)),
    readOutgoing: (peer, selection) => Promise.resolve(choose(statements.outgoing, peer, selection)),
    readExpired: ({ now, inDoubtBefore }, count) =>
      Promise.resolve(statements.expired.all(now.getTime(), inDoubtBefore.getTime(), count).map(toEntry)),
    advance: (id, receipts) => database.write(() => advance(id, receipts)),
    readOwed: (peer, count) => Promise.resolve(statements.owed.all(peer, count)),
    settleOwed: (peer, sequences) =>
      database.write(() => sequences.forEach((sequence) => statements.deleteOwed.run(peer, sequence))),
    readRecent: (count) => Promise.resolve(statements.recent.all(count).map(toEntry)),
    countWaiting: () =>
      Promise.resolve({
        mailboxes: new Map(statements.countMailboxes.all().map(({ name, count }) => [name, count])),
        peers: new Map(statements.countPeers.all().map(({ name, count }) => [name, count])),
      }),
    readLoad: (destination) =>
      Promise.resolve(
        ('mailbox' in destination
          ? statements.mailboxLoad.get(destination.mailbox)
          : statements.peerLoad.get(destination.peer)) ?? { count: 0, bytes: 0 },
      ),
    readStoredBytes() {
      const read = (name: string) => Number(connection.pragma(name, { simple: true }));
      return Promise.resolve((read('page_count') - read('freelist_count')) * read('page_size'));
    },
    hold: (id, reason, receipt) => database.write(() => advance(id, [{ ...receipt, isOwn: true }], reason)),
    resend: (id) => database.write(() => statements.resend.run(id).changes === 1),
    readDeadLetters: (count) => Promise.resolve(statements.dead.all(count).map(toLetter)),
    readHeld: (before, count) => Promise.resolve(statements.heldBefore.all(before.getTime(), count).map(toLetter)),
    dismiss: (id) => database.write(() => statements.dismiss.run(id).changes === 1),
  };
}
