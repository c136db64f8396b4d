// The fingerprint room: readers and the matching thread are there for the room's whole life, each woken when first
// needed; what touches the record is given when the store is open.
import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { CaptureNews } from '../../shared/api/fingerprints.ts';
import type { Input } from '../../shared/api/index.ts';
import type { HandlersOf, Log, Method } from '../store/room.ts';
import type { OpenStore } from '../store/types.ts';
import { type Captures, openCaptures } from './captures.ts';
import { type CheckNeeds, type Confirm, checkHandlers } from './checks.ts';
import { openGallery } from './gallery.ts';
import { type KeyPlace, keyPlace } from './key-place.ts';
import { openPersonKeys, type PersonKeys } from './keys.ts';
import { namedPorts, namePorts, rememberedReader, rememberReader } from './local-setting.ts';
import type { MatchingMatcher } from './matching-thread.ts';
import { dropReturned, obeyErasures, peopleHandlers } from './people.ts';
import { openReaderDesk, type ReaderDesk } from './readers/desk.ts';
import { openSimulatedReaders, type SimulatedReaders, type Touch } from './readers/simulated.ts';
import type { ReaderFamily } from './types.ts';

export { KEY_FILE_PURPOSE } from './keys.ts';
export { namedPorts } from './local-setting.ts';
export { model } from './projections.ts';

export type FingerprintMethod = Extract<Method, `fingerprint.${string}`>;

export type RecordNeeds = Omit<
  CheckNeeds,
  'keys' | 'algorithm' | 'captures' | 'matcher' | 'gallery' | 'store' | 'log'
>;

export interface Fingerprints {
  /**
   * Once, when the store is open. `key`: 32 bytes for the file of persons' keys, made for KEY_FILE_PURPOSE; wiped by
   * the caller. disk_full · store_read_only · store_damaged · store_in_use when that file does not open.
   */
  attach(store: OpenStore, key: Buffer, needs: RecordNeeds): Result<HandlersOf<FingerprintMethod>>;
  /** Null until a store is open. */
  keys(): PersonKeys | null;
  /** What sync may ask for and give out; null likewise. */
  keyPlace(): KeyPlace | null;
  /** For papers of any size, from within: the bytes of which the page was shown a picture. Null until a store is open. */
  confirmBytes(): Confirm | null;
  close(): Promise<void>;
}

export interface FingerprintParts {
  readonly dataDir: string;
  readonly mode: 'real' | 'training';
  /** Asked for when the first reader is needed; null: training's simulated one. */
  readers(): readonly ReaderFamily[] | null;
  /** Keeps which reader this PC uses. */
  store(): OpenStore | null;
  readonly matcher: MatchingMatcher;
  /** Whether this session still has a page. */
  isHere(sessionId: string): boolean;
  /** To the page of this session; nobody when it is gone. */
  tell(sessionId: string, news: CaptureNews): void;
  /** Fingers can be used that could not be before. */
  keysCame(): void;
  now(): number;
  readonly log: Log;
}

export function openFingerprints(parts: FingerprintParts): Fingerprints {
  const { mode, matcher, log } = parts;
  const simulated = mode === 'training' ? openSimulatedReaders({ mode, draw }) : null;
  /** Looking for readers costs time and a watch on the ports: not before somebody wants one. */
  let desk: ReaderDesk | null = null;
  const readers = (): ReaderDesk => {
    desk ??= openReaderDesk({
      mode,
      real: () => parts.readers() ?? [],
      simulated: () => parts.readers()?.[0] ?? simulatedFamily(simulated),
      settings: {
        get: () => rememberedReader(parts.store()),
        set: (value) => rememberReader(parts.store(), value),
      },
      log,
    });
    return desk;
  };
  const captures: Captures = openCaptures({
    desk: readers,
    matcher,
    isHere: parts.isHere,
    tell(sessionId, news) {
      // whoever has given a good print takes the finger away
      if (news.step === 'done') simulated?.lift();
      parts.tell(sessionId, news);
    },
    log,
  });
  let keys: PersonKeys | null = null;
  let record: OpenStore | null = null;
  let confirmBytes: Confirm | null = null;
  let stopWatching: (() => void) | null = null;
  let keyCame = false;

  return {
    attach(store, key, needs) {
      const opened = openPersonKeys(join(parts.dataDir, 'fingerprint-keys.db'), key, parts.now, log);
      if (!opened.ok) return opened;
      keys = opened.value;
      record = store;
      const gallery = openGallery(matcher, keys);
      const { algorithm } = matcher;
      const deps: CheckNeeds = { ...needs, store, keys, log, algorithm, captures, matcher, gallery };
      obeyErasures(deps);
      dropReturned(deps);
      stopWatching = store.onCommit(({ types }) => {
        if (!types.has('biometric_person')) return;
        // not inside the commit that brought the word
        setImmediate(() => {
          if (keys === null || !store.sql.open) return;
          obeyErasures(deps);
          // what could not be taken out now is taken out before the next search
          gallery
            .takeOut(store.sql)
            .catch((error: unknown) => log('error', 'fingers stay loaded', { error }));
        });
      });
      const checks = checkHandlers(deps);
      confirmBytes = checks.confirmBytes;
      return ok({
        ...captures.handlers,
        ...peopleHandlers(deps),
        ...checks.handlers,
        'fingerprint.capture': (input, ctx) => {
          if (input.toFind && ctx.can('patient.write'))
            void gallery
              .refresh(store.sql)
              .catch((error: unknown) => log('warn', 'fingers could not be made ready', { error }));
          return captures.handlers['fingerprint.capture'](input, ctx);
        },
        'fingerprint.readers': async () => {
          const { readers: plugged, using } = await readers().look();
          return ok({ readers: plugged.map((one) => ({ ...one, chosen: one.id === using })) });
        },
        'fingerprint.ports': () =>
          ok({
            ports: namedPorts(store).map(({ password, ...port }) => ({
              ...port,
              hasPassword: password !== null,
            })),
          }),
        'fingerprint.savePorts': ({ ports }) => {
          const before = new Map(namedPorts(store).map(({ path, password }) => [path, password]));
          namePorts(
            store,
            ports.map(({ password, ...port }) => ({
              ...port,
              password: password === undefined ? (before.get(port.path) ?? null) : password,
            })),
          );
          return ok(null);
        },
        'fingerprint.chooseReader': ({ readerId }) => readers().choose(readerId),
        'fingerprint.trainingPlace': (put) => (simulated ? placed(simulated, put) : fail('not_allowed')),
      });
    },
    keys: () => keys,
    keyPlace: () => (keys && record?.sql.open ? keyPlace(record.sql, keys, tellKeyCame) : null),
    confirmBytes: () => confirmBytes,
    async close() {
      stopWatching?.();
      captures.close();
      await desk?.close();
      await matcher.close();
      keys?.close();
      keys = null;
    },
  };

  /** Once for all that come together. */
  function tellKeyCame(): void {
    if (keyCame) return;
    keyCame = true;
    setImmediate(() => {
      keyCame = false;
      parts.keysCame();
    });
  }

  async function draw(who: string, finger: number, impression: number) {
    const image = await matcher.draw(who, finger, impression);
    // only training's own page waits for it, and it can try again
    if (!image) throw new Error('the matching thread died over an invented finger');
    return image;
  }
}

function simulatedFamily(simulated: SimulatedReaders | null): ReaderFamily {
  if (!simulated) throw new Error('simulated readers exist in training mode only');
  return simulated.family;
}

function placed(
  simulated: SimulatedReaders,
  { who, finger, print }: Input<'fingerprint.trainingPlace'>,
): Result<null> {
  if (print === 'unplug') {
    simulated.unplug(0);
    return ok(null);
  }
  simulated.plugIn(0);
  return simulated.place(who, finger, touches[print ?? 'good']);
}

const touches = {
  good: 'good',
  dry: 'dry',
  wet: 'wet',
  edge: 'partial',
} as const satisfies Record<string, Touch>;
