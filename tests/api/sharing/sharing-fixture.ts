import { createPrivateKey, generateKeyPairSync, sign, type JsonWebKey } from 'node:crypto';
import type { HpkiPersonalisation } from 'webusb-ccid/simulated';
import { RsaPublicJwk, signBinding, type Binding } from '#api/contract/binding.ts';
import { parseCertificate } from '#api/contract/certificate.ts';
import type { ConsentProof } from '#api/contract/consent.ts';
import { parseBase64 } from '#api/contract/encoding.ts';
import { openSealedEnvelope, type StatementKind } from '#api/contract/envelope.ts';
import { HPKI_ROLES } from '#api/contract/hpki-role.ts';
import { createId } from '#api/contract/ids.ts';
import type { RecordKind } from '#api/contract/record-kind.ts';
import {
  assemblePresenceProof,
  encodePresenceSigningInput,
  type PresenceClaims,
} from '#api/contract/presence-proof.ts';
import { openBody } from '#api/contract/sealed-body.ts';
import { createEmergencyRequest, createShareRequest } from '#api/contract/share-request-draft.ts';
import {
  assembleShareRequest,
  encodeShareRequestSigningInput,
  type ShareRequest,
} from '#api/contract/share-request.ts';
import { signVisitRecord, type VisitRecord } from '#api/contract/visit-record.ts';
import { createDirectoryView } from '#api/directory/directory-view.ts';
import { createBells } from '#api/http/bells.ts';
import { createSimulatedStatus } from '#api/presence/certificate-status-simulated.ts';
import { createPostOffice } from '#api/relay/post-office/post-office.ts';
import { createSharingHandlers } from '#api/sharing/handlers.ts';
import type { SharingParts, SignerTrust } from '#api/sharing/parts.ts';
import type { ReleasedDocument } from '#api/contract/release.ts';
import { accessOutboxSchema, createSqliteAccessOutbox } from '#api/storage/sqlite/access-outbox.ts';
import { createSqliteDispensingStore, dispensingsSchema } from '#api/storage/sqlite/dispensings.ts';
import { createSqlitePolicyStore, policiesSchema } from '#api/storage/sqlite/policies.ts';
import { readPolicy } from '#api/sharing/policy-in-force.ts';
import type { Withdrawal } from '#api/contract/withdrawal.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqlitePostOfficeStore, postOfficeSchema } from '#api/storage/sqlite/post-office.ts';
import { createSqliteSharingStore, sharingSchema } from '#api/storage/sqlite/sharing.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { createFaultyDatabase } from '../parties/faults.ts';
import { DAY_MS, describe, later, NOW, type TestExchange } from '../parties/parties.ts';

export type Parties = { readonly east: TestExchange; readonly west: TestExchange };

const card = generateKeyPairSync('rsa', { modulusLength: 2048 });
const hash = (letter: string) => letter.repeat(43);
export const SUBJECT = hash('s');

/** What the patient's card signed at B, with the word of B's exchange for whose card it was. */
export async function consentAtB(
  { west }: Parties,
  change: Partial<PresenceClaims> = {},
  binding: Partial<Binding> = {},
): Promise<ConsentProof> {
  const claims: PresenceClaims = {
    ...{ version: 1, jti: createId(), iss: hash('t'), actorId: west.member.id, aud: 'west' },
    ...{ iat: NOW.getTime() / 1000, purpose: 'history', proofMethod: 'mynumber-tap', certHash: hash('h') },
    freshness: { kind: 'challenge', challenge: hash('c') },
    scope: {
      recipient: west.member.id,
      kinds: ['laboratory', 'referral', 'prescription'],
      expires: later(DAY_MS).toISOString(),
    },
    ...change,
  };
  const input = encodePresenceSigningInput(claims);
  return {
    presence: assemblePresenceProof(input, sign('sha256', input, card.privateKey)),
    binding: await signBinding(
      {
        ...{ version: 1, iss: 'west', subject: SUBJECT, certHash: hash('h'), application: 'text-ap' },
        cardKey: RsaPublicJwk.parse(card.publicKey.export({ format: 'jwk' })),
        enrolledAt: NOW.toISOString(),
        ...binding,
      },
      west.key,
    ),
  };
}

/** The record of a visit at A. */
export const visitAtA = ({ east }: Parties, change: Partial<VisitRecord> = {}, key = east.key): Promise<string> =>
  signVisitRecord(
    {
      ...{ version: 1, id: createId(), iss: 'east', subject: SUBJECT, institution: east.member.id },
      ...{ presentedAt: NOW.toISOString(), notBefore: NOW.toISOString(), acceptedAt: NOW.toISOString() },
      ...{ proofMethod: 'mynumber-tap', simulated: true, freshness: { kind: 'challenge', challenge: hash('c') } },
      ...{ presenceHash: hash('p'), previous: null, sequence: 1 },
      coverage: { status: 'valid', checkedAt: NOW.toISOString(), answerHash: hash('a'), simulated: true },
      ...change,
    },
    key,
  );

/** A request of B to A, before it is signed. */
export async function draftFromB(parties: Parties, change: Partial<ShareRequest> = {}): Promise<ShareRequest> {
  const draft = createShareRequest(
    {
      ...{ id: createId(), from: parties.west.member.id, to: parties.east.member.id, purpose: 'treatment' },
      ...{ kinds: ['laboratory'], requester: 'A doctor', consentExpires: later(DAY_MS).toISOString() },
      ...{ visits: [await visitAtA(parties)], consent: await consentAtB(parties) },
    },
    NOW,
  );
  return { ...draft, ...change };
}

/** A consent taken back by the same card. */
export const withdrawalAtB = (parties: Parties, change: Partial<PresenceClaims> = {}): Promise<Withdrawal> =>
  consentAtB(parties, { purpose: 'withdrawal', scope: undefined, withdraws: {}, ...change });

/** B's doctor asks without consent; the patient is at B. */
export async function emergencyFromB(parties: Parties, change: Partial<ShareRequest> = {}): Promise<ShareRequest> {
  const attendance = await visitAtA(parties, { iss: 'west', institution: parties.west.member.id }, parties.west.key);
  const draft = createEmergencyRequest(
    {
      ...{ id: createId(), from: parties.west.member.id, to: parties.east.member.id, kinds: ['laboratory'] },
      ...{ requester: 'A doctor', reason: '意識がない', attendance },
    },
    NOW,
  );
  return { ...draft, ...change };
}

/** The chain that a card carries. */
export const chainOf = ({ signCertificate, caCertificates }: HpkiPersonalisation) =>
  [signCertificate, ...caCertificates].map((certificate) => parseBase64(certificate));

/** Signs a request with an HPKI card's key. */
export function signAs(hpki: HpkiPersonalisation, request: ShareRequest, chain = chainOf(hpki)): string {
  const input = encodeShareRequestSigningInput(request, chain);
  const key = createPrivateKey({ key: hpki.signKey as JsonWebKey, format: 'jwk' });
  return assembleShareRequest(input, sign('sha256', input, key));
}

export const trustOf = (world: SyntheticWorld, change: Partial<SignerTrust> = {}): SignerTrust => ({
  anchors: [parseCertificate(parseBase64(world.hpki.root.certificate))],
  world: 'test',
  allowedRoles: [HPKI_ROLES.medicalDoctor],
  status: createSimulatedStatus({ now: () => NOW }),
  ...change,
});

export interface GatewayOptions {
  readonly self: TestExchange;
  readonly parties: Parties;
  readonly signers: SignerTrust;
  readonly now: () => Date;
  readonly documents?: readonly ReleasedDocument[];
}

/** The sharing of one institution on a database of its own; envelopes go where the test carries them. */
export function createGateway({ self, parties, signers, now, documents = [] }: GatewayOptions) {
  const disk = createFaultyDatabase(
    openSqlite(':memory:', [postOfficeSchema, accessOutboxSchema, sharingSchema, dispensingsSchema, policiesSchema]),
  );
  const view = createDirectoryView([describe(parties.east, [parties.west]), describe(parties.west)], now);
  const directory = () => view;
  const store = createSqlitePostOfficeStore(disk.database);
  const unused = () => Promise.reject(new TypeError('envelopes are carried by the test'));
  const post = createPostOffice({
    ...{ institution: self.member.id, signingKey: self.member.signing, decryptionKeys: [self.member.encryption] },
    ...{ directory, now, store, bells: createBells() },
    client: { exchange: self.id, origin: 'https://unused.example', get: unused, getBytes: unused, post: unused },
  });
  const policies = createSqlitePolicyStore(disk.database);
  const withdrawals: Withdrawal[] = [];
  const parts: SharingParts = {
    ...{ institution: self.member.id, key: self.member.signing, signers, directory, now, post },
    store: createSqliteSharingStore(disk.database),
    dispensings: createSqliteDispensingStore(disk.database),
    accessOutbox: createSqliteAccessOutbox(disk.database),
    policy: () => readPolicy(policies),
    fetchWithdrawals: () => Promise.resolve(withdrawals),
    wakeReporting: () => {},
    records: {
      visitsOf: () =>
        Promise.resolve([...new Set(documents.map(({ visitId }) => visitId))].map((id) => ({ id, presentedAt: NOW }))),
      readDocuments: (visitIds, kinds) =>
        Promise.resolve(documents.filter((one) => visitIds.includes(one.visitId) && kinds.includes(one.kind))),
      countDocuments: (visitIds) =>
        Promise.resolve(
          new Map(visitIds.map((visitId) => [visitId, documents.filter((one) => one.visitId === visitId).length])),
        ),
      findPerson: (subject) =>
        Promise.resolve({
          subject,
          name: '山田　花子',
          kana: 'ヤマダ　ハナコ',
          birthDate: '1950-02-03',
          sex: 'female',
        }),
    },
  };
  const handlers = createSharingHandlers(parts);
  const everything = { count: 1000, bytes: 1_000_000_000 };
  return {
    ...{ parts, disk, store, policies, withdrawals },
    /** What waits to be sent and was not taken yet. */
    outbox: () => store.readUnsent(everything),
    /** Takes one envelope of a kind out of another's outbox, as a mailbox would hand it over. */
    async take(from: { readonly outbox: () => ReturnType<typeof store.readUnsent> }, kind: StatementKind) {
      const mail = (await from.outbox()).findLast((outgoing) => outgoing.kind === kind);
      if (!mail || mail.body === null) throw new TypeError(`no ${kind} was sent`);
      const envelope = await openSealedEnvelope(mail.seal, mail.body, ({ from: sender }) =>
        view.institutionKeys(sender),
      );
      if (await store.isHandled(envelope.id)) return envelope;
      await handlers[kind](envelope, await openBody(mail.body, [self.member.encryption]));
      return envelope;
    },
    handlers,
  };
}

/** A document for each visit, whose digits matter. */
export const documentOf = (visitId: string, kind: RecordKind = 'laboratory'): ReleasedDocument => ({
  ...{ id: createId(), kind, visitId, registeredAt: NOW.toISOString() },
  bundle: { resourceType: 'Bundle', type: 'collection', value: JSON.rawJSON('4.0') },
});
