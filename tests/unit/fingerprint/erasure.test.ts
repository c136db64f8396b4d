// Withdrawing consent on one PC reaches the key on the other, and each says when it dropped its own.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPersonKeys, type PersonKeys } from '../../../electron/fingerprint/keys.ts';
import { obeyErasures, type PeopleNeeds, peopleHandlers } from '../../../electron/fingerprint/people.ts';
import { model } from '../../../electron/fingerprint/projections.ts';
import type { Context } from '../../../electron/store/room.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { contract } from '../../../shared/api/index.ts';
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

describe('erasing a person', () => {
  it('drops the key on each PC once the word has come, and each says so', async () => {
    const a = openPc('a');
    const b = openPc('b');
    pcs = [a, b];
    const parsed = contract['fingerprint.consent'].input.parse({
      patientId,
      holder: { kind: 'patient' },
      purposes: ['recognise'],
      way: 'spoken',
    });
    const consented = await a.handlers['fingerprint.consent'](parsed, ctx);
    if (!consented.ok) throw new Error(consented.error.code);
    const { personId } = consented.value;
    const key = a.keys.make(personId);
    b.keys.put(personId, key);
    exchange(a.store, b.store);
    await a.handlers['fingerprint.withdraw']({ patientId: parsed.patientId, personId, reason: null }, ctx);
    expect(a.keys.of(personId)).toBeNull();
    expect(b.keys.of(personId)).not.toBeNull();
    const told = async (pc: Pc) => {
      const answer = await pc.handlers['fingerprint.ofPatient']({ patientId: parsed.patientId }, ctx);
      return answer.ok ? answer.value.people[0]?.erasure?.stations : answer.error.code;
    };
    expect(await told(a)).toEqual([
      { name: 'a', at: testNow },
      { name: 'b', at: null },
    ]);
    exchange(a.store, b.store);
    expect(obeyErasures(b.deps)).toBe(1);
    expect(b.keys.of(personId)).toBeNull();
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
});
