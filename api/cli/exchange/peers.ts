import type { ExchangeConfig } from '../../config/exchange-config.ts';
import { Directory, verifyDirectory } from '../../contract/directory.ts';
import { ExchangeStatus } from '../../contract/exchange-status.ts';
import { fingerprintOf, isSameFingerprint } from '../../contract/fingerprint.ts';
import { JoseError, readClaims } from '../../contract/jose.ts';
import { findAmong } from '../../contract/keys-by-thumbprint.ts';
import { PeerDiagnosis, type PeerFinding } from '../../contract/operator-api.ts';
import { Problem } from '../../contract/problem.ts';
import { diagnosePeer } from '../../directory/diagnose-peer.ts';
import { fetchDirectories } from '../../directory/fetch-directories.ts';
import { readFetchFailure } from '../../directory/fetch-failure.ts';
import { readSigningKey } from '../../server/key-files.ts';
import { applyConfiguration } from './apply.ts';
import type { ConfigFile } from './config-file.ts';
import { requireExchange, type CommandContext } from './context.ts';
import { EXIT, conclude, type Exit } from './outcome.ts';

type Peer = ExchangeConfig['peers'][number];

/** `peer add ORIGIN`: fetches the other exchange's directory, has its fingerprint compared, pins it and tests the line. */
export async function addPeer(context: CommandContext, origin: string, fingerprint: string | undefined): Promise<Exit> {
  const { t, self } = context;
  const config = requireExchange(context);
  if (!/^https?:$/.test(URL.parse(origin)?.protocol ?? '')) throw new RangeError(t.noOrigin(origin));
  const found = await readStranger(context, origin);
  if ('finding' in found) {
    const { wrong, remedy } = t.findings[found.finding];
    context.tell([`✗ ${wrong}`, `  ${remedy}`, `  (${found.detail})`], { origin, ...found });
    return EXIT.failed;
  }
  const { directory, key } = found;
  if (directory.iss === self) throw new RangeError(t.itself(directory.iss));
  const theirs = await fingerprintOf(key);
  const introduction = [
    t.found(`${directory.iss} — ${directory.name.ja} / ${directory.name.en}`),
    ...directory.networks.map(({ id, name }) => `  ${id} — ${name.ja} / ${name.en}`),
    t.theirs(theirs),
  ];
  const isConfirmed = await compareFingerprints(context, introduction, theirs, fingerprint);
  if (isConfirmed !== 'same') {
    const isUnasked = isConfirmed === 'unasked';
    context.tell([...introduction, isUnasked ? t.compare : '', isUnasked ? t.needsFingerprint : t.differs], {
      ...{ exchange: directory.iss, fingerprint: theirs, outcome: isUnasked ? 'unconfirmed' : 'differs' },
    });
    return isUnasked ? EXIT.usage : EXIT.failed;
  }
  const peer: Peer = { id: directory.iss, name: directory.name, origin: new URL(origin).origin, signingKeys: [key] };
  const changed = await context.file.change({ peers: [...config.peers.filter(({ id }) => id !== peer.id), peer] });
  const applied = await applyConfiguration(changed, context.operator?.client);
  if (applied.kind === 'undone') {
    context.tell([...introduction, t.applied.undone, `  ${applied.detail}`], { exchange: peer.id, applied });
    return EXIT.failed;
  }
  const diagnosis = await test(context, changed, peer);
  const refusal = applied.kind === 'refused' ? [`  ${applied.detail}`] : [];
  context.tell(
    [...introduction, t.pinned(peer.id), t.applied[applied.kind], ...refusal, ...(await describe(context, diagnosis))],
    { exchange: peer.id, fingerprint: theirs, applied, diagnosis },
  );
  // The other side comes second: until it does, everything here is done.
  const isDone = diagnosis.finding === null || diagnosis.finding === 'not_pinned_there';
  return isDone && applied.kind !== 'refused' ? EXIT.done : EXIT.failed;
}

/** `peer remove ID` */
export async function removePeer(context: CommandContext, id: string): Promise<Exit> {
  const { peers } = requireExchange(context);
  if (!peers.some((peer) => peer.id === id)) return sayUnknown(context, id);
  const changed = await context.file.change({ peers: peers.filter((peer) => peer.id !== id) });
  return conclude(context, changed, [context.t.removed(id)], { exchange: id });
}

/** `peer list` */
export async function listPeers(context: CommandContext): Promise<Exit> {
  const { peers } = requireExchange(context);
  const status = await context.operator?.client.get('/api/operator/status', ExchangeStatus).catch(() => undefined);
  const rows = await Promise.all(
    peers.map(async ({ id, name, origin, signingKeys }) => ({
      ...{ id, name, origin, fingerprints: await Promise.all(signingKeys.map(fingerprintOf)) },
      state: status?.peers.find(({ exchange }) => exchange === id) ?? null,
    })),
  );
  const lines = rows.flatMap(({ id, name, origin, fingerprints, state }) => [
    `${state ? (state.reachable ? '●' : '○') : '·'} ${id}  ${name.ja} / ${name.en}  ${origin}`,
    ...fingerprints.map((text) => `    ${text}`),
  ]);
  context.tell([...(lines.length > 0 ? lines : [context.t.nothing]), ...(status ? [] : [context.t.notAnswering])], {
    peers: rows,
  });
  return EXIT.done;
}

/** `peer test [ID]` */
export async function testPeers(context: CommandContext, id: string | undefined): Promise<Exit> {
  const { peers } = requireExchange(context);
  const chosen = peers.filter((peer) => id === undefined || peer.id === id);
  if (id !== undefined && chosen.length === 0) return sayUnknown(context, id);
  const diagnoses = await Promise.all(chosen.map((peer) => test(context, context.file, peer)));
  const lines = await Promise.all(diagnoses.map((diagnosis) => describe(context, diagnosis)));
  context.tell(lines.flat(), { diagnoses });
  return diagnoses.every(({ finding }) => finding === null) ? EXIT.done : EXIT.failed;
}

/** By the server that runs, for it has the line and what it knows of the peer; else from here. */
async function test(context: CommandContext, file: ConfigFile, peer: Peer): Promise<PeerDiagnosis> {
  const path = `/api/operator/peers/${peer.id}/test`;
  const options = { timeoutMs: 30_000 };
  const answered = await context.operator?.client.post(path, undefined, PeerDiagnosis, options).catch(() => undefined);
  if (answered) return answered;
  const { fetch, now, self } = context;
  const key = await readSigningKey(file.at(requireExchange(context).keys.signing));
  return diagnosePeer({ peer, self, key, fetch, now });
}

async function describe(context: CommandContext, diagnosis: PeerDiagnosis): Promise<readonly string[]> {
  const { t, file } = context;
  const { exchange, finding, roundTripMs, detail } = diagnosis;
  if (finding === null) return [t.works(exchange, roundTripMs)];
  const { wrong, remedy } = t.findings[finding];
  const isTheirTurn = finding === 'not_pinned_there' || finding === 'pinned_with_another_key';
  const key = isTheirTurn ? await readSigningKey(file.at(requireExchange(context).keys.signing)) : undefined;
  const turn = key
    ? [
        t.othersTurn(
          `npm run exchange -- peer add ${requireExchange(context).origin} --fingerprint "${await fingerprintOf(key.publicJwk)}"`,
        ),
      ]
    : [];
  return [`✗ ${exchange}: ${wrong}`, `  ${remedy}`, ...turn, `  (${detail})`];
}

/** The directory of an exchange that nobody pinned yet: in order by its own key, which is all that can be said. */
async function readStranger(context: CommandContext, origin: string) {
  const { fetch, now } = context;
  const failed = (finding: PeerFinding, detail: string) => ({ finding, detail });
  try {
    const { own } = await fetchDirectories(fetch, origin, new AbortController().signal);
    const claimed = readClaims(own, Directory);
    const [key] = claimed.signingKeys;
    if (!key) return failed('untrusted', 'no key');
    const expected = { exchange: claimed.iss, findKey: findAmong([key]), now: now() };
    return { directory: await verifyDirectory(own, expected), key };
  } catch (error) {
    if (error instanceof JoseError) return failed('not_an_exchange', error.code);
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'directory_stale') return failed('expired', error.detail);
    if (error.code !== 'exchange_unreachable') return failed('untrusted', error.detail);
    const { finding, detail } = readFetchFailure(error.cause);
    const isAnswer = error.cause instanceof RangeError || error.cause instanceof SyntaxError;
    return isAnswer ? failed('not_an_exchange', detail) : failed(finding, detail);
  }
}

async function compareFingerprints(
  { t, ask, write, isJson }: CommandContext,
  introduction: readonly string[],
  theirs: string,
  given: string | undefined,
): Promise<'same' | 'differs' | 'unasked'> {
  if (given !== undefined) return isSameFingerprint(given, theirs) ? 'same' : 'differs';
  if (!ask || isJson) return 'unasked';
  [...introduction, t.compare].forEach(write);
  return (await ask(t.isSame)).trim().toLowerCase() === 'yes' ? 'same' : 'differs';
}

function sayUnknown(context: CommandContext, id: string): Exit {
  context.tell([context.t.unknown(id)], { unknown: id });
  return EXIT.failed;
}
