// Whatever three PCs do and in whatever order their changes arrive: the same tables, the same conflicts, and
// exactly those acts set against each other whose writers did not know of one another.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpenStore } from '../../../electron/store/types.ts';
import { changeId } from '../../../shared/model/change.ts';
import { exchange, openTestStore } from '../support/open-test-store.ts';
import { propertyRuns } from '../support/property-runs.ts';
import {
  admitted,
  areas,
  discharging,
  dump,
  layOut,
  moving,
  openPc,
  type Pc,
} from '../support/stay-center.ts';

const step = fc.record({
  pc: fc.nat(2),
  stay: fc.nat(1),
  what: fc.constantFrom(
    'move',
    'move',
    'move',
    'discharge',
    'reopen',
    'diagnose',
    'meet',
    'undo',
    'settle',
    'swap',
  ),
  bed: fc.nat(7),
  minutes: fc.nat(30),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Sent home by a PC whose clock runs ahead, taken back by one whose clock is right. */
const answeredAhead: Step[] = [
  { pc: 1, stay: 1, what: 'discharge', bed: 0, minutes: 6 },
  { pc: 0, stay: 0, what: 'meet', bed: 0, minutes: 0 },
  { pc: 0, stay: 1, what: 'reopen', bed: 0, minutes: 0 },
  { pc: 0, stay: 0, what: 'move', bed: 1, minutes: 0 },
];

it('gives every store the same tables and conflicts in any order of delivery', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.infiniteStream(fc.nat(1000)),
      async (steps, order) => {
        const { pcs } = await play(steps, true);
        const everything = pcs.map((p) => p.store);
        for (const store of everything)
          for (const other of everything) if (store !== other) exchange(store, other);
        for (const store of everything)
          for (const other of everything) if (store !== other) exchange(store, other);
        const expected = dump(everything[0]!);
        for (const store of everything) expect(dump(store)).toEqual(expected);
        const late = openTestStore(areas, { station: 'z' });
        deliver(everything[0]!, late, order);
        expect(dump(late)).toEqual(expected);
        expect(late.rebuild().ok).toBe(true);
        expect(dump(late)).toEqual(expected);
        for (const store of [...everything, late]) store.close();
      },
    ),
    { numRuns: propertyRuns(8) },
  );
}, 120_000);

it('sets exactly those acts against each other whose writers did not know of one another', async () => {
  let clashes = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      const { pcs, stays, known } = await play(steps, false);
      for (let i = 0; i < 2; i++)
        for (const p of pcs) for (const q of pcs) if (p !== q) exchange(p.store, q.store);
      for (const stay of stays) {
        const expected = expectedPairs(pcs[0]!, stay, known);
        const found = pcs[0]!.store.sql
          .prepare<[string], string>(
            `SELECT key FROM conflict WHERE owner = ? AND subject_key <> 'field.admission.diagnosis'`,
          )
          .pluck()
          .all(`admission:${stay}`);
        expect(found.sort()).toEqual(expected.sort());
        clashes += expected.length;
      }
      for (const p of pcs) p.store.close();
    }),
    { numRuns: propertyRuns(8), examples: [[answeredAhead]] },
  );
  // the histories must be rough enough to mean something
  expect(clashes).toBeGreaterThan(propertyRuns(8) >= 25 ? 10 : 0);
}, 120_000);

/** Plays steps on three PCs; refused commands are part of life. `known`: what the writer's store held, act by act. */
async function play(steps: readonly Step[], takingBack: boolean) {
  const pcs = ['a', 'b', 'c'].map((station) => openPc(station));
  const first = pcs[0]!;
  const { noi, ngoai, n, g } = await layOut(first);
  const stays = [await admitted(first, noi, n[0]!), await admitted(first, ngoai, g[0]!)];
  for (const other of pcs.slice(1)) exchange(first.store, other.store);
  const beds = [...n, ...g];
  const known = new Map<string, ReadonlySet<string>>();
  const undos = new Map<Pc, string>();
  for (const s of steps) {
    const pc = pcs[s.pc]!;
    const stay = stays[s.stay]!;
    pc.clock.now += s.minutes * 60_000;
    const before = idsOf(pc, stays);
    const wardId = s.bed < 4 ? noi : ngoai;
    const answered = await attempt();
    if (answered?.undo) undos.set(pc, answered.undo);
    for (const id of idsOf(pc, stays))
      if (!before.has(id) && id.startsWith(pc.store.station.id)) known.set(id, before);

    async function attempt(): Promise<{ undo?: string } | null> {
      const result = await run();
      return result && 'ok' in result && result.ok ? (result.value as { undo?: string }) : null;
    }
    async function run() {
      switch (s.what) {
        case 'move':
          return pc.call('admissions.transfer', moving(pc, stay, wardId, beds[s.bed]!));
        case 'discharge':
          return pc.call('admissions.discharge', discharging(pc, stay, `Ổn ${s.pc}`));
        case 'reopen':
          return pc.call('admissions.reopen', { admissionId: stay, reason: 'Nhầm', bedId: null });
        case 'diagnose':
          return pc.call('admissions.updateDiagnosis', {
            admissionId: stay,
            diagnosis: `Chẩn đoán ${s.bed}`,
            saw: pc.saw(stay),
          });
        case 'swap':
          return pc.call('admissions.swapBeds', {
            a: stays[0]!,
            b: stays[1]!,
            at: pc.clock.now,
            reason: '',
            sawA: pc.saw(stays[0]!),
            sawB: pc.saw(stays[1]!),
          });
        case 'meet':
          exchange(pc.store, pcs[(s.pc + 1) % 3]!.store);
          return null;
        case 'undo':
          if (takingBack && undos.has(pc)) pc.undo(undos.get(pc));
          return null;
        case 'settle': {
          const open = await pc.openConflicts();
          const conflict = open[s.bed % Math.max(1, open.length)];
          if (takingBack && conflict) {
            const { choice } = conflict.sides[s.minutes % conflict.sides.length]!;
            await pc.must('conflicts.settle', { id: conflict.id, choice, reason: null });
          }
          return null;
        }
      }
    }
  }
  return { pcs, stays, known };
}

const idsOf = (pc: Pc, stays: readonly string[]): Set<string> =>
  new Set(stays.flatMap((stay) => pc.store.changesOf('admission', stay).map(changeId)));

/** By what each store really held when it wrote, not by what the changes say of it. */
function expectedPairs(pc: Pc, stay: string, known: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const acts = pc.store
    .changesOf('admission', stay)
    .filter((c) =>
      ['admission.transfer', 'admission.swap', 'admission.discharge', 'admission.reopen'].includes(c.kind),
    )
    .map((c) => ({ id: changeId(c), kind: c.kind, body: c.body }));
  const knew = (x: string, y: string) => known.get(x)!.has(y);
  const apart = (x: string, y: string) => x !== y && !knew(x, y) && !knew(y, x);
  const facts = ({ body: { saw: _saw, ...rest } }: (typeof acts)[number]) => JSON.stringify(rest);
  const place = ({ body }: (typeof acts)[number]) => `${body.ward} ${body.bed}`;
  const pairs: string[] = [];
  for (const x of acts) {
    for (const y of acts) {
      if (x.id >= y.id || !apart(x.id, y.id)) continue;
      if (
        acts.some((z) => (knew(z.id, x.id) && apart(z.id, y.id)) || (knew(z.id, y.id) && apart(z.id, x.id)))
      )
        continue;
      const out = [x, y].filter((c) => c.kind === 'admission.discharge').length;
      const clash = out === 2 ? facts(x) !== facts(y) : out === 1 || place(x) !== place(y);
      if (clash) pairs.push([x.id, y.id].sort().join(','));
    }
  }
  return pairs;
}

/** Feeds arrive in order of their numbers and otherwise anyhow, one change at a time. */
function deliver(from: OpenStore, to: OpenStore, order: fc.Stream<number>): void {
  const queues = from.feeds().map((f) => from.storedAfter(f, 0, 1_000_000));
  for (;;) {
    const waiting = queues.filter((q) => q.length > 0);
    if (waiting.length === 0) return;
    const next = waiting[order.next().value % waiting.length]!.shift()!;
    const report = to.ingest([next]);
    if (!report.ok || report.value.refused.length > 0) throw new Error(JSON.stringify(report));
  }
}
