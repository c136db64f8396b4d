// Carrying the record by hand: writes and reads the encrypted, signed file (layout in shared/sync/carry-file.ts).
// What comes in goes through the same door as what a line brings, so it is checked alike and may come twice.
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Lane } from '../../shared/model/change.ts';
import {
  CARRY_ENDING,
  type CarryCrypto,
  type CarryHeader,
  type CarryProblem,
  type CarryTrust,
  readCarry,
  writeCarry,
} from '../../shared/sync/carry-file.ts';
import { carryIn } from '../../shared/sync/carry-in.ts';
import { derOf } from '../../shared/sync/certificate.ts';
import type { FrameMaker } from '../../shared/sync/drive.ts';
import { PROTOCOL } from '../../shared/sync/hello.ts';
import { type ChangeStore, feedKey, type Head, type Slice } from '../../shared/sync/port.ts';
import { VIETNAM_OFFSET_MS } from '../../shared/time/vietnam.ts';
import { StoreFailure } from '../store/change-store.ts';
import {
  ecAgree,
  ecOneTimeKey,
  ecPointOf,
  ecSign,
  ecVerify,
  hmacSha256,
  randomKey,
  seal,
  sha256,
  unseal,
} from '../store/crypto.ts';
import { failureOf } from '../store/faults.ts';
import type { KnownStation } from './types.ts';

export interface Carrier {
  readonly changes: ChangeStore;
  /** New for each file: frames lean on those before them. */
  frames(): FrameMaker;
  /** Of the center. */
  readonly center: string;
  readonly station: { readonly id: string; readonly code: string; readonly keyPem: string };
  readonly app: string;
  stations(): readonly KnownStation[];
  /** PEM; null: the center belongs to no province. */
  provinceCertificate(): string | null;
  /** Whom an outbox is for holds these: feedKey → last number. */
  held(): ReadonlyMap<string, number>;
  /** The province's own word, by a file. */
  provinceHolds(heads: readonly Head[]): Promise<unknown>;
  now(): number;
}

export interface Exported {
  /** Empty when there was nothing to write. */
  readonly path: string;
  readonly changes: number;
  readonly bytes: number;
}

export interface Imported {
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  /** False: the file ends too early; what was there has been taken in. */
  readonly complete: boolean;
}

/** What one frame holds at most: taken in without anybody noticing. */
const perFrame = { changes: 1000, bytes: 512 * 1024 };
/** Sticks are fast and roomy: compress as for a good line. */
const stickRate = 1_000_000;
const readBytes = 1024 * 1024;
const lanes: readonly Lane[] = [0, 1, 2];

// --- out ---

/** no_such_folder · disk_full · store_read_only (the stick). Whatever fails leaves no file behind. */
export async function exportFile(
  carrier: Carrier,
  folder: string,
  kind: 'outbox' | 'all',
): Promise<Result<Exported>> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return fail('no_such_folder');
  const path = freeName(folder, carrier, kind);
  const draft = `${path}.part`;
  try {
    const written = await writeFileOf(carrier, draft, kind);
    if (written.changes === 0) {
      rmSync(draft, { force: true });
      return ok({ path: '', changes: 0, bytes: 0 });
    }
    renameSync(draft, path);
    return ok({ path, ...written });
  } catch (error) {
    rmSync(draft, { force: true });
    const failure = error instanceof StoreFailure ? fail(error.code).error : failureOf(error);
    if (!failure) throw error;
    return { ok: false, error: failure };
  }
}

async function writeFileOf(
  carrier: Carrier,
  path: string,
  kind: 'outbox' | 'all',
): Promise<{ changes: number; bytes: number }> {
  const { changes, station } = carrier;
  const header: CarryHeader = {
    kind,
    center: carrier.center,
    from: station.id,
    created: Math.floor(carrier.now()),
    app: carrier.app,
    protocol: PROTOCOL,
  };
  const writer = writeCarry(carryCrypto, header, recipientsOf(carrier, kind), (bytes) =>
    ecSign(station.keyPem, bytes),
  );
  const frames = carrier.frames();
  const file = openSync(path, 'wx', 0o600);
  let count = 0;
  let bytes = 0;
  const put = (piece: Uint8Array): void => {
    for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
    bytes += piece.length;
  };
  try {
    put(writer.head);
    for await (const { lane, slice } of kind === 'all' ? inOrder(changes) : behind(changes, carrier.held())) {
      const packed = await frames.pack(lane, slice, stickRate);
      if (packed) put(writer.frame(packed.frame));
      count += slice.runs.reduce((sum, run) => sum + run.stored.length, 0);
      await breathe();
    }
    put(writer.end());
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { changes: count, bytes };
}

interface LaneSlice {
  readonly lane: Lane;
  readonly slice: Slice;
}

/**
 * Everything, nearly in the order in which it came here: always the lane that is furthest behind. A new PC then meets
 * wards before the patients in them, and parks little.
 */
async function* inOrder(changes: ChangeStore): AsyncGenerator<LaneSlice> {
  const open = new Map<Lane, number>(lanes.map((lane) => [lane, 0]));
  while (open.size > 0) {
    const [lane, cursor] = [...open].reduce((a, b) => (b[1] < a[1] ? b : a));
    const slice = await changes.since(lane, cursor, perFrame, null);
    if (slice.runs.length > 0) yield { lane, slice };
    if (slice.more) open.set(lane, slice.cursor);
    else open.delete(lane);
  }
}

/** What lies behind these positions, what matters most first. */
async function* behind(changes: ChangeStore, held: ReadonlyMap<string, number>): AsyncGenerator<LaneSlice> {
  const positions = new Map(held);
  for (const lane of lanes)
    for (let more = true; more; ) {
      const slice = await changes.beyond(lane, positions, perFrame);
      for (const run of slice.runs) positions.set(feedKey(run.feed), run.firstSeq + run.stored.length - 1);
      if (slice.runs.length > 0) yield { lane, slice };
      more = slice.more && slice.runs.length > 0;
    }
}

/** An outbox is for the province where there is one; everything is for the center's own PCs. */
function recipientsOf(carrier: Carrier, kind: 'outbox' | 'all') {
  const province = carrier.provinceCertificate();
  const stations = carrier
    .stations()
    .flatMap(({ revokedAt, certificate }) => (revokedAt === null ? certificate : []));
  const certificates =
    kind === 'all' ? [...stations, ...(province ? [province] : [])] : province ? [province] : stations;
  return certificates.flatMap((pem) => {
    const der = derOf(pem);
    const point = der && ecPointOf(der);
    return der && point ? [{ fingerprint: sha256(der), point }] : [];
  });
}

/** `tram-01-20261122-0805-outbox.tram`: which PC, when, what; sorts by time. */
function freeName(folder: string, { station, now }: Carrier, kind: string): string {
  const digits = new Date(now() + VIETNAM_OFFSET_MS).toISOString().replaceAll(/\D/g, '');
  // another PC named ours in the record: whatever it wrote there must not lead out of the folder
  const code = station.code.replaceAll(/\W/g, '');
  const stem = join(folder, `tram-${code}-${digits.slice(0, 8)}-${digits.slice(8, 12)}-${kind}`);
  let path = `${stem}${CARRY_ENDING}`;
  for (let n = 2; existsSync(path) || existsSync(`${path}.part`); n++) path = `${stem}-${n}${CARRY_ENDING}`;
  return path;
}

// --- in ---

/**
 * A file, or a folder with files: those for us, oldest first. no_such_folder · file_not_for_us · station_revoked ·
 * update_needed · file_damaged (with what was taken before the damage in `params`) · disk_full.
 */
export async function importFrom(carrier: Carrier, path: string): Promise<Result<Imported>> {
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there) return fail('no_such_folder');
  if (!there.isDirectory()) return importFile(carrier, path);
  const files = readdirSync(path)
    .filter((name) => name.endsWith(CARRY_ENDING))
    .sort();
  let sum: Imported | null = null;
  let strangers: Result<Imported> = fail('file_not_for_us');
  let damage: Result<Imported> | null = null;
  for (const name of files) {
    const read = await importFile(carrier, join(path, name));
    if (read.ok) sum = sum ? added(sum, read.value) : read.value;
    else if (read.error.code === 'file_not_for_us') strangers = read;
    // one bad file does not keep back the others of the stick
    else if (read.error.code === 'file_damaged') damage = read;
    else return read;
  }
  return damage ?? (sum ? ok(sum) : strangers);
}

const added = (a: Imported, b: Imported): Imported => ({
  accepted: a.accepted + b.accepted,
  duplicates: a.duplicates + b.duplicates,
  refused: a.refused + b.refused,
  complete: a.complete && b.complete,
});

async function importFile(carrier: Carrier, path: string): Promise<Result<Imported>> {
  try {
    const { header, problem, ...taken } = await carryIn({
      reader: readCarry(carryCrypto, trustOf(carrier)),
      pieces: createReadStream(path, { highWaterMark: readBytes }),
      changes: carrier.changes,
      frames: carrier.frames(),
      protocol: PROTOCOL,
      // nobody else can speak for the province: what a PC of the center says of itself is asked of it directly
      holdings: async (heads, { from }) => (stationOf(carrier, from) ? null : carrier.provinceHolds(heads)),
      breathe,
    });
    if (problem === 'damaged') return damaged(taken);
    if (problem) return fail(failures[problem]);
    return ok(taken);
  } catch (error) {
    if (error instanceof StoreFailure) return fail(error.code);
    // a bad sector, or the stick was pulled out while it was read
    if (error instanceof Error && 'code' in error && (error.code === 'EIO' || error.code === 'ENXIO'))
      return fail('file_damaged');
    const failure = failureOf(error);
    if (!failure) throw error;
    return { ok: false, error: failure };
  }
}

const damaged = ({ accepted, duplicates }: { accepted: number; duplicates: number }): Result<never> =>
  fail('file_damaged', { params: { accepted, duplicates } });

const failures = {
  not_carry: 'file_damaged',
  newer: 'update_needed',
  not_for_us: 'file_not_for_us',
  revoked: 'station_revoked',
  update_needed: 'update_needed',
} as const satisfies Record<Exclude<CarryProblem, 'damaged'> | 'update_needed', string>;

const stationOf = (carrier: Carrier, id: string): KnownStation | undefined =>
  carrier.stations().find((station) => station.id === id);

function trustOf(carrier: Carrier): CarryTrust {
  const own = stationOf(carrier, carrier.station.id);
  const der = own && derOf(own.certificate);
  return {
    fingerprint: der ? sha256(der) : Buffer.alloc(32),
    agree: (point) => ecAgree(carrier.station.keyPem, point),
    sender({ from, center }) {
      if (center !== carrier.center) return 'not_for_us';
      const station = stationOf(carrier, from);
      if (station && station.revokedAt !== null) return 'revoked';
      const certificate = station?.certificate ?? carrier.provinceCertificate();
      if (!certificate) return 'not_for_us';
      return (bytes, signature) => ecVerify(certificate, bytes, signature);
    },
  };
}

/** Lets a save have its turn. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const carryCrypto: CarryCrypto = {
  sha256,
  hmac: hmacSha256,
  random: randomKey,
  seal(key, plain, context) {
    const { nonce, text, tag } = seal(key, plain, context);
    return Buffer.concat([nonce, text, tag]);
  },
  unseal(key, sealed, context) {
    if (sealed.length < 28) return null;
    const bytes = Buffer.from(sealed);
    return unseal(
      key,
      { nonce: bytes.subarray(0, 12), text: bytes.subarray(12, -16), tag: bytes.subarray(-16) },
      context,
    );
  },
  oneTimeKey: ecOneTimeKey,
};
