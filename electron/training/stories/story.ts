// Why invented patients lie in the invented center, and what their days read like: reasons, readings, notes, orders.
// Texts are ours, in the manner of a district ward; they teach the program, not medicine.
import type { TrainingWard } from '../center.ts';

/** A value per day of stay; the last one holds for the days after. */
export type Curve = readonly number[];

export interface StoryDay {
  /** Applies from this day of stay until the next entry's day. */
  readonly fromDay: number;
  readonly progress: readonly string[];
  readonly orders: readonly string[];
  readonly care: string;
  readonly careLevel: '1' | '2' | '3';
  readonly diet: string;
}

export interface Story {
  readonly ward: TrainingWard['key'];
  readonly icd: string;
  readonly diagnosis: string;
  readonly reason: string;
  readonly sex?: '1' | '2';
  /** Years, both included. */
  readonly age: readonly [number, number];
  readonly pregnant?: boolean;
  /** Relative share among the ward's patients. */
  readonly weight: number;
  readonly stayDays: readonly [number, number];
  readonly vitals: {
    readonly temperature: Curve;
    readonly pulse: Curve;
    readonly systolic: Curve;
    readonly diastolic: Curve;
    readonly respiration: Curve;
    readonly spo2: Curve;
    readonly oxygen?: Curve;
  };
  readonly days: readonly StoryDay[];
}
