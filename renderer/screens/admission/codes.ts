// Code lists of the drawers, in the order they are offered; the words are in i18n under the same codes.
import type { Input } from '../../../shared/api/index.ts';

export type CareType = NonNullable<Input<'admissions.admit'>['careType']>;
/** MA_LOAI_KCB members for inpatient care. */
export const careTypes = ['03', '04', '06', '09'] as const satisfies readonly CareType[];

export type DischargeType = Input<'admissions.discharge'>['type'];
/** MA_LOAI_RV (QĐ 130/QĐ-BYT). */
export const dischargeTypes = ['1', '2', '3', '4', '5'] as const satisfies readonly DischargeType[];

export type Outcome = Input<'admissions.discharge'>['outcome'];
/** KET_QUA_DTRI (QĐ 130 and 4750). */
export const outcomes = ['1', '2', '3', '4', '5', '6', '7', '8'] as const satisfies readonly Outcome[];
