import { beforeAll, expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import { Inbox } from '#api/contract/inbox-api.ts';
import { SendLog } from '#api/contract/send-log-api.ts';
import { createSharingRoutes } from '#api/sharing/gateway-routes.ts';
import { releaseRecords } from '#api/sharing/release.ts';
import { readVisitRecord } from '#api/contract/visit-record.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { createParties, NOW } from '../parties/parties.ts';
import { sharedWorld, WORLD_TIMEOUT_MS } from '../synthetic/shared-world.ts';
import { createGateway, documentOf, draftFromB, signAs, trustOf, visitAtA, type Parties } from './sharing-fixture.ts';

let world: SyntheticWorld;
let parties: Parties;
beforeAll(async () => {
  [world, parties] = await Promise.all([sharedWorld(), createParties()]);
}, WORLD_TIMEOUT_MS);

/** An institution to which so many requests came; those that `release` names were answered. */
async function open(count: number) {
  const record = await visitAtA(parties);
  const documents = [documentOf(readVisitRecord(record).id)];
  const shared = { parties, now: () => NOW, signers: trustOf(world) };
  const a = createGateway({ ...shared, self: parties.east, documents });
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const request = await draftFromB(parties, { visits: [record] });
    await a.parts.store.receiveRequest(
      {
        ...{ id: request.id, hash: createId(), request: signAs(world.cards.hpki[0]!, request) },
        ...{ from: parties.west.member.id, receivedAt: NOW, doctor: null, state: 'open', answeredAt: null },
        ...{ checks: [], answeredBy: null, decision: null, alarm: null },
      },
      { envelopeId: createId(), at: NOW },
    );
    ids.push(request.id);
  }
  const routes = createSharingRoutes(a.parts);
  const get = async (path: string) => (await routes.request(path)).json() as unknown;
  return { a, ids, get };
}

it('gives all that waits first, and what was answered by the page', async () => {
  const { a, ids, get } = await open(5);
  const [first, second, third, ...waiting] = ids;
  for (const id of [first!, second!, third!]) await releaseRecords(a.parts, id);
  const page = Inbox.parse(await get('/api/inbox?limit=2'));
  const stateOf = ({ id, state }: (typeof page.requests)[number]) => [id, state];
  expect(page.requests.map(stateOf)).toEqual([
    ...waiting.map((id) => [id, 'open']),
    ...[third, second].map((id) => [id, 'released']),
  ]);
  expect(page.next).toBe(second);
  const rest = Inbox.parse(await get(`/api/inbox?limit=2&after=${page.next}`));
  expect(rest).toMatchObject({ requests: [{ id: first }], next: null });
});

it('gives the send log by the page', async () => {
  const { a, ids, get } = await open(3);
  for (const id of ids) await releaseRecords(a.parts, id);
  const page = SendLog.parse(await get('/api/send-log?limit=2'));
  expect(page.entries).toHaveLength(2);
  const rest = SendLog.parse(await get(`/api/send-log?limit=2&after=${page.next}`));
  expect(rest.next).toBeNull();
  const sent = [...page.entries, ...rest.entries].map(({ requestId }) => requestId);
  expect(sent.toSorted()).toEqual(ids.toSorted());
});
