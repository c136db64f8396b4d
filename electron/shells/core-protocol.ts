// The messages between a shell and the core's worker thread: the pair (method, input) and nothing of Node's,
// and what the core asks of the key store that only the shell's main thread can reach.
import type { Result } from '../../shared/api/contract.ts';
import type { EventMessage } from '../../shared/api/index.ts';
import type { Sheet } from '../core/press.ts';
import type { Line } from '../core/sync.ts';
import type { KeyStoreState } from '../core/system-key.ts';
import type { HelperProcess } from '../core.ts';
import type { Mode } from './places.ts';

export interface CoreSettings {
  readonly dataDir: string;
  readonly mode: Mode;
  readonly appVersion: string;
}

/** What the thread is started with. */
export interface CoreStart extends CoreSettings {
  /** The shell answers questions to a key store. */
  readonly hasKeyStore: boolean;
  /** The shell starts helper processes for makers' libraries; otherwise the core does. */
  readonly hasHelpers: boolean;
  /** The shell draws papers with its own engine; otherwise the core does with a browser of this PC. */
  readonly hasPress: boolean;
  /** Null: real work, or training without a province. */
  readonly training: TrainingStart | null;
}

/** What training mode shows sync with; the shell keeps the province and the second station. */
export interface TrainingStart {
  readonly line: Line;
  /** This is the second station: where the first one serves, and a code to join it with. */
  readonly hub: TrainingHub | null;
}

export interface TrainingHub {
  /** `127.0.0.1:port` */
  readonly address: string;
  readonly code: string;
}

/** What a core of training mode says to the shell; each is answered. */
export type TrainingQuestion =
  /** The center's store is open; `provinceAt` is where its province was when last heard of. */
  | { readonly about: 'opened'; readonly provinceAt: string | null }
  | { readonly about: 'line'; readonly line: Line }
  | { readonly about: 'second'; readonly hub: TrainingHub }
  /** The second station has its record, or why it has none. */
  | { readonly about: 'ready'; readonly result: Result<null> };

export type TrainingNews =
  | { readonly about: 'line'; readonly line: Line }
  | { readonly about: 'province'; readonly address: string; readonly code: string };

export type KeyStoreQuestion =
  | { readonly ask: 'state' }
  | { readonly ask: 'seal' | 'unseal'; readonly bytes: Uint8Array };

export type KeyStoreAnswer = KeyStoreState | Uint8Array | null;

/** Libraries of fingerprint readers' makers; modules of tokens' makers. */
export type HelperKind = 'reader' | 'token';

/** What the core wants of a helper process it has numbered; see lent-helpers.ts. */
export type HelperOrder =
  | { readonly do: 'start'; readonly kind: HelperKind }
  | { readonly do: 'send'; readonly message: Parameters<HelperProcess['send']>[0] }
  | { readonly do: 'kill' };
export type HelperNews =
  | { readonly about: 'message'; readonly message: unknown }
  | { readonly about: 'ended'; readonly how: string };

export type ToCore =
  | {
      readonly type: 'invoke';
      readonly id: number;
      readonly client: string;
      readonly method: string;
      readonly input: unknown;
    }
  | { readonly type: 'keyStore'; readonly id: number; readonly answer: KeyStoreAnswer }
  | { readonly type: 'helper'; readonly id: number; readonly news: HelperNews }
  /** Null: it could not be drawn. */
  | { readonly type: 'drawn'; readonly id: number; readonly pdf: Uint8Array | null }
  | { readonly type: 'trainingAnswer'; readonly id: number; readonly answer: Result<{ address: string }> }
  | { readonly type: 'trainingNews'; readonly news: TrainingNews }
  | { readonly type: 'close' };

export type FromCore =
  /** The thread is busy making the training center and can answer nothing itself until `ready`. */
  | { readonly type: 'preparing' }
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly result: Result<unknown> }
  /** `client: null` is for every page. */
  | { readonly type: 'event'; readonly client: string | null; readonly message: EventMessage }
  | ({ readonly type: 'keyStore'; readonly id: number } & KeyStoreQuestion)
  | { readonly type: 'helper'; readonly id: number; readonly order: HelperOrder }
  | {
      readonly type: 'sheet';
      readonly id: number;
      readonly sheet: Pick<Sheet, 'html' | 'paper' | 'landscape'>;
    }
  | { readonly type: 'training'; readonly id: number; readonly question: TrainingQuestion }
  | { readonly type: 'closed' };
