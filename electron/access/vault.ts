// What the access room needs of keys and store; the core provides it, so that this room never sees a key.
import type { Result } from '../../shared/api/contract.ts';
import type { Store } from '../store/types.ts';

export interface KeyHolder {
  readonly id: string;
  readonly username: string;
  readonly fullName: string;
  /** Changes whenever the password does, so that a copy of the key wrapped for an older one is made anew. */
  readonly verifier: string;
}

export interface Vault {
  /** Null until somebody's password has opened it. */
  store(): Store | null;
  /** Whether this person's password can open the store on this PC. */
  knows(username: string): boolean;
  open(username: string, password: string): Promise<Result<Store>>;
  /** Lets this password open the store on this PC from now on. Does nothing when it already does. */
  keep(holder: KeyHolder, password: string): Promise<void>;
  /** Their password no longer opens the store on this PC. */
  forget(userId: string): void;
}
