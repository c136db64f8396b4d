// Small secrets kept by the operating system's key store, as sealed files only this OS user can open.
// Where the OS has no protection (`basic_text` on Linux: a fixed key) nothing is kept: the password is asked.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { safeStorage } from 'electron';

export interface KeyStore {
  /** Can the OS protect a secret at all? */
  available(): Promise<boolean>;
  /** False when the OS can't protect it; then nothing is written. */
  keep(name: string, secret: Buffer): Promise<boolean>;
  /** Null when there is none, or the OS refuses to open it (another user, a copied folder). */
  open(name: string): Promise<Buffer | null>;
  forget(name: string): void;
}

export function openKeyStore(folder: string, platform: NodeJS.Platform = process.platform): KeyStore {
  const fileOf = (name: string): string => join(folder, `${name}.sealed`);

  async function available(): Promise<boolean> {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
    return platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
  }

  async function keep(name: string, secret: Buffer): Promise<boolean> {
    if (!(await available())) return false;
    const sealed = await safeStorage.encryptStringAsync(secret.toString('base64'));
    writeFileSync(fileOf(name), sealed, { mode: 0o600 });
    return true;
  }

  return {
    available,
    keep,
    async open(name) {
      const sealed = readOrNull(fileOf(name));
      if (!sealed || !(await available())) return null;
      try {
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed);
        const secret = Buffer.from(result, 'base64');
        if (shouldReEncrypt) await keep(name, secret);
        return secret;
      } catch {
        return null;
      }
    },
    forget: (name) => rmSync(fileOf(name), { force: true }),
  };
}

function readOrNull(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
