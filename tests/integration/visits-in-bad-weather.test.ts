import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Challenge } from '#api/contract/challenge.ts';
import { VisitOutcome } from '#api/contract/exchange-api.ts';
import { readVisitRecord } from '#api/contract/visit-record.ts';
import { codeOf } from '../api/problem-code.ts';
import { WORLD_TIMEOUT_MS } from '../api/synthetic/shared-world.ts';
import { startVisitNetwork, until } from './visit-network.ts';

let net: Awaited<ReturnType<typeof startVisitNetwork>>;
beforeAll(async () => {
  net = await startVisitNetwork();
}, WORLD_TIMEOUT_MS);
afterEach(() => {
  net.weather.toExchange = 'fair';
});
afterAll(() => net.stop());

const recordOf = (view: { readonly record: string | null }) => readVisitRecord(view.record ?? '');
const countAtExchange = async () => (await net.exchangeStatus()).visits;
const untilRecorded = (submissionId: string) =>
  until(
    () => net.read(submissionId),
    ({ state }) => state === 'recorded',
  );

describe('the payer is away', () => {
  it('and the visit is recorded all the same, as unchecked', async () => {
    // A first tap brings the revocation list, which the payer's host serves.
    await net.post(await net.terminal.tap(net.lay('person-01')));
    await net.network.stopNode('payer');
    const submission = await net.terminal.tap(net.lay('person-01'));
    const view = await net.post(submission);
    await net.network.startNode('payer');
    expect(view).toMatchObject({ state: 'recorded', person: null, coverage: { status: 'unchecked' } });
    expect(recordOf(view).coverage).toEqual({
      ...{ status: 'unchecked', checkedAt: null, answerHash: null, simulated: false },
    });
    const again = await (await net.callEast()).post('/api/visits', submission, VisitOutcome);
    expect(again).toMatchObject({ record: view.record, coverage: { status: 'unchecked' } });
    expect(again.person?.name).toBeTruthy();
  });

  it('and the state of a certificate that nobody saw before is unknown: the visit waits', async () => {
    await net.network.stopNode('east');
    await net.network.stopNode('payer');
    await net.network.startNode('east');
    const submission = await net.terminal.tap(net.lay('person-02'));
    const view = await net.post(submission);
    expect(view).toMatchObject({ state: 'kept', problem: { code: 'certificate_status_unknown' } });
    await net.network.startNode('payer');
    // Its next attempt is seconds away; the clock is turned instead of waiting.
    net.clock.skewMs += 20_000;
    expect(recordOf(await untilRecorded(submission.submissionId)).subject).toBeTruthy();
  });
});

describe('the exchange is away', () => {
  it('and what was kept is recorded once when it is back, without being asked', async () => {
    const before = await countAtExchange();
    const taps = [
      await net.terminal.tap(net.lay('person-03')),
      await net.terminal.tap(net.lay('person-04')),
      await net.terminal.tap(net.lay('person-05')),
    ];
    await net.network.stopNode('east');
    for (const tap of taps) {
      expect(await net.post(tap)).toMatchObject({ state: 'kept', record: null, problem: null });
    }
    expect(await net.post(taps[0]!)).toMatchObject({ state: 'kept' });
    expect((await net.gatewayStatus()).waitingForExchange).toBe(3);
    expect(
      await codeOf(net.terminal.post('/api/challenges', { terminal: net.terminal.id, purpose: 'visit' }, Challenge)),
    ).toBe('exchange_unreachable');

    await net.network.startNode('east');
    const views = await Promise.all(taps.map(({ submissionId }) => untilRecorded(submissionId)));
    expect(views.map(({ person }) => person !== null)).toEqual([true, true, true]);
    expect(await countAtExchange()).toBe(before + 3);
    expect((await net.gatewayStatus()).waitingForExchange).toBe(0);
    const withReceipts = await until(
      () => Promise.all(taps.map(({ submissionId }) => net.read(submissionId))),
      (all) => all.every(({ receipt }) => receipt !== null),
    );
    expect(withReceipts).toHaveLength(3);
  });

  it('and the gateway restarts meanwhile: nothing is lost', async () => {
    const tap = await net.terminal.tap(net.lay('person-06'));
    await net.network.stopNode('east');
    await net.post(tap);
    await net.network.stopNode('gateway-a');
    await net.network.startNode('gateway-a');
    expect((await net.gatewayStatus()).waitingForExchange).toBe(1);
    await net.network.startNode('east');
    await untilRecorded(tap.submissionId);
  });
});

describe('a connection breaks', () => {
  it('before the exchange got the visit: not stored there, kept here, recorded once', async () => {
    const tap = await net.terminal.tap(net.lay('person-07'));
    const before = await countAtExchange();
    net.weather.toExchange = 'lost before';
    expect(await net.post(tap)).toMatchObject({ state: 'kept' });
    expect(await countAtExchange()).toBe(before);
    net.weather.toExchange = 'fair';
    await untilRecorded(tap.submissionId);
    expect(await countAtExchange()).toBe(before + 1);
  });

  it('after the exchange stored the visit: unanswered, kept here, recorded once', async () => {
    const tap = await net.terminal.tap(net.lay('person-08'));
    const before = await countAtExchange();
    net.weather.toExchange = 'answer lost';
    expect(await net.post(tap)).toMatchObject({ state: 'kept' });
    expect(await countAtExchange()).toBe(before + 1);
    net.weather.toExchange = 'fair';
    const view = await untilRecorded(tap.submissionId);
    expect(await countAtExchange()).toBe(before + 1);
    expect(view.person?.name).toBeTruthy();
    expect(await net.post(tap)).toMatchObject({ state: 'recorded', record: view.record });
  });

  it('between terminal and gateway: the same submission again is the same visit', async () => {
    const tap = await net.terminal.tap(net.lay('person-12'));
    const before = await countAtExchange();
    const [first, second] = await Promise.all([net.post(tap), net.post(tap)]);
    expect(second.visitId).toBe(first.visitId);
    expect(await countAtExchange()).toBe(before + 1);
  });
});
