// A center's PC was cloned and both copies went on admitting, moving and discharging: afterwards everybody sees what
// they would have seen had these been two PCs from the beginning – the same stays, the same conflicts.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { changeStoreOf } from '../../../electron/store/change-store.ts';
import { meet, type Place } from '../support/meet.ts';
import { exchange, openTestStore, testNow } from '../support/open-test-store.ts';
import {
  admitted,
  areas,
  discharging,
  dump,
  type Layout,
  layOut,
  minute,
  moving,
  type Pc,
  pcOf,
} from '../support/stay-center.ts';

const open = (station: string, path?: string, create = true): Pc => {
  const clock = { now: testNow };
  const store = openTestStore(areas, { station, path, create, now: () => (clock.now += 7) });
  return pcOf(store, clock);
};
const placeOf = (pc: Pc, isProvince = false): Place => ({
  store: pc.store,
  log: changeStoreOf(pc.store),
  isProvince,
});

interface Founded extends Layout {
  readonly stays: readonly string[];
}

async function work(one: Pc, other: Pc, { stays, noi, ngoai, n, g }: Founded): Promise<void> {
  const [moved, left, undone] = stays as [string, string, string];
  one.clock.now += minute;
  other.clock.now += 3 * minute;
  // moved twice here, knowing of the first, and once there
  await one.must('admissions.transfer', moving(one, moved, noi, n[3]!));
  await one.must('admissions.transfer', moving(one, moved, ngoai, g[0]!));
  await other.must('admissions.transfer', moving(other, moved, ngoai, g[1]!));
  await one.must('admissions.discharge', discharging(one, left));
  const { undo } = await other.must('admissions.transfer', moving(other, undone, ngoai, g[2]!));
  expect(other.undo(undo).ok).toBe(true);
  await admitted(one, ngoai, g[3]!);
  await admitted(other, ngoai, g[3]!);
}

const seen = async (pc: Pc) => ({
  conflicts: (await pc.openConflicts()).map((c) => [c.kind, c.sides.length]).sort(),
  stays: pc.store.sql.prepare('select count(*) from admission').pluck().get(),
  open: pc.store.sql.prepare("select count(*) from admission where status = 'admitted'").pluck().get(),
  moves: pc.store.sql.prepare('select kind, voided, count(*) as n from admission_move group by 1, 2').all(),
});

async function founded(pc: Pc): Promise<Founded> {
  const layout = await layOut(pc);
  const stays: string[] = [];
  for (const bed of layout.n.slice(0, 3)) stays.push(await admitted(pc, layout.noi, bed));
  return { ...layout, stays };
}

it.each([
  ['the one', 0],
  ['the other', 1],
])(
  'shows what two PCs of different names would show, when %s meets the province first',
  async (_who, first) => {
    const apart = open('a');
    const alone = open('b');
    const known = await founded(apart);
    exchange(apart.store, alone.store);
    await work(apart, alone, known);
    exchange(apart.store, alone.store);
    const expected = await seen(apart);
    expect(expected.conflicts.length).toBeGreaterThan(1);

    const folder = mkdtempSync(join(tmpdir(), 'tram-cloned-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const original = open('a', join(folder, 'one', 'record.db'));
    const center = await founded(original);
    original.store.close();
    cpSync(join(folder, 'one'), join(folder, 'two'), { recursive: true });
    const copies = ['one', 'two'].map((name) => open('a', join(folder, name, 'record.db'), false));
    for (const copy of copies) copy.clock.now += 10 * minute;
    await work(copies[0]!, copies[1]!, center);
    const province = open('p');
    for (const copy of [copies[first]!, copies[1 - first]!, copies[first]!])
      await meet(placeOf(copy), placeOf(province, true));
    for (const pc of [...copies, province]) {
      expect(dump(pc.store)).toEqual(dump(province.store));
      expect(await seen(pc)).toEqual(expected);
      expect(pc.store.parkedCounts()).toEqual([]);
      expect(pc.store.verifyLog().ok).toBe(true);
      const live = dump(pc.store);
      expect(pc.store.rebuild().ok).toBe(true);
      expect(dump(pc.store)).toEqual(live);
    }
  },
);
