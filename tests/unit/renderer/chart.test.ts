import { describe, expect, it } from 'vitest';
import {
  curve,
  dayColumns,
  frame,
  type Observation,
  onSheet,
  polyline,
  pressureBars,
  pulseScale,
  sheetCount,
  sheetStart,
  temperatureScale,
  xOf,
  yOf,
} from '../../../renderer/screens/chart/chart-geometry.ts';
import type { Entry } from '../../../renderer/screens/chart/chart-types.ts';
import { compareLines, countsDays, lastOrders } from '../../../renderer/screens/chart/copy-orders.ts';
import { noVitals } from '../../../shared/codes/vitals.ts';
import { formatTime } from '../../../shared/time/vietnam.ts';

const admitted = Date.UTC(2026, 10, 20, 8, 30);
const set = (at: number, values: Partial<Observation['values']>, voided = false) =>
  ({ observationId: String(at), at, values: { ...noVitals, ...values }, voided }) as unknown as Observation;

describe('the vital signs chart', () => {
  it('rules a degree where it rules twenty beats, as the paper sheet does', () => {
    const pulse = yOf(80, pulseScale, frame.top, frame.curveHeight).y;
    const temperature = yOf(37, temperatureScale, frame.top, frame.curveHeight).y;
    expect(pulse).toBe(temperature);
  });

  it('starts a sheet at midnight of the day of admission and gives it seven days', () => {
    const start = sheetStart(admitted, 0);
    expect(formatTime(start)).toBe('00:00');
    expect(dayColumns(admitted, 1).map((d) => d.dayOfStay)).toEqual([8, 9, 10, 11, 12, 13, 14]);
    expect(sheetCount(admitted, admitted)).toBe(1);
    expect(sheetCount(admitted, admitted + 7 * 86_400_000)).toBe(2);
  });

  it('sets noon in the middle of its day', () => {
    const start = sheetStart(admitted, 0);
    const [first] = dayColumns(admitted, 0);
    expect(xOf(start + 12 * 3_600_000, start)).toBeCloseTo(first!.x + first!.width / 2, 6);
  });

  it('joins measured values in order of time and leaves gaps and voided sets out', () => {
    const sets = [
      set(admitted + 8 * 3_600_000, { pulse: 90 }),
      set(admitted, { pulse: 100, temperature: 38.5 }),
      set(admitted + 3_600_000, { temperature: 38 }),
      set(admitted + 7_200_000, { pulse: 200 }, true),
    ];
    const points = curve(sets, 'pulse', sheetStart(admitted, 0));
    expect(points.map((p) => p.value)).toEqual([100, 90]);
    expect(points[0]!.x).toBeLessThan(points[1]!.x);
    expect(polyline(points).split(' ')).toHaveLength(2);
    expect(onSheet(sets, sheetStart(admitted, 1))).toEqual([]);
  });

  it('draws a value beyond the rules on the edge and marks it', () => {
    const [point] = curve([set(admitted, { pulse: 180 })], 'pulse', sheetStart(admitted, 0));
    expect(point).toMatchObject({ y: frame.top, clipped: true, value: 180 });
  });

  it('draws pressure as a bar from the upper to the lower value, only when both were measured', () => {
    const bars = pressureBars(
      [set(admitted, { systolic: 120, diastolic: 80 }), set(admitted + 1, { systolic: 90 })],
      sheetStart(admitted, 0),
    );
    expect(bars).toHaveLength(1);
    expect(bars[0]!.top).toBeLessThan(bars[0]!.bottom);
  });
});

describe('copying orders', () => {
  const entry = (eventAt: number, orders: string, withdrawn = false) =>
    ({
      entryId: String(eventAt),
      eventAt,
      content: { progress: '', orders, care: '', careLevel: null, diet: '' },
      withdrawn: withdrawn ? { at: 0, by: '', reason: '' } : null,
    }) as unknown as Entry;
  const today = Date.UTC(2026, 10, 22, 1, 0);
  const hour = 3_600_000;

  it("takes yesterday's last orders, not an earlier entry of today, not a withdrawn one", () => {
    const yesterday = entry(today - 20 * hour, 'A');
    const list = [
      entry(today - hour, 'B'),
      yesterday,
      entry(today - 15 * hour, 'C', true),
      entry(today - 12 * hour, ''),
    ];
    expect(lastOrders(list, today)?.content.orders).toBe('A');
    expect(lastOrders([entry(today - hour, 'B')], today)?.content.orders).toBe('B');
    expect(lastOrders([], today)).toBeNull();
  });

  it('shows what was added and what was left out, line by line', () => {
    const before = 'Ceftriaxon 2 g (ngày 3)\nParacetamol 500 mg x 3\nNaCl 0,9 % 500 ml';
    const now = 'Ceftriaxon 2 g (ngày 4)\nParacetamol 500 mg x 3\nOresol 1 gói';
    expect(compareLines(before, now).map((l) => `${l.state} ${l.text}`)).toEqual([
      'gone Ceftriaxon 2 g (ngày 3)',
      'new Ceftriaxon 2 g (ngày 4)',
      'same Paracetamol 500 mg x 3',
      'gone NaCl 0,9 % 500 ml',
      'new Oresol 1 gói',
    ]);
  });

  it('points out lines that count days and were copied unchanged, and changes no number itself', () => {
    const orders = 'Ceftriaxon 2 g (ngày 3)\nParacetamol 500 mg';
    const lines = compareLines(orders, orders);
    expect(lines.map((l) => l.countsDays)).toEqual([true, false]);
    expect(lines.map((l) => l.text).join('\n')).toBe(orders);
    expect(countsDays('Amoxicilin 500 mg N5')).toBe(true);
    expect(countsDays('NaCl 0,9 % 500 ml')).toBe(false);
    expect(countsDays('Vitamin B1 10 mg')).toBe(false);
  });
});
