// Withdrawing consent on one PC reaches the key on the other, and each says when it dropped its own.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { keyPlace } from '../../../electron/fingerprint/key-place.ts';
import { openPersonKeys, type PersonKeys } from '../../../electron/fingerprint/keys.ts';
import {
  dropReturned,
  obeyErasures,
  type PeopleNeeds,
  peopleHandlers,
} from '../../../electron/fingerprint/people.ts';
import { model } from '../../../electron/fingerprint/projections.ts';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import type { Context } from '../../../electron/store/room.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { answerForKeys, askForKeys } from '../../../electron/sync/person-keys.ts';
import { ok } from '../../../shared/api/contract.ts';
import { contract } from '../../../shared/api/index.ts';
import { fingerprintEnrol } from '../../../shared/model/fingerprints.ts';
import { exchange, openTestStore, testNow } from '../support/open-test-store.ts';

const patientId = randomUUID();

interface Pc {
  readonly name: string;
  readonly store: OpenStore;
  readonly keys: PersonKeys;
  readonly keyFile: string;
  readonly deps: PeopleNeeds;
  readonly handlers: ReturnType<typeof peopleHandlers>;
}

function openPc(name: string): Pc {
  const store = openTestStore([model], { station: name, now: testNow });
  const folder = mkdtempSync(join(tmpdir(), 'tram-keys-'));
  const keyFile = join(folder, 'fingerprint-keys.db');
  const opened = openPersonKeys(
    keyFile,
    Buffer.alloc(32, 3),
    () => testNow,
    () => {},
  );
  if (!opened.ok) throw new Error(opened.error.code);
  const keys = opened.value;
  onTestFinished(() => {
    keys.close();
    rmSync(folder, { recursive: true });
  });
  const deps: PeopleNeeds = {
    store,
    keys,
    log: () => {},
    algorithm: 1,
    people: { nameOf: () => 'Lò Thị Hoa', titleOf: () => null, stationName: (id) => id },
    patientOf: () => ({ fullName: 'Giàng A Páo' }),
    relativesOf: () => [],
    patientOfStay: () => null,
    stations: () => pcs.map((pc) => ({ id: pc.store.station.id, name: pc.name })),
    now: () => testNow,
  };
  return { name, store, keys, keyFile, deps, handlers: peopleHandlers(deps) };
}

const caller = {
  userId: 'u',
  sessionId: 's',
  fullName: '',
  roles: [],
  permissions: new Set<never>(),
  wards: [],
};
const ctx: Context = { caller, now: () => testNow, can: () => true, undo: () => '' };
let pcs: Pc[] = [];

const asked = contract['fingerprint.consent'].input.parse({
  patientId,
  holder: { kind: 'patient' },
  purposes: ['recognise'],
  way: 'spoken',
});

async function consent(pc: Pc) {
  const consented = await pc.handlers['fingerprint.consent'](asked, ctx);
  if (!consented.ok) throw new Error(consented.error.code);
  return consented.value.personId;
}

const withdraw = (pc: Pc, personId: Awaited<ReturnType<typeof consent>>) =>
  pc.handlers['fingerprint.withdraw']({ patientId: asked.patientId, personId, reason: null }, ctx);

describe('erasing a person', () => {
  it('drops the key on each PC once the word has come, and each says so', async () => {
    const a = openPc('a');
    const b = openPc('b');
    pcs = [a, b];
    const personId = await consent(a);
    const { id, key } = a.keys.sealing(personId);
    b.keys.put(personId, key);
    const name = { person: personId, id };
    exchange(a.store, b.store);
    await withdraw(a, personId);
    expect(a.keys.of(name)).toBeNull();
    expect(b.keys.of(name)).not.toBeNull();
    const told = async (pc: Pc) => {
      const answer = await pc.handlers['fingerprint.ofPatient']({ patientId: asked.patientId }, ctx);
      return answer.ok ? answer.value.people[0]?.erasure?.stations : answer.error.code;
    };
    expect(await told(a)).toEqual([
      { name: 'a', at: testNow },
      { name: 'b', at: null },
    ]);
    exchange(a.store, b.store);
    expect(obeyErasures(b.deps)).toBe(1);
    expect(b.keys.of(name)).toBeNull();
    // said once, however often it is asked
    expect(obeyErasures(b.deps)).toBe(0);
    exchange(a.store, b.store);
    expect(await told(a)).toEqual([
      { name: 'a', at: testNow },
      { name: 'b', at: testNow },
    ]);
    b.keys.close();
    expect(readFileSync(b.keyFile).includes(key)).toBe(false);
  });

  it('takes back both consents of somebody who was asked at two PCs that had not met', async () => {
    const a = openPc('a');
    const b = openPc('b');
    pcs = [a, b];
    const atA = await consent(a);
    const atB = await consent(b);
    expect(atA).not.toBe(atB);
    exchange(a.store, b.store);
    await withdraw(a, atA);
    const { people } = await ofPatient(a);
    expect(people[0]).toMatchObject({ consent: 'withdrawn' });
    expect((await withdraw(a, atB)).ok).toBe(false);
  });

  it('drops a key again that a file put back brought with it', async () => {
    const pc = openPc('a');
    pcs = [pc];
    const personId = await consent(pc);
    const { key } = pc.keys.sealing(personId);
    await withdraw(pc, personId);
    const standing = await consent(pc);
    pc.keys.sealing(standing);
    pc.keys.put(personId, key);
    dropReturned(pc.deps);
    expect(pc.keys.persons()).toEqual([standing]);
  });

  it('is not said to be done while the disk does not let the key go', async () => {
    const pc = openPc('a');
    pcs = [pc];
    const personId = await consent(pc);
    const drop = () => {
      throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
    };
    const stuck = { ...pc.deps, keys: { ...pc.keys, drop } };
    await peopleHandlers(stuck)['fingerprint.withdraw'](
      { patientId: asked.patientId, personId, reason: null },
      ctx,
    );
    const stations = async () => (await ofPatient(pc)).people[0]?.erasure?.stations;
    expect(await stations()).toEqual([{ name: 'a', at: null }]);
    expect(obeyErasures(pc.deps)).toBe(1);
    expect(await stations()).toEqual([{ name: 'a', at: testNow }]);
  });
});

describe('a person whose fingers two PCs took before they met', () => {
  it('is readable at both once they have: each asks for the other’s key, and gets that one only', async () => {
    const a = openPc('a');
    const b = openPc('b');
    pcs = [a, b];
    const personId = await consent(a);
    exchange(a.store, b.store);
    const enrol = (pc: Pc, finger: 1 | 2) => {
      const { id } = pc.keys.sealing(personId);
      const body = { finger, sealed: ['x'], algorithm: 1, quality: 80, reader: 'R', key: id };
      pc.store.write({ userId: null, sessionId: null }, (tx) => {
        tx.append(fingerprintEnrol, { id: personId, patient: patientId, body });
        return ok(null);
      });
    };
    enrol(a, 1);
    enrol(b, 2);
    exchange(a.store, b.store);
    const usable = async (pc: Pc) =>
      (await ofPatient(pc)).people[0]?.fingers.map((one) => [one.finger, one.usable]);
    expect(await usable(a)).toEqual([
      [1, true],
      [2, false],
    ]);
    const came = vi.fn<() => void>();
    const [inA, inB] = [keyPlace(a.store.sql, a.keys, came), keyPlace(b.store.sql, b.keys, came)];
    const { keyPem, certificatePem } = await makeStationIdentity({
      id: 'a',
      name: 'Máy A',
      centerName: 'Trung tâm',
      now: testNow,
    });
    const line = (station: string) => async (question: Uint8Array) =>
      answerForKeys(question, { station, certificatePem }, inB, () => {});
    // an answer meant for another PC does not open here
    expect(await askForKeys(line('c'), { keyPem, station: 'a' }, inA)).toBe(0);
    expect(await askForKeys(line('a'), { keyPem, station: 'a' }, inA)).toBe(1);
    expect(await usable(a)).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(inA.missing()).toEqual([]);
    // a key that is not the one that was asked for is not kept
    const [foreign] = inB.missing();
    if (!foreign) throw new Error('b has every key');
    inB.put(foreign, Buffer.alloc(32, 9));
    expect(inB.missing()).toEqual([foreign]);
    // the page hears of the one that came
    expect(came).toHaveBeenCalledTimes(1);
  });
});

async function ofPatient(pc: Pc) {
  const answer = await pc.handlers['fingerprint.ofPatient']({ patientId: asked.patientId }, ctx);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value;
}
