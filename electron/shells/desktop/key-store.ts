// The operating system's key store, as the core borrows it: what it seals only this OS user can open.
// Where the OS has no protection (`basic_text` on Linux: a fixed key) nothing is sealed: the password is asked.
import { safeStorage } from 'electron';
import type { SystemKeyStore } from '../../core/system-key.ts';

export function openKeyStore(platform: NodeJS.Platform = process.platform): SystemKeyStore {
  return {
    async state() {
      if (!(await safeStorage.isAsyncEncryptionAvailable())) return 'unprotected';
      const fixedKey = platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
      return fixedKey ? 'unprotected' : 'ready';
    },
    async seal(secret) {
      if ((await this.state()) !== 'ready') return null;
      return safeStorage.encryptStringAsync(Buffer.from(secret).toString('base64'));
    },
    async unseal(sealed) {
      if ((await this.state()) !== 'ready') return null;
      try {
        const { result } = await safeStorage.decryptStringAsync(Buffer.from(sealed));
        return Buffer.from(result, 'base64');
      } catch {
        return null;
      }
    },
  };
}
