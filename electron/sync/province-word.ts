// Which copy of the province's log is believed, on its own word or a hub's. A province put back to an older state begins
// another log, and what was believed of the one before is void: nobody may go on reading "at the province" from it.
import type { ProvinceLog } from '../../shared/sync/port.ts';
import { sha256Hex } from '../store/crypto.ts';
import type { OpenStore } from '../store/types.ts';
import { readSetting, writeSetting } from './settings.ts';

export interface ProvinceWord {
  /** As told to PCs that come to us; null: neither the province nor a hub has ever said. */
  provinceLog(): ProvinceLog | null;
  /**
   * The province itself answered: with this log, at this moment of its own clock. True: another log than the one
   * believed, and all that was believed of what it holds is forgotten.
   */
  metProvince(id: string, wall: number): boolean;
  /** It holds less than it once proved, and calls its log as before: what others were told of that is void as well. */
  provincePutBack(wall: number): void;
  /** A hub's word. newer: all that was believed before is forgotten · older: of a log that is no more, or not yet. */
  toldOfProvince(log: ProvinceLog): 'newer' | 'same' | 'older';
}

/** Ours: no clock of a hub is further ahead by mistake alone, and a moment never reached could never be followed. */
const AHEAD_MS = 24 * 3_600_000;

export function provinceWord(store: OpenStore, now: () => number, forgetAll: () => void): ProvinceWord {
  const known = () => readSetting(store, 'syncProvinceLog');
  const believe = (word: ProvinceLog, named: string | null): void =>
    writeSetting(store, 'syncProvinceLog', { id: word.id, since: word.since, named });
  const latest = (): number => Math.floor(now()) + AHEAD_MS;
  /** What others will believe as well, also of a province whose clock is years ahead. */
  const moment = (wall: number): number => Math.min(wall, latest());

  return {
    provinceLog() {
      const word = known();
      return word && { id: word.id, since: word.since };
    },
    metProvince(id, wall) {
      const before = known();
      if (before?.named === id) return false;
      if (before === null || before.id === id) {
        believe(before ?? { id, since: moment(wall) }, id);
        return false;
      }
      store.local(() => {
        forgetAll();
        believe({ id, since: Math.max(moment(wall), before.since + 1) }, id);
      });
      return true;
    },
    provincePutBack(wall) {
      const before = known();
      if (!before) return;
      const since = Math.max(moment(wall), before.since + 1);
      believe({ id: sha256Hex(`${before.id} ${since}`).slice(0, 16), since }, before.named);
    },
    toldOfProvince(log) {
      const before = known();
      if (log.since > latest()) return before?.id === log.id ? 'same' : 'older';
      if (before === null) {
        believe(log, null);
        return 'same';
      }
      if (before.id === log.id) {
        // each hub knows when it met it first itself; the earliest is nearest to when it began
        if (log.since < before.since) believe(log, before.named);
        return 'same';
      }
      if (log.since <= before.since) return 'older';
      store.local(() => {
        forgetAll();
        believe(log, before.named);
      });
      return 'newer';
    },
  };
}
