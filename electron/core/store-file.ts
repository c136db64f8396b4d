// The one place that holds the database key: opens the store by password or recovery key, makes it at first run, and
// gives the access and station rooms what they need without showing them the key.
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { ErrorCode } from '../../shared/api/errors.ts';
import { kindRegistry } from '../../shared/model/registry.ts';
import type { KeyHolder, Vault } from '../access/index.ts';
import type { NewAdministrator, StoreFile } from '../station/index.ts';
import { listBackups } from '../store/backup.ts';
import { type Argon2Cost, hmacSha256, sha256Hex } from '../store/crypto.ts';
import {
  addUserWrap,
  createKeyring,
  keyringState,
  listUsers,
  markKeyringInUse,
  opensKeyring,
  removeUserWrap,
  replaceRecovery,
  setSystemWrap,
  systemWrap,
  unwrapByPassword,
  unwrapByRecovery,
} from '../store/keyring.ts';
import { openStore } from '../store/open.ts';
import type { Log } from '../store/room.ts';
import type { Snapshot } from '../store/snapshot.ts';
import { recordTables } from '../store/snapshot-copy.ts';
import type { AreaModel, OpenStore } from '../store/types.ts';
import { adoptInThread, type Upkeep, upkeepHere, upkeepInThread } from '../store/upkeep.ts';
import type { JoinTarget } from '../sync/types.ts';
import type { SystemKeyStore } from './system-key.ts';

export interface KeptStore {
  readonly vault: Vault;
  readonly file: StoreFile;
  /**
   * At program start: opens the store by the operating system's key store, where the center allows it. A person must
   * still log in to see anything. A key store that won't is no error: the next password opens the store as ever.
   */
  openWithoutPassword(): Promise<void>;
  /**
   * Keys and, later, a store for a PC that joins a center: its first account is one of the center's. Until somebody has
   * logged in with such an account a restart of the program begins anew, because nothing but the printed key, which
   * perhaps nobody has printed yet, would open what is here. already_set_up · disk_full.
   */
  prepareJoin(): Promise<Result<JoinTarget>>;
  /** The record as a file for a new PC. disk_full · core_stopped · store_closed. */
  snapshot(folder: string): Promise<Result<Snapshot>>;
  close(): Promise<void>;
}

export function keepStore(options: {
  dataDir: string;
  appVersion: string;
  areas: readonly AreaModel[];
  /** Backup and checks run in this thread's file; left out, in the caller's own thread. */
  upkeepWorker?: string;
  /**
   * Called once, when somebody's password, the recovery key or the first run has opened the store. `keyFor`: 32 bytes
   * for another file beside it, from which the store's own key cannot be told.
   */
  opened(store: OpenStore, keyFor: (purpose: string) => Buffer): void;
  /** Keeps the key of the PC's certificate in a store that has just been made for it. */
  keepStationKey(store: OpenStore, keyPem: string): void;
  /** Most recently used first. */
  recentUsers(): readonly string[];
  now(): number;
  uptimeMs?(): number;
  keyStore: SystemKeyStore;
  keyCost?: Argon2Cost;
  log: Log;
}): KeptStore {
  const { dataDir, keyStore, log } = options;
  const path = join(dataDir, 'record.db');
  const keyring = join(dataDir, 'keyring.json');
  let current: { store: OpenStore; key: Buffer; upkeep: Upkeep } | null = null;
  let problem: ErrorCode | undefined;
  let keyStoreRefused = false;
  const registry = kindRegistry(options.areas.flatMap((area) => area.kinds));

  const vault: Vault = {
    store: () => current?.store ?? null,
    knows: (username) => holders().some((h) => h.username === username),
    async open(username, password) {
      const unlocked = await unwrapByPassword(keyring, username, password);
      if (!unlocked.ok) return unlocked;
      return openWith(unlocked.value.key);
    },
    async keep(holder, password) {
      if (!current) return;
      const mark = sha256Hex(holder.verifier);
      const there = holders().find((h) => h.userId === holder.id);
      if (there?.mark === mark && there.fullName === holder.fullName) return;
      const kept = await addUserWrap(keyring, current.key, asHolder(holder, mark), password, options.keyCost);
      // the person is in anyway; next time on this PC somebody else must log in first
      if (!kept.ok)
        return log('error', 'the keyring could not take a new password', { code: kept.error.code });
      // a PC that joined counts as set up from the moment on in which a person's password opens it
      if (keyringState(keyring) !== 'begun') return;
      const used = markKeyringInUse(keyring);
      if (!used.ok) log('error', 'the keyring could not be put to use', { code: used.error.code });
    },
    forget(userId) {
      if (!holders().some((h) => h.userId === userId)) return;
      const gone = removeUserWrap(keyring, userId);
      if (!gone.ok) log('error', 'the keyring could not drop an account', { code: gone.error.code });
    },
  };

  const file: StoreFile = {
    path,
    phase,
    store: () => current?.store ?? null,
    users() {
      const recent = options.recentUsers();
      const rank = (username: string): number => {
        const at = recent.indexOf(username);
        return at < 0 ? recent.length : at;
      };
      return [...holders()].sort((a, b) => rank(a.username) - rank(b.username));
    },
    create,
    async openWithRecoveryKey(recoveryKey) {
      const unlocked = unwrapByRecovery(keyring, recoveryKey);
      if (!unlocked.ok) return unlocked;
      const opened = openWith(unlocked.value.key);
      return opened.ok ? ok(null) : opened;
    },
    async newRecoveryKey() {
      return current ? replaceRecovery(keyring, current.key) : fail('store_closed');
    },
    async check() {
      return current ? current.upkeep.check() : fail('store_closed');
    },
    async backup(folder) {
      return current ? current.upkeep.backup(folder, options.now()) : fail('store_closed');
    },
    async systemKey() {
      const wrap = systemWrap(keyring);
      const on = wrap.ok && wrap.value !== null;
      const state = await keyStore.state();
      return { on, state: on && keyStoreRefused && state === 'ready' ? 'refused' : state };
    },
    async switchSystemKey(on) {
      if (!current) return fail('store_closed');
      const sealed = on ? await keyStore.seal(current.key) : null;
      if (on && !sealed) return fail('bad_input', { fields: { openWithoutPassword: 'field.no_key_store' } });
      const set = setSystemWrap(keyring, sealed);
      if (set.ok) keyStoreRefused = false;
      return set;
    },
    backupsIn(folder) {
      try {
        // a folder on the network may hold every PC's copies, and another PC's copy restores nothing here
        const station = current?.store.station.id;
        return listBackups(folder).filter((copy) => copy.station === station);
      } catch (error) {
        // an unplugged disk can still look like a folder
        log('warn', 'a backup folder could not be read', { name: error instanceof Error ? error.name : '' });
        return [];
      }
    },
  };

  return {
    vault,
    file,
    async openWithoutPassword() {
      if (phase().phase !== 'closed') return;
      const wrap = systemWrap(keyring);
      if (!wrap.ok || !wrap.value || (await keyStore.state()) !== 'ready') return;
      const secret = await keyStore.unseal(wrap.value);
      keyStoreRefused = !secret || !opensKeyring(keyring, secret);
      if (!secret || keyStoreRefused) return log('warn', 'the key store did not open the store');
      const opened = openWith(Buffer.from(secret));
      if (!opened.ok) log('error', 'the store did not open at program start', { code: opened.error.code });
    },
    prepareJoin,
    async snapshot(folder) {
      return current ? current.upkeep.snapshot(folder, options.now()) : fail('store_closed');
    },
    async close() {
      if (!current) return;
      const { store, key, upkeep } = current;
      current = null;
      await upkeep.close();
      store.close();
      key.fill(0);
    },
  };

  function phase(): ReturnType<StoreFile['phase']> {
    if (current) return { phase: 'open' };
    const ring = keyringState(keyring);
    if (ring === 'damaged') return { phase: 'problem', problem: 'keyring_damaged' };
    if (ring === 'missing' && existsSync(path)) return { phase: 'problem', problem: 'keyring_missing' };
    if (ring !== 'in_use') return { phase: 'first_run' };
    if (!existsSync(path)) return { phase: 'problem', problem: 'store_missing' };
    return problem ? { phase: 'problem', problem } : { phase: 'closed' };
  }

  /** Keeps what is open already: two people may log in at once. */
  function openWith(key: Buffer): Result<OpenStore> {
    if (current) return ok(current.store);
    const store = openStore({ ...storeOptions(), path, key });
    if (!store.ok) {
      problem = store.error.code;
      return store;
    }
    use(store.value, key);
    return store;
  }

  function use(store: OpenStore, key: Buffer): void {
    problem = undefined;
    const { upkeepWorker: workerFile } = options;
    const upkeep = workerFile
      ? upkeepInThread({ workerFile, store, registry, key, log })
      : upkeepHere(store, key);
    current = { store, key, upkeep };
    options.opened(store, (purpose) => hmacSha256(key, purpose));
  }

  async function create(
    admin: NewAdministrator,
    password: string,
    found: (store: OpenStore) => Promise<Result<null>>,
  ): Promise<Result<{ recoveryKey: string }>> {
    if (phase().phase !== 'first_run') return fail('already_set_up');
    // a first run that the power cut off left a store nobody has used; it is kept, out of the way
    if (existsSync(path)) putAside();
    const made = createKeyring(keyring);
    if (!made.ok) return made;
    const { key, recoveryKey } = made.value;
    const store = openStore({ ...storeOptions(), path, key, create: true });
    if (!store.ok) return store;
    let begun: Result<null> | undefined;
    try {
      begun = await beginWith(store.value);
    } finally {
      if (!begun?.ok) {
        store.value.close();
        putAside();
      }
    }
    if (!begun.ok) return begun;
    use(store.value, key);
    return ok({ recoveryKey });

    /** The last step is the one that counts: before it the PC is as good as new. */
    async function beginWith(fresh: OpenStore): Promise<Result<null>> {
      const founded = await found(fresh);
      if (!founded.ok) return founded;
      const holder = asHolder(admin, sha256Hex(admin.verifier));
      const wrapped = await addUserWrap(keyring, key, holder, password, options.keyCost);
      return wrapped.ok ? markKeyringInUse(keyring) : wrapped;
    }
  }

  async function prepareJoin(): Promise<Result<JoinTarget>> {
    if (phase().phase !== 'first_run') return fail('already_set_up');
    if (existsSync(path)) putAside();
    const made = createKeyring(keyring);
    if (!made.ok) return made;
    const { key, recoveryKey } = made.value;
    return ok({
      recoveryKey,
      async adopt(snapshot, station) {
        // somebody may have founded a center here meanwhile, or begun to join another
        if (phase().phase !== 'first_run' || !opensKeyring(keyring, key)) return fail('already_set_up');
        if (existsSync(path)) putAside();
        if (snapshot) {
          const tables = recordTables(options.areas);
          const order = { snapshot, storePath: path, storeKey: key, station: station.id, tables };
          const adopted = await adoptInThread(options.upkeepWorker, order, log);
          if (!adopted.ok) return adopted;
        }
        const create = snapshot === null;
        const store = openStore({ ...storeOptions(), path, key, create, station: { id: station.id } });
        if (!store.ok) return store;
        options.keepStationKey(store.value, station.keyPem);
        use(store.value, key);
        return ok(null);
      },
    });
  }

  function putAside(): void {
    const aside = `${path}.unfinished-${options.now()}`;
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${aside}${suffix}`);
  }

  function storeOptions() {
    const { areas, appVersion, now, uptimeMs } = options;
    const writtenBackElsewhere = options.upkeepWorker !== undefined;
    return { areas, appVersion, now, uptimeMs, log, writtenBackElsewhere };
  }

  function holders() {
    const users = listUsers(keyring);
    return users.ok ? users.value : [];
  }
}

const asHolder = (holder: Pick<KeyHolder, 'id' | 'username' | 'fullName'>, mark: string) => ({
  userId: holder.id,
  username: holder.username,
  fullName: holder.fullName,
  mark,
});
