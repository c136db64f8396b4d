// What another PC writes in somebody's name takes no name over.
import { describe, expect, it } from 'vitest';
import { openCenterFacts } from '../../../electron/station/center.ts';
import { model } from '../../../electron/station/projections.ts';
import type { Log } from '../../../electron/store/room.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import { stationEnrol } from '../../../shared/model/station.ts';
import { give, openTestStore, stationId, testNow } from '../support/open-test-store.ts';

const ward = stationId('w');
const enrol = (store: OpenStore, certificate: string): void => {
  store.write({ userId: null, sessionId: null }, (tx) => {
    tx.append(stationEnrol, { id: ward, body: { name: 'Khoa Nội', code: '02', certificate } });
    return ok(null);
  });
};

describe('a PC of the center', () => {
  it('stays known by the certificate first seen, though another is written with an older stamp', () => {
    const own = openTestStore([model], { station: 'a' });
    const thief = openTestStore([model], { station: 'b', now: testNow - 86_400_000 });
    const said: string[] = [];
    const log: Log = (level, message) => void (level === 'error' && said.push(message));
    const facts = openCenterFacts(own, log);
    enrol(own, 'its own');
    enrol(thief, 'the thief’s');
    give(thief, own);
    const shown = own.sql.prepare('SELECT certificate FROM station_pc').pluck().get();
    expect(shown).toBe('the thief’s');
    expect(facts.stations().map(({ certificate }) => certificate)).toEqual(['its own']);
    expect(said).toEqual(['the record names another certificate for a PC than the one first seen']);
  });

  it('is still known by it after the program was started again', () => {
    const own = openTestStore([model], { station: 'a' });
    const thief = openTestStore([model], { station: 'b', now: testNow - 86_400_000 });
    enrol(own, 'its own');
    openCenterFacts(own);
    enrol(thief, 'the thief’s');
    give(thief, own);
    expect(openCenterFacts(own).stations()[0]?.certificate).toBe('its own');
  });
});
