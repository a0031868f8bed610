import { beforeAll, describe, expect, it } from 'vitest';
import { CardError, type CardChannel } from 'webusb-ccid';
import { createSimulatedCard } from 'webusb-ccid/simulated';
import { encodeUtf8 } from '#api/contract/encoding.ts';
import type { HistoryView } from '#api/contract/histories-api.ts';
import type { SentRequest } from '#api/contract/share-requests-api.ts';
import { createId } from '#api/contract/ids.ts';
import type { ConsentScope, PresenceSubmission } from '#api/contract/presence-proof.ts';
import { Problem } from '#api/contract/problem.ts';
import { createShareRequest } from '#api/contract/share-request-draft.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { ConsentTaking } from '#lib/sharing/consent-taking.svelte.ts';
import { RequestSigning } from '#lib/sharing/request-signing.svelte.ts';
import { NOW, sharedWorld } from '../../api/synthetic/shared-world.ts';

const SCOPE: ConsentScope = {
  recipient: 'hoshi/2710000034',
  kinds: ['laboratory'],
  expires: '2026-11-30T15:00:00.000Z',
};
const submission = { submissionId: createId() } as PresenceSubmission;
const view = { parts: [] } as unknown as HistoryView;

describe('taking a consent', () => {
  it('signs exactly the scope on the screen, and only after the patient agreed', async () => {
    const asked: unknown[] = [];
    const stages: unknown[] = [];
    const taking: ConsentTaking = new ConsentTaking({
      take: ({ purpose, scope, onProgress }) => {
        asked.push([purpose, scope]);
        for (const step of ['found', 'read', 'signed'] as const) {
          onProgress?.(step);
          stages.push(taking.stage);
        }
        return Promise.resolve(submission);
      },
      fetchHistory: (sent) => Promise.resolve(sent === submission ? view : ({} as HistoryView)),
      open: (opened) => (opened === view ? Promise.resolve() : Promise.reject(new RangeError('another view'))),
    });
    await taking.sign(SCOPE);
    expect(asked).toEqual([]);
    taking.await();
    await taking.sign(SCOPE);
    expect(asked).toEqual([['history', SCOPE]]);
    expect(stages).toEqual([1, 2, 3].map((done) => ({ kind: 'working', done })));
    expect(taking.stage).toEqual({ kind: 'done' });
  });

  it.each([
    ['the card went away', () => Promise.reject(new CardError('card_gone', 'test')), 'card_gone'],
    ['the consent is somebody else’s', () => Promise.resolve(submission), 'consent_wrong_person'],
  ])('says why not when %s, and can be tried again', async (_, take, code) => {
    const taking = new ConsentTaking({
      take,
      fetchHistory: () => Promise.resolve(view),
      open: () => Promise.reject(new Problem('consent_wrong_person', 'test')),
    });
    taking.await();
    await taking.sign(SCOPE);
    expect(taking.stage).toMatchObject({ kind: 'failed', error: { code } });
    taking.reconsider();
    expect(taking.stage.kind).toBe('asking');
  });

  it('breaks off the card dialogue when the room is left', async () => {
    let heard: AbortSignal | undefined;
    const taking = new ConsentTaking({
      take: ({ signal }) =>
        new Promise((_, reject) => {
          heard = signal;
          signal?.addEventListener('abort', () => reject(new CardError('aborted', 'test')));
        }),
      fetchHistory: () => Promise.resolve(view),
      open: () => Promise.resolve(),
    });
    taking.await();
    const signing = taking.sign(SCOPE);
    taking.cancel();
    await signing;
    expect(heard?.aborted).toBe(true);
    expect(taking.stage).toMatchObject({ kind: 'failed', error: { code: 'aborted' } });
  });
});

describe('signing requests', () => {
  let world: SyntheticWorld;
  beforeAll(async () => (world = await sharedWorld()));

  function createSigning(cardIndex = 0) {
    const personalisation = world.cards.hpki[cardIndex];
    if (!personalisation) throw new RangeError('no such card');
    const card = createSimulatedCard(personalisation);
    const channel: CardChannel = { transmit: (command) => card.process(command) };
    const sent: string[] = [];
    const requesters: string[] = [];
    const signing = new RequestSigning({
      withCard: (use) => use(channel),
      gateway: {
        sendShareRequest: (jws) => {
          sent.push(jws);
          return Promise.resolve({ id: jws } as SentRequest);
        },
      },
      draft: (requester) => {
        requesters.push(requester);
        return ['sakura/1310000012', 'ume/1310000020'].map((to) =>
          createShareRequest(
            {
              id: createId(),
              from: 'hoshi/2710000034',
              to,
              purpose: 'treatment',
              kinds: ['laboratory'],
              visits: ['a.b.c'],
              consent: { presence: 'a.b.c', binding: 'a.b.c' },
              consentExpires: '2026-12-20T00:00:00Z',
              requester,
            },
            NOW,
          ),
        );
      },
      onSent: (requests) => sent.push(`told of ${requests.length}`),
    });
    return { signing, sent, requesters };
  }

  it('names the holder in the request, sends each, and wipes the PIN', async () => {
    const { signing, sent, requesters } = createSigning();
    await signing.lookAtCard();
    expect(signing.stage).toMatchObject({ kind: 'pin', wrong: false, signer: { mayAsk: true } });
    const pin = encodeUtf8('123456');
    await signing.sign(pin);
    expect([...pin]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(signing.stage.kind).toBe('done');
    expect(signing.outgoing?.isAllSent).toBe(true);
    expect(sent).toHaveLength(3);
    expect(sent.at(-1)).toBe('told of 2');
    expect(requesters[0]).toContain(world.staff[0]?.name.family.kanji);
  });

  it('counts tries down, sends nothing, and never tries the last one unasked', async () => {
    const { signing, sent } = createSigning();
    await signing.lookAtCard();
    const tries: number[] = [];
    while (signing.stage.kind === 'pin' && tries.length < 20) {
      tries.push(signing.stage.signer.triesLeft);
      await signing.sign(encodeUtf8('000000'));
    }
    expect(tries).toEqual(tries.map((_, index) => (tries[0] ?? 0) - index));
    expect(tries.at(-1)).toBe(1);
    expect(signing.stage).toMatchObject({ kind: 'card', error: { code: 'pin_blocked' } });
    expect(sent).toEqual([]);
  });

  it('wipes a PIN that comes at the wrong moment', async () => {
    const { signing } = createSigning();
    const pin = encodeUtf8('123456');
    await signing.sign(pin);
    expect([...pin]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(signing.stage.kind).toBe('card');
  });
});
