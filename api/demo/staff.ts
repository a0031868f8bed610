import { createECDH, createHmac } from 'node:crypto';
import type { DemoStaff } from '../contract/demo-staff.ts';
import { encodeBase64Url } from '../contract/encoding.ts';
import type { InstitutionId } from '../contract/ids.ts';
import { encodeCoseKey } from '../contract/software-passkey.ts';
import type { StaffRole } from '../contract/staff-person.ts';
import type { StaffStore } from '../storage/staff.ts';

/** The first may enter every room, as the head of a small clinic does; the others show what each may see. */
const PEOPLE: readonly { readonly name: string; readonly roles: readonly StaffRole[] }[] = [
  {
    name: '体験 ひとり',
    roles: ['reception', 'nurse', 'doctor', 'records', 'administrator', 'operator', 'auditor'],
  },
  { name: '受付 はるか', roles: ['reception'] },
  { name: '看護 みどり', roles: ['nurse'] },
  { name: '医師 たける', roles: ['doctor'] },
  { name: '記録 しおり', roles: ['records'] },
  { name: '管理 つかさ', roles: ['administrator'] },
  { name: '運用 わたる', roles: ['operator'] },
  { name: '監査 まこと', roles: ['auditor'] },
];

/** Sets the demonstration's keys apart from any other use of the same function; no secret. */
const SEED = 'tsunagi demonstration staff';

/**
 * The made-up people of a demonstration's institution with their software passkeys. Everything follows from the
 * institution's id, so that a gateway and its tests agree without a file.
 */
export function listDemoStaff(institution: InstitutionId): readonly DemoStaff[] {
  return PEOPLE.map(({ name, roles }, index) => {
    const derive = (what: string) => createHmac('sha256', SEED).update(`${institution} ${index} ${what}`).digest();
    const id = toUuidv7(derive('id'));
    const passkey = {
      credentialId: encodeBase64Url(derive('credential').subarray(0, 16)),
      key: toKey(derive('key')),
      prfSecret: encodeBase64Url(derive('prf')),
      user: id,
    };
    return { person: { id, name, roles }, passkey };
  });
}

/** Lets a demonstration's people sign in. What an administrator changed since stays changed. */
export async function seedDemoStaff(staff: StaffStore, institution: InstitutionId, now: () => Date): Promise<void> {
  for (const { person, passkey } of listDemoStaff(institution)) {
    const createdAt = now();
    if (!(await staff.find(person.id))) await staff.add({ ...person, createdAt, disabledAt: null });
    const { credentialId, key } = passkey;
    await staff.seedPasskey({ credentialId, staff: person.id, publicKey: encodeCoseKey(key), counter: 0, createdAt });
  }
}

/** A private key from a seed: a value of 256 bits is a scalar of P-256 but for one in four billion. */
function toKey(seed: Buffer): DemoStaff['passkey']['key'] {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(seed);
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map(encodeBase64Url);
  if (!x || !y) throw new TypeError('an uncompressed point has two coordinates');
  return { kty: 'EC', crv: 'P-256', x, y, d: encodeBase64Url(seed) };
}

/** Formed as RFC 9562 §5.7 wants, at the beginning of time. */
function toUuidv7(seed: Buffer): string {
  const hex = `00000000000071${seed.toString('hex', 0, 1)}8${seed.toString('hex', 1, 9).slice(0, 15)}`;
  const digits = `${hex.slice(0, 12)}7${hex.slice(13, 16)}8${hex.slice(17, 32)}`;
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .join('-');
}
