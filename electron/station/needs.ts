// What the station room asks of the core: keys and files are the core's, this room decides when and why.

import type { Result } from '../../shared/api/contract.ts';
import type { ErrorCode } from '../../shared/api/errors.ts';
import type { Input, Output } from '../../shared/api/index.ts';
import type { Log } from '../store/room.ts';
import type { CheckReport, OpenStore, Tx } from '../store/types.ts';
import type { DeviceSources } from './devices.ts';

export type BackupFile = Output<'station.backup'>;
export type WardLayouts = Input<'station.firstRun'>['wards'];

export interface NewAdministrator {
  readonly id: string;
  readonly username: string;
  readonly fullName: string;
  readonly verifier: string;
}

/** The store's file and the keys to it. */
export interface StoreFile {
  readonly path: string;
  phase(): { phase: 'first_run' | 'closed' | 'open' | 'problem'; problem?: ErrorCode };
  store(): OpenStore | null;
  /** Accounts whose password opens the store on this PC, most recently used first. */
  users(): readonly { readonly username: string; readonly fullName: string }[];
  /**
   * Makes a new store, all or nothing: `found` writes its first changes; the password and a recovery key open it.
   * The recovery key is told once.
   */
  create(
    admin: NewAdministrator,
    password: string,
    found: (store: OpenStore) => Promise<Result<null>>,
  ): Promise<Result<{ recoveryKey: string }>>;
  openWithRecoveryKey(recoveryKey: string): Promise<Result<null>>;
  /** The old printout stops working. */
  newRecoveryKey(): Promise<Result<string>>;
  /** Whether the operating system's key store opens the store at program start, and whether it could. */
  systemKey(): Promise<{ on: boolean; state: Output<'station.settings'>['keyStore'] }>;
  /** `bad_input` naming `openWithoutPassword` when this PC has no key store that protects anything. */
  switchSystemKey(on: boolean): Promise<Result<null>>;
  /** SQLite's own check, then every hash of every feed. store_closed · core_stopped when it could not finish. */
  check(): Promise<Result<CheckReport>>;
  /** A verified copy in this folder, and the oldest of many removed. */
  backup(folder: string): Promise<Result<BackupFile>>;
  /** This PC's own copies, newest first; nothing where the folder is gone or can't be read. */
  backupsIn(folder: string): readonly BackupFile[];
}

export interface StationNeeds {
  readonly dataDir: string;
  readonly mode: 'real' | 'training';
  readonly appVersion: string;
  readonly file: StoreFile;
  readonly trainingAccounts: Output<'station.status'>['trainingAccounts'];
  readonly devices: DeviceSources;
  /** Rules for the first administrator's password; `field` is the input field at fault. */
  checkPassword(password: string, username: string, field: string): Result<string>;
  verifierOf(password: string): Promise<string>;
  createFirstAdministrator(tx: Tx, admin: NewAdministrator): void;
  layOutWards(tx: Tx, wards: WardLayouts): Result<unknown>;
  /** New password for an account, once the recovery key has opened the store. */
  recoverAccount(username: string, newPassword: string): Promise<Result<null>>;
  /** Whether this is the person's own password; `field` is the input field it came in. */
  confirmsPassword(userId: string, password: string, field: string): Promise<Result<unknown>>;
  countPatients(store: OpenStore): number;
  /** A scan came in from the serial scanner. */
  scanned(raw: string): void;
  now(): number;
  readonly log: Log;
}
