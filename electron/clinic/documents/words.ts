// How facts of the record are worded on paper. Paper is Vietnamese whatever language the screen has.
import type { VitalValues } from '../../../shared/api/observations.ts';
import type { relations } from '../../../shared/api/patients.ts';
import type { Code } from '../../../shared/codes/code.ts';
import { formatDate, formatTime } from '../../../shared/time/vietnam.ts';

export const relationNames: Readonly<Record<(typeof relations)[number], string>> = {
  father: 'cha',
  mother: 'mẹ',
  spouse: 'vợ, chồng',
  child: 'con',
  sibling: 'anh, chị, em',
  grandparent: 'ông, bà',
  grandchild: 'cháu',
  guardian: 'người giám hộ',
  caregiver: 'người chăm sóc',
  other: 'người thân khác',
};

export const severityNames = {
  mild: 'nhẹ',
  moderate: 'vừa',
  severe: 'nặng',
  unknown: null,
} as const;

/** The words of the ACVPU scale as ward charts have them. */
export const consciousnessNames: Readonly<Record<NonNullable<VitalValues['consciousness']>, string>> = {
  A: 'Tỉnh',
  C: 'Lú lẫn mới',
  V: 'Đáp ứng lời nói',
  P: 'Đáp ứng đau',
  U: 'Không đáp ứng',
};

export const nameIn = (list: readonly Code[], code: string | null | undefined): string | null =>
  list.find((one) => one.code === code)?.name ?? null;

/** `37,5`: a comma, as everywhere on Vietnamese paper. */
export const decimal = (n: number): string => String(n).replace('.', ',');

/** `08 giờ 05 phút, ngày 22/11/2026` */
export function momentInWords(at: number): string {
  const [hour, minute] = formatTime(at).split(':');
  return `${hour} giờ ${minute} phút, ngày ${formatDate(at)}`;
}

/**
 * Age as forms have it: days in the first month of life, months up to the third birthday, then years. Ours: no rule for
 * forms was found (prescriptions ask for months below 72, TT 26/2025). `birth` may be partial, `on` is a full day.
 */
export function ageOnPaper(birth: string, on: string): string | null {
  const [year = 0, month, day] = birth.split('-').map(Number);
  const [y = 0, m = 0, d = 0] = on.split('-').map(Number);
  if (month === undefined) return y < year ? null : String(y - year);
  const months = (y - year) * 12 + m - month - (day !== undefined && d < day ? 1 : 0);
  if (months < 0) return Date.parse(birth) <= Date.parse(on) ? `${daysBetween(birth, on)} ngày` : null;
  if (months < 1 && day !== undefined) return `${daysBetween(birth, on)} ngày`;
  return months < 36 ? `${months} tháng` : String(Math.floor(months / 12));
}

const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** `120/80`; one of the two alone keeps its place: `120/—`. */
export const pressure = ({ systolic, diastolic }: VitalValues): string | null =>
  systolic === null && diastolic === null ? null : `${systolic ?? '—'}/${diastolic ?? '—'}`;

/** What was breathed: null when nobody noted it. */
export const oxygen = ({ oxygen: litres }: VitalValues): string | null =>
  litres === null ? null : litres === 0 ? 'khí trời' : decimal(litres);

/** One sentence; signs not measured are left out, and null when none was. */
export function vitalsInWords(values: VitalValues): string | null {
  const said = [
    sign('mạch', values.pulse, 'lần/phút'),
    sign('nhiệt độ', values.temperature, '°C'),
    sign('huyết áp', pressure(values), 'mmHg'),
    sign('nhịp thở', values.respiration, 'lần/phút'),
    sign('SpO₂', values.spo2, '%') + breathing(values),
    values.consciousness === null ? '' : `ý thức: ${consciousnessNames[values.consciousness].toLowerCase()}`,
    sign('đau', values.pain, '/10', ''),
    sign('cân nặng', values.weight, 'kg'),
    sign('chiều cao', values.height, 'cm'),
  ].filter((part) => part !== '');
  const text = said.join(', ');
  return text === '' ? null : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const sign = (name: string, value: number | string | null, unit: string, gap = ' '): string =>
  value === null ? '' : `${name} ${typeof value === 'number' ? decimal(value) : value}${gap}${unit}`;

function breathing(values: VitalValues): string {
  if (values.spo2 === null || values.oxygen === null) return '';
  return values.oxygen === 0 ? ' (khí trời)' : ` (thở oxy ${decimal(values.oxygen)} lít/phút)`;
}
