import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Core, openCore } from '../../../electron/core.ts';
import { TRAINING_PASSWORD } from '../../../electron/training/center.ts';
import {
  createTrainingCenter,
  ensureTrainingCenter,
  trainingAccounts,
} from '../../../electron/training/create.ts';
import type { Result } from '../../../shared/api/contract.ts';
import type { Input, Method, Output } from '../../../shared/api/index.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'tram-training-test-'));
const options = { dataDir, appVersion: 'test', now: Date.now(), log: () => {} };
let core: Core;

beforeAll(async () => {
  expect(await ensureTrainingCenter(options)).toEqual({ ok: true, value: null });
  core = await openCore({ ...options, now: Date.now, mode: 'training', trainingAccounts });
}, 120_000);

afterAll(async () => {
  await core?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function ask<M extends Method>(client: string, method: M, input: Input<M>): Promise<Output<M>> {
  const answer = (await core.invoke(client, method, input)) as Result<Output<M>>;
  if (!answer.ok) throw new Error(`${method}: ${answer.error.code}`);
  return answer.value;
}

describe('the training center, as its first trainee finds it', () => {
  it('lets everybody in whom the login screen names', async () => {
    const status = await ask('login', 'station.status', {});
    expect(status.mode).toBe('training');
    expect(status.trainingAccounts).toHaveLength(9);
    for (const { username, password } of status.trainingAccounts ?? []) {
      const { session } = await ask(username, 'access.login', { username, password });
      expect(session.mustChangePassword, username).toBe(false);
    }
  });

  it('has 3,000 people and about 110 of them in bed, with days of vitals and notes', async () => {
    await ask('quantri', 'access.login', { username: 'quantri', password: TRAINING_PASSWORD });
    await ask('bstruc', 'access.login', { username: 'bstruc', password: TRAINING_PASSWORD });
    const health = await ask('quantri', 'station.health', {});
    expect(health.store.patients).toBe(3_001);
    expect(health.store.parked).toEqual([]);
    const wards = await ask('bstruc', 'beds.wards', {});
    expect(wards).toHaveLength(6);
    expect(wards.reduce((sum, w) => sum + w.beds, 0)).toBe(120);
    const lying = wards.reduce((sum, w) => sum + w.patients, 0);
    expect(lying).toBeGreaterThanOrEqual(110);
    expect(lying).toBeLessThanOrEqual(116);

    const ward = wards.find((w) => w.departmentCode === 'K03');
    const board = await ask('bstruc', 'beds.board', { wardId: ward?.wardId ?? '' });
    const people = board.rooms.flatMap((r) => r.beds.flatMap((b) => b.patients));
    const oldest = people.toSorted((a, b) => b.dayOfStay - a.dayOfStay)[0];
    const admissionId = oldest?.admissionId ?? '';
    expect((await ask('bstruc', 'observations.list', { admissionId })).length).toBeGreaterThan(5);
    expect((await ask('bstruc', 'notes.list', { admissionId })).length).toBeGreaterThan(2);
  });

  it('leaves loose ends: an unknown patient, a shared bed, beds to clean, two conflicts', async () => {
    await ask('truongkhoa', 'access.login', { username: 'truongkhoa', password: TRAINING_PASSWORD });
    const conflicts = await ask('truongkhoa', 'conflicts.list', {});
    expect(conflicts.map((c) => c.kind).sort()).toEqual(['double_bed', 'field']);
    const wards = await ask('truongkhoa', 'beds.wards', {});
    const boards = await Promise.all(wards.map((w) => ask('truongkhoa', 'beds.board', { wardId: w.wardId })));
    const beds = boards.flatMap((b) => b.rooms.flatMap((r) => r.beds));
    const lying = [...beds.flatMap((b) => b.patients), ...boards.flatMap((b) => b.withoutBed)];
    expect(lying.filter((p) => p.unidentified)).toHaveLength(1);
    expect(beds.filter((b) => b.shared)).toHaveLength(1);
    expect(beds.filter((b) => b.state === 'cleaning')).toHaveLength(2);
    expect(beds.filter((b) => b.state === 'closed')).toHaveLength(1);
    expect(boards.flatMap((b) => b.withoutBed)).toHaveLength(1);
  });

  it('is made once: a second start finds it', async () => {
    expect(await ensureTrainingCenter(options)).toEqual({ ok: true, value: null });
  });
});

it('puts the same people into the same beds on every PC', async () => {
  const made = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const center = await createTrainingCenter({
        ...options,
        dataDir: join(dataDir, name),
        people: 300,
        days: 2,
      });
      if (!center.ok) throw new Error(center.error.code);
      return center.value.stays.map((s) => [s.who.person.fullName, s.story.icd, s.admittedAt]);
    }),
  );
  expect(made[0]).toEqual(made[1]);
}, 120_000);
