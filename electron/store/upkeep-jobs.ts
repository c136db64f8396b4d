// The messages between a store and its upkeep thread. Field names are all the thread needs of the change
// kinds: it proves chains and columns, and what a body means is not its business.
import type { Result } from '../../shared/api/contract.ts';
import type { BackupCopy } from './backup.ts';
import type { AdoptOrder, Snapshot, SnapshotOrder, SnapshotOrigin } from './snapshot.ts';
import type { CheckReport, StoreLog } from './types.ts';

export interface UpkeepSettings {
  readonly path: string;
  /** Wiped once the connection is open. */
  readonly key: Uint8Array<ArrayBuffer>;
  readonly kinds: readonly {
    readonly kind: string;
    readonly v: number;
    readonly fields: readonly string[];
  }[];
  /** Tables whose rows are compared with their sums; see state-digest.ts. */
  readonly summed: readonly string[];
}

export interface BackupOrder {
  readonly folder: string;
  /** ms since 1970 UTC, by the core's clock */
  readonly at: number;
  readonly station: { readonly id: string; readonly incarnation: number };
}

export type ToUpkeep =
  | {
      readonly type: 'backup';
      readonly order: BackupOrder;
      /** Opens the finished copy to prove it; wiped afterwards. */
      readonly key: Uint8Array<ArrayBuffer>;
    }
  | {
      readonly type: 'snapshot';
      readonly order: Omit<SnapshotOrder, 'store'>;
      /** Of the store; wiped afterwards. */
      readonly key: Uint8Array<ArrayBuffer>;
    }
  | { readonly type: 'check' }
  | { readonly type: 'close' };

/** Given to the thread in place of settings: it makes a snapshot a store, answers and ends. */
export interface AdoptJob {
  readonly adopt: AdoptOrder;
}

export type FromUpkeep =
  | { readonly type: 'backup'; readonly result: Result<BackupCopy> }
  | { readonly type: 'snapshot'; readonly result: Result<Snapshot> }
  | { readonly type: 'adopted'; readonly result: Result<SnapshotOrigin> }
  | { readonly type: 'check'; readonly report: CheckReport & { readonly tables?: readonly string[] } }
  | {
      readonly type: 'log';
      readonly level: Parameters<StoreLog>[0];
      readonly message: string;
      readonly facts: Parameters<StoreLog>[2];
    };
