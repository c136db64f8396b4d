// The messages between a shell and the core's worker thread: the pair (method, input) and nothing of Node's.
import type { Result } from '../../shared/api/contract.ts';
import type { EventMessage } from '../../shared/api/index.ts';
import type { Mode } from './places.ts';

export interface CoreSettings {
  readonly dataDir: string;
  readonly mode: Mode;
  readonly appVersion: string;
}

export type ToCore =
  | {
      readonly type: 'invoke';
      readonly id: number;
      readonly client: string;
      readonly method: string;
      readonly input: unknown;
    }
  | { readonly type: 'close' };

export type FromCore =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly result: Result<unknown> }
  /** `client: null` is for every page. */
  | { readonly type: 'event'; readonly client: string | null; readonly message: EventMessage }
  | { readonly type: 'closed' };
