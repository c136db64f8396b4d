// Carrying the record by stick between real stores.
import { chmodSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ecPointOf, ecSign, sha256 } from '../../../electron/store/crypto.ts';
import { carryCrypto, exportFile, importFrom } from '../../../electron/sync/usb.ts';
import { writeCarry } from '../../../shared/sync/carry-file.ts';
import { derOf } from '../../../shared/sync/certificate.ts';
import type { Head } from '../../../shared/sync/port.ts';
import { give } from '../support/open-test-store.ts';
import { carrierOf, folder, found, headsOf, pc, registerMany, revoke, type TestPc } from './support.ts';

async function center(...names: string[]): Promise<{ pcs: TestPc[]; id: string }> {
  const pcs = await Promise.all(names.map(pc));
  const [first, ...others] = pcs;
  if (!first) throw new Error('a center needs a PC');
  return { pcs, id: found(first, others) };
}
const two = async () => {
  const { pcs, id } = await center('a', 'b');
  const [a, b] = pcs;
  if (!a || !b) throw new Error('two');
  return { a, b, id };
};
async function exported(...given: Parameters<typeof exportFile>) {
  const made = await exportFile(...given);
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

describe('everything on a stick', () => {
  it('brings a new PC all the center has, in one file that shows nothing of it', async () => {
    const { a, b, id } = await two();
    const patient = a.register('Lò Văn Bền');
    registerMany(a.store, 300);
    const stick = folder();
    const { path, changes, bytes } = await exported(carrierOf(a, id), stick, 'all');
    expect(readdirSync(stick)).toEqual(['tram-01-20261102-0800-all.tram']);
    const file = readFileSync(path);
    expect(file.length).toBe(bytes);
    for (const word of ['Lò Văn', 'Bền', patient, 'Trung tâm', '2601A00001'])
      expect(file.includes(word)).toBe(false);

    const taken = await importFrom(carrierOf(b, id, a.store), path);
    expect(taken).toEqual({
      ok: true,
      value: { accepted: changes, duplicates: 0, refused: 0, complete: true },
    });
    expect(headsOf(b.store)).toEqual(headsOf(a.store));
    expect(b.store.changesOf('patient', patient)).toEqual(a.store.changesOf('patient', patient));
    expect(b.store.verifyLog().ok).toBe(true);
  });

  it('may be read again and again, and from the folder it lies in', async () => {
    const { a, b, id } = await two();
    a.register('Lò Văn Bền');
    const stick = folder();
    const { changes } = await exported(carrierOf(a, id), stick, 'all');
    const b1 = carrierOf(b, id, a.store);
    expect((await importFrom(b1, stick)).ok).toBe(true);
    expect(await importFrom(b1, stick)).toEqual({
      ok: true,
      value: { accepted: 0, duplicates: changes, refused: 0, complete: true },
    });
    // a stick goes back to where it came from too
    expect(await importFrom(carrierOf(a, id), stick)).toMatchObject({ ok: true, value: { accepted: 0 } });
  });

  it('gives a PC that was put back from an old copy its own work again, and it repeats no number', async () => {
    const { a, b, id } = await two();
    const old = { ...(await pc('a')), keyPem: a.keyPem, certificatePem: a.certificatePem };
    give(a.store, old.store);
    const lost = a.register('Lò Văn Bền');
    give(a.store, b.store);
    const stick = folder();
    await exported(carrierOf(b, id), stick, 'all');
    const carrier = carrierOf(old, id);
    expect(await importFrom(carrier, stick)).toMatchObject({ ok: true, value: { accepted: 1, refused: 0 } });
    expect(old.store.changesOf('patient', lost)).toHaveLength(1);
    const after = old.register('Vàng A Páo');
    expect(old.store.changesOf('patient', after)[0]).toMatchObject({ station: a.store.station.id });
    expect(old.store.changesOf('patient', after)[0]?.incarnation).toBeGreaterThan(1);
    give(old.store, a.store);
    expect(headsOf(a.store)).toEqual(headsOf(old.store));
  });

  it('carries what others wrote as well', async () => {
    const { pcs, id } = await center('a', 'b', 'c');
    const [a, b, c] = pcs;
    if (!a || !b || !c) throw new Error('three');
    give(a.store, b.store);
    b.register('Vàng A Páo');
    const stick = folder();
    await exported(carrierOf(b, id), stick, 'all');
    expect((await importFrom(carrierOf(c, id, a.store), stick)).ok).toBe(true);
    expect(headsOf(c.store)).toEqual(headsOf(b.store));
  });
});

describe('an outbox', () => {
  it('holds only what the other end is not known to have', async () => {
    const { a, b, id } = await two();
    give(a.store, b.store);
    const held = headsOf(b.store);
    const later = [a.register('Một'), a.register('Hai')];
    const stick = folder();
    const made = await exported(carrierOf(a, id, a.store, { held: () => held }), stick, 'outbox');
    expect(made.changes).toBe(2);
    expect(await importFrom(carrierOf(b, id), stick)).toMatchObject({ ok: true, value: { accepted: 2 } });
    for (const patient of later) expect(b.store.changesOf('patient', patient)).toHaveLength(1);
  });

  it('writes no file when nothing waits', async () => {
    const { a, id } = await two();
    const stick = folder();
    const carrier = carrierOf(a, id, a.store, { held: () => headsOf(a.store) });
    expect(await exported(carrier, stick, 'outbox')).toEqual({ path: '', changes: 0, bytes: 0 });
    expect(readdirSync(stick)).toEqual([]);
  });

  it('for the province is for nobody else, and the province’s answer counts as its word', async () => {
    const { a, b, id } = await two();
    const province = await pc('t');
    a.register('Lò Văn Bền');
    const stick = folder();
    let said: readonly Head[] = [];
    const carrier = carrierOf(a, id, a.store, {
      provinceCertificate: () => province.certificatePem,
      provinceHolds: async (heads) => {
        said = heads;
        return heads.length;
      },
    });
    await exported(carrier, stick, 'outbox');
    expect(await importFrom(carrierOf(b, id, a.store), stick)).toMatchObject({
      error: { code: 'file_not_for_us' },
    });

    const asProvince = carrierOf(province, id, a.store, {
      stations: () => [
        ...carrierOf(a, id).stations(),
        { id: province.store.station.id, name: 't', certificate: province.certificatePem, revokedAt: null },
      ],
    });
    expect(await importFrom(asProvince, stick)).toMatchObject({ ok: true });
    expect(headsOf(province.store)).toEqual(headsOf(a.store));

    const der = derOf(a.certificatePem) ?? new Uint8Array();
    const writer = writeCarry(
      carryCrypto,
      { kind: 'answer', center: id, from: province.store.station.id, created: 0, app: '1', protocol: 1 },
      [{ fingerprint: sha256(der), point: ecPointOf(der) ?? new Uint8Array() }],
      (bytes) => ecSign(province.keyPem, bytes),
    );
    const heads = [
      { station: a.store.station.id, incarnation: 1, lane: 0 as const, seq: 1, hash: '1'.repeat(64) },
    ];
    const answer = join(folder(), 'tra-loi.tram');
    writeFileSync(answer, Buffer.concat([writer.head, writer.holdings(heads), writer.end()]));
    expect(await importFrom(carrier, answer)).toMatchObject({
      ok: true,
      value: { accepted: 0, complete: true },
    });
    expect(said).toEqual(heads);

    // another PC of the center cannot speak for the province
    said = [];
    const forged = writeCarry(
      carryCrypto,
      { kind: 'answer', center: id, from: b.store.station.id, created: 0, app: '1', protocol: 1 },
      [{ fingerprint: sha256(der), point: ecPointOf(der) ?? new Uint8Array() }],
      (bytes) => ecSign(b.keyPem, bytes),
    );
    writeFileSync(answer, Buffer.concat([forged.head, forged.holdings(heads), forged.end()]));
    expect(await importFrom(carrier, answer)).toMatchObject({ ok: true });
    expect(said).toEqual([]);
  });
});

describe('a file that is not well', () => {
  it('cut short is taken in up to the cut, and the rest joins later', async () => {
    const { a, b, id } = await two();
    registerMany(a.store, 2500);
    const stick = folder();
    const { path, bytes } = await exported(carrierOf(a, id), stick, 'all');
    const whole = readFileSync(path);
    truncateSync(path, Math.floor(bytes * 0.7));
    const taken = await importFrom(carrierOf(b, id, a.store), path);
    expect(taken).toMatchObject({ ok: true, value: { refused: 0, complete: false } });
    const got = taken.ok ? taken.value.accepted : 0;
    expect(got).toBeGreaterThan(500);
    expect(b.store.verifyLog().ok).toBe(true);
    writeFileSync(path, whole);
    expect(await importFrom(carrierOf(b, id, a.store), path)).toMatchObject({
      ok: true,
      value: { duplicates: got, complete: true },
    });
    expect(headsOf(b.store)).toEqual(headsOf(a.store));
  });

  it('damaged says so, and keeps what verified before the damage', async () => {
    const { a, b, id } = await two();
    registerMany(a.store, 2500);
    const { path } = await exported(carrierOf(a, id), folder(), 'all');
    const file = readFileSync(path);
    const middle = Math.floor(file.length * 0.8);
    file[middle] = (file[middle] ?? 0) ^ 1;
    writeFileSync(path, file);
    const taken = await importFrom(carrierOf(b, id, a.store), path);
    expect(taken).toMatchObject({ ok: false, error: { code: 'file_damaged' } });
    const accepted = taken.ok ? 0 : Number(taken.error.params?.accepted);
    expect(accepted).toBeGreaterThan(500);
    expect([...headsOf(b.store).values()].reduce((x, y) => x + y, 0)).toBe(accepted);
  });

  it('of another center, of a stranger, or that is no such file is told apart', async () => {
    const { a, id } = await two();
    const other = await two();
    const stick = folder();
    await exported(carrierOf(other.a, other.id), stick, 'all');
    expect(await importFrom(carrierOf(a, id), stick)).toMatchObject({ error: { code: 'file_not_for_us' } });
    // says it is of our center, but its writer is on no list
    const { path } = await exported(carrierOf(other.a, id), folder(), 'all');
    const stranger = carrierOf(a, id, a.store, { stations: () => carrierOf(a, id).stations().slice(1) });
    expect(await importFrom(stranger, path)).toMatchObject({ ok: false });
    const nonsense = join(folder(), 'thu.tram');
    writeFileSync(nonsense, 'không phải tệp của Trạm');
    expect(await importFrom(carrierOf(a, id), nonsense)).toMatchObject({ error: { code: 'file_damaged' } });
    writeFileSync(nonsense, '');
    expect(await importFrom(carrierOf(a, id), nonsense)).toMatchObject({ error: { code: 'file_damaged' } });
    expect(await importFrom(carrierOf(a, id), join(stick, 'khong-co'))).toMatchObject({
      error: { code: 'no_such_folder' },
    });
    expect(await importFrom(carrierOf(a, id), folder())).toMatchObject({
      error: { code: 'file_not_for_us' },
    });
  });

  it('of a PC whose trust was taken back is not taken in, nor is anything written for that PC', async () => {
    const { a, b, id } = await two();
    give(a.store, b.store);
    b.register('Lò Văn Bền');
    const stick = folder();
    await exported(carrierOf(b, id), stick, 'all');
    revoke(a, b);
    expect(await importFrom(carrierOf(a, id), stick)).toMatchObject({ error: { code: 'station_revoked' } });
    const fresh = folder();
    await exported(carrierOf(a, id), fresh, 'all');
    const stillTrusting = carrierOf(b, id);
    expect(await importFrom(stillTrusting, fresh)).toMatchObject({ error: { code: 'file_not_for_us' } });
  });
});

describe('a stick', () => {
  it('that is not there or cannot be written leaves nothing behind', async () => {
    const { a, id } = await two();
    expect(await exportFile(carrierOf(a, id), '/khong/co', 'all')).toMatchObject({
      error: { code: 'no_such_folder' },
    });
    if (process.getuid?.() === 0) return; // who may write everywhere meets no such stick
    const locked = folder();
    chmodSync(locked, 0o500);
    expect(await exportFile(carrierOf(a, id), locked, 'all')).toMatchObject({
      error: { code: 'store_read_only' },
    });
    expect(readdirSync(locked)).toEqual([]);
  });

  it('is written to nowhere else, whatever number another PC gave this one in the record', async () => {
    const { a, id } = await two();
    const inside = join(folder(), 'stick');
    mkdirSync(inside);
    const carrier = carrierOf(a, id);
    const { path } = await exported(
      { ...carrier, station: { ...carrier.station, code: '/../../outside' } },
      inside,
      'all',
    );
    expect(dirname(path)).toBe(inside);
  });

  it('gives what its good files hold though one of them is damaged', async () => {
    const { a, b, id } = await two();
    const stick = folder();
    const { path } = await exported(carrierOf(a, id), stick, 'all');
    const patient = a.register('Lò Văn Bền');
    await exported(carrierOf(a, id), stick, 'all');
    const bytes = readFileSync(path);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(await importFrom(carrierOf(b, id, a.store), stick)).toMatchObject({
      error: { code: 'file_damaged' },
    });
    expect(b.store.changesOf('patient', patient)).toHaveLength(1);
  });

  it('may hold several files of one minute', async () => {
    const { a, id } = await two();
    const stick = folder();
    await exported(carrierOf(a, id), stick, 'all');
    await exported(carrierOf(a, id), stick, 'all');
    expect(readdirSync(stick).sort()).toEqual([
      'tram-01-20261102-0800-all-2.tram',
      'tram-01-20261102-0800-all.tram',
    ]);
  });
});
