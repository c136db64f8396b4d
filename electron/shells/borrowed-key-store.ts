// The core's end of the shell's key store: questions go to the main thread as messages and come back the same way.
import { noKeyStore, type SystemKeyStore } from '../core/system-key.ts';
import type { FromCore, KeyStoreAnswer, KeyStoreQuestion } from './core-protocol.ts';

/** A key store may ask the person at the PC first; nobody waits for that longer. */
const patienceMs = 60_000;

export interface BorrowedKeyStore {
  readonly keyStore: SystemKeyStore;
  answered(id: number, answer: KeyStoreAnswer): void;
}

export function borrowKeyStore(tell: (message: FromCore) => void): BorrowedKeyStore {
  const waiting = new Map<number, (answer: KeyStoreAnswer) => void>();
  let nextId = 1;

  async function ask(question: KeyStoreQuestion): Promise<KeyStoreAnswer> {
    const id = nextId++;
    const { promise, resolve } = Promise.withResolvers<KeyStoreAnswer>();
    waiting.set(id, resolve);
    const giveUp = setTimeout(() => resolve(null), patienceMs);
    tell({ type: 'keyStore', id, ...question });
    try {
      return await promise;
    } finally {
      clearTimeout(giveUp);
      waiting.delete(id);
    }
  }

  return {
    keyStore: {
      async state() {
        const answer = await ask({ ask: 'state' });
        return typeof answer === 'string' ? answer : noKeyStore.state();
      },
      seal: async (bytes) => bytesOf(await ask({ ask: 'seal', bytes })),
      unseal: async (bytes) => bytesOf(await ask({ ask: 'unseal', bytes })),
    },
    answered: (id, answer) => waiting.get(id)?.(answer),
  };
}

const bytesOf = (answer: KeyStoreAnswer): Uint8Array | null => (answer instanceof Uint8Array ? answer : null);
