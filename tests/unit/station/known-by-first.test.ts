// What another PC writes in somebody's name takes no name over.
import { describe, expect, it } from 'vitest';
import { openCenterFacts } from '../../../electron/station/center.ts';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import { model } from '../../../electron/station/projections.ts';
import type { Log } from '../../../electron/store/room.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { keepVouching } from '../../../electron/sync/vouching.ts';
import { ok } from '../../../shared/api/contract.ts';
import { stationEnrol } from '../../../shared/model/station.ts';
import { give, openTestStore, stationId, testNow } from '../support/open-test-store.ts';

const ward = stationId('w');
const aDayBefore = testNow - 86_400_000;
const open = (station: string, now?: number): OpenStore =>
  openTestStore([model], { station, ...(now !== undefined && { now }) });
const enrol = (store: OpenStore, certificate: string, id = ward, code = '02'): void => {
  store.write({ userId: null, sessionId: null }, (tx) => {
    tx.append(stationEnrol, { id, body: { name: 'Khoa Nội', code, certificate } });
    return ok(null);
  });
};
/** As the first run and joining do it. */
const enrolItself = (store: OpenStore, code: string): void =>
  enrol(store, `of ${code}`, store.station.id, code);
const certificateOf = (facts: ReturnType<typeof openCenterFacts>): string | undefined =>
  facts.stations().find(({ id }) => id === ward)?.certificate;

describe('a PC of the center', () => {
  it('stays known by the certificate first seen, though another is written with an older stamp', () => {
    const own = open('a');
    const thief = open('b', aDayBefore);
    const said: string[] = [];
    const log: Log = (level, message) => void (level === 'error' && said.push(message));
    const facts = openCenterFacts(own, log);
    enrolItself(own, '01');
    enrol(own, 'its own');
    enrol(thief, 'the thief’s');
    give(thief, own);
    const shown = own.sql.prepare('SELECT certificate FROM station_pc WHERE id = ?').pluck().get(ward);
    expect(shown).toBe('the thief’s');
    expect(certificateOf(facts)).toBe('its own');
    expect(said).toEqual(['the record names another certificate for a PC than the one first seen']);
  });

  it('is still known by it after the program was started again', () => {
    const own = open('a');
    const thief = open('b', aDayBefore);
    enrolItself(own, '01');
    enrol(own, 'its own');
    openCenterFacts(own);
    enrol(thief, 'the thief’s');
    give(thief, own);
    expect(certificateOf(openCenterFacts(own))).toBe('its own');
  });

  it('is known to a PC that joins later by the key that signed its feeds, in whatever order the record comes in', async () => {
    const { signed, pem, thief } = await centerWithThief();
    for (const order of [
      [signed, thief],
      [thief, signed],
    ]) {
      const late = open('l');
      const facts = openCenterFacts(late);
      for (const store of order) give(store, late);
      enrolItself(late, '03');
      expect(certificateOf(facts)).toBe(pem);
      expect(certificateOf(openCenterFacts(late))).toBe(pem);
    }
  });

  it('keeps its place also against a signature under an incarnation made up for it', async () => {
    const { signed, pem, thief, thiefKeys } = await centerWithThief();
    const forger = open('w');
    forger.newIncarnation();
    enrol(forger, thiefKeys.certificatePem, ward, '02');
    sign(forger, thiefKeys);
    const late = open('l');
    const facts = openCenterFacts(late);
    for (const store of [thief, forger, signed]) give(store, late);
    enrolItself(late, '03');
    expect(certificateOf(facts)).toBe(pem);
  });
});

/** The PC itself, which has signed what it wrote, and another that names it anew with an older stamp. */
async function centerWithThief() {
  const [keys, thiefKeys] = await Promise.all(
    ['Khoa Nội', 'Máy trộm'].map((name) =>
      makeStationIdentity({ id: ward, name, centerName: 'Trung tâm', now: 0 }),
    ),
  );
  if (!keys || !thiefKeys) throw new Error('two keys');
  const signed = open('w');
  enrol(signed, keys.certificatePem);
  sign(signed, keys);
  const thief = open('b', aDayBefore);
  enrol(thief, thiefKeys.certificatePem);
  return { signed, pem: keys.certificatePem, thief, thiefKeys };
}

/** What it has written so far, as it does before it closes. */
function sign(store: OpenStore, keys: { keyPem: string; certificatePem: string }): void {
  keepVouching({ store, keys: () => keys, everyMs: 60_000, log: () => {} }).close();
}
