import { describe, expect, it } from 'vitest';
import { mynumberTap } from 'webusb-ccid/mynumber';
import type { GatewayStatus } from '#api/contract/gateway-api.ts';
import { createSigningJwk, importSigningKey } from '#api/contract/jose.ts';
import { readPresenceClaims, verifyPresenceProof, verifyTerminalClaims } from '#api/contract/presence-proof.ts';
import { digestBase64Url, parseBase64 } from '#api/contract/encoding.ts';
import { Problem } from '#api/contract/problem.ts';
import { checkCheckpoint } from '#api/presence/freshness.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { HeardTime } from '#lib/app/heard-time.ts';
import { createKept } from '#lib/app/kept.ts';
import { ServerClock } from '#lib/app/server-clock.svelte.ts';
import { createMemoryStore } from '#lib/offline/memory-store.ts';
import { findFreshness } from '#lib/presence/freshness.ts';
import { createPresence } from '#lib/presence/presence.ts';
import { HPKI_CARD, MY_NUMBER_CARD, openCounter } from '../simulated/simulated-counter.ts';

const CHALLENGE = { challenge: 'B'.repeat(43), expires: '2026-11-22T03:01:00Z' };
const ROOT = `${'C'.repeat(42)}A=`;
const CHECKPOINT = `tsunagi.example/east\n7\n${ROOT}\n\n— tsunagi.example/east AAAAAAAA\n`;
const NOW = new Date('2026-11-22T03:00:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;
const STATUS: GatewayStatus = {
  role: 'gateway',
  institution: { id: 'sakura/1310000012', name: { ja: '病院', en: 'Hospital' } },
  exchange: { id: 'east', name: { ja: '東', en: 'East' }, reachable: true },
  demo: true,
  time: NOW.toISOString(),
  checkpoint: CHECKPOINT,
  waitingForExchange: 0,
  terminalCodeRequired: false,
  needsSetUp: false,
  letterKey: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) },
};

interface Surroundings {
  readonly fetchChallenge?: () => Promise<typeof CHALLENGE>;
  readonly now?: () => Date;
}

async function openPresence(gateway: GatewayStatus | undefined = STATUS, surroundings: Surroundings = {}) {
  const counter = await openCounter();
  const terminal = await importSigningKey(await createSigningJwk());
  const presence = createPresence({
    withCard: (use, signal) => counter.reader.withCard(use, signal),
    loadMethod: () => Promise.resolve(mynumberTap),
    terminalKey: () => terminal,
    gateway: () => gateway,
    fetchChallenge: () => Promise.resolve(CHALLENGE),
    now: () => NOW,
    ...surroundings,
  });
  return { ...counter, terminal, presence };
}

describe('a tap', () => {
  it('makes the card sign this place, terminal and moment, and the terminal countersign', async () => {
    const { desk, presence, terminal } = await openPresence();
    desk.lay(MY_NUMBER_CARD.id);
    const steps: string[] = [];
    const submission = await presence.take({ purpose: 'visit', onProgress: (step) => steps.push(step) });

    const { kty, n, e } = MY_NUMBER_CARD.textKey;
    expect(await verifyPresenceProof(submission.presence, { kty, n, e })).toMatchObject({
      iss: terminal.kid,
      actorId: 'sakura/1310000012',
      aud: 'east',
      iat: NOW.getTime() / 1000,
      purpose: 'visit',
      proofMethod: 'mynumber-tap',
      freshness: { kind: 'challenge', challenge: CHALLENGE.challenge },
      certHash: digestBase64Url(parseBase64(MY_NUMBER_CARD.authCertificate)),
    });
    expect(submission.certificate).toBe(MY_NUMBER_CARD.authCertificate);
    expect(await verifyTerminalClaims(submission)).toEqual({ terminal: terminal.kid });
    expect(steps).toEqual(['found', 'read', 'signed']);
  });

  it.each([DAY_MS, -DAY_MS])(
    'on a device whose clock is %d ms off is signed with the server’s time, in the window that the checkpoint opens',
    async (wrongMs) => {
      let server = NOW.getTime();
      const clock = new ServerClock({
        deviceNow: () => new Date(server + wrongMs),
        kept: createKept(createMemoryStore(), 'clock', HeardTime),
      });
      clock.hear(NOW.toISOString());
      // The network goes; the patient comes the day after, and the proof arrives another day later.
      server += DAY_MS;
      const fetchChallenge = () => Promise.reject(new ApiError('network_unreachable', 'no network'));
      const { desk, presence } = await openPresence(STATUS, { fetchChallenge, now: () => clock.now() });
      desk.lay(MY_NUMBER_CARD.id);
      const claims = readPresenceClaims((await presence.take({ purpose: 'visit' })).presence);
      expect([claims.iat * 1000, claims.freshness.kind]).toEqual([server, 'checkpoint']);
      const checkpoint = { signedAt: NOW, isNewest: false };
      expect(checkCheckpoint(claims, checkpoint, new Date(server + DAY_MS))).toEqual(checkpoint.signedAt);
    },
  );

  it('puts what the patient agrees to under the signature', async () => {
    const { desk, presence } = await openPresence();
    desk.lay(MY_NUMBER_CARD.id);
    const scope = { recipient: 'hoshi/2710000034', kinds: ['laboratory' as const], expires: '2026-11-23T03:00:00Z' };
    const { presence: proof } = await presence.take({ purpose: 'history', scope });
    expect(readPresenceClaims(proof)).toMatchObject({ purpose: 'history', scope });
  });

  it('says that another kind of card lies there', async () => {
    const { desk, presence } = await openPresence();
    desk.lay(HPKI_CARD.id);
    await expect(presence.take({ purpose: 'visit' })).rejects.toMatchObject({ code: 'not_this_card' });
  });

  it('needs to know its gateway', async () => {
    const { presence } = await openPresence();
    const counter = await openCounter();
    const lost = createPresence({
      withCard: (use) => counter.reader.withCard(use),
      loadMethod: () => Promise.resolve(mynumberTap),
      terminalKey: () => ({}) as never,
      gateway: () => undefined,
      fetchChallenge: () => Promise.resolve(CHALLENGE),
      now: () => NOW,
    });
    await expect(lost.take({ purpose: 'visit' })).rejects.toMatchObject({ code: 'terminal_missing' });
    expect(await presence.replay()).toBeUndefined();
  });

  it('replays the same proof in a new submission', async () => {
    const { desk, presence } = await openPresence();
    desk.lay(MY_NUMBER_CARD.id);
    const first = await presence.take({ purpose: 'visit' });
    const second = await presence.replay();
    expect(second?.presence).toBe(first.presence);
    expect(second?.submissionId).not.toBe(first.submissionId);
    expect(await verifyTerminalClaims(second!)).toBeDefined();
  });
});

describe('freshness', () => {
  const request = { terminal: 'A'.repeat(43), purpose: 'visit' as const };
  const find = (failure: Error | undefined, checkpoint: string | null = CHECKPOINT) =>
    findFreshness(request, {
      fetchChallenge: () => (failure ? Promise.reject(failure) : Promise.resolve(CHALLENGE)),
      checkpoint: () => checkpoint,
    });

  it('is a challenge when the exchange answers', async () => {
    expect(await find(undefined)).toEqual({ kind: 'challenge', challenge: CHALLENGE.challenge });
  });

  it.each([
    new ApiError('network_unreachable', ''),
    new ApiError('network_timeout', ''),
    new Problem('exchange_unreachable', ''),
    new Problem('unavailable', ''),
  ])('is the newest checkpoint when nobody answers: $code', async (failure) => {
    expect(await find(failure)).toEqual({
      kind: 'checkpoint',
      origin: 'tsunagi.example/east',
      size: 7,
      root: ROOT,
    });
  });

  it('is missing on a device that never held a checkpoint', async () => {
    await expect(find(new ApiError('network_unreachable', ''), null)).rejects.toMatchObject({
      code: 'presence_checkpoint_unknown',
    });
  });

  it('does not go around a refusal', async () => {
    await expect(find(new Problem('terminal_unknown', ''))).rejects.toMatchObject({ code: 'terminal_unknown' });
  });
});
