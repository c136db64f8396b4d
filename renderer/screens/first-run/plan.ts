// What the first-run wizard collects, and when a step is complete. Pure, so that its rules are tested without a page.
import type { Input } from '../../../shared/api/index.ts';
import type { TextKey } from '../../i18n/index.ts';

export const steps = ['center', 'wards', 'station', 'admin'] as const;
export type Step = (typeof steps)[number];

export interface WardPlan {
  readonly key: number;
  readonly name: string;
  readonly departmentCode: string | null;
  readonly beds: number;
  readonly bedsPerRoom: number;
}

export interface Plan {
  readonly centerName: string;
  readonly facilityCode: string;
  readonly provinceCode: string | null;
  readonly wards: readonly WardPlan[];
  readonly stationName: string;
  readonly fullName: string;
  readonly username: string;
  readonly password: string;
  readonly again: string;
}

export const emptyPlan: Plan = {
  centerName: '',
  facilityCode: '',
  provinceCode: null,
  wards: [],
  stationName: '',
  fullName: '',
  username: '',
  password: '',
  again: '',
};

/** Field → what is missing. Empty: the step is complete. The core checks everything again. */
export function stepProblems(plan: Plan, step: Step): Readonly<Record<string, TextKey>> {
  const missing = (field: string, value: string | null): Record<string, TextKey> =>
    value === null || value.trim() === '' ? { [field]: 'field.required' } : {};
  switch (step) {
    case 'center':
      return { ...missing('centerName', plan.centerName), ...missing('provinceCode', plan.provinceCode) };
    case 'wards':
      return plan.wards.length === 0 || plan.wards.some((ward) => !completeWard(ward))
        ? { wards: 'first-run.wardsMissing' }
        : {};
    case 'station':
      return missing('stationName', plan.stationName);
    case 'admin':
      return {
        ...missing('fullName', plan.fullName),
        ...(/^[a-z0-9][a-z0-9._-]{2,31}$/.test(plan.username.trim().toLowerCase())
          ? {}
          : { username: 'field.bad_username' as const }),
        ...(plan.password.length < 8 ? { password: 'login.passwordRule' as const } : {}),
        ...(plan.password === plan.again ? {} : { again: 'login.passwordsDiffer' as const }),
      };
  }
}

export const completeWard = (ward: WardPlan): boolean =>
  ward.name.trim() !== '' && ward.departmentCode !== null && ward.beds >= 1 && ward.bedsPerRoom >= 1;

/** Rooms 101, 102… of the first ward, 201… of the second; beds numbered through the ward as on the doors: 1, 2, 3… */
export function roomsOf(ward: WardPlan, wardIndex: number): { name: string; beds: string[] }[] {
  const count = Math.ceil(ward.beds / ward.bedsPerRoom);
  return Array.from({ length: count }, (_, room) => ({
    name: `${wardIndex + 1}${String(room + 1).padStart(2, '0')}`,
    beds: Array.from(
      { length: Math.min(ward.bedsPerRoom, ward.beds - room * ward.bedsPerRoom) },
      (_unused, bed) => String(room * ward.bedsPerRoom + bed + 1),
    ),
  }));
}

/** `roomName`: what a room of this number is called on its door and on every screen. */
export function toInput(plan: Plan, roomName: (number: string) => string): Input<'station.firstRun'> {
  return {
    centerName: plan.centerName,
    ...(plan.facilityCode.trim() === '' ? {} : { facilityCode: plan.facilityCode }),
    provinceCode: plan.provinceCode ?? '',
    wards: plan.wards.map((ward, index) => ({
      name: ward.name,
      departmentCode: ward.departmentCode ?? '',
      rooms: roomsOf(ward, index).map(({ name, beds }) => ({ name: roomName(name), beds })),
    })),
    stationName: plan.stationName,
    admin: { username: plan.username.trim().toLowerCase(), fullName: plan.fullName, password: plan.password },
  };
}
