// Makes the training center: founds it through the front door as any center is, then writes twelve days of
// invented work into its store. The same seed gives the same people and stays, dated back from today.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Output } from '../../shared/api/index.ts';
import { provinces } from '../../shared/codes/provinces.ts';
import { roles } from '../../shared/codes/roles.ts';
import { userCreate } from '../../shared/model/access.ts';
import { verifierOf } from '../access/index.ts';
import { communesOf } from '../clinic/catalogues/index.ts';
import { allModels, openCore } from '../core.ts';
import { sha256Hex } from '../store/crypto.ts';
import { addUserWrap, unwrapByPassword } from '../store/keyring.ts';
import { openStore } from '../store/open.ts';
import { openingFile } from '../store/origin.ts';
import type { Log } from '../store/room.ts';
import type { OpenStore } from '../store/types.ts';
import {
  TRAINING_PASSWORD,
  type TrainingStaff,
  type TrainingWard,
  trainingCenter,
  trainingStaff,
  trainingWards,
} from './center.ts';
import { leaveLooseEnds } from './loose-ends.ts';
import { type Clock, type Populated, populate } from './populate.ts';
import { type Random, randomUuid, seededRandom } from './random.ts';
import type { PlannedBed } from './stays.ts';

const DAY_MS = 86_400_000;
const SEED = 20260822;
const PEOPLE = 3_000;
const DAYS_OF_STAYS = 12;
const FREE_BEDS = 10;

export interface CenterOptions {
  readonly dataDir: string;
  readonly appVersion: string;
  /** ms since 1970 UTC: where the history ends. */
  readonly now: number;
  readonly log: Log;
  readonly seed?: number;
  readonly people?: number;
  /** Length of the stays' history. */
  readonly days?: number;
  /** More or larger wards than the training center's, for measuring. */
  readonly wards?: readonly TrainingWard[];
  readonly freeBeds?: number;
  /** One person has been here for so many days, for measuring. */
  readonly longStayDays?: number;
  /**
   * For centers a hundred times the training center's: the page cache in MB. Ids are random, so every write
   * touches pages all over the file; with all of them in memory and few transactions each is written seldom.
   */
  readonly cacheMb?: number;
  /** Conflicts, tasks, an unknown patient: what a trainee should meet. Default true. */
  readonly looseEnds?: boolean;
}

/** Who the login screen of training mode names. */
export const trainingAccounts: NonNullable<Output<'station.status'>['trainingAccounts']> = trainingStaff
  .filter((s) => s.featured !== undefined)
  .map((s) => ({
    username: s.username,
    password: TRAINING_PASSWORD,
    fullName: s.fullName,
    roleName: roles.find((r) => r.id === s.role)?.vi ?? s.role,
    canDo: s.featured ?? '',
  }));

/** In the order in which they are moved; without the second the store takes itself for a copy. */
const storeFiles = ['keyring.json', openingFile('record.db'), 'record.db'];
const hasStore = (dataDir: string): boolean => existsSync(join(dataDir, 'record.db'));

/** Whether there is a center to train with; making one takes seconds, half a minute on an old PC. */
export const hasTrainingCenter = hasStore;

/**
 * Makes the training center where there is none yet. Built in a folder of its own and moved in whole, the store
 * last, so that a PC switched off in the middle starts over instead of opening half a center.
 */
export async function ensureTrainingCenter(
  options: Pick<CenterOptions, 'dataDir' | 'appVersion' | 'now' | 'log'>,
): Promise<Result<null>> {
  if (hasStore(options.dataDir)) return ok(null);
  const making = join(options.dataDir, 'making');
  rmSync(making, { recursive: true, force: true });
  const made = await createTrainingCenter({ ...options, dataDir: making });
  if (!made.ok) return made;
  for (const file of storeFiles)
    if (existsSync(join(making, file))) renameSync(join(making, file), join(options.dataDir, file));
  rmSync(making, { recursive: true, force: true });
  options.log('info', 'training center made', { changes: made.value.changes });
  return ok(null);
}

/** `already_set_up` when the folder holds a store. */
export async function createTrainingCenter(options: CenterOptions): Promise<Result<Populated>> {
  const random = seededRandom(options.seed ?? SEED);
  const days = options.days ?? DAYS_OF_STAYS;
  const to = Math.floor(options.now / 60_000) * 60_000;
  const clock: Clock = { now: to - (2 * 365 + days + 1) * DAY_MS };
  const wards = options.wards ?? trainingWards;
  const founded = await found(options, wards, clock);
  if (!founded.ok) return founded;

  const opened = await openFounded(options, clock);
  if (!opened.ok) return opened;
  const { store, key } = opened.value;
  if (options.cacheMb !== undefined) store.sql.pragma(`cache_size = -${options.cacheMb * 1000}`);
  try {
    const staff = await hire(store, random, wards, (holder) =>
      addUserWrap(join(options.dataDir, 'keyring.json'), key, holder, TRAINING_PASSWORD),
    );
    const { beds, wardNames } = bedsOf(store, random.fork('beds'), wards, options.freeBeds ?? FREE_BEDS);
    const [first, ...others] = beds;
    const held =
      first && options.longStayDays !== undefined
        ? [{ ...first, freeAtEnd: false, heldSince: to - options.longStayDays * DAY_MS }, ...others]
        : beds;
    const provinceCode = trainingCenter.provinceCode;
    const populated = populate(store, {
      random,
      clock,
      people: options.people ?? PEOPLE,
      from: to - days * DAY_MS,
      to,
      beds: held,
      wardNames,
      communes: {
        provinceCode,
        provinceName: provinces.find((p) => p.code === provinceCode)?.name ?? '',
        list: await communesOf(provinceCode, ''),
      },
      numberPrefix: '01A',
      eventsPerWrite: options.cacheMb === undefined ? 4_000 : 50_000,
      staff,
    });
    if (options.looseEnds ?? true)
      leaveLooseEnds({ store, clock, random: random.fork('loose ends'), staff, beds, populated });
    return ok(populated);
  } finally {
    store.close();
    key.fill(0);
  }
}

const administrator = (): TrainingStaff => {
  const found = trainingStaff.find((s) => s.role === 'quan_tri');
  if (!found) throw new Error('the training center has no administrator');
  return found;
};

async function found(
  options: CenterOptions,
  wards: readonly TrainingWard[],
  clock: Clock,
): Promise<Result<null>> {
  if (hasStore(options.dataDir)) return fail('already_set_up');
  const core = await openCore({
    dataDir: options.dataDir,
    mode: 'training',
    appVersion: options.appVersion,
    now: () => clock.now,
    uptimeMs: () => clock.now,
    log: options.log,
  });
  const admin = administrator();
  const answer = await core.invoke('training', 'station.firstRun', {
    centerName: trainingCenter.name,
    facilityCode: trainingCenter.facilityCode,
    provinceCode: trainingCenter.provinceCode,
    stationName: trainingCenter.stationName,
    wards: wards.map((ward) => ({
      name: ward.name,
      departmentCode: ward.departmentCode,
      rooms: ward.rooms.map((room, r) => ({ name: room.name, beds: bedNames(ward, r) })),
    })),
    admin: { username: admin.username, fullName: admin.fullName, password: TRAINING_PASSWORD },
  });
  await core.close();
  return answer.ok ? ok(null) : answer;
}

/** Beds are numbered through the ward, as on the door plates. */
function bedNames(ward: TrainingWard, roomIndex: number): string[] {
  const before = ward.rooms.slice(0, roomIndex).reduce((sum, r) => sum + r.beds, 0);
  const count = ward.rooms[roomIndex]?.beds ?? 0;
  return Array.from({ length: count }, (_, i) => `G${String(before + i + 1).padStart(2, '0')}`);
}

async function openFounded(
  options: CenterOptions,
  clock: Clock,
): Promise<Result<{ store: OpenStore; key: Buffer }>> {
  const unlocked = await unwrapByPassword(
    join(options.dataDir, 'keyring.json'),
    administrator().username,
    TRAINING_PASSWORD,
  );
  if (!unlocked.ok) return unlocked;
  const { key } = unlocked.value;
  const store = openStore({
    path: join(options.dataDir, 'record.db'),
    key,
    areas: allModels,
    appVersion: options.appVersion,
    now: () => clock.now,
    uptimeMs: () => clock.now,
    log: options.log,
  });
  return store.ok ? ok({ store: store.value, key }) : store;
}

export interface Staff {
  clerk(): string;
  doctorOf(ward: TrainingWard['key']): { readonly id: string; readonly title: string | null };
  nurseOf(ward: TrainingWard['key']): string;
  idOf(username: string): string;
}

async function hire(
  store: OpenStore,
  random: Random,
  wards: readonly TrainingWard[],
  keep: (holder: {
    userId: string;
    username: string;
    fullName: string;
    mark: string;
  }) => Promise<Result<null>>,
): Promise<Staff> {
  // one salted hash for all: everybody has the same password, and hashing it thirty times takes seconds on an old PC
  const verifier = await verifierOf(TRAINING_PASSWORD);
  const admin = administrator();
  const adminRow = store.sql
    .prepare<[string], { id: string }>('select id from user_account where username = ?')
    .get(admin.username);
  const ids = new Map<string, string>([[admin.username, adminRow?.id ?? '']]);
  const wardIds = wardIdsByName(store);
  const hired = trainingStaff.filter((s) => s.username !== admin.username);
  const written = store.bulk((as) => {
    const tx = as({ userId: adminRow?.id ?? null, sessionId: null });
    for (const person of hired) {
      // came to the center after the others: drawing from their stream would make another center of it
      const id = randomUuid(person.username === 'giamdoc' ? random.fork('giamdoc') : random);
      ids.set(person.username, id);
      tx.append(userCreate, {
        id,
        body: {
          username: person.username,
          fullName: person.fullName,
          title: person.title,
          roles: [person.role],
          wards: person.wards.flatMap(
            (key) => wardIds.get(wards.find((w) => w.key === key)?.name ?? '') ?? [],
          ),
          verifier,
          mustChange: false,
        },
      });
    }
    return ok(null);
  });
  if (!written.ok) throw new Error(`hiring stopped: ${written.error.code}`);
  for (const person of hired.filter((p) => p.featured !== undefined)) {
    const { username, fullName } = person;
    const kept = await keep({
      userId: ids.get(username) ?? '',
      username,
      fullName,
      mark: sha256Hex(verifier),
    });
    if (!kept.ok) throw new Error(`the keyring took no wrap: ${kept.error.code}`);
  }
  const idOf = (username: string): string => ids.get(username) ?? '';
  const working = (role: string, ward: TrainingWard['key']): TrainingStaff | undefined => {
    const fit = trainingStaff.filter((s) => s.role === role && s.wards.includes(ward));
    return fit.length > 0 ? random.pick(fit) : undefined;
  };
  const clerks = trainingStaff.filter((s) => s.role === 'tiep_don');
  return {
    clerk: () => idOf(random.pick(clerks).username),
    doctorOf(ward) {
      const doctor = working('bac_si_dieu_tri', ward) ?? trainingStaff.find((s) => s.role === 'bac_si_truc');
      return { id: idOf(doctor?.username ?? ''), title: doctor?.title ?? null };
    },
    nurseOf: (ward) => idOf(working('dieu_duong', ward)?.username ?? ''),
    idOf,
  };
}

const wardIdsByName = (store: OpenStore): Map<string, string> =>
  new Map(
    store.sql
      .prepare<[], { id: string; name: string }>('select id, name from ward')
      .all()
      .map((w) => [w.name, w.id]),
  );

function bedsOf(
  store: OpenStore,
  random: Random,
  wards: readonly TrainingWard[],
  freeBeds: number,
): { beds: PlannedBed[]; wardNames: Map<string, string> } {
  const wardIds = wardIdsByName(store);
  const wardNames = new Map([...wardIds].map(([name, id]) => [id, name]));
  const rows = store.sql
    .prepare<[], { id: string; ward_id: string }>(
      `select bed.id, bed.ward_id from bed join room on room.id = bed.room_id join ward on ward.id = bed.ward_id
       order by ward.position, room.position, bed.position`,
    )
    .all();
  const free = new Set<string>();
  while (free.size < Math.min(freeBeds, rows.length)) free.add(random.pick(rows).id);
  const keyOf = new Map(wards.map((w) => [wardIds.get(w.name) ?? '', w.key]));
  const beds = rows.map((row) => ({
    bedId: row.id,
    wardId: row.ward_id,
    wardKey: keyOf.get(row.ward_id) ?? 'noi',
    freeAtEnd: free.has(row.id),
  }));
  return { beds, wardNames };
}
