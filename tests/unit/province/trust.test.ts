// Whom the province trusts: what a center's log says of its stations, and what it may not say.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminOf } from '../../../province/admin.ts';
import { bytesOf, sha256 } from '../../../province/bytes.ts';
import { ownStation } from '../../../province/log/own-feed.ts';
import { readAuthors } from '../../../province/trust/authors.ts';
import { openIdentity } from '../../../province/trust/identity.ts';
import { fingerprintOf } from '../../../province/trust/pins.ts';
import { stationByFingerprint, stationById } from '../../../province/trust/stations.ts';
import { stationEnrol, stationRevoke } from '../../../shared/model/station.ts';
import { selfSigned } from '../../../shared/sync/certificate.ts';
import { lots, openTestDatabase, station, type TestDatabase, writer } from './support.ts';

async function certificate(id: string): Promise<string> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return await selfSigned(
    {
      kind: 'station',
      id,
      name: 'Máy',
      organization: '',
      notBefore: Date.now(),
      notAfter: Date.now() + 1e9,
      serial: randomBytes(16),
      publicKey: spki,
      keyId: sha256(spki).subarray(0, 20),
    },
    (bytes) => sign('sha256', bytes, privateKey),
  );
}

describe('trust in stations', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
  }, 60_000);
  afterAll(() => test.close());

  const enrolment = (id: string, pem: string) => ({
    subject: { type: 'station', id },
    body: { name: 'Khoa Nội', code: '07', certificate: pem },
  });

  it('comes from the center’s own log, first certificate first', async () => {
    const { store, center } = await test.center();
    const [first, id] = [writer(station(100)), randomBytes(16).toString('hex')];
    const [pem, other] = [await certificate(id), await certificate(id)];
    await store.take([first.write(1, enrolment(id, pem), stationEnrol)], first.feed.station);
    expect(await stationByFingerprint(test.db, fingerprintOf(pem)!)).toEqual({
      id,
      center,
      status: 'active',
    });

    await store.take([first.write(1, enrolment(id, other), stationEnrol)], first.feed.station);
    expect(await stationByFingerprint(test.db, fingerprintOf(other)!)).toBeNull();
    const elsewhere = await test.center();
    const thief = writer(station(101));
    await elsewhere.store.take([thief.write(1, enrolment(id, other), stationEnrol)], thief.feed.station);
    await elsewhere.store.take(
      [thief.write(1, { subject: { type: 'station', id }, body: { reason: 'x' } }, stationRevoke)],
      thief.feed.station,
    );
    expect(await stationById(test.db, id)).toEqual({ id, center, status: 'active' });
  });

  it('ends with a revocation in the log', async () => {
    const { store, center } = await test.center();
    const [hub, id] = [writer(station(102)), randomBytes(16).toString('hex')];
    const pem = await certificate(id);
    hub.write(1, enrolment(id, pem), stationEnrol);
    await store.take([hub.run(1)], hub.feed.station);
    await store.take(
      [hub.write(1, { subject: { type: 'station', id }, body: { reason: 'mất' } }, stationRevoke)],
      hub.feed.station,
    );
    expect(await stationByFingerprint(test.db, fingerprintOf(pem)!)).toEqual({
      id,
      center,
      status: 'revoked',
    });
  });

  it('ends at the word of the province, which writes it in the center’s log under a name of its own', async () => {
    const { store, center } = await test.center();
    const identity = await openIdentity(test.db, 'Tỉnh', test.clock);
    const { id: provinceId } = identity;
    const centerId = `00000000-0000-4000-8000-${String(center).padStart(12, '0')}`;
    await test.db.query('update center set center_id = $2 where number = $1', [center, centerId]);
    const [hub, ids] = [writer(station(103)), [0, 1].map(() => randomBytes(16).toString('hex'))];
    for (const id of ids) hub.write(1, enrolment(id, await certificate(id)), stationEnrol);
    await store.take([hub.run(1)], hub.feed.station);
    const admin = adminOf({
      db: test.db,
      provinceId,
      key: identity.key,
      authors: { of: async () => [], latest: async () => [], lookAt: async () => null },
      app: '0.2.0',
      training: false,
      now: () => test.clock,
      grew: () => {},
      trustChanged: () => {},
    });
    for (const id of ids) expect(await admin.revokeStation('it', id, 'mất')).toMatchObject({ ok: true });
    expect(await admin.revokeStation('it', ids[0]!, 'mất')).toMatchObject({ error: { code: 'not_found' } });
    const own = (await store.heads()).find((head) => head.station !== hub.feed.station);
    expect(own).toMatchObject({ station: ownStation(provinceId, centerId), incarnation: 1, lane: 2, seq: 4 });
    // each with its signature, which fits the certificate that stations pin
    expect(await readAuthors(test.db, center, identity)).toContainEqual(
      expect.objectContaining({ station: own?.station, vouchedTo: 4, contradicted: null, isStranger: false }),
    );
    // any other store can take it in
    const copy = await test.center();
    const all = await store.since(2, 0, lots, null);
    expect(await copy.store.take(all.runs, 'cd'.repeat(16))).toMatchObject({ accepted: 6, refused: [] });
    expect((await test.db.query('select status from station where id = $1', [bytesOf(ids[1]!)]))[0]).toEqual({
      status: 'revoked',
    });
  });
});
