// The face of the token desk: what the rest of the signing room knows of tokens, real or training's.
import type { Result } from '../../../shared/api/contract.ts';
import type { SigningKey } from '../types.ts';
import type { ModuleFault } from './module-file.ts';
import type { PinState } from './pin-state.ts';

export interface ListedToken {
  /** `<module>:<serial>`; never a slot number. */
  readonly tokenId: string;
  readonly label: string;
  readonly maker: string;
  readonly simulated: boolean;
  readonly pin: PinState;
  /** Its PIN is still the one it was sold with, as far as is known. */
  readonly defaultPin: boolean;
  readonly pinLength: { readonly min: number; readonly max: number };
  /** DER, as they lie on the token, issuers' among them; nothing about them is judged here. */
  readonly certificates: readonly Buffer[];
}

export interface ModuleState {
  readonly name: string;
  readonly path: string;
  readonly fault: ModuleFault | null;
}

export interface TokenList {
  readonly tokens: readonly ListedToken[];
  readonly modules: readonly ModuleState[];
}

/** Why a session is over. */
export type SessionEnd = 'locked' | 'idle' | 'removed' | 'failed' | 'replaced';

export interface TokenSession {
  readonly session: string;
  readonly tokenId: string;
  readonly certificateId: string;
  /** ms since 1970 UTC; moves on with each signature. */
  readonly openUntil: number;
  readonly defaultPin: boolean;
}

export interface TokenDesk {
  /** Tokens plugged in; keeps looking for 30 s more. */
  tokens(): Promise<TokenList>;
  /** Keeps looking for 30 s more. */
  watch(): void;
  /**
   * SubjectPublicKeyInfo (base64, DER) a PIN is sealed to: RSA-OAEP, SHA-256, no label, over the PIN's UTF-8 bytes.
   * Null: no token can be used here. Another one after the helper was restarted.
   */
  pinKey(): Promise<string | null>;
  /**
   * Gives the PIN to the token, once. Ends any other session of the same token. `certificateId`: SHA-256 of the DER,
   * hex. `sealedPin`: base64. pin_wrong; pin_last_try: not tried, `knowing` is needed; pin_locked; pin_default: the
   * maker wants it changed first; pin_length (params min, max): not tried; pin_unreadable: sealed to a helper of before,
   * or tried before; token_missing, token_gone, token_hangs, token_failed, token_module_unfit, certificate_unfit,
   * algorithm_unfit
   */
  unlock(
    tokenId: string,
    certificateId: string,
    sealedPin: string,
    options?: { readonly knowing?: boolean },
  ): Promise<Result<TokenSession>>;
  session(session: string): TokenSession | null;
  /** Null when the session is over. Its `sign` answers token_locked once that has happened. */
  key(session: string): SigningKey | null;
  /** One session, or all of them: the screen was locked, another person came. */
  lock(session?: string): Promise<void>;
  /** Tokens came or went, a PIN's state or a module's changed. Answers how to stop listening. */
  onChange(listener: () => void): () => void;
  onEnd(listener: (session: TokenSession, why: SessionEnd) => void): () => void;
  close(): Promise<void>;
}
