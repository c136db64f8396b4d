// What a shell may lend the core: the key store of the operating system, which seals small secrets so that only
// this person's login on this PC opens them. The core says when; how is the shell's business.

/** `none`: this shell has none · `unprotected`: there is one, but it protects nothing. */
export type KeyStoreState = 'ready' | 'none' | 'unprotected';

export interface SystemKeyStore {
  state(): Promise<KeyStoreState>;
  /** Null when the system can't protect it. */
  seal(secret: Uint8Array): Promise<Uint8Array | null>;
  /** Null when the system won't open it: another person's login, another PC, a store that is locked. */
  unseal(sealed: Uint8Array): Promise<Uint8Array | null>;
}

/** The browser shell and the command line: whoever comes must bring a password. */
export const noKeyStore: SystemKeyStore = {
  state: async () => 'none',
  seal: async () => null,
  unseal: async () => null,
};
