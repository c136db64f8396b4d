// The messages between a shell and the core's worker thread: the pair (method, input) and nothing of Node's,
// and what the core asks of the key store that only the shell's main thread can reach.
import type { Result } from '../../shared/api/contract.ts';
import type { EventMessage } from '../../shared/api/index.ts';
import type { KeyStoreState } from '../core/system-key.ts';
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
}

export type KeyStoreQuestion =
  | { readonly ask: 'state' }
  | { readonly ask: 'seal' | 'unseal'; readonly bytes: Uint8Array };

export type KeyStoreAnswer = KeyStoreState | Uint8Array | null;

export type ToCore =
  | {
      readonly type: 'invoke';
      readonly id: number;
      readonly client: string;
      readonly method: string;
      readonly input: unknown;
    }
  | { readonly type: 'keyStore'; readonly id: number; readonly answer: KeyStoreAnswer }
  | { readonly type: 'close' };

export type FromCore =
  /** The thread is busy making the training center and can answer nothing itself until `ready`. */
  | { readonly type: 'preparing' }
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly result: Result<unknown> }
  /** `client: null` is for every page. */
  | { readonly type: 'event'; readonly client: string | null; readonly message: EventMessage }
  | ({ readonly type: 'keyStore'; readonly id: number } & KeyStoreQuestion)
  | { readonly type: 'closed' };
