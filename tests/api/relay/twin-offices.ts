import { encodeUtf8 } from '#api/contract/encoding.ts';
import { ENVELOPE_HEADER } from '#api/contract/exchange-api.ts';
import { createId } from '#api/contract/ids.ts';
import { EnvelopeAnswer } from '#api/contract/relay-api.ts';
import { createDirectoryView } from '#api/directory/directory-view.ts';
import { createBells } from '#api/http/bells.ts';
import type { EnvelopeHandler } from '#api/relay/post-office/parts.ts';
import { createPostOffice } from '#api/relay/post-office/post-office.ts';
import { claimsSchema } from '#api/storage/postgres/claims.ts';
import type { PostgresDatabase } from '#api/storage/postgres/database.ts';
import { enqueueEnvelope, noteHandled } from '#api/storage/postgres/outbox.ts';
import { createPostgresPostOfficeStore, postOfficeSchema } from '#api/storage/postgres/post-office.ts';
import { sql } from '#api/storage/postgres/statement.ts';
import type { OutgoingEnvelope } from '#api/storage/post-office.ts';
import { createParties, DAY_MS, describe, later, NOW } from '../parties/parties.ts';
import { callTo, createRelay, seal } from './relay-fixture.ts';

export const twinSchemas = [
  claimsSchema,
  postOfficeSchema,
  {
    name: 'diary',
    tables: { diary: { by: 'envelope' } },
    migrations: ['CREATE TABLE diary (envelope TEXT NOT NULL)'],
  },
];

const now = () => NOW;

/**
 * One institution whose gateway runs as several processes on one database, at the relay of EAST. Who handles an envelope
 * waits until all have it in hand, so that they are in each other's way.
 */
export async function createTwinOffices(databases: readonly PostgresDatabase[]) {
  const { east, west } = await createParties();
  const relay = createRelay(east, [west], now);
  const view = createDirectoryView([describe(east, [west]), describe(west, [east])], now);
  const { id: institution, signing, encryption } = east.member;
  const posted: string[] = [];
  const inHand = new Map<string, { count: number; readonly all: PromiseWithResolvers<void> }>();

  async function meet(envelope: string): Promise<void> {
    const known = inHand.get(envelope) ?? { count: 0, all: Promise.withResolvers<void>() };
    inHand.set(envelope, known);
    known.count += 1;
    if (known.count === databases.length) known.all.resolve();
    await known.all.promise;
  }

  const processes = databases.map((database) => {
    const client = callTo(relay.app, 'east', { id: institution, key: signing }, now, async (url, init) => {
      const request = new Request(url, init);
      const { pathname, search } = new URL(url);
      if (pathname.startsWith('/api/envelopes') && request.method === 'POST') {
        posted.push(`${request.headers.get(ENVELOPE_HEADER)} ${await request.clone().text()}`);
      }
      return relay.app.request(pathname + search, init);
    });
    const store = createPostgresPostOfficeStore(database, institution);
    const office = createPostOffice({
      ...{ institution, signingKey: signing, decryptionKeys: [encryption], client, store, now },
      ...{ bells: createBells(database.signals), directory: () => view },
    });
    const end = new AbortController();
    const handle: EnvelopeHandler = async (envelope) => {
      await meet(envelope.id);
      await database.write(async (tx) => {
        if (!(await noteHandled(tx, institution, envelope.id, NOW))) return;
        await tx.run(sql('INSERT INTO diary VALUES ($1)'), envelope.id);
      });
    };
    let running: Promise<void> | undefined;
    return {
      ...{ database, store, office },
      start() {
        running = office.run(
          {
            ...{ 'share-request': handle, release: handle, refusal: handle },
            ...{ 'delivery-receipt': handle, dispensing: handle },
          },
          {
            ...{ signal: end.signal, random: () => 0, pace: { baseMs: 1, capMs: 5 }, waitSeconds: 1, lookEveryMs: 5 },
            report: (failure: unknown) => {
              throw failure;
            },
          },
        );
      },
      async stop() {
        end.abort();
        await running;
      },
    };
  });

  return {
    processes,
    close: () => relay.close(),
    /** Stores an envelope to an institution of WEST in the outbox that all share. */
    enqueue: async (): Promise<OutgoingEnvelope> => {
      const message = { kind: 'release', conversation: createId(), expires: later(DAY_MS) } as const;
      const outgoing = await processes[0]!.office.prepare({ to: west.member.id, jws: 'a statement', ...message });
      await databases[0]!.write((tx) => enqueueEnvelope(tx, institution, outgoing));
      return outgoing;
    },
    /** Brings an envelope of WEST's institution into the mailbox. */
    bring: async (): Promise<string> => {
      const mail = await seal(west.member, east.member, { kind: 'release' });
      const peer = callTo(relay.app, 'east', { id: 'west', key: west.key }, now);
      const headers = { [ENVELOPE_HEADER]: mail.seal };
      await peer.post('/api/envelopes', encodeUtf8(mail.body), EnvelopeAnswer, { headers });
      return mail.envelope.id;
    },
    /** How often an envelope was sent, by whomever. */
    timesSent: ({ seal: signed }: OutgoingEnvelope) => posted.filter((request) => request.includes(signed)).length,
    diary: async () =>
      (await databases[0]!.all(sql<{ envelope: string }>('SELECT envelope FROM diary'))).map(
        ({ envelope }) => envelope,
      ),
  };
}
