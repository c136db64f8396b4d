// The fingerprint room: readers and the matching thread exist from the start, what touches the record is given when the
// store is open.
import { join } from 'node:path';
import { ok, type Result } from '../../shared/api/contract.ts';
import type { CaptureNews } from '../../shared/api/fingerprints.ts';
import type { HandlersOf, Log, Method } from '../store/room.ts';
import type { OpenStore } from '../store/types.ts';
import { type Captures, openCaptures, type ReaderDesk } from './captures.ts';
import { type CheckNeeds, checkHandlers } from './checks.ts';
import { openGallery } from './gallery.ts';
import { openPersonKeys, type PersonKeys } from './keys.ts';
import type { Matcher } from './matcher.ts';
import { obeyErasures, peopleHandlers } from './people.ts';
import type { ReaderInfo } from './types.ts';

export { KEY_FILE_PURPOSE } from './keys.ts';
export { model } from './projections.ts';

type FingerprintMethod = Extract<Method, `fingerprint.${string}`>;

/** The readers plugged into this PC, as the room needs them. */
export interface Readers extends ReaderDesk {
  list(): Promise<readonly (ReaderInfo & { readonly chosen: boolean })[]>;
  choose(readerId: string): Result<null>;
  /** Training mode: who puts which finger on. Null in real mode. */
  readonly training:
    | ((put: { who: string; finger: number; print: 'good' | 'dry' | 'wet' | 'edge' | 'unplug' }) => void)
    | null;
  close(): Promise<void>;
}

export type RecordNeeds = Omit<
  CheckNeeds,
  'keys' | 'algorithm' | 'captures' | 'matcher' | 'gallery' | 'store' | 'log'
>;

export interface Fingerprints {
  /** Once, when the store is open. `key`: 32 bytes for the file of persons' keys, made for KEY_FILE_PURPOSE. */
  attach(store: OpenStore, key: Buffer, needs: RecordNeeds): Result<HandlersOf<FingerprintMethod>>;
  /** Null until a store is open. */
  keys(): PersonKeys | null;
  close(): Promise<void>;
}

export function openFingerprints(parts: {
  readonly dataDir: string;
  readonly readers: Readers;
  readonly matcher: Matcher;
  tell(sessionId: string, news: CaptureNews): void;
  now(): number;
  readonly log: Log;
}): Fingerprints {
  const { readers, matcher, log } = parts;
  const captures: Captures = openCaptures({ desk: readers, matcher, tell: parts.tell, log });
  let keys: PersonKeys | null = null;
  let stopWatching: (() => void) | null = null;

  return {
    attach(store, key, needs) {
      const opened = openPersonKeys(join(parts.dataDir, 'fingerprint-keys.db'), key, parts.now, log);
      if (!opened.ok) return opened;
      keys = opened.value;
      const gallery = openGallery(matcher, keys);
      const deps: CheckNeeds = {
        ...needs,
        store,
        keys,
        log,
        algorithm: matcher.algorithm,
        captures,
        matcher,
        gallery,
      };
      obeyErasures(deps);
      stopWatching = store.onCommit(({ types }) => {
        // not inside the commit that brought the word
        if (types.has('biometric_person')) setImmediate(() => store.sql.open && obeyErasures(deps));
      });
      return ok({
        ...captures.handlers,
        ...peopleHandlers(deps),
        ...checkHandlers(deps),
        'fingerprint.readers': async () => ok({ readers: [...(await readers.list())] }),
        'fingerprint.chooseReader': ({ readerId }) => readers.choose(readerId),
        'fingerprint.trainingPlace': (put) => {
          readers.training?.(put);
          return ok(null);
        },
      });
    },
    keys: () => keys,
    async close() {
      stopWatching?.();
      captures.close();
      await readers.close();
      await matcher.close();
      keys?.close();
      keys = null;
    },
  };
}
