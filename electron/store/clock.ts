// The store's clock: never behind anything written here or seen from others, even when the PC's clock is,
// and an alarm when that clock jumps, because wrong times in a medical record must be seen by a person.
import type { Database } from 'better-sqlite3';
import {
  HLC_ZERO,
  type Hlc,
  hlcCounter,
  hlcMs,
  laterHlc,
  makeHlc,
  nextHlc,
  parseHlc,
} from '../../shared/time/hlc.ts';
import { storeMetaOf } from './meta.ts';
import type { ClockAlarm } from './types.ts';

/** Beyond this a clock is called wrong (design: time). */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

export interface Clock {
  /** Stamp of the next change; inside a transaction. */
  tick(): { hlc: Hlc; wall: number };
  /** How far ahead of this PC a stamp from elsewhere is, ms, when that is too far to follow; else null. */
  aheadOf(hlc: Hlc): number | null;
  /** Never to stamp behind this from now on; of stamps from elsewhere only those not too far ahead. */
  follow(hlc: Hlc): void;
  last(): Hlc;
  /** Leaves out so many of the next stamps, once something has been stamped. */
  skip(steps: number): void;
  /** Looks for a jump since the last look; call every minute and before writing, outside its transaction. */
  check(): ClockAlarm | null;
  alarms(): ClockAlarm[];
  /** False when there is no such open alarm. */
  acknowledge(id: string, userId: string): boolean;
}

/**
 * `uptimeMs` counts on while the PC sleeps and cannot be set by hand (os.uptime), so that waking up in the
 * morning is no jump but setting the clock is.
 */
export function storeClock(sql: Database, now: () => number, uptimeMs: () => number): Clock {
  const meta = storeMetaOf(sql);
  const insertAlarm = sql.prepare('insert into clock_alarm (id, at, jump_ms, found) values (?, ?, ?, ?)');
  const listAlarms = sql.prepare<[], AlarmRow>(
    'select id, at, jump_ms, found, acknowledged_at, acknowledged_by from clock_alarm order by at desc, id',
  );
  const acknowledgeAlarm = sql.prepare(
    'update clock_alarm set acknowledged_at = ?, acknowledged_by = ? where id = ? and acknowledged_at is null',
  );
  const latestUpTo = sql
    .prepare<[string], string | null>('select max(hlc) from change_log where hlc <= ?')
    .pluck();
  let baseline: { wall: number; uptime: number } | null = null;

  const last = (): Hlc => {
    const text = meta.get('clock');
    return text === null ? HLC_ZERO : parseHlc(text);
  };
  /** What came in while this PC's clock was far behind was too far ahead to follow; not any more once it is set. */
  const inReach = (wall: number): Hlc => {
    const bound = Math.min(Math.max(0, wall + CLOCK_TOLERANCE_MS), 2 ** 48 - 1);
    const latest = latestUpTo.get(makeHlc(bound, 0xffff));
    return latest ? parseHlc(latest) : HLC_ZERO;
  };
  const alarm = (jumpMs: number, found: ClockAlarm['found'], at: number): ClockAlarm => {
    const id = crypto.randomUUID();
    insertAlarm.run(id, at, Math.round(jumpMs), found);
    return { id, at, jumpMs: Math.round(jumpMs), found, acknowledgedAt: null, acknowledgedBy: null };
  };

  return {
    last,
    skip(steps) {
      const from = last();
      if (from === HLC_ZERO) return;
      const counter = hlcCounter(from) + steps;
      meta.set('clock', makeHlc(hlcMs(from) + Math.floor(counter / 2 ** 16), counter % 2 ** 16));
    },
    tick() {
      const wall = Math.floor(now());
      const hlc = nextHlc(laterHlc(last(), inReach(wall)), wall);
      meta.set('clock', hlc);
      meta.set('last_wall', String(wall));
      return { hlc, wall };
    },
    aheadOf(hlc) {
      const ahead = hlcMs(hlc) - Math.floor(now());
      return ahead > CLOCK_TOLERANCE_MS ? ahead : null;
    },
    follow(hlc) {
      const before = last();
      const after = laterHlc(before, hlc);
      if (after !== before) meta.set('clock', after);
    },
    check() {
      const wall = Math.floor(now());
      const uptime = uptimeMs();
      const before = baseline;
      baseline = { wall, uptime };
      let found: ClockAlarm | null = null;
      if (before) {
        const jump = wall - before.wall - (uptime - before.uptime);
        if (Math.abs(jump) > CLOCK_TOLERANCE_MS) found = alarm(jump, 'running', wall);
      } else {
        // time passes while the program is closed, but it cannot run backwards
        const lastWall = Number(meta.get('last_wall') ?? Number.NaN);
        if (wall < lastWall - CLOCK_TOLERANCE_MS) found = alarm(wall - lastWall, 'on_open', wall);
      }
      if (found || !before) meta.set('last_wall', String(wall));
      return found;
    },
    alarms: () =>
      listAlarms.all().map((r) => ({
        id: r.id,
        at: r.at,
        jumpMs: r.jump_ms,
        found: r.found,
        acknowledgedAt: r.acknowledged_at,
        acknowledgedBy: r.acknowledged_by,
      })),
    acknowledge: (id, userId) => acknowledgeAlarm.run(Math.floor(now()), userId, id).changes > 0,
  };
}

interface AlarmRow {
  id: string;
  at: number;
  jump_ms: number;
  found: ClockAlarm['found'];
  acknowledged_at: number | null;
  acknowledged_by: string | null;
}
