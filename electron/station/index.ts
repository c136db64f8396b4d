// The station room: the PC itself. First run, recovery, health, checks, backups, settings, devices, the clock.
// Status and first run must answer while no store is open, so the room is made first and given the store later.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Input, Output } from '../../shared/api/index.ts';
import { centerSettings } from '../../shared/model/station.ts';
import type { HandlersOf, VisitorHandlersOf } from '../store/room.ts';
import type { OpenStore, Store } from '../store/types.ts';
import { isFolder, openBackups } from './backups.ts';
import { type CenterFacts, openCenterFacts } from './center.ts';
import { foundCenter } from './first-run.ts';
import { check, healthOf, lastCheckOf } from './health.ts';
import { readLocal, writeLocal } from './local-settings.ts';
import type { StationNeeds } from './needs.ts';
import { openScanner } from './scanner.ts';

export type { CenterFacts, StationPc } from './center.ts';
/** Ports this PC's barcode scanner is on: nobody else may open them. */
export function scannerPorts(store: Store | null): readonly string[] {
  const port = store && readLocal(store, 'scannerPort');
  return port ? [port] : [];
}

export { makeStationIdentity } from './certificate.ts';
export { type DeviceSources, realDevices } from './devices.ts';
export type { BackupFile, NewAdministrator, StationNeeds, StoreFile, WardLayouts } from './needs.ts';
export { model, standardSettings } from './projections.ts';

/** PKCS#8 PEM of this PC's key; null before the first run is complete. */
export const stationKeyOf = (store: Store): string | null => readLocal(store, 'stationKey');
export const keepStationKey = (store: Store, keyPem: string): void => writeLocal(store, 'stationKey', keyPem);

type VisitorMethod = 'station.status' | 'station.firstRun' | 'station.recover';
type OpenMethod =
  | 'station.health'
  | 'station.check'
  | 'station.backup'
  | 'station.settings'
  | 'station.saveSettings'
  | 'station.acknowledgeClock'
  | 'station.newRecoveryKey';

const weekMs = 7 * 24 * 3_600_000;

export interface Station {
  readonly visitorHandlers: VisitorHandlersOf<VisitorMethod>;
  /** Once, when the store is open. */
  attach(store: OpenStore): HandlersOf<OpenMethod>;
  /** Null until the store is open. */
  facts(): CenterFacts | null;
  /** Every minute: looks for a clock jump. Every ten: daily backup, weekly check, when they are due. */
  lookAtClock(): void;
  keepUp(): Promise<void>;
  close(): Promise<void>;
}

export function openStation(needs: StationNeeds): Station {
  const { file } = needs;
  const backups = openBackups(needs);
  const scanner = openScanner(needs.scanned, needs.log);
  let facts: CenterFacts | null = null;
  let founding = false;

  return {
    visitorHandlers: {
      'station.status': () => ok(status()),
      'station.firstRun': async (input) => {
        if (founding) return fail('already_set_up');
        founding = true;
        try {
          return await foundCenter(needs, input);
        } finally {
          founding = false;
        }
      },
      'station.recover': async ({ recoveryKey, username, newPassword }) => {
        // asked before the key is used, so that a weak password does not cost a second typing of the key
        const fine = needs.checkPassword(newPassword, username.trim().toLowerCase(), 'newPassword');
        if (!fine.ok) return fine;
        const opened = await file.openWithRecoveryKey(recoveryKey);
        if (!opened.ok) return opened;
        const done = await needs.recoverAccount(username, fine.value);
        return done.ok ? ok({}) : done;
      },
    },
    attach,
    facts: () => facts,
    lookAtClock() {
      const alarm = file.store()?.checkClock();
      if (alarm) needs.log('warn', "the PC's clock jumped", { jumpMs: alarm.jumpMs });
    },
    async keepUp() {
      const store = file.store();
      if (!store) return;
      await backups.whenDue();
      const last = lastCheckOf(store);
      if (!last || needs.now() - last.at >= weekMs) await check(needs, store);
    },
    close: () => scanner.close(),
  };

  function attach(store: OpenStore): HandlersOf<OpenMethod> {
    facts = openCenterFacts(store, needs.log);
    scanner.use(readLocal(store, 'scannerPort'));
    return {
      'station.health': async () => ok(await healthOf(needs, store, backups)),
      'station.check': () => check(needs, store),
      'station.backup': ({ folder }) => backups.run(folder || undefined),
      'station.settings': async () => ok(await settings(store)),
      'station.saveSettings': (set, ctx) => saveSettings(store, set, ctx.caller),
      'station.acknowledgeClock': ({ id }, ctx) => {
        const done = store.acknowledgeClockAlarm(id, ctx.caller.userId);
        return done.ok ? ok({}) : done;
      },
      'station.newRecoveryKey': async ({ password }, ctx) => {
        const known = await needs.confirmsPassword(ctx.caller.userId, password, 'password');
        if (!known.ok) return known;
        const made = await file.newRecoveryKey();
        return made.ok ? ok({ recoveryKey: made.value }) : made;
      },
    };
  }

  function status(): Output<'station.status'> {
    const { phase, problem } = file.phase();
    const store = file.store();
    const center = facts?.center();
    return {
      mode: needs.mode,
      phase,
      ...(problem ? { problem } : {}),
      ...(center ? { centerName: center.name } : {}),
      ...(store && facts ? { stationName: facts.stationName(store.station.id) } : {}),
      version: needs.appVersion,
      users: file.users().map(({ username, fullName }) => ({ username, fullName })),
      ...(needs.trainingAccounts ? { trainingAccounts: needs.trainingAccounts } : {}),
    };
  }

  async function settings(store: OpenStore): Promise<Output<'station.settings'>> {
    const shared = openedFacts().settings();
    const systemKey = await file.systemKey();
    return {
      autoLockMinutes: shared.autoLockMinutes,
      overdueVitalsHours: shared.overdueVitalsHours,
      backupFolder: readLocal(store, 'backupFolder'),
      scannerPort: readLocal(store, 'scannerPort'),
      openWithoutPassword: systemKey.on,
      keyStore: systemKey.state,
    };
  }

  async function saveSettings(
    store: OpenStore,
    set: Input<'station.saveSettings'>,
    author: { userId: string; sessionId: string },
  ): Promise<Result<Output<'station.settings'>>> {
    if (set.backupFolder && !isFolder(set.backupFolder))
      return fail('bad_input', { fields: { backupFolder: 'field.no_such_folder' } });
    if (set.openWithoutPassword !== undefined && set.openWithoutPassword !== (await file.systemKey()).on) {
      const used = await file.switchSystemKey(set.openWithoutPassword);
      if (!used.ok) return used;
      needs.log('info', 'opening without a password was switched', {
        on: set.openWithoutPassword,
        by: author.userId,
      });
    }
    const { autoLockMinutes, overdueVitalsHours } = set;
    const shared = {
      ...(autoLockMinutes !== undefined && { autoLockMinutes }),
      ...(overdueVitalsHours !== undefined && { overdueVitalsHours }),
    };
    const center = openedFacts().center();
    if (!center) return fail('not_found');
    if (Object.keys(shared).length > 0) {
      const saw = Object.fromEntries(
        Object.keys(shared).map((field) => [field, center.versions[field] ?? '']),
      );
      const written = store.write(author, (tx) => {
        tx.append(centerSettings, { id: center.id, body: { set: shared, saw } });
        return ok(null);
      });
      if (!written.ok) return written;
    }
    if (set.backupFolder !== undefined) writeLocal(store, 'backupFolder', set.backupFolder || null);
    if (set.scannerPort !== undefined) {
      writeLocal(store, 'scannerPort', set.scannerPort || null);
      scanner.use(set.scannerPort || null);
    }
    return ok(await settings(store));
  }

  function openedFacts(): CenterFacts {
    if (!facts) throw new Error('the station room has no store yet');
    return facts;
  }
}
