import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOCK_TOLERANCE_MS, storeClock } from '../../../electron/store/clock.ts';
import { openStore } from '../../../electron/store/open.ts';
import { ok } from '../../../shared/api/contract.ts';
import { HLC_ZERO, type Hlc, hlcMs, makeHlc, nextHlc } from '../../../shared/time/hlc.ts';
import { exchange, openTestStore, stationId, testKey, testNow } from '../support/open-test-store.ts';
import { nobody, sampleArea, sampleMigrations, writeThing } from './sample-area.ts';

const minute = 60_000;

describe('the clock of a store', () => {
  it('counts on within one millisecond instead of repeating a stamp', () => {
    expect(nextHlc(makeHlc(5, 3), 5)).toBe(makeHlc(5, 4));
    expect(nextHlc(makeHlc(5, 3), 4)).toBe(makeHlc(5, 4));
    expect(nextHlc(makeHlc(5, 3), 6)).toBe(makeHlc(6, 0));
  });

  it('is never behind anything it wrote or followed, however the PC clock jumps and however often it restarts', () => {
    const store = openTestStore([sampleArea], { migrations: sampleMigrations });
    const step = fc.oneof(
      fc.record({ do: fc.constant('tick' as const), wall: fc.integer({ min: 0, max: 2 ** 43 }) }),
      fc.record({
        do: fc.constant('see' as const),
        wall: fc.integer({ min: 0, max: 2 ** 43 }),
        ahead: fc.integer({ min: -(2 ** 40), max: 2 ** 30 }),
        counter: fc.nat(0xffff),
      }),
      fc.record({ do: fc.constant('restart' as const), wall: fc.integer({ min: 0, max: 2 ** 43 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        store.sql.exec("delete from store_meta where name = 'clock'");
        let wall = 0;
        let clock = storeClock(
          store.sql,
          () => wall,
          () => 0,
        );
        let highest: Hlc = HLC_ZERO;
        for (const s of steps) {
          wall = s.wall;
          if (s.do === 'restart')
            clock = storeClock(
              store.sql,
              () => wall,
              () => 0,
            );
          if (s.do === 'tick') {
            const { hlc } = clock.tick();
            expect(hlc > highest).toBe(true);
            highest = hlc;
          }
          if (s.do === 'see') {
            const stamp = makeHlc(Math.max(0, wall + s.ahead), s.counter);
            const ahead = clock.aheadOf(stamp);
            if (hlcMs(stamp) - wall > CLOCK_TOLERANCE_MS) expect(ahead).toBe(hlcMs(stamp) - wall);
            else {
              expect(ahead).toBeNull();
              clock.follow(stamp);
              if (stamp > highest) highest = stamp;
            }
          }
          expect(clock.last() >= highest).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('goes on from the last stamp when the PC clock fell back while it was off, and raises an alarm', () => {
    let wall = testNow;
    const options = { now: () => wall, migrations: sampleMigrations };
    const before = openTestStore([sampleArea], options);
    const id = writeThing(before, { name: '1' });
    const stamp = before.changesOf('thing', id)[0]!.hlc;
    before.close();
    wall -= 3 * 3_600_000;
    const opened = openStore({
      path: before.path,
      key: testKey,
      areas: [sampleArea],
      station: { id: stationId('a') },
      ...options,
      uptimeMs: () => 0,
    });
    if (!opened.ok) throw new Error(opened.error.code);
    const after = opened.value;
    const later = after.changesOf('thing', writeThing(after, { name: '2' }))[0]!;
    expect(later.hlc > stamp).toBe(true);
    expect(later.wall).toBe(wall);
    expect(after.clockAlarms()).toMatchObject([
      { jumpMs: -3 * 3_600_000, found: 'on_open', acknowledgedAt: null },
    ]);
    after.close();
  });
});

it('stamps behind what came in while the PC clock was far behind, once that is set right', () => {
  const pc = { wall: testNow - 60 * minute };
  const late = openTestStore([sampleArea], { migrations: sampleMigrations, now: () => pc.wall });
  const other = openTestStore([sampleArea], {
    migrations: sampleMigrations,
    now: () => testNow,
    station: stationId('b'),
  });
  const id = writeThing(other, { name: 'đúng giờ' });
  exchange(other, late);
  const theirs = late.changesOf('thing', id)[0]!;
  // set right, but for two minutes, which is no jump worth an alarm of its own
  pc.wall = testNow - 2 * minute;
  const own = late.changesOf('thing', writeThing(late, { name: 'sau đó' }))[0]!;
  expect(own.hlc > theirs.hlc).toBe(true);
  expect(own.wall).toBe(pc.wall);
});

describe('the clock alarm', () => {
  const running = () => {
    const pc = { wall: testNow, uptime: 1000 };
    const store = openTestStore([sampleArea], { migrations: sampleMigrations });
    const clock = storeClock(
      store.sql,
      () => pc.wall,
      () => pc.uptime,
    );
    store.sql.exec("delete from clock_alarm; delete from store_meta where name = 'last_wall'");
    clock.check();
    const pass = (wallMs: number, uptimeMs: number) => {
      pc.wall += wallMs;
      pc.uptime += uptimeMs;
      return clock.check();
    };
    return { clock, pass };
  };

  it('is raised once for a jump of more than 5 minutes either way', () => {
    const { clock, pass } = running();
    expect(pass(60 * minute, 60 * minute)).toBeNull();
    expect(pass(5 * minute, 0)).toBeNull();
    expect(pass(6 * minute, 1000)?.jumpMs).toBe(6 * minute - 1000);
    expect(pass(minute, minute)).toBeNull();
    expect(pass(-24 * 60 * minute, minute)?.jumpMs).toBe(-24 * 60 * minute - minute);
    expect(clock.alarms()).toHaveLength(2);
  });

  it('stays silent when the PC slept over night', () => {
    const { pass } = running();
    expect(pass(12 * 60 * minute, 12 * 60 * minute)).toBeNull();
  });

  it('is acknowledged once, by name', () => {
    const { clock, pass } = running();
    const id = pass(60 * minute, 0)?.id ?? '';
    expect(clock.acknowledge(id, 'hoa')).toBe(true);
    expect(clock.acknowledge(id, 'nam')).toBe(false);
    expect(clock.alarms()).toMatchObject([{ id, acknowledgedBy: 'hoa' }]);
  });

  it('is kept also when the write that found it is taken back', () => {
    let wall = testNow;
    const uptime = 5000;
    const base = openTestStore([sampleArea], { migrations: sampleMigrations, now: () => wall });
    base.close();
    const opened = openStore({
      path: base.path,
      key: testKey,
      areas: [sampleArea],
      migrations: sampleMigrations,
      now: () => wall,
      uptimeMs: () => uptime,
    });
    if (!opened.ok) throw new Error(opened.error.code);
    wall += 3_600_000;
    expect(() =>
      opened.value.write(nobody, () => {
        throw new Error('a bug');
      }),
    ).toThrow('a bug');
    expect(opened.value.clockAlarms()).toMatchObject([{ jumpMs: 3_600_000, found: 'running' }]);
    expect(opened.value.write(nobody, () => ok(1))).toEqual({ ok: true, value: 1 });
    opened.value.close();
  });
});
