// Wires the fingerprint room: readers of this PC, the matching thread, and what the room asks of the record's areas.
// Where the file of persons' keys does not open, everything else of the store works and these methods say why they don't.
import type { Result } from '../../shared/api/contract.ts';
import type { CaptureNews } from '../../shared/api/fingerprints.ts';
import { contract } from '../../shared/api/index.ts';
import {
  type FingerprintMethod,
  type Fingerprints,
  KEY_FILE_PURPOSE,
  namedPorts,
  openFingerprints,
} from '../fingerprint/index.ts';
import { matcherHere, matcherInThread } from '../fingerprint/matching-thread.ts';
import { serialReaders } from '../fingerprint/readers/serial/index.ts';
import { usbReaders } from '../fingerprint/readers/usb/index.ts';
import { openVendorReaders, type StartHelper } from '../fingerprint/readers/vendor/index.ts';
import type { ReaderFamily } from '../fingerprint/types.ts';
import { type CenterFacts, scannerPorts } from '../station/index.ts';
import type { HandlersOf, Log, People } from '../store/room.ts';
import type { OpenStore } from '../store/types.ts';
import { ofFingers } from './clinic.ts';

export interface FingerprintDeskNeeds {
  readonly dataDir: string;
  readonly mode: 'real' | 'training';
  /** File of the matching thread; left out (command line), matching runs in this thread. */
  readonly worker?: string;
  /** How helper processes for makers' libraries are started; left out, there are no such readers. */
  readonly startReaderHelper?: StartHelper;
  /** Instead of what is plugged into this PC; called when the first reader is needed. */
  readonly readers?: () => readonly ReaderFamily[];
  store(): OpenStore | null;
  center(): CenterFacts | null;
  readonly people: People;
  /** The page of a session; null when it is gone. */
  clientOf(sessionId: string): string | null;
  tell(client: string, news: CaptureNews): void;
  /** Every page asks for fingerprints anew. */
  changed(): void;
  now(): number;
  readonly log: Log;
}

export interface FingerprintDesk {
  /** Once, when the store is open. */
  attach(store: OpenStore, keyFor: (purpose: string) => Buffer): HandlersOf<FingerprintMethod>;
  /** Keys of persons, for the center's other PCs; null while no store is open or their file does not open. */
  readonly keyPlace: Fingerprints['keyPlace'];
  /** A finger for a paper of any size, for rooms that keep papers; null likewise. */
  readonly confirmBytes: Fingerprints['confirmBytes'];
  close(): Promise<void>;
}

export function openFingerprintDesk(needs: FingerprintDeskNeeds): FingerprintDesk {
  const { dataDir, mode, worker, now, log } = needs;
  const room = openFingerprints({
    dataDir,
    mode,
    readers: () => needs.readers?.() ?? (mode === 'real' ? pluggedIn(needs) : null),
    store: needs.store,
    matcher: worker ? matcherInThread({ workerFile: worker, log }) : matcherHere(),
    isHere: (sessionId) => needs.clientOf(sessionId) !== null,
    tell(sessionId, news) {
      const client = needs.clientOf(sessionId);
      if (client !== null) needs.tell(client, news);
    },
    keysCame: needs.changed,
    now,
    log,
  });

  return {
    attach(store, keyFor) {
      const key = keyFor(KEY_FILE_PURPOSE);
      const attached = room.attach(store, key, {
        ...ofFingers,
        people: needs.people,
        stations: () => (needs.center()?.stations() ?? []).filter(({ revokedAt }) => revokedAt === null),
        center: () => {
          const center = needs.center()?.center();
          return center ? { id: center.id, name: center.name } : null;
        },
        stationName: () => needs.center()?.stationName(store.station.id) ?? '',
        now,
      });
      key.fill(0);
      if (attached.ok) return attached.value;
      log('error', 'fingerprints are off: the file of their keys does not open', {
        code: attached.error.code,
      });
      return answeringAll(attached);
    },
    keyPlace: room.keyPlace,
    confirmBytes: room.confirmBytes,
    close: room.close,
  };
}

/** All kinds of readers this PC may have; each finds nothing where it cannot work, and says so in the log. */
function pluggedIn({ startReaderHelper, store, log }: FingerprintDeskNeeds): readonly ReaderFamily[] {
  return [
    serialReaders({
      settings: () => serialPorts(store()),
      // the barcode scanner's port must not be asked for fingers
      portsInUse: () => scannerPorts(store()),
      log,
    }),
    usbReaders({ log }),
    ...(startReaderHelper ? [openVendorReaders({ start: startReaderHelper, log })] : []),
  ];
}

/** As the family wants them: what nobody said is left out. */
const serialPorts = (store: OpenStore | null) =>
  namedPorts(store).map(({ path, baud, address, password }) => ({
    path,
    ...(baud !== null && { baud }),
    ...(address !== null && { address }),
    ...(password !== null && { password }),
  }));

function answeringAll(failure: Result<never>): HandlersOf<FingerprintMethod> {
  const methods = Object.keys(contract).filter((method): method is FingerprintMethod =>
    method.startsWith('fingerprint.'),
  );
  // every method of the room is among them, and a failure answers any of them
  return Object.fromEntries(
    methods.map((method) => [method, () => failure]),
  ) as unknown as HandlersOf<FingerprintMethod>;
}
