import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseBase64 } from '#api/contract/encoding.ts';
import { Person } from '#api/contract/person.ts';
import { createHttpQualification } from '#api/qualification/http-qualification.ts';
import { createInProcessQualification } from '#api/qualification/in-process-qualification.ts';
import { createPayerSimulator } from '#api/payer-simulator/payer-simulator.ts';
import type { QualificationProvider } from '#api/qualification/qualification.ts';
import { fullKana, fullName, type PersonTrait } from '#api/synthetic/people/person.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { listen, type ListeningApp } from '../http/listen.ts';
import { NOW, WORLD_TIMEOUT_MS, sharedWorld } from '../synthetic/shared-world.ts';

const institution = 'sakura/1310000012';
let world: SyntheticWorld;
let server: ListeningApp;
let providers: Record<'in process' | 'over HTTP', QualificationProvider>;

beforeAll(async () => {
  world = await sharedWorld();
  const payer = createPayerSimulator(world, () => NOW);
  server = await listen(payer);
  providers = {
    'in process': createInProcessQualification(payer),
    'over HTTP': createHttpQualification({ origin: server.origin, fetch }),
  };
}, WORLD_TIMEOUT_MS);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const certificateOf = (cardId: string): Uint8Array => {
  const card = world.cards.mynumber.find(({ id }) => id === cardId);
  return parseBase64(card?.authCertificate ?? '');
};
const personWith = (trait: PersonTrait) => {
  const person = world.people.find((candidate) => candidate.trait === trait);
  if (!person) throw new RangeError(trait);
  return person;
};

describe.each(['in process', 'over HTTP'] as const)('a payer %s', (where) => {
  it('knows every person by the certificate on their card', async () => {
    for (const person of world.people.filter(({ trait }) => trait !== 'certificate_revoked')) {
      const result = await providers[where].check({ certificate: certificateOf(person.cardId), institution, at: NOW });
      const { insurance } = person;
      expect(result).toMatchObject({
        kind: 'person',
        personId: person.payerId,
        name: fullName(person),
        kana: fullKana(person),
        birthDate: person.birthDate,
        sex: person.sex,
        simulated: true,
        answeredAt: NOW,
        coverage: {
          status: person.trait === 'insurance_expired' ? 'expired' : 'valid',
          insurerNumber: insurance.insurerNumber,
          insurerName: insurance.insurerName,
          symbol: insurance.symbol,
          number: insurance.number,
          branch: insurance.branch,
          validFrom: insurance.validFrom,
          validUntil: insurance.validUntil,
          burdenPercent: insurance.burdenPercent,
        },
      });
      expect(result.answerHash).toMatch(/^[A-Za-z0-9_-]{43}$/);
    }
  });

  it('judges the insurance by the day of the visit', async () => {
    const person = personWith('insurance_expired');
    const check = async (day: string) => {
      const at = new Date(`${day}T23:59:59+09:00`);
      const result = await providers[where].check({ certificate: certificateOf(person.cardId), institution, at });
      return result.coverage.status;
    };
    expect(await check(person.insurance.validUntil)).toBe('valid');
    expect(await check('2026-11-20')).toBe('expired');
  });

  it('refuses a revoked certificate, but not before the day it was revoked', async () => {
    const person = personWith('certificate_revoked');
    const query = { certificate: certificateOf(person.cardId), institution };
    await expect(providers[where].check({ ...query, at: NOW })).rejects.toMatchObject({ code: 'payer_refused' });
    const before = new Date('2026-11-01T00:00:00Z');
    await expect(providers[where].check({ ...query, at: before })).resolves.toMatchObject({ kind: 'person' });
  });

  it.each([
    ['that is none', () => Uint8Array.of(1, 2, 3)],
    ['for signatures', () => parseBase64(world.cards.mynumber[0]?.signCertificate ?? '')],
    ['of a doctor', () => parseBase64(world.cards.hpki[0]?.signCertificate ?? '')],
    ['longer than any certificate', () => new Uint8Array(20_000)],
  ])('refuses a certificate %s', async (_, certificate) => {
    const query = { certificate: certificate(), institution, at: NOW };
    await expect(providers[where].check(query)).rejects.toMatchObject({ code: 'payer_refused' });
  });

  it('refuses an institution without a code', async () => {
    const query = { certificate: certificateOf('mynumber-person-01'), institution: 'sakura', at: NOW };
    await expect(providers[where].check(query)).rejects.toMatchObject({ code: 'payer_refused' });
  });

  it('gives what a person is known by elsewhere', async () => {
    const result = await providers[where].check({
      certificate: certificateOf('mynumber-person-01'),
      institution,
      at: NOW,
    });
    if (result.kind !== 'person') throw new TypeError(result.kind);
    const { name, kana, birthDate, sex } = result;
    const subject = 'A'.repeat(43);
    expect(Person.parse({ subject, name, kana, birthDate, sex })).toMatchObject({ name, kana });
  });
});

describe('a payer that does not answer', () => {
  const query = () => ({ certificate: certificateOf('mynumber-person-01'), institution, at: NOW });
  const answering = (respond: () => Response | Promise<Response>) =>
    createHttpQualification({ origin: 'http://payer.test', fetch: () => Promise.resolve(respond()), timeoutMs: 50 });

  it('is unreachable when nothing listens', async () => {
    const gone = await listen(createPayerSimulator(world, () => NOW));
    await gone[Symbol.asyncDispose]();
    const provider = createHttpQualification({ origin: gone.origin, fetch });
    await expect(provider.check(query())).rejects.toMatchObject({ code: 'payer_unreachable' });
  });

  it('is unreachable when it fails, or stays silent past the limit', async () => {
    const failing = answering(() => new Response('', { status: 502 }));
    await expect(failing.check(query())).rejects.toMatchObject({ code: 'payer_unreachable' });
    const silent = createHttpQualification({
      origin: 'http://payer.test',
      timeoutMs: 20,
      fetch: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new DOMException('late', 'TimeoutError')));
        }),
    });
    await expect(silent.check(query())).rejects.toMatchObject({ code: 'payer_unreachable' });
  });

  it('gave no answer when what it sent is something else', async () => {
    for (const text of ['<html>hello</html>', '', '{}', '<XmlMsg><MessageHeader/></XmlMsg>', '<XmlMsg>']) {
      const provider = answering(() => new Response(text));
      await expect(provider.check(query())).rejects.toMatchObject({ code: 'payer_answer_malformed' });
    }
  });
});
