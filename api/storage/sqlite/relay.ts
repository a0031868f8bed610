import type Database from 'better-sqlite3';
import { furtherState, isFinalState } from '../../contract/envelope-progress.ts';
import { Problem } from '../../contract/problem.ts';
import type { AcceptedEnvelope, EnvelopeWithBody, RelayedEnvelope, RelayStore, StoredReceipt } from '../relay.ts';
import { toRelayed, type RelayRow } from '../rows/relay.ts';
import type { Schema, SqliteDatabase } from './database.ts';

/**
 * `recipient` is the distribution key: a mailbox lies in one place. `peer` is null for a mailbox here. Bodies have a
 * table of their own, so that reading states never touches them.
 */
export const relaySchema: Schema = {
  name: 'relay',
  migrations: [
    `CREATE TABLE relay_envelope (
       recipient TEXT NOT NULL, id TEXT NOT NULL, arrival INTEGER NOT NULL, digest TEXT NOT NULL, envelope TEXT NOT NULL,
       seal TEXT NOT NULL, peer TEXT, origin TEXT, state TEXT NOT NULL, changed INTEGER NOT NULL,
       expires INTEGER NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (recipient, id)) STRICT;
     CREATE UNIQUE INDEX relay_envelope_id ON relay_envelope (id);
     CREATE UNIQUE INDEX relay_envelope_arrival ON relay_envelope (arrival);
     CREATE INDEX relay_envelope_mailbox ON relay_envelope (recipient, arrival)
       WHERE peer IS NULL AND state IN ('accepted', 'delivered');
     CREATE INDEX relay_envelope_outgoing ON relay_envelope (peer, arrival) WHERE peer IS NOT NULL AND state = 'accepted';
     CREATE INDEX relay_envelope_expiry ON relay_envelope (expires) WHERE state IN ('accepted', 'delivered');
     CREATE INDEX relay_envelope_changed ON relay_envelope (changed);
     CREATE TABLE relay_body (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE relay_receipt (
       id TEXT NOT NULL, issuer TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, jws TEXT NOT NULL,
       PRIMARY KEY (id, issuer, state)) STRICT;
     CREATE TABLE relay_owed (sequence INTEGER PRIMARY KEY AUTOINCREMENT, peer TEXT NOT NULL, jws TEXT NOT NULL) STRICT;
     CREATE INDEX relay_owed_peer ON relay_owed (peer, sequence);`,
  ],
};

type Limits = { readonly count: number; readonly bytes: number };

/** The relay's part of an embedded database that was opened with `relaySchema`. */
export function createSqliteRelayStore(database: SqliteDatabase): RelayStore {
  const { connection } = database;
  const statements = prepare(connection);

  const toEntry = (row: RelayRow): RelayedEnvelope =>
    toRelayed(
      row,
      statements.receipts.all(row.id).map(({ jws }) => jws),
    );

  /** Rows are read one after the other until the limits are reached: a body may be large, and few are wanted. */
  function take(rows: IterableIterator<RelayRow>, { count, bytes }: Limits): readonly EnvelopeWithBody[] {
    const chosen: RelayRow[] = [];
    let size = 0;
    for (const row of rows) {
      if (chosen.length > 0 && (chosen.length >= count || size + row.size > bytes)) break;
      chosen.push(row);
      size += row.size;
    }
    return chosen.map((row) => {
      const entry = toEntry(row);
      return { ...entry, body: statements.body.get(entry.envelope.id)?.body ?? '' };
    });
  }

  function insert({ envelope, seal, destination, origin, body }: AcceptedEnvelope, receipt: StoredReceipt): void {
    statements.insert.run({
      ...{ recipient: envelope.to, id: envelope.id, digest: envelope.digest, envelope: JSON.stringify(envelope), seal },
      ...{ peer: destination.kind === 'peer' ? destination.exchange : null, origin, changed: receipt.at.getTime() },
      ...{ expires: Date.parse(envelope.expires), size: body.length },
    });
    statements.insertBody.run(envelope.id, body);
    insertReceipt(envelope.id, receipt);
  }

  const insertReceipt = (id: string, { issuer, state, at, jws }: StoredReceipt): boolean =>
    statements.insertReceipt.run(id, issuer, state, at.getTime(), jws).changes === 1;

  return {
    accept: (accepted, receipt) =>
      database.write(() => {
        const known = statements.read.get(accepted.envelope.id);
        if (known) {
          const isSame =
            known.digest === accepted.envelope.digest && toEntry(known).envelope.from === accepted.envelope.from;
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
    readMailbox: (institution, limits) => Promise.resolve(take(statements.mailbox.iterate(institution), limits)),
    readOutgoing: (peer, limits) => Promise.resolve(take(statements.outgoing.iterate(peer), limits)),
    readExpired: (now, count) => Promise.resolve(statements.expired.all(now.getTime(), count).map(toEntry)),
    advance: (id, receipts) =>
      database.write(() => {
        const row = statements.read.get(id);
        if (!row) return undefined;
        let { state, changed } = row;
        for (const receipt of receipts) {
          const next = furtherState(state, receipt.state);
          // Our own word is given once per change; what another exchange says is kept in any case.
          if ((receipt.isOwn && next === state) || !insertReceipt(id, receipt)) continue;
          if (next !== state) changed = receipt.at.getTime();
          state = next;
          if (receipt.isOwn && row.origin !== null) statements.insertOwed.run(row.origin, receipt.jws);
        }
        statements.update.run(state, changed, id);
        if (isFinalState(state) || (row.peer !== null && state !== 'accepted')) statements.deleteBody.run(id);
        return toEntry({ ...row, state, changed });
      }),
    readOwed: (peer, count) => Promise.resolve(statements.owed.all(peer, count)),
    settleOwed: (peer, sequences) =>
      database.write(() => sequences.forEach((sequence) => statements.deleteOwed.run(peer, sequence))),
    readRecent: (count) => Promise.resolve(statements.recent.all(count).map(toEntry)),
    countWaiting: () =>
      Promise.resolve({
        mailboxes: new Map(statements.countMailboxes.all().map(({ name, count }) => [name, count])),
        peers: new Map(statements.countPeers.all().map(({ name, count }) => [name, count])),
      }),
  };
}

function prepare(connection: Database.Database) {
  const columns = 'id, envelope, seal, peer, origin, state, changed, digest, size';
  const waiting = `peer IS NULL AND state IN ('accepted', 'delivered')`;
  return {
    read: connection.prepare<[string], RelayRow>(`SELECT ${columns} FROM relay_envelope WHERE id = ?`),
    mailbox: connection.prepare<[string], RelayRow>(
      `SELECT ${columns} FROM relay_envelope WHERE recipient = ? AND ${waiting} ORDER BY arrival`,
    ),
    outgoing: connection.prepare<[string], RelayRow>(
      `SELECT ${columns} FROM relay_envelope WHERE peer = ? AND state = 'accepted' ORDER BY arrival`,
    ),
    expired: connection.prepare<[number, number], RelayRow>(
      `SELECT ${columns} FROM relay_envelope WHERE state IN ('accepted', 'delivered') AND expires <= ? ORDER BY expires LIMIT ?`,
    ),
    recent: connection.prepare<[number], RelayRow>(
      `SELECT ${columns} FROM relay_envelope ORDER BY changed DESC LIMIT ?`,
    ),
    body: connection.prepare<[string], { body: string }>('SELECT body FROM relay_body WHERE id = ?'),
    receipts: connection.prepare<[string], { jws: string }>(
      'SELECT jws FROM relay_receipt WHERE id = ? ORDER BY rowid',
    ),
    owed: connection.prepare<[string, number], { sequence: number; jws: string }>(
      'SELECT sequence, jws FROM relay_owed WHERE peer = ? ORDER BY sequence LIMIT ?',
    ),
    countMailboxes: connection.prepare<[], { name: string; count: number }>(
      `SELECT recipient AS name, count(*) AS count FROM relay_envelope WHERE ${waiting} GROUP BY recipient`,
    ),
    countPeers: connection.prepare<[], { name: string; count: number }>(
      `SELECT peer AS name, count(*) AS count FROM relay_envelope
       WHERE peer IS NOT NULL AND state = 'accepted' GROUP BY peer`,
    ),
    insert: connection.prepare(
      `INSERT INTO relay_envelope
         (recipient, id, arrival, digest, envelope, seal, peer, origin, state, changed, expires, size)
       VALUES ($recipient, $id, (SELECT ifnull(max(arrival), 0) + 1 FROM relay_envelope), $digest, $envelope, $seal, $peer,
         $origin, 'accepted', $changed, $expires, $size)`,
    ),
    insertBody: connection.prepare('INSERT INTO relay_body (id, body) VALUES (?, ?)'),
    insertReceipt: connection.prepare(
      'INSERT INTO relay_receipt (id, issuer, state, at, jws) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    insertOwed: connection.prepare('INSERT INTO relay_owed (peer, jws) VALUES (?, ?)'),
    update: connection.prepare('UPDATE relay_envelope SET state = ?, changed = ? WHERE id = ?'),
    deleteBody: connection.prepare('DELETE FROM relay_body WHERE id = ?'),
    deleteOwed: connection.prepare('DELETE FROM relay_owed WHERE peer = ? AND sequence = ?'),
  };
}
