// Geometry of the vital-signs chart after the Ministry's "phiếu theo dõi chức năng sống" (TT 32/2023, PL XXIX):
// pulse 40–160 and temperature 35–41 share seven rules so that one ruled line is 20 beats or one degree.
// Pure numbers; the drawing is in VitalsChart.tsx.

import type { Output } from '../../../shared/api/index.ts';
import { dayStart } from '../../../shared/time/vietnam.ts';

export type Observation = Output<'observations.list'>[number];

export const dayMs = 86_400_000;
export const daysPerSheet = 7;

export const frame = {
  width: 1120,
  left: 108,
  right: 12,
  top: 58,
  curveHeight: 252,
  pressureTop: 330,
  pressureHeight: 100,
  rowsTop: 444,
  rowHeight: 24,
} as const;

export const pulseScale = { min: 40, max: 160, step: 20 } as const;
export const temperatureScale = { min: 35, max: 41, step: 1 } as const;
export const pressureScale = { min: 40, max: 220, step: 40 } as const;

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly value: number;
  readonly at: number;
  /** The value lies outside the ruled area and is drawn on its edge. */
  readonly clipped: boolean;
}

export interface PressureBar {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  readonly systolic: number;
  readonly diastolic: number;
  readonly at: number;
}

/** First midnight (in Vietnam) of the sheet that is `page` sheets after admission. */
export const sheetStart = (admittedAt: number, page: number): number =>
  dayStart(admittedAt) + page * daysPerSheet * dayMs;

export function sheetCount(admittedAt: number, until: number): number {
  const first = sheetStart(admittedAt, 0);
  return Math.max(1, Math.ceil((until - first + 1) / (daysPerSheet * dayMs)));
}

export interface DayColumn {
  readonly start: number;
  readonly x: number;
  readonly width: number;
  /** 1 on the day of admission. */
  readonly dayOfStay: number;
}

export function dayColumns(admittedAt: number, page: number): DayColumn[] {
  const width = (frame.width - frame.left - frame.right) / daysPerSheet;
  const first = sheetStart(admittedAt, page);
  return Array.from({ length: daysPerSheet }, (_, i) => ({
    start: first + i * dayMs,
    x: frame.left + i * width,
    width,
    dayOfStay: page * daysPerSheet + i + 1,
  }));
}

export function xOf(at: number, sheet: number): number {
  const width = frame.width - frame.left - frame.right;
  return frame.left + ((at - sheet) / (daysPerSheet * dayMs)) * width;
}

export function yOf(
  value: number,
  scale: { readonly min: number; readonly max: number },
  top: number,
  height: number,
): { y: number; clipped: boolean } {
  const inside = Math.min(scale.max, Math.max(scale.min, value));
  return { y: top + ((scale.max - inside) / (scale.max - scale.min)) * height, clipped: inside !== value };
}

export function curve(sets: readonly Observation[], field: 'pulse' | 'temperature', sheet: number): Point[] {
  const scale = field === 'pulse' ? pulseScale : temperatureScale;
  return onSheet(sets, sheet).flatMap((o) => {
    const value = o.values[field];
    if (value === null) return [];
    return [{ x: xOf(o.at, sheet), ...yOf(value, scale, frame.top, frame.curveHeight), value, at: o.at }];
  });
}

export function pressureBars(sets: readonly Observation[], sheet: number): PressureBar[] {
  return onSheet(sets, sheet).flatMap((o) => {
    const { systolic, diastolic } = o.values;
    if (systolic === null || diastolic === null) return [];
    const y = (v: number) => yOf(v, pressureScale, frame.pressureTop, frame.pressureHeight).y;
    return [{ x: xOf(o.at, sheet), top: y(systolic), bottom: y(diastolic), systolic, diastolic, at: o.at }];
  });
}

/** Sets of one sheet, not voided, oldest first. */
export function onSheet(sets: readonly Observation[], sheet: number): Observation[] {
  const end = sheet + daysPerSheet * dayMs;
  return sets.filter((o) => !o.voided && o.at >= sheet && o.at < end).sort((a, b) => a.at - b.at);
}

export const polyline = (points: readonly Point[]): string =>
  points.map((p) => `${p.x.toFixed(1)},${p.y.toFixed(1)}`).join(' ');

/** The values of a day side by side, as the rows under the paper chart show them. */
export function dayTexts(
  sets: readonly Observation[],
  sheet: number,
  column: DayColumn,
  textOf: (o: Observation) => string | null,
): string[] {
  return onSheet(sets, sheet)
    .filter((o) => o.at >= column.start && o.at < column.start + dayMs)
    .flatMap((o) => textOf(o) ?? []);
}
