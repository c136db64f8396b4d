// The store every figure is measured on: 500,000 people and two years of a 200-bed center, made once and kept.
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { unwrapByPassword } from '../../electron/store/keyring.ts';
import { TRAINING_PASSWORD, type TrainingWard, trainingWards } from '../../electron/training/center.ts';
import { createTrainingCenter } from '../../electron/training/create.ts';

/** Bump when the change model or the tables change, so that figures are never taken on an old store. */
const GENERATION = 1;

export interface BenchCenter {
  readonly dataDir: string;
  readonly people: number;
  readonly beds: number;
  readonly days: number;
  readonly bytes: number;
}

/** `small` is for trying the bench itself; its figures mean nothing. */
export async function benchCenter(root: string, size: 'full' | 'small'): Promise<BenchCenter> {
  const people = size === 'full' ? 500_000 : 5_000;
  const days = size === 'full' ? 730 : 70;
  const wards = twoHundredBeds();
  const beds = wards.flatMap((w) => w.rooms).reduce((sum, r) => sum + r.beds, 0);
  const dataDir = join(root, `center-${size}-${GENERATION}`);
  if (!existsSync(dataDir)) {
    const making = `${dataDir}.making`;
    rmSync(making, { recursive: true, force: true });
    mkdirSync(making, { recursive: true });
    console.log(`Making the center to measure: ${people} people, ${beds} beds, ${days} days (once)…`);
    const started = Date.now();
    const made = await createTrainingCenter({
      dataDir: making,
      appVersion: 'bench',
      now: Date.now(),
      people,
      days,
      wards,
      freeBeds: 16,
      longStayDays: 61,
      looseEnds: false,
      ...(size === 'full' && { cacheMb: Math.min(6_000, Math.round((0.4 * totalmem()) / 1e6)) }),
      log: (level, message, detail) => level === 'error' && console.error(message, detail),
    });
    if (!made.ok) throw new Error(`the center could not be made: ${made.error.code}`);
    renameSync(making, dataDir);
    console.log(`${made.value.changes} changes in ${Math.round((Date.now() - started) / 1000)} s`);
  }
  return { dataDir, people, beds, days, bytes: statSync(join(dataDir, 'record.db')).size };
}

/** A copy of it to work on, in this folder, for a program of this run; answers the key of its store. */
export async function copyOfCenter(folder: string, size: string): Promise<Buffer> {
  const root = join(import.meta.dirname, '..', '..', 'data', 'bench');
  const { dataDir } = await benchCenter(root, size === 'full' ? 'full' : 'small');
  cpSync(dataDir, folder, { recursive: true });
  const unlocked = await unwrapByPassword(join(folder, 'keyring.json'), 'bsnoi', TRAINING_PASSWORD);
  if (!unlocked.ok) throw new Error(unlocked.error.code);
  return unlocked.value.key;
}

/** The training wards, widened to 200 beds by repeating their rooms' sizes. */
function twoHundredBeds(): TrainingWard[] {
  const more: Record<TrainingWard['key'], number> = {
    hscc: 4,
    noi: 26,
    nhi: 16,
    ngoai: 16,
    san: 12,
    nhiem: 6,
  };
  return trainingWards.map((ward) => ({
    ...ward,
    rooms: [...ward.rooms, { name: 'Buồng mở rộng', beds: more[ward.key] }],
  }));
}
