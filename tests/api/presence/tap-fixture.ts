import { createSimulatedStatus } from '#api/presence/certificate-status-simulated.ts';
import { createPresenceVerifier } from '#api/presence/verify-presence.ts';
import { issueChallenge } from '#api/presence/challenges.ts';
import { parseCertificate } from '#api/contract/certificate.ts';
import { digestBase64Url, encodeBase64, parseBase64 } from '#api/contract/encoding.ts';
import { createId } from '#api/contract/ids.ts';
import { createSigningJwk, importSigningKey, type JWK } from '#api/contract/jose.ts';
import {
  assemblePresenceProof,
  encodePresenceSigningInput,
  readPresenceClaims,
  signTerminalClaims,
  type Freshness,
  type PresenceClaims,
  type PresenceSubmission,
  type Purpose,
} from '#api/contract/presence-proof.ts';
import type { CardBinding } from '#api/storage/enrolment.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqlitePresenceStore, presenceSchema } from '#api/storage/sqlite/presence.ts';
import { createMynumberPin, createMynumberTerminal, mynumberTap } from 'webusb-ccid/mynumber';
import { createSimulatedCard, createSimulatedTerminal, type MyNumberPersonalisation } from 'webusb-ccid/simulated';
import { NOW, sharedWorld } from '../synthetic/shared-world.ts';

export const HOSPITAL = 'sakura/1310000012';
export const CLINIC = 'hoshi/2710000034';
export const SECOND = 1000;
export const DAY = 24 * 60 * 60 * SECOND;

export interface TapChange {
  readonly claims?: Partial<PresenceClaims>;
  readonly freshness?: Freshness;
  readonly purpose?: Purpose;
  readonly withPin?: boolean;
  readonly method?: 'terminal';
}

/** One exchange's verifier with a clock to turn, people's cards, and a terminal at the hospital. */
export async function createTapFixture(options: { readonly terminalProviders?: readonly JWK[] } = {}) {
  const world = await sharedWorld();
  const clock = { now: new Date(NOW) };
  const now = () => new Date(clock.now);
  const database = openSqlite(':memory:', [presenceSchema]);
  const store = createSqlitePresenceStore(database);
  const terminal = await importSigningKey(await createSigningJwk());
  const bindings = new Map<string, CardBinding>();
  const checkpoint = { signedAt: new Date(NOW), isNewest: true, isKnown: true };
  const state = { isStatusKnown: true };

  const cardOf = (personId: string): MyNumberPersonalisation => {
    const cardId = world.people.find(({ id }) => id === personId)?.cardId;
    const card = world.cards.mynumber.find(({ id }) => id === cardId);
    if (!card) throw new RangeError(personId);
    return card;
  };
  const certHashOf = (card: MyNumberPersonalisation) => digestBase64Url(parseBase64(card.authCertificate));
  const bind = (card: MyNumberPersonalisation, { n, e } = card.textKey) => {
    const certHash = certHashOf(card);
    bindings.set(certHash, {
      certHash,
      subject: digestBase64Url(card.id),
      cardKey: { kty: 'RSA', n, e },
      application: 'text-ap',
      institution: HOSPITAL,
      enrolledAt: NOW,
    });
  };
  const revoked = world.cards.mynumber
    .filter((_, i) => world.people[i]?.trait === 'certificate_revoked')
    .map(certHashOf);

  const verifier = createPresenceVerifier({
    exchange: 'east',
    store,
    findBinding: (certHash) => Promise.resolve(bindings.get(certHash)),
    findCheckpoint: (quoted) =>
      Promise.resolve(checkpoint.isKnown && quoted.origin === 'east' ? checkpoint : undefined),
    trust: {
      anchors: world.jpki.auth.map(({ certificate }) => parseCertificate(parseBase64(certificate))),
      world: 'test',
      status: createSimulatedStatus({
        now,
        isRevoked: ({ der }) => revoked.includes(digestBase64Url(der)),
        isUnreachable: () => !state.isStatusKnown,
      }),
    },
    now,
    ...options,
  });

  async function challenge(purpose: Purpose = 'visit', institution = HOSPITAL): Promise<Freshness> {
    const issued = await issueChallenge({ institution, terminal: terminal.kid, purpose }, store, now());
    return { kind: 'challenge', challenge: issued.challenge };
  }

  async function tap(card: MyNumberPersonalisation, change: TapChange = {}): Promise<PresenceSubmission> {
    const purpose = change.purpose ?? 'visit';
    const freshness = change.freshness ?? (await challenge(purpose));
    const method = methodFor(card, change);
    const simulated = createSimulatedCard(card);
    let signingInput = new Uint8Array();
    const proof = await method.prove({ transmit: (command) => simulated.process(command) }, ({ certificate }) => {
      signingInput = encodePresenceSigningInput({
        version: 1,
        jti: createId(),
        iss: terminal.kid,
        actorId: HOSPITAL,
        aud: 'east',
        iat: Math.floor(clock.now.getTime() / SECOND),
        purpose,
        proofMethod: method.proofMethod,
        freshness,
        certHash: digestBase64Url(certificate),
        ...change.claims,
      });
      return Promise.resolve(signingInput);
    });
    return countersign(assemblePresenceProof(signingInput, proof.signature), proof.certificate);
  }

  async function countersign(presence: string, certificate: Uint8Array, key = terminal): Promise<PresenceSubmission> {
    const submissionId = createId();
    const terminalClaims = await signTerminalClaims(submissionId, presence, key);
    return { submissionId, presence, certificate: encodeBase64(certificate), terminal: terminalClaims };
  }

  return {
    ...{ world, clock, store, terminal, checkpoint, state, verifier, bindings },
    ...{ cardOf, bind, challenge, tap, countersign },
    readClaims: (submission: PresenceSubmission) => readPresenceClaims(submission.presence),
    verify: (submission: PresenceSubmission, purpose: Purpose = 'visit', actor = HOSPITAL) =>
      verifier.verify(submission, { actor, purpose }),
    close: () => database.close(),
  };
}

function methodFor(card: MyNumberPersonalisation, { withPin, method }: TapChange) {
  if (method === 'terminal') return createMynumberTerminal(createSimulatedTerminal());
  return withPin ? createMynumberPin(new TextEncoder().encode(card.authPin)) : mynumberTap;
}

export const CHECKPOINT: Freshness = { kind: 'checkpoint', origin: 'east', size: 0, root: `${'A'.repeat(43)}=` };
