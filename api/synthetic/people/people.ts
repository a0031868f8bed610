import { type Day, addDays, addYears } from '../calendar.ts';
import type { Random } from '../random.ts';
import { SYNTHETIC_INSURERS, type InsurerKey } from './insurers.ts';
import type { DealName } from './names.ts';
import type { PersonTrait, SyntheticAddress, SyntheticInsurance, SyntheticPerson } from './person.ts';

/** Who is wanted: the cast is fixed so that a demonstration can be told, the rest comes from the seed. */
interface Role {
  readonly age: number;
  readonly sex: 'male' | 'female';
  readonly insurer: InsurerKey;
  readonly place: keyof typeof PLACES;
  readonly burdenPercent: 10 | 20 | 30;
  readonly relation?: 'family';
  readonly trait?: PersonTrait;
}

const CAST: readonly Role[] = [
  { age: 54, sex: 'female', insurer: 'association', place: 'tokyo', burdenPercent: 30 },
  { age: 38, sex: 'male', insurer: 'company', place: 'osaka', burdenPercent: 30 },
  { age: 72, sex: 'male', insurer: 'tokyo', place: 'tokyo', burdenPercent: 20 },
  { age: 81, sex: 'female', insurer: 'lateElderly', place: 'tokyo', burdenPercent: 10 },
  { age: 5, sex: 'male', insurer: 'company', place: 'osaka', burdenPercent: 20, relation: 'family' },
  { age: 29, sex: 'female', insurer: 'osaka', place: 'osaka', burdenPercent: 30 },
  { age: 45, sex: 'male', insurer: 'mutualAid', place: 'tokyo', burdenPercent: 30 },
  { age: 67, sex: 'female', insurer: 'osaka', place: 'osaka', burdenPercent: 30 },
  { age: 33, sex: 'male', insurer: 'association', place: 'tokyo', burdenPercent: 30, trait: 'insurance_expired' },
  { age: 60, sex: 'female', insurer: 'mutualAid', place: 'tokyo', burdenPercent: 30, trait: 'certificate_revoked' },
  { age: 23, sex: 'male', insurer: 'tokyo', place: 'tokyo', burdenPercent: 30, trait: 'card_not_enrolled' },
  { age: 91, sex: 'female', insurer: 'lateElderly', place: 'tokyo', burdenPercent: 10 },
];

/** Municipalities that do not exist; their codes are outside the ranges in use. */
const PLACES = {
  tokyo: { prefecture: '東京都', city: '架空市', postal: '199', municipality: '13990' },
  osaka: { prefecture: '大阪府', city: '模擬市', postal: '599', municipality: '27990' },
} as const;
const TOWNS = ['青葉台', '本町', '緑ヶ丘', '港', '中央', '泉', '西野', '日の出'] as const;

/** A dozen people of different ages and insurers; three of them have the one thing that is out of order. */
export function createPeople(random: Random, nameOf: DealName, today: Day): readonly SyntheticPerson[] {
  return CAST.map((role, i) => {
    const id = `person-${String(i + 1).padStart(2, '0')}`;
    const birthDate = addDays(addYears(today, -role.age), -random.integer(1, 300));
    return {
      id,
      payerId: `SYN${random.digits(10)}`,
      name: nameOf(role.sex),
      sex: role.sex,
      birthDate,
      address: createAddress(random, role.place),
      insurance: createInsurance(random, role, birthDate, today),
      cardId: `mynumber-${id}`,
      trait: role.trait ?? 'ordinary',
    };
  });
}

function createAddress(random: Random, place: keyof typeof PLACES): SyntheticAddress {
  const { prefecture, city, postal, municipality } = PLACES[place];
  const line = `${random.pick(TOWNS)}${random.integer(1, 5)}-${random.integer(1, 28)}-${random.integer(1, 30)}`;
  return { postalCode: `${postal}-${random.digits(4)}`, prefecture, city, line, municipality };
}

function createInsurance(random: Random, role: Role, birthDate: Day, today: Day): SyntheticInsurance {
  const insurer = SYNTHETIC_INSURERS[role.insurer];
  const joined = addDays(today, -random.integer(200, 1500));
  const isExpired = role.trait === 'insurance_expired';
  return {
    insurerNumber: insurer.number,
    insurerName: insurer.name,
    // 後期高齢者医療 has numbers of eight digits and neither symbol nor branch.
    symbol: insurer.kind === 'lateElderly' ? '' : String(random.integer(100, 9999)),
    number: insurer.kind === 'lateElderly' ? random.digits(8) : String(random.integer(1, 99999)),
    branch: insurer.kind === 'lateElderly' ? '' : role.relation === 'family' ? '02' : '01',
    relation: role.relation ?? 'insured',
    validFrom: joined < birthDate ? birthDate : joined,
    validUntil: isExpired ? addDays(today, -random.integer(20, 90)) : addDays(today, random.integer(400, 900)),
    burdenPercent: role.burdenPercent,
  };
}
