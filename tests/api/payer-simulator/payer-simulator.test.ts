import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#api/contract/encoding.ts';
import { toFullWidthKana, toHalfWidthKana } from '#api/qualification/kana.ts';
import { createPayerSimulator, SIMULATED_HEADER } from '#api/payer-simulator/payer-simulator.ts';
import { parseQualificationResult } from '#api/qualification/response-result.ts';
import { encodeXmlMessage } from '#api/qualification/xml-message.ts';
import { fullName } from '#api/synthetic/people/person.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { NOW, WORLD_TIMEOUT_MS, sharedWorld } from '../synthetic/shared-world.ts';

let world: SyntheticWorld;
let payer: ReturnType<typeof createPayerSimulator>;
beforeAll(async () => {
  world = await sharedWorld();
  payer = createPayerSimulator(world, () => NOW);
}, WORLD_TIMEOUT_MS);

const search = (info: object) =>
  payer.request('/qualification/search', {
    method: 'POST',
    body: encodeXmlMessage({
      MessageHeader: { QualificationConfirmationDate: '20261120', MedicalInstitutionCode: '1310000012' },
      MessageBody: { QualificationConfirmSearchInfo: { LimitApplicationCertificateRelatedConsFlg: '1', ...info } },
    }),
  });
const resultOf = async (response: Response) => parseQualificationResult(new Uint8Array(await response.arrayBuffer()));

describe('the payer simulator', () => {
  it('finds everybody by the numbers on their insurance certificate', async () => {
    for (const person of world.people) {
      const { insurance, birthDate } = person;
      const response = await search({
        InsurerNumber: insurance.insurerNumber,
        InsuredCardSymbol: insurance.symbol,
        InsuredIdentificationNumber: insurance.number,
        InsuredBranchNumber: insurance.branch,
        Birthdate: birthDate.replaceAll('-', ''),
      });
      expect(response.headers.get(SIMULATED_HEADER)).toBe('payer-simulator');
      expect(await resultOf(response)).toMatchObject({ kind: 'person', name: fullName(person), simulated: true });
    }
  });

  it('knows full-width digits, and nobody by another birth date', async () => {
    const [person] = world.people;
    const { insurerNumber, number } = person!.insurance;
    const wide = number.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    const numbers = { InsurerNumber: insurerNumber, InsuredIdentificationNumber: wide };
    const right = await search({ ...numbers, Birthdate: person!.birthDate.replaceAll('-', '') });
    expect(await resultOf(right)).toMatchObject({ kind: 'person', personId: person!.payerId });
    const wrong = await search({ ...numbers, Birthdate: '19000101' });
    expect(await resultOf(wrong)).toMatchObject({ kind: 'nobody', coverage: { status: 'not_found' } });
  });

  it.each(['', '<XmlMsg/>', 'not XML'])('refuses a search that is %j', async (body) => {
    const response = await payer.request('/qualification/search', { method: 'POST', body: encodeUtf8(body) });
    expect(response.status).toBe(400);
  });

  it('publishes every authority with its certificate and its list', async () => {
    const index = (await (await payer.request('/pki')).json()) as {
      simulated: boolean;
      authorities: readonly { id: string; certificate: string; list: string }[];
    };
    expect(index.simulated).toBe(true);
    expect(index.authorities).toHaveLength(9);
    for (const authority of index.authorities) {
      const certificate = await payer.request(authority.certificate);
      expect(certificate.headers.get('content-type')).toBe('application/pkix-cert');
      expect(new X509Certificate(Buffer.from(await certificate.arrayBuffer())).ca).toBe(true);
      const list = await payer.request(authority.list);
      expect([list.status, list.headers.get('content-type')]).toEqual([200, 'application/pkix-crl']);
    }
    for (const path of ['/pki/other.crl', '/pki/jpki-auth-1.key', '/pki/..']) {
      expect((await payer.request(path)).status).toBe(404);
    }
  });

  it('says that it is simulated wherever it is asked', async () => {
    const health = await payer.request('/health');
    expect(await health.json()).toEqual({ role: 'payer-simulator', simulated: true, people: 12 });
    for (const path of ['/health', '/pki', '/nothing']) {
      expect((await payer.request(path)).headers.get(SIMULATED_HEADER)).toBe('payer-simulator');
    }
  });
});

describe('kana', () => {
  it.each([
    ['ヤマダ', 'ﾔﾏﾀﾞ'],
    ['パンダ', 'ﾊﾟﾝﾀﾞ'],
    ['ヴァーチャル', 'ｳﾞｧｰﾁｬﾙ'],
  ])('%s is %s in half width and back', (full, half) => {
    expect(toHalfWidthKana(full)).toBe(half);
    expect(toFullWidthKana(half)).toBe(full);
  });

  it('comes back for every name, its space ideographic', () => {
    for (const { name } of world.people) {
      const kana = `${name.family.kana}\u3000${name.given.kana}`;
      expect(toFullWidthKana(toHalfWidthKana(kana))).toBe(kana);
    }
  });
});
