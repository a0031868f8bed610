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
import { parseEnvelope, toDeadLetter, toRelayed } from '../rows/relay.ts';
import { createClaims } from './claims.ts';
import type { PostgresDatabase } from './database.ts';
import { STATEMENTS, type FullRow } from './relay-statements.ts';
import type { Queries } from './statement.ts';
import { createPostgresUploads, settleUpload } from './uploads.ts';

export { relaySchema } from './relay-schema.ts';

/** States in which a body still has to be handed to a peer. */
const STILL_HERE = ['accepted', 'held'];
const LANES = [0, 1, 2];

const toEntry = (row: FullRow): RelayedEnvelope => toRelayed(row, row.receipts);
const toLetter = (row: FullRow) => toDeadLetter(row, row.receipts);

/** The row of an id, wherever it lies. */
async function find(queries: Queries, id: string, statement = STATEMENTS.read): Promise<FullRow | undefined> {
  const address = await queries.first(STATEMENTS.findRecipient, id);
  return address && queries.first(statement, address.recipient, id);
}

async function insert(tx: Queries, accepted: AcceptedEnvelope, receipt: StoredReceipt): Promise<void> {
  const { envelope, seal, destination, origin, body } = accepted;
  const { to, id, digest, conversation } = envelope;
  const size = body === null ? await settleUpload(tx, id, digest) : body.length;
  const lane = await joinConversation(tx, envelope);
  const peer = destination.kind === 'peer' ? destination.exchange : null;
  const times = [receipt.at.getTime(), Date.parse(envelope.expires)] as const;
  const text = JSON.stringify(envelope);
  await tx.run(STATEMENTS.insert, to, id, digest, text, seal, peer, origin, ...times, size, lane, conversation);
  if (body !== null) await tx.run(STATEMENTS.insertBody, to, id, body);
  await insertReceipt(tx, to, id, receipt);
}

/** The lane of a conversation is that of its most urgent envelope: earlier ones come along. */
async function joinConversation(tx: Queries, { to, conversation, priority }: Envelope): Promise<number> {
  const own = laneOf(priority);
  const held = (await tx.first(STATEMENTS.laneOfConversation, to, conversation))?.lane ?? null;
  if (held !== null && held > own) await tx.run(STATEMENTS.hurryConversation, to, conversation, own);
  return held === null ? own : Math.min(own, held);
}

async function insertReceipt(tx: Queries, recipient: string, id: string, receipt: StoredReceipt): Promise<boolean> {
  const { issuer, state, at, jws } = receipt;
  return (await tx.run(STATEMENTS.insertReceipt, recipient, id, issuer, state, at.getTime(), jws)) === 1;
}

async function advance(
  tx: Queries,
  id: string,
  receipts: readonly (StoredReceipt & { readonly isOwn: boolean })[],
  hold: string | null = null,
): Promise<RelayedEnvelope | undefined> {
  const row = await find(tx, id, STATEMENTS.lock);
  if (!row) return undefined;
  const { recipient, origin, peer } = row;
  let { state, changed, reason } = row;
  const added: string[] = [];
  for (const receipt of receipts) {
    const next = furtherState(state, receipt.state);
    // Our own word is given once per change; what another exchange says is kept in any case.
    if ((receipt.isOwn && next === state) || !(await insertReceipt(tx, recipient, id, receipt))) continue;
    added.push(receipt.jws);
    if (next !== state) {
      changed = receipt.at.getTime();
      reason = receipt.reason ?? null;
    }
    state = next;
    if (receipt.isOwn && origin !== null) await tx.run(STATEMENTS.insertOwed, origin, receipt.jws);
  }
  const held = state === 'held' ? (hold ?? row.held) : null;
  await tx.run(STATEMENTS.update, recipient, id, state, changed, held, reason);
  if (isFinalState(state) || (peer !== null && !STILL_HERE.includes(state))) {
    await tx.run(STATEMENTS.deleteBody, recipient, id);
    await tx.run(STATEMENTS.deleteChunks, recipient, id);
  }
  return toEntry({ ...row, state, changed, receipts: [...row.receipts, ...added] });
}

async function accept(tx: Queries, accepted: AcceptedEnvelope, receipt: StoredReceipt) {
  const { id, to, digest, from } = accepted.envelope;
  // Written first: of two at once, one waits here and then finds the other's envelope.
  if ((await tx.run(STATEMENTS.claimAddress, id, to)) !== 1) {
    const known = await find(tx, id);
    const isSame = known?.digest === digest && parseEnvelope(known.envelope).from === from;
    if (!isSame) throw new Problem('conflict', 'the envelope id is taken');
    return { isNew: false, entry: toEntry(known) };
  }
  await insert(tx, accepted, receipt);
  const { body: _body, ...entry } = accepted;
  return { isNew: true, entry: { ...entry, state: 'accepted', changed: receipt.at, receipts: [receipt.jws] } } as const;
}

/** The relay's part of a database that was opened with `relaySchema` and `claimsSchema`. */
export function createPostgresRelayStore(database: PostgresDatabase): RelayStore {
  const claims = createClaims(database);

  async function choose(
    lanes: typeof STATEMENTS.mailbox,
    key: string,
    { count, bytes, except = [] }: Selection,
  ): Promise<readonly EnvelopeWithBody[]> {
    const rows = await database.all(lanes, key, except, Math.max(1, count));
    const byLane = LANES.map((lane) => rows.filter((row) => row.lane === lane));
    const chosen = chooseFairly(byLane, { count, bytes }, ({ size }) => size);
    if (chosen.length === 0) return [];
    const keys = [chosen.map(({ recipient }) => recipient), chosen.map(({ id }) => id)] as const;
    const bodies = new Map((await database.all(STATEMENTS.bodies, ...keys)).map(({ id, body }) => [id, body]));
    return chosen.map((row) => ({ ...toEntry(row), body: bodies.get(row.id) ?? null, size: row.size }));
  }
  const change = async (statement: typeof STATEMENTS.resend, id: string): Promise<boolean> =>
    database.write(async (tx) => {
      const address = await tx.first(STATEMENTS.findRecipient, id);
      return address !== undefined && (await tx.run(statement, address.recipient, id)) === 1;
    });

  return {
    ...createPostgresUploads(database),
    accept: (accepted, receipt) => database.write((tx) => accept(tx, accepted, receipt)),
    async read(id) {
      const row = await find(database, id);
      return row && toEntry(row);
    },
    readMailbox: (institution, selection) => choose(STATEMENTS.mailbox, institution, selection),
    readOutgoing: async (peer, selection) =>
      (await claims.hold(`outgoing ${peer}`)) ? choose(STATEMENTS.outgoing, peer, selection) : [],
    readExpired: async ({ now, inDoubtBefore }, count) =>
      (await database.all(STATEMENTS.expired, now.getTime(), inDoubtBefore.getTime(), count)).map(toEntry),
    advance: (id, receipts) => database.write((tx) => advance(tx, id, receipts)),
    readOwed: async (peer, count) =>
      (await claims.hold(`owed ${peer}`)) ? database.all(STATEMENTS.owed, peer, count) : [],
    settleOwed: (peer, sequences) =>
      database.write(async (tx) => void (await tx.run(STATEMENTS.deleteOwed, peer, sequences))),
    readRecent: async (count) => (await database.all(STATEMENTS.recent, count)).map(toEntry),
    async countWaiting() {
      const [mailboxes, peers] = await Promise.all([
        database.all(STATEMENTS.countMailboxes),
        database.all(STATEMENTS.countPeers),
      ]);
      return {
        mailboxes: new Map(mailboxes.map(({ name, count }) => [name, count])),
        peers: new Map(peers.map(({ name, count }) => [name, count])),
      };
    },
    readLoad: async (destination) =>
      ('mailbox' in destination
        ? await database.first(STATEMENTS.mailboxLoad, destination.mailbox)
        : await database.first(STATEMENTS.peerLoad, destination.peer)) ?? { count: 0, bytes: 0 },
    readStoredBytes: async () => (await database.first(STATEMENTS.storedBytes))?.bytes ?? 0,
    hold: (id, reason, receipt) => database.write((tx) => advance(tx, id, [{ ...receipt, isOwn: true }], reason)),
    resend: (id) => change(STATEMENTS.resend, id),
    readDeadLetters: async (count) => (await database.all(STATEMENTS.dead, count)).map(toLetter),
    readHeld: async (before, count) =>
      (await database.all(STATEMENTS.heldBefore, before.getTime(), count)).map(toLetter),
    dismiss: (id) => change(STATEMENTS.dismiss, id),
  };
}
