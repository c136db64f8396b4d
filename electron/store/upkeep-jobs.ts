// The messages between a store and its upkeep thread. Field names are all the thread needs of the change
// kinds: it proves chains and columns, and what a body means is not its business.
import type { Result } from '../../shared/api/contract.ts';
import type { BackupCopy } from './backup.ts';
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
  | { readonly type: 'check' }
  | { readonly type: 'close' };

export type FromUpkeep =
  | { readonly type: 'backup'; readonly result: Result<BackupCopy> }
  | { readonly type: 'check'; readonly report: CheckReport }
  | {
      readonly type: 'log';
      readonly level: Parameters<StoreLog>[0];
      readonly message: string;
      readonly facts: Parameters<StoreLog>[2];
    };
