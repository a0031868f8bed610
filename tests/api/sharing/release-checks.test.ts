import { beforeAll, describe, expect, it } from 'vitest';
import type { HpkiPersonalisation } from 'webusb-ccid/simulated';
import { RELEASE_CHECKS_OF, type ReleaseCheckCode } from '#api/contract/release-checks.ts';
import { createId } from '#api/contract/ids.ts';
import type { ShareRequest } from '#api/contract/share-request.ts';
import type { Withdrawal } from '#api/contract/withdrawal.ts';
import { createDirectoryView } from '#api/directory/directory-view.ts';
import { createSimulatedStatus } from '#api/presence/certificate-status-simulated.ts';
import type { SignerTrust, VisitHere } from '#api/sharing/parts.ts';
import { checkRequest, firstProblem } from '#api/sharing/release-checks.ts';
import { readRequest } from '#api/sharing/request-statement.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { createWrongCertificates } from '#api/synthetic/wrong-certificates.ts';
import { sharedWorld, WORLD_TIMEOUT_MS } from '../synthetic/shared-world.ts';
import { createKey, createParties, DAY_MS, describe as contentOf, later, NOW } from '../parties/parties.ts';
import {
  SUBJECT,
  chainOf,
  consentAtB,
  draftFromB,
  emergencyFromB,
  signAs,
  trustOf,
  type Parties,
  visitAtA,
  withdrawalAtB,
} from './sharing-fixture.ts';

let world: SyntheticWorld;
let parties: Parties;
let doctor: HpkiPersonalisation;

beforeAll(async () => {
  [world, parties] = await Promise.all([sharedWorld(), createParties()]);
  doctor = world.cards.hpki[0]!;
}, WORLD_TIMEOUT_MS);

async function check(
  jws: string,
  {
    signers = {},
    isReplayed = false,
    at = NOW,
    withdrawals = [],
    visitsHere = [{ id: createId(), presentedAt: NOW }],
  }: {
    signers?: Partial<SignerTrust>;
    isReplayed?: boolean;
    at?: Date;
    withdrawals?: readonly Withdrawal[];
    visitsHere?: readonly VisitHere[];
  } = {},
) {
  const directories = [contentOf(parties.east, [parties.west]), contentOf(parties.west)];
  return checkRequest(jws, readRequest(jws), {
    ...{ holder: parties.east.member.id, signers: trustOf(world, signers), isReplayed, at },
    exchangeKeys: createDirectoryView(directories, () => NOW).exchangeKeys,
    fetchWithdrawals: () => Promise.resolve(withdrawals),
    visitsHere: () => Promise.resolve(visitsHere),
  });
}

const signedDraft = async (change: Partial<ShareRequest> = {}, card = doctor) =>
  signAs(card, await draftFromB(parties, change));

/** Which checks failed, and why. */
const failures = ({ checks }: Awaited<ReturnType<typeof check>>) =>
  Object.fromEntries(checks.filter(({ ok }) => !ok).map((failed) => [failed.check, failed.problem?.code]));

describe('a request in order', () => {
  it('passes every check there is, and names doctor, person and visits', async () => {
    const checked = await check(await signedDraft());
    expect(checked.checks).toEqual(RELEASE_CHECKS_OF.consent.map((name) => ({ check: name, ok: true, problem: null })));
    expect(checked.doctor).toMatchObject({ role: 'Medical Doctor' });
    expect(checked.subject).toBe(SUBJECT);
    expect(checked.visits).toHaveLength(1);
    expect(firstProblem(checked)).toBeUndefined();
  });
});

describe('a request fails', () => {
  const expectOnly = async (jws: string, expected: Partial<Record<ReleaseCheckCode, string>>, options = {}) => {
    const checked = await check(jws, options);
    expect(checked.checks.map((one) => one.check)).toEqual([...RELEASE_CHECKS_OF.consent]);
    expect(failures(checked)).toEqual(expected);
    expect(firstProblem(checked)?.code).toBe(Object.values(expected)[0]);
  };

  it('its signature when a word was changed', async () => {
    const [header, , signature] = (await signedDraft()).split('.');
    const claims = Buffer.from(JSON.stringify(await draftFromB(parties))).toString('base64url');
    await expectOnly(`${header}.${claims}.${signature}`, { signature: 'request_signature_invalid' });
  });

  it('its signature when another card’s certificate stands beside it', async () => {
    const jws = signAs(doctor, await draftFromB(parties), chainOf(world.cards.hpki[1]!));
    await expectOnly(jws, { signature: 'request_signature_invalid' });
    expect((await check(jws)).doctor).toBeNull();
  });

  it('its role, and shows who asked, when a nurse or a pharmacist signed', async () => {
    for (const [staff, role] of [
      [2, 'Pharmacist'],
      [3, 'General Nurse'],
    ] as const) {
      const jws = await signedDraft({}, world.cards.hpki[staff]);
      await expectOnly(jws, { role: 'hpki_role_not_allowed' });
      expect((await check(jws)).doctor).toMatchObject({ role });
    }
  });

  it('its path under another root, and what hangs on it', async () => {
    const other = trustOf(world, { anchors: [] });
    await expectOnly(
      await signedDraft(),
      {
        certificate_path: 'certificate_untrusted',
        certificate_status: 'certificate_untrusted',
        role: 'certificate_untrusted',
      },
      { signers: other },
    );
  });

  it('its path in the other world', async () => {
    const options = { signers: { world: 'production' } };
    const { certificate_path } = failures(
      await check(await signedDraft(), options as { signers: Partial<SignerTrust> }),
    );
    expect(certificate_path).toBe('certificate_wrong_policy');
  });

  it('its path after the certificate’s time', async () => {
    const { certificate_path } = failures(await check(await signedDraft(), { at: later(20 * 366 * DAY_MS) }));
    expect(certificate_path).toBe('certificate_expired');
  });

  it('its status when revoked, and when nobody knows', async () => {
    const now = () => NOW;
    const revoked = createSimulatedStatus({ now, isRevoked: () => true });
    await expectOnly(
      await signedDraft(),
      { certificate_status: 'certificate_revoked' },
      { signers: { status: revoked } },
    );
    const unknown = createSimulatedStatus({ now, isUnreachable: () => true });
    const options = { signers: { status: unknown } };
    await expectOnly(await signedDraft(), { certificate_status: 'certificate_status_unknown' }, options);
  });

  it('its consent’s signature, and what hangs on it, when an exchange speaks for another', async () => {
    const consent = await consentAtB({ ...parties, west: { ...parties.west, key: parties.east.key } });
    await expectOnly(await signedDraft({ consent }), {
      consent_signature: 'consent_invalid',
      consent_recipient: 'consent_invalid',
      consent_scope: 'consent_invalid',
      consent_expiry: 'consent_invalid',
      consent_standing: 'consent_invalid',
      visit_person: 'consent_invalid',
    });
  });

  it.each([
    ['consent_recipient', 'consent_wrong_recipient', { actorId: 'hoshi/9999999999' }],
    ['consent_scope', 'consent_wrong_scope', { purpose: 'visit' as const }],
  ] as const)('its %s', async (name, code, change) => {
    await expectOnly(await signedDraft({ consent: await consentAtB(parties, change) }), { [name]: code });
  });

  it('its consent’s scope for kinds that it does not name', async () => {
    await expectOnly(await signedDraft({ kinds: ['attachment'] }), { consent_scope: 'consent_wrong_scope' });
  });

  it('its consent’s standing once the patient took it back', async () => {
    const withdrawals = [await withdrawalAtB(parties)];
    await expectOnly(await signedDraft(), { consent_standing: 'consent_withdrawn' }, { withdrawals });
    const elsewhere = [await withdrawalAtB(parties, { withdraws: { recipient: 'umi/1310000012' } })];
    expect(failures(await check(await signedDraft(), { withdrawals: elsewhere }))).toEqual({});
  });

  it('its consent’s expiry and its own', async () => {
    await expectOnly(
      await signedDraft(),
      { consent_expiry: 'consent_expired', clock: 'request_stale' },
      { at: later(DAY_MS) },
    );
  });

  it('its visit when it happened elsewhere, or another exchange vouches for it', async () => {
    const elsewhere = await visitAtA(parties, { institution: 'sakura/9999999999' });
    const dependent = { visit_ours: 'visit_not_ours', visit_person: 'visit_not_ours' };
    await expectOnly(await signedDraft({ visits: [elsewhere] }), dependent);
    const forged = await visitAtA(parties, {}, parties.west.key);
    await expectOnly(await signedDraft({ visits: [await visitAtA(parties), forged] }), dependent);
    const stranger = await visitAtA(parties, {}, await createKey());
    await expectOnly(await signedDraft({ visits: [stranger] }), dependent);
  });

  it('its person when the visit is somebody else’s', async () => {
    const other = await visitAtA(parties, { subject: 'o'.repeat(43) });
    await expectOnly(await signedDraft({ visits: [other] }), { visit_person: 'consent_wrong_person' });
  });

  it('when it came before', async () => {
    await expectOnly(await signedDraft(), { not_replayed: 'request_replayed' }, { isReplayed: true });
  });

  it('its clock when it comes from the future', async () => {
    const issuedAt = later(600_000).toISOString();
    await expectOnly(await signedDraft({ issuedAt }), { clock: 'clock_skew' });
  });

  it(
    'with every certificate that must be refused, for the reason it must be',
    async () => {
      const { hpki } = await createWrongCertificates(world, NOW);
      expect(hpki.length).toBeGreaterThan(5);
      const request = await draftFromB(parties);
      for (const { name, code, chain } of hpki) {
        const found = failures(await check(signAs(doctor, request, [...chain])));
        const reasons = [found.certificate_path, found.role, found.signature];
        expect(reasons, `${name} for ${code}`).toContain(code === 'certificate_malformed' ? found.signature : code);
        expect(found.signature, name).toBeDefined();
      }
    },
    WORLD_TIMEOUT_MS,
  );
});

describe('a request that cannot be read', () => {
  it.each([
    ['no JWS', () => Promise.resolve('nonsense')],
    ['an emergency without a reason', () => signedDraft({ purpose: 'emergency' })],
    [
      'a task for somebody else',
      async () => {
        const { task } = await draftFromB(parties);
        return signedDraft({ task: { ...task, owner: { identifier: { value: 'umi/1310000012' } } } });
      },
    ],
    ['an id that is a path', () => signedDraft({ id: '../../x' })],
    ['no visit', () => signedDraft({ visits: [] })],
    ['a hundred and one visits', () => signedDraft({ visits: Array.from({ length: 101 }, () => 'a.b.c') })],
  ])('is refused: %s', async (_what, make) => {
    const jws = await make();
    expect(() => readRequest(jws)).toThrow(expect.objectContaining({ code: 'request_malformed' }));
  });

  it('but an emergency with its reason is', async () => {
    const { task } = await draftFromB(parties);
    const jws = await signedDraft({ purpose: 'emergency', task: { ...task, reasonCode: { text: '意識不明' } } });
    expect(readRequest(jws).purpose).toBe('emergency');
    expect(createId()).not.toBe(readRequest(jws).id);
  });
});

describe('a request without consent', () => {
  const emergency = async (change: Partial<ShareRequest> = {}, options = {}) =>
    check(signAs(doctor, await emergencyFromB(parties, change)), options);

  it('passes its own checks, and is about all of the person’s visits', async () => {
    const checked = await emergency();
    expect(checked.checks).toEqual(
      RELEASE_CHECKS_OF.emergency.map((name) => ({ check: name, ok: true, problem: null })),
    );
    expect(checked).toMatchObject({ subject: SUBJECT, visits: [{ presentedAt: NOW }] });
  });

  it('fails when the patient is not there, and with it what hangs on it', async () => {
    const attendance = await visitAtA(parties);
    expect(failures(await emergency({ attendance }))).toEqual({
      ...{ attendance: 'attendance_invalid', visit_ours: 'attendance_invalid' },
    });
  });

  it('fails when the patient was never here', async () => {
    expect(failures(await emergency({}, { visitsHere: [] }))).toEqual({ visit_ours: 'visit_not_ours' });
  });
});

describe('identifiers that try to be paths', () => {
  it.each([
    'east/../1310000012',
    'east%2f1310000012',
    'east/131000001.',
    '../1310000012',
    'east//1310000012',
    'east/1310000012/',
  ])('are refused: %s', async (to) => {
    const draft = await draftFromB(parties);
    const jws = signAs(doctor, { ...draft, to, task: { ...draft.task, owner: { identifier: { value: to } } } });
    expect(() => readRequest(jws)).toThrow(expect.objectContaining({ code: 'request_malformed' }));
  });

  it.each(['..', '%2e%2e', '0190/..', 'x'.repeat(36)])('are refused as ids: %s', async (id) => {
    const jws = signAs(doctor, { ...(await draftFromB(parties)), id });
    expect(() => readRequest(jws)).toThrow(expect.objectContaining({ code: 'request_malformed' }));
  });
});
