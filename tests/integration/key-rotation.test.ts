import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runExchange } from '#api/cli/exchange/run.ts';
import { GatewayConfig } from '#api/config/gateway-config.ts';
import { Directory, DirectoryInstitution } from '#api/contract/directory.ts';
import { Directories } from '#api/contract/exchange-api.ts';
import { Inbox } from '#api/contract/inbox-api.ts';
import { SentRequest } from '#api/contract/share-requests-api.ts';
import { VisitView } from '#api/contract/visits-api.ts';
import type { HistoryView } from '#api/contract/histories-api.ts';
import { createId } from '#api/contract/ids.ts';
import { readClaims } from '#api/contract/jose.ts';
import type { HeadlessTerminal } from '#api/demo/headless-terminal.ts';
import { WORLD_TIMEOUT_MS } from '../api/synthetic/shared-world.ts';
import { consentAt, startParties, type RefusalParties } from './refusals/parties.ts';
import { draftRequest, signRequest } from './sharing/doctor.ts';

const SOON = { timeout: 30_000, interval: 100 };

/** `npm run exchange -- …`, as an operator types it. */
async function run({ network, now }: RefusalParties, node: string, ...args: readonly string[]) {
  const lines: string[] = [];
  const { dataDirectory } = network;
  const world = { cwd: dataDirectory, ask: undefined, fetch, now, locale: 'en' };
  const command = [...args, '--node', node, '--data', dataDirectory, '--json'];
  const code = await runExchange(command, { ...world, write: (line) => void lines.push(line) });
  return { code, said: JSON.parse(lines.join('\n')) as { readonly card?: unknown } };
}

/** A's entry in the directory of EAST, as an exchange holds it. */
async function entryOfA({ network, ids }: RefusalParties, at: 'east' | 'west') {
  const answer = await fetch(new URL('/api/directories', network.origins[at]));
  const { own, peers } = Directories.parse(await answer.json());
  const jws = at === 'east' ? own : peers.find(({ exchange }) => exchange === 'east')?.directory;
  const { institutions } = jws === undefined ? { institutions: [] } : readClaims(jws, Directory);
  return institutions.find(({ id }) => id === ids.a);
}

async function ask(parties: RefusalParties, b: HeadlessTerminal, { consent, parts }: HistoryView): Promise<string> {
  const east = parts.find((part) => part.exchange === 'east');
  const visits = east?.kind === 'records' ? east.receipts.map(({ record }) => record) : [];
  const { a: to, b: from } = parties.ids;
  const draft = draftRequest({ id: createId(), from, to, visits, kinds: ['laboratory'], consent }, parties.now());
  const request = await signRequest(draft, parties.network.world.cards.hpki[0]!);
  return (await b.post('/api/share-requests', { request }, SentRequest)).id;
}

it(
  'a gateway changes its encryption key by a command: what was sealed before opens, what comes after has the new one',
  async () => {
    const parties = await startParties();
    onTestFinished(() => parties.stop());
    const { network } = parties;
    const [a, b] = await Promise.all([parties.desk('gateway-a'), parties.desk('gateway-b')]);
    await a.post('/api/visits', await a.tap(parties.card()), VisitView);
    const history = await consentAt(b, parties);
    const [former] = (await entryOfA(parties, 'east'))!.encryptionKeys;

    // On its way, sealed to the key of before, while the key changes.
    await network.stopNode('gateway-a');
    const before = await ask(parties, b, history);
    const rotated = await run(parties, 'gateway-a', 'key', 'rotate', 'encryption');
    const card = DirectoryInstitution.parse(rotated.said.card);
    expect(card.encryptionKeys).toHaveLength(2);
    expect(card.encryptionKeys[1]).toEqual(former);
    expect(card.encryptionKeys[0]).not.toEqual(former);
    writeFileSync(join(network.dataDirectory, 'card.json'), JSON.stringify(card));
    expect((await run(parties, 'east', 'institution', 'add', 'card.json')).code).toBe(0);
    await network.stopNode('east');
    await network.startNode('east');
    await network.startNode('gateway-a');

    // During the overlap the directory shows both, the one for new messages first.
    expect((await entryOfA(parties, 'east'))?.encryptionKeys).toEqual(card.encryptionKeys);
    const desk = await parties.desk('gateway-a');
    const arrived = async () => (await desk.get('/api/inbox', Inbox)).requests.map(({ id }) => id);
    await expect.poll(arrived, SOON).toContain(before);

    // B's side learns of it; then A forgets the key of before, and what comes opens all the same.
    await network.stopNode('west');
    await network.startNode('west');
    await expect.poll(async () => (await entryOfA(parties, 'west'))?.encryptionKeys, SOON).toEqual(card.encryptionKeys);
    await network.stopNode('gateway-b');
    await network.startNode('gateway-b');
    const path = join(network.dataDirectory, 'config', 'gateway-a.json');
    const { keys } = GatewayConfig.parse(JSON.parse(readFileSync(path, 'utf8')));
    expect(keys.formerEncryption).toHaveLength(1);
    await parties.reconfigure('gateway-a', { keys: { ...keys, formerEncryption: [] } });
    const room = await parties.desk('gateway-b');
    const last = await parties.desk('gateway-a');
    const after = await ask(parties, room, history);
    await expect
      .poll(async () => (await last.get('/api/inbox', Inbox)).requests.map(({ id }) => id), SOON)
      .toContain(after);
  },
  WORLD_TIMEOUT_MS,
);
