import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Directories, VisitOutcome } from '#api/contract/exchange-api.ts';
import { Directory } from '#api/contract/directory.ts';
import { parseBase64 } from '#api/contract/encoding.ts';
import { parseSignedCheckpoint } from '#api/contract/evidence/checkpoint.ts';
import { verifyReceipt } from '#api/contract/evidence/verify-receipt.ts';
import { VisitList, VisitSummaryList } from '#api/contract/visits-api.ts';
import { createId } from '#api/contract/ids.ts';
import { readClaims, thumbprint } from '#api/contract/jose.ts';
import { presenceHash, signTerminalClaims, type PresenceSubmission } from '#api/contract/presence-proof.ts';
import { readVisitRecord } from '#api/contract/visit-record.ts';
import { createHeadlessTerminal } from '#api/demo/headless-terminal.ts';
import { fullName } from '#api/synthetic/people/person.ts';
import { codeOf } from '../api/problem-code.ts';
import { WORLD_TIMEOUT_MS } from '../api/synthetic/shared-world.ts';
import { startVisitNetwork, until } from './visit-network.ts';

let net: Awaited<ReturnType<typeof startVisitNetwork>>;
beforeAll(async () => {
  net = await startVisitNetwork();
}, WORLD_TIMEOUT_MS);
afterAll(() => net.stop());

const recordOf = (view: { readonly record: string | null }) => readVisitRecord(view.record ?? '');

/** The same proof handed over as something else. */
async function wrapAgain(submission: PresenceSubmission): Promise<PresenceSubmission> {
  const submissionId = createId();
  const terminal = await signTerminalClaims(submissionId, submission.presence, net.terminal.key);
  return { ...submission, submissionId, terminal };
}

describe('a tap', () => {
  it('becomes a recorded visit with coverage, name and a receipt that verifies without us', async () => {
    const submission = await net.terminal.tap(net.lay('person-01'));
    const view = await net.post(submission);
    const person = net.network.world.people[0]!;
    expect(view).toMatchObject({ state: 'recorded', coverage: { status: 'valid' }, problem: null });
    expect(view.person).toMatchObject({ name: fullName(person), birthDate: person.birthDate, sex: person.sex });
    expect(recordOf(view)).toMatchObject({
      ...{ iss: 'east', institution: 'sakura/1310000012', proofMethod: 'mynumber-tap', simulated: true },
      limits: ['holder', 'nearness', 'knowledge', 'authentication_key'],
      ...{ subject: view.person?.subject, presenceHash: presenceHash(submission.presence) },
      coverage: { status: 'valid', simulated: true },
    });

    const answer = await fetch(`${net.network.origins.east}/api/directories`);
    const directory = readClaims(Directories.parse(await answer.json()).own, Directory);
    const exchangeKeys = Object.fromEntries(
      await Promise.all(directory.signingKeys.map(async (key) => [await thumbprint(key), key] as const)),
    );
    const trust = { logKeys: directory.logKeys, exchangeKeys, exchange: 'east' };
    expect((await verifyReceipt(view.receipt!, trust)).ok).toBe(true);
  });

  it('continues the chains', async () => {
    const first = recordOf(await net.post(await net.terminal.tap(net.lay('person-02'))));
    const second = recordOf(await net.post(await net.terminal.tap(net.lay('person-02'))));
    expect(first.previous).toBeNull();
    expect(second.previous).not.toBeNull();
    expect(second.sequence).toBe(first.sequence + 1);
  });

  it('says that the insurance has ended, and is recorded', async () => {
    const view = await net.post(await net.terminal.tap(net.lay('person-09')));
    expect([view.state, view.coverage.status, recordOf(view).coverage.status]).toEqual([
      'recorded',
      'expired',
      'expired',
    ]);
  });

  it('leaves no name at the exchange and no certificate at the gateway', async () => {
    const submission = await net.terminal.tap(net.lay('person-03'));
    const { person } = await net.post(submission);
    const folder = join(net.network.dataDirectory, 'database');
    const bytesOf = (node: string) =>
      Buffer.concat(
        readdirSync(folder)
          .filter((name) => name.startsWith(`${node}.`))
          .map((name) => readFileSync(join(folder, name))),
      );
    const [family = ''] = (person?.name ?? '').split('\u3000');
    expect(bytesOf('gateway-a').includes(family)).toBe(true);
    expect(bytesOf('east').includes(family)).toBe(false);
    const serialAndAll = parseBase64(submission.certificate);
    expect(bytesOf('east').includes(Buffer.from(serialAndAll))).toBe(false);
    expect(bytesOf('east').includes(submission.certificate)).toBe(false);
  });

  it('shows in the list, newest first', async () => {
    const view = await net.post(await net.terminal.tap(net.lay('person-04')));
    const { visits } = await net.terminal.get('/api/visits?limit=2', VisitList);
    expect(visits).toHaveLength(2);
    expect(visits[0]).toEqual(view);
    expect(await codeOf(net.terminal.get('/api/visits?limit=0', VisitList))).toBe('malformed_request');
    const { submissionId, visitId, person, documents } = view;
    const first = await net.terminal.get('/api/visit-summaries?limit=1', VisitSummaryList);
    expect(first.visits).toMatchObject([{ submissionId, visitId, person, documents }]);
    expect(JSON.stringify(first)).not.toContain(view.record);
    const next = await net.terminal.get(`/api/visit-summaries?limit=1&after=${submissionId}`, VisitSummaryList);
    expect(next.visits.map((visit) => visit.submissionId)).toEqual([visits[1]?.submissionId]);
  });
});

describe('the same submission again', () => {
  it('gets the same answer and makes no second visit', async () => {
    const submission = await net.terminal.tap(net.lay('person-05'));
    const first = await net.post(submission);
    const { visits } = await net.exchangeStatus();
    expect(await net.post(submission)).toEqual(first);
    expect((await net.exchangeStatus()).visits).toBe(visits);
  });

  it('gets the same record at the exchange, with the name asked for anew', async () => {
    const submission = await net.terminal.tap(net.lay('person-05'));
    const east = await net.callEast();
    const first = await east.post('/api/visits', submission, VisitOutcome);
    const again = await east.post('/api/visits', submission, VisitOutcome);
    expect(again).toMatchObject({ record: first.record, person: first.person, coverage: first.coverage });
  });

  it('with other bytes is refused', async () => {
    const submission = await net.terminal.tap(net.lay('person-05'));
    await net.post(submission);
    const other = await net.terminal.tap(net.lay('person-05'));
    const terminal = await signTerminalClaims(submission.submissionId, other.presence, net.terminal.key);
    const mixed = { ...other, submissionId: submission.submissionId, terminal };
    expect(await codeOf(net.post(mixed))).toBe('conflict');
    expect(await codeOf((await net.callEast()).post('/api/visits', mixed, VisitOutcome))).toBe('conflict');
  });
});

describe('a proof that was used', () => {
  it('is refused in another submission, at the gateway and at the exchange', async () => {
    const submission = await net.terminal.tap(net.lay('person-06'));
    await net.post(submission);
    const replayed = await wrapAgain(submission);
    expect(await codeOf(net.post(replayed))).toBe('presence_replayed');
    expect(await codeOf((await net.callEast()).post('/api/visits', replayed, VisitOutcome))).toBe('presence_replayed');
  });
});

describe('a tap is refused, and stays refused', () => {
  it.each([
    ['of a revoked certificate', 'person-10', {}, 'certificate_revoked'],
    ['of a card that is not enrolled', 'person-11', {}, 'card_not_enrolled'],
    ['for another exchange', 'person-07', { aud: 'west' }, 'presence_wrong_audience'],
    ['for another purpose', 'person-07', { purpose: 'ticket' as const }, 'presence_wrong_purpose'],
    ['of another certificate', 'person-07', { certHash: 'A'.repeat(43) }, 'presence_certificate_mismatch'],
  ])('%s', async (_, person, change, code) => {
    const submission = await net.terminal.tap(net.lay(person), { change });
    expect(await codeOf(net.post(submission))).toBe(code);
    expect(await net.read(submission.submissionId)).toMatchObject({
      state: 'refused',
      problem: { code },
      record: null,
    });
    expect(await codeOf(net.post(submission))).toBe(code);
  });

  it('of another institution, before anything is kept', async () => {
    const submission = await net.terminal.tap(net.lay('person-07'), { change: { actorId: 'hoshi/2710000034' } });
    expect(await codeOf(net.post(submission))).toBe('presence_wrong_actor');
    expect(await codeOf(net.read(submission.submissionId))).toBe('not_found');
  });

  it('of a terminal that is enrolled elsewhere', async () => {
    const origin = net.network.origins['gateway-b'];
    const stranger = await createHeadlessTerminal({ origin, name: 'Clinic', fetch, now: net.now });
    const change = { actorId: 'sakura/1310000012', aud: 'east' };
    const submission = await stranger.tap(net.lay('person-07'), { change });
    expect(await codeOf(net.post(submission))).toBe('terminal_unknown');
  });

  it('that quotes a checkpoint nobody signed', async () => {
    const freshness = { kind: 'checkpoint', origin: 'tsunagi.invalid/demo/east', size: 3, root: `${'A'.repeat(43)}=` };
    const submission = await net.terminal.tap(net.lay('person-07'), {
      freshness: { ...freshness, kind: 'checkpoint' },
    });
    expect(await codeOf(net.post(submission))).toBe('presence_checkpoint_unknown');
  });
});

describe('a tap without a network', () => {
  it('is accepted when the gateway is back, with its proof of time', async () => {
    const { checkpoint } = await until(net.gatewayStatus, (status) => status.checkpoint !== null);
    const quoted = parseSignedCheckpoint(checkpoint ?? '').checkpoint;
    const root = Buffer.from(quoted.root).toString('base64');
    await net.network.stopNode('gateway-a');
    const freshness = { kind: 'checkpoint', origin: quoted.origin, size: quoted.size, root } as const;
    const submission = await net.terminal.tap(net.lay('person-08'), { freshness });
    await net.network.startNode('gateway-a');
    const view = await net.post(submission);
    expect([view.state, recordOf(view).freshness]).toEqual(['recorded', freshness]);
    expect(Date.parse(recordOf(view).notBefore)).toBeLessThanOrEqual(net.now().getTime());
  });
});

it('reports no failure of its own', () => {
  expect(net.failures).toEqual([]);
});
