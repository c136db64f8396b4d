// The PC itself: first run, store health, backups, clock, what the status cell says.
import * as z from 'zod';
import { command, query } from './contract.ts';
import { errorCodes } from './errors.ts';
import { Empty, Instant, required, text } from './ids.ts';

export const WardLayout = z.object({
  name: required(80),
  /** Department code K01–K49 (QD 5937/QD-BYT 2021, annex 5). */
  departmentCode: z.string().regex(/^K\d{2}(\.\d{1,2})?$/),
  rooms: z
    .array(z.object({ name: required(40), beds: z.array(required(20)).min(1).max(40) }))
    .min(1)
    .max(60),
});

export const FirstRun = z.object({
  centerName: required(160),
  /** Five-character facility code given by social insurance; may be filled in later. */
  facilityCode: text(13).optional(),
  provinceCode: z.string().regex(/^\d{2}$/),
  wards: z.array(WardLayout).min(1).max(40),
  stationName: required(60),
  admin: z.object({ username: z.string(), fullName: required(80), password: z.string().max(200) }),
});

export const StationStatus = z.object({
  mode: z.enum(['real', 'training']),
  /**
   * preparing: the training center is being made, seconds · first_run: no store yet · closed: store there,
   * nobody has opened it · open · problem: see `problem`
   */
  phase: z.enum(['preparing', 'first_run', 'closed', 'open', 'problem']),
  problem: z.enum(errorCodes).optional(),
  centerName: z.string().optional(),
  stationName: z.string().optional(),
  version: z.string(),
  /** Accounts that can log in on this PC, most recently used first. */
  users: z.array(z.object({ username: z.string(), fullName: z.string() })),
  /** Training mode only: who to log in as. */
  trainingAccounts: z
    .array(
      z.object({
        username: z.string(),
        password: z.string(),
        fullName: z.string(),
        roleName: z.string(),
        canDo: z.string(),
      }),
    )
    .optional(),
});

const Backup = z.object({
  path: z.string(),
  at: Instant,
  sizeBytes: z.number(),
  verified: z.boolean(),
});

export const StationHealth = z.object({
  store: z.object({
    path: z.string(),
    sizeBytes: z.number(),
    freeBytes: z.number(),
    changes: z.number(),
    patients: z.number(),
    parked: z.array(z.object({ reason: z.string(), count: z.number() })),
    openConflicts: z.number(),
    lastCheck: z.object({ at: Instant, ok: z.boolean(), detail: z.string().optional() }).nullable(),
    feeds: z.array(
      z.object({
        station: z.string(),
        incarnation: z.number(),
        lane: z.number(),
        seq: z.number(),
        head: z.string(),
        own: z.boolean(),
      }),
    ),
    /** Rows that were not what the log says, latest first; they were written anew, the fault behind it was not. */
    wrongRows: z.array(
      z.object({
        at: Instant,
        /** Table as the IT person finds it in the store. */
        table: z.string(),
        /** Null: too many to count. */
        rows: z.number().nullable(),
        /** peer: another PC with the same record showed something else · check: this PC's own check. */
        found: z.enum(['peer', 'check']),
        /** This PC was the one that had them wrong. */
        wasOurs: z.boolean(),
      }),
    ),
  }),
  backup: z.object({
    folder: z.string().nullable(),
    last: Backup.nullable(),
    ageHours: z.number().nullable(),
    lastError: z.enum(errorCodes).nullable(),
    kept: z.array(Backup),
  }),
  clock: z.object({
    now: Instant,
    lastStamp: Instant,
    aheadMs: z.number(),
    alarms: z.array(z.object({ id: z.string(), at: Instant, jumpMs: z.number(), acknowledged: z.boolean() })),
  }),
  versions: z.object({ app: z.string(), schema: z.string(), sqlite: z.string(), runtime: z.string() }),
  devices: z.array(
    z.object({
      kind: z.enum(['serial', 'usb']),
      name: z.string(),
      detail: z.string(),
      known: z.string().nullable(),
    }),
  ),
});

export const Settings = z.object({
  autoLockMinutes: z.number().int().min(1).max(120),
  overdueVitalsHours: z.number().int().min(1).max(48),
  backupFolder: text(400).nullable(),
  scannerPort: text(120).nullable(),
  /** The operating system's key store opens this PC's store at program start, before anyone logs in. */
  openWithoutPassword: z.boolean(),
});

/** Settings as shown, with what this PC is able to do. */
const ShownSettings = Settings.extend({
  /** none: not in this window · unprotected: this system's key store protects nothing · refused: it would not open */
  keyStore: z.enum(['ready', 'none', 'unprotected', 'refused']),
});

export const station = {
  'station.status': query('public', Empty, StationStatus),
  'station.firstRun': command('public', FirstRun, z.object({ recoveryKey: z.string() })),
  /** The printed key opens the store when every password is forgotten; sets a new password for one account. */
  'station.recover': command(
    'public',
    z.object({
      recoveryKey: z.string().max(200),
      username: z.string().max(60),
      newPassword: z.string().max(200),
    }),
    Empty,
  ),
  'station.health': query('station.read', Empty, StationHealth),
  /** Runs integrity check and chain check; `ok: false` names the first broken link. */
  'station.check': command(
    'station.read',
    Empty,
    z.object({ ok: z.boolean(), detail: z.string().optional(), checked: z.number() }),
  ),
  'station.backup': command('station.manage', z.object({ folder: text(400).optional() }), Backup),
  'station.settings': query('session', Empty, ShownSettings),
  'station.saveSettings': command('station.manage', Settings.partial(), ShownSettings),
  'station.acknowledgeClock': command('station.manage', z.object({ id: z.string().max(80) }), Empty),
  /** A new recovery key; the old printout stops working. */
  'station.newRecoveryKey': command(
    'station.manage',
    z.object({ password: z.string().max(200) }),
    z.object({ recoveryKey: z.string() }),
  ),
};
