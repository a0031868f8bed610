import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulatedCard } from 'webusb-ccid/simulated';
import { digestBase64Url, encodeUtf8 } from '#api/contract/encoding.ts';
import { sealEnvelope, type Envelope } from '#api/contract/envelope.ts';
import { ENVELOPE_HEADER, EnvelopeAnswer } from '#api/contract/exchange-api.ts';
import { HistoryView } from '#api/contract/histories-api.ts';
import { VisitView } from '#api/contract/visits-api.ts';
import { createId } from '#api/contract/ids.ts';
import { createDecryptionJwk, encryptTo, publicPart, type SigningKey } from '#api/contract/jose.ts';
import { signTerminalClaims, type ConsentScope, type PresenceSubmission } from '#api/contract/presence-proof.ts';
import { ProblemDocument } from '#api/contract/problem.ts';
import { createHeadlessTerminal, type HeadlessTerminal } from '#api/demo/headless-terminal.ts';
import { startNetwork } from '#api/demo/network.ts';
import type { NodeName } from '#api/demo/nodes.ts';
import { listDemoStaff } from '#api/demo/staff.ts';
import { createExchangeClient, type Fetch } from '#api/http/exchange-client.ts';
import { readSigningKey } from '#api/server/key-files.ts';
import { NOW, sharedWorld } from '../../api/synthetic/shared-world.ts';

const DAY_MS = 86_400_000;

/** The demonstration network over HTTP, its clock and its servers' lines in the test's hands. */
export async function startParties() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'tsunagi-refusals-'));
  const clock = { skewMs: 0 };
  const startedAt = Date.now();
  const now = () => new Date(NOW.getTime() + Date.now() - startedAt + clock.skewMs);
  const failures: unknown[] = [];
  /** What a server gets in the place of an answer. */
  const instead = new Map<string, string>();
  const fetchThrough: Fetch = async (url, init) => {
    const other = instead.get(url);
    return other === undefined ? fetch(url, init) : new Response(other);
  };
  const network = await startNetwork({
    ...{ dataDirectory, inProcess: true, world: await sharedWorld(), now },
    surroundings: (name) => ({
      report: (failure) => failures.push(failure),
      ...(name === 'west' ? { fetch: fetchThrough } : {}),
    }),
  });
  const { origins, world } = network;
  const keyOf = (name: string) => readSigningKey(join(dataDirectory, 'keys', `${name}-signing.json`));
  const desk = (node: 'gateway-a' | 'gateway-b', index = 0) =>
    createHeadlessTerminal({
      ...{ origin: origins[node], name: 'Desk', fetch, now },
      person: listDemoStaff(node === 'gateway-a' ? world.institutions.a.id : world.institutions.b.id)[index] ?? null,
    });
  return {
    ...{ network, now, clock, failures, instead, keyOf, desk },
    ids: { a: world.institutions.a.id, b: world.institutions.b.id },
    keys: { a: await keyOf('gateway-a'), b: await keyOf('gateway-b'), west: await keyOf('west') },
    /** Signed calls to an exchange. */
    call: (exchange: 'east' | 'west', self: string, key: SigningKey, calls: Fetch = fetch) =>
      createExchangeClient({ origin: origins[exchange], self, exchange, key, fetch: calls, now }),
    /** A card on the reader. */
    card(person = 0) {
      const simulated = createSimulatedCard(world.cards.mynumber[person]!);
      return { transmit: (command: Uint8Array) => simulated.process(command) };
    },
    /** Changes a server's configuration file and starts it anew. */
    async reconfigure(name: NodeName, change: object) {
      const path = join(dataDirectory, 'config', `${name}.json`);
      const config = JSON.parse(readFileSync(path, 'utf8')) as object;
      await network.stopNode(name);
      writeFileSync(path, JSON.stringify({ ...config, ...change }), { mode: 0o600 });
      await network.startNode(name);
    },
    async stop() {
      await network.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
export type RefusalParties = Awaited<ReturnType<typeof startParties>>;

/** Hands an envelope to an exchange in the name of an institution, with anything changed before it is signed. */
export async function postEnvelope(
  { call, keys, ids, now }: RefusalParties,
  {
    change = {},
    key = keys.b,
    body,
    at = 'west',
  }: {
    readonly change?: Partial<Envelope>;
    /** Signs the seal. */
    readonly key?: SigningKey;
    /** Another body than the one that was sealed. */
    readonly body?: string;
    readonly at?: 'east' | 'west';
  } = {},
) {
  const sealed = await encryptTo(await recipientKey(), new Uint8Array(4096).fill(0x20));
  const envelope: Envelope = {
    ...{ version: 1, id: createId(), from: ids.b, to: ids.a, kind: 'share-request', priority: 'normal' },
    ...{ conversation: createId(), sizeBucket: 4096, digest: digestBase64Url(sealed), created: now().toISOString() },
    expires: new Date(now().getTime() + DAY_MS).toISOString(),
    ...change,
  };
  const headers = { [ENVELOPE_HEADER]: await sealEnvelope(envelope, key) };
  const caller = at === 'west' ? call('west', ids.b, keys.b) : call('east', 'west', keys.west);
  return caller.post('/api/envelopes', encodeUtf8(body ?? sealed), EnvelopeAnswer, { headers });
}

/** No exchange can open a body: any key will do. */
const recipientKey = async () => publicPart(await createDecryptionJwk());

/** The tap as a terminal would countersign it after something was changed. */
export async function countersign(terminal: HeadlessTerminal, { certificate }: PresenceSubmission, presence: string) {
  const submissionId = createId();
  return {
    submissionId,
    presence,
    certificate,
    terminal: await signTerminalClaims(submissionId, presence, terminal.key),
  };
}

/** A visit and a consent at B. */
export async function consentAt(b: HeadlessTerminal, parties: RefusalParties, change: Partial<ConsentScope> = {}) {
  await b.post('/api/visits', await b.tap(parties.card()), VisitView);
  const expires = new Date(parties.now().getTime() + DAY_MS).toISOString();
  const scope: ConsentScope = { recipient: b.status.institution.id, kinds: ['laboratory'], expires, ...change };
  return b.post('/api/histories', await b.tap(parties.card(), { purpose: 'history', scope }), HistoryView);
}

/** A request with its path as it is written: no client in between makes it a decent one. */
export function requestRaw(
  origin: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
) {
  const { hostname, port } = new URL(origin);
  return new Promise<{ readonly status: number; readonly code: string | undefined }>((resolve, reject) => {
    const sent = httpRequest({ hostname, port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const json: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
        const code = ProblemDocument.safeParse(json).data?.code;
        resolve({ status: answer.statusCode ?? 0, code });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
