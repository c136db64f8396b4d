// Invented inhabitants of an invented district: identity, numbers that look right, one or two relatives.
import { familyOf, personName } from './names.ts';
import type { Random } from './random.ts';

export interface InventedPerson {
  readonly fullName: string;
  readonly sex: '1' | '2';
  /** Whole date, or the year alone as on many older people's papers. */
  readonly birthDate: string;
  readonly ageYears: number;
  readonly cccd: string | null;
  readonly bhyt: string | null;
  readonly phone: string | null;
  readonly ethnicCode: string;
  readonly occupationCode: string;
  /** Index into the province's communes. */
  readonly commune: number;
  readonly street: string;
  readonly relative: {
    readonly fullName: string;
    readonly relation: 'father' | 'mother' | 'spouse' | 'child' | 'sibling';
    readonly phone: string;
    readonly isGuardian: boolean;
  } | null;
}

export interface PersonWish {
  readonly sex?: '1' | '2';
  /** Inclusive, in whole years. */
  readonly age?: readonly [number, number];
}

/** Ages of people who come to a district center: children and the old more often than the country's pyramid; ours. */
const ageBands: readonly (readonly [readonly [number, number], number])[] = [
  [[0, 5], 16],
  [[6, 15], 10],
  [[16, 30], 16],
  [[31, 45], 16],
  [[46, 60], 18],
  [[61, 75], 16],
  [[76, 95], 8],
];

/** Kinh 01, Tày 02, Thái 03, Mông 08, Khơ-mú 29 … (Decision 121-TCTK/PPCD, 1979). */
const uplandFamilies = new Map([
  ['Lô', '03'],
  ['Vi', '03'],
  ['Lò', '03'],
  ['Quang', '03'],
  ['Lương', '03'],
  ['Vừ', '08'],
  ['Lầu', '08'],
  ['Và', '08'],
  ['Xồng', '08'],
  ['Moong', '29'],
  ['Cụt', '29'],
]);

export function inventPerson(
  random: Random,
  today: Date,
  communes: number,
  wish: PersonWish = {},
): InventedPerson {
  const sex = wish.sex ?? (random.chance(0.48) ? '1' : '2');
  const [youngest, oldest] = wish.age ?? random.weighted(ageBands);
  const ageYears = random.int(youngest, oldest);
  const birth = birthDay(random, today, ageYears);
  const fullName = personName(random, sex);
  const year = Number(birth.slice(0, 4));
  const yearOnly = ageYears >= 62 && random.chance(0.35);
  return {
    fullName,
    sex,
    birthDate: yearOnly ? birth.slice(0, 4) : birth,
    ageYears,
    cccd: random.chance(ageYears < 14 ? 0.25 : 0.94) ? citizenNumber(random, sex, year) : null,
    bhyt: random.chance(0.92) ? insuranceCard(random, ageYears) : null,
    phone: random.chance(ageYears < 14 ? 0.05 : 0.82) ? mobile(random) : null,
    ethnicCode: uplandFamilies.get(familyOf(fullName)) ?? '01',
    occupationCode:
      ageYears < 16
        ? '00'
        : random.weighted([
            ['63', 40],
            ['92', 20],
            ['52', 10],
            ['00', 12],
            ['71', 8],
            ['23', 4],
          ] as const),
    commune: random.int(0, Math.max(0, communes - 1)),
    street: random.weighted([
      [`Xóm ${random.int(1, 14)}`, 6],
      [`Bản ${random.pick(['Na Mo', 'Huồi Lau', 'Pù Luông', 'Xốp Mạt', 'Na Hốc', 'Tồng Khoai'])}`, 3],
      [`Khối ${random.int(1, 9)}`, 2],
    ] as const),
    relative: relativeOf(random, fullName, sex, ageYears),
  };
}

function birthDay(random: Random, today: Date, ageYears: number): string {
  const latest = Date.UTC(today.getUTCFullYear() - ageYears, today.getUTCMonth(), today.getUTCDate());
  return new Date(latest - random.int(1, 364) * 86_400_000).toISOString().slice(0, 10);
}

/**
 * 3 digits of province + century-and-sex digit + 2 of the year + 6 at random (TT 59/2021/TT-BCA). Never a real one:
 * the random part starts with 99, which the invented center keeps for itself.
 */
function citizenNumber(random: Random, sex: '1' | '2', year: number): string {
  const century = Math.floor((year - 1900) / 100) * 2 + (sex === '1' ? 0 : 1);
  return `040${century}${String(year % 100).padStart(2, '0')}99${String(random.int(0, 9999)).padStart(4, '0')}`;
}

function insuranceCard(random: Random, age: number): string {
  const group =
    age < 6
      ? 'TE1'
      : age < 18
        ? 'HS4'
        : age >= 60
          ? 'HT2'
          : random.pick(['GD4', 'DN4', 'HN2', 'DT2'] as const);
  return `${group}4099${String(random.int(0, 99_999_999)).padStart(8, '0')}`;
}

/** 059 numbers followed by 00: written like mobiles. */
const mobile = (random: Random): string => `05900${String(random.int(0, 99_999)).padStart(5, '0')}`;

function relativeOf(
  random: Random,
  fullName: string,
  sex: '1' | '2',
  age: number,
): InventedPerson['relative'] {
  const family = familyOf(fullName);
  if (age < 16) {
    const mother = random.chance(0.7);
    return {
      fullName: mother ? personName(random, '2') : personName(random, '1', family),
      relation: mother ? 'mother' : 'father',
      phone: mobile(random),
      isGuardian: true,
    };
  }
  if (age >= 60)
    return {
      fullName: personName(random, random.chance(0.5) ? '1' : '2', family),
      relation: 'child',
      phone: mobile(random),
      isGuardian: false,
    };
  if (age >= 25)
    return {
      fullName: personName(random, sex === '1' ? '2' : '1'),
      relation: 'spouse',
      phone: mobile(random),
      isGuardian: false,
    };
  return random.chance(0.6)
    ? {
        fullName: personName(random, '1', family),
        relation: 'sibling',
        phone: mobile(random),
        isGuardian: false,
      }
    : null;
}
