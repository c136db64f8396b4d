// Open tokens: one session each, with an idle limit, ended by lock, removal, failure or the next person's PIN.
// The PIN is not here; what is here is the number of a key in the helper.
import { fail, type Result } from '../../../shared/api/contract.ts';
import type { SigningKey } from '../types.ts';
import type { SessionEnd, TokenSession } from './types.ts';

export interface Opened<K> {
  readonly tokenId: string;
  readonly certificateId: string;
  readonly defaultPin: boolean;
  /** What the owner of the key calls it. */
  readonly key: K;
  /** Certificate, chain and algorithms of the key; `sign` is called only while the session is open. */
  readonly signing: SigningKey;
}

export interface Sessions<K> {
  add(opened: Opened<K>): TokenSession;
  get(session: string): TokenSession | null;
  key(session: string): SigningKey | null;
  all(): readonly { readonly session: string; readonly tokenId: string; readonly key: K }[];
  /** Answers once the key is closed. */
  end(session: string, why: SessionEnd): Promise<void>;
  onEnd(listener: (session: TokenSession, why: SessionEnd) => void): () => void;
  /** When the last signature was made or asked for, ms. */
  readonly lastUsed: number;
}

interface Kept<K> {
  readonly opened: Opened<K>;
  readonly session: string;
  openUntil: number;
  signing: number;
  timer: NodeJS.Timeout | undefined;
}

export function keepSessions<K>(options: {
  idleMs(): number;
  now(): number;
  /** The key is not used any more. */
  close(key: K): Promise<void>;
}): Sessions<K> {
  const { idleMs, now, close } = options;
  const kept = new Map<string, Kept<K>>();
  const listeners = new Set<(session: TokenSession, why: SessionEnd) => void>();
  let lastUsed = 0;

  return {
    add(opened) {
      const mine: Kept<K> = {
        opened,
        session: crypto.randomUUID(),
        openUntil: 0,
        signing: 0,
        timer: undefined,
      };
      kept.set(mine.session, mine);
      used(mine);
      return told(mine);
    },
    get(session) {
      const mine = open(session);
      return mine ? told(mine) : null;
    },
    key(session) {
      const mine = open(session);
      return mine ? guarded(mine) : null;
    },
    all: () => [...kept.values()].map(({ session, opened: { tokenId, key } }) => ({ session, tokenId, key })),
    end,
    onEnd(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get lastUsed() {
      return lastUsed;
    },
  };

  /** Over when its time is over, also where a timer came late because the PC slept. */
  function open(session: string): Kept<K> | null {
    const mine = kept.get(session);
    if (!mine) return null;
    if (mine.signing > 0 || now() < mine.openUntil) return mine;
    void end(session, 'idle');
    return null;
  }

  function guarded(mine: Kept<K>): SigningKey {
    const { signing } = mine.opened;
    return {
      certificate: signing.certificate,
      chain: signing.chain,
      algorithms: signing.algorithms,
      async sign(data, algorithm): Promise<Result<Buffer>> {
        if (open(mine.session) !== mine) return fail('token_locked');
        if (!signing.algorithms.includes(algorithm)) return fail('algorithm_unfit');
        mine.signing++;
        used(mine);
        const signed = await signing.sign(data, algorithm);
        mine.signing--;
        if (signed.ok) used(mine);
        else void end(mine.session, signed.error.code === 'token_gone' ? 'removed' : 'failed');
        return signed;
      },
    };
  }

  function used(mine: Kept<K>): void {
    lastUsed = now();
    mine.openUntil = lastUsed + idleMs();
    clearTimeout(mine.timer);
    if (kept.get(mine.session) !== mine) return;
    // by time that has really gone by: a clock that was set back keeps nothing open
    mine.timer = setTimeout(() => mine.signing === 0 && void end(mine.session, 'idle'), idleMs());
    mine.timer.unref();
  }

  async function end(session: string, why: SessionEnd): Promise<void> {
    const mine = kept.get(session);
    if (!mine) return;
    kept.delete(session);
    clearTimeout(mine.timer);
    for (const listener of listeners) listener(told(mine), why);
    await close(mine.opened.key);
  }

  function told({ session, openUntil, opened }: Kept<K>): TokenSession {
    const { tokenId, certificateId, defaultPin } = opened;
    return { session, tokenId, certificateId, defaultPin, openUntil };
  }
}
