// Getting the record to the hub and the province, as the page sees it: in sentences, never in bare numbers.
import * as z from 'zod';
import { command, query } from './contract.ts';
import { Empty, Instant, PatientId, required, text } from './ids.ts';

/** A sentence the page says: i18n key with its blanks. */
const Sentence = z.object({
  key: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

/** How far a record has come. refused: set aside by the place it was sent to, a person must look. */
export const RecordPlace = z.enum(['here', 'hub', 'province', 'refused']);

export const SyncStatus = z.object({
  /**
   * standalone: belongs to no province and no other PC · off: nobody may connect now (store closed) ·
   * connecting · busy: something travels · current: both ends proven equal · waiting: not reachable, work goes on ·
   * attention: a person must do something
   */
  state: z.enum(['standalone', 'off', 'connecting', 'busy', 'current', 'waiting', 'attention']),
  sentence: Sentence,
  /** May this PC be switched off now without anything staying only on it? */
  switchOff: z.object({ safe: z.boolean(), sentence: Sentence }),
  lastSavedAt: Instant.nullable(),
  /** Last time anybody (province or hub) answered. */
  lastContactAt: Instant.nullable(),
  waiting: z.object({ count: z.number(), since: Instant.nullable() }),
});

const Lane = z.object({
  lane: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  waiting: z.number(),
  /** Wall time of the oldest change that has not arrived. */
  since: Instant.nullable(),
});

const Peer = z.object({
  /** `province`, or the station's id. */
  id: z.string(),
  kind: z.enum(['province', 'hub', 'station']),
  name: z.string(),
  address: z.string().nullable(),
  /** found: by mDNS or typed, never connected yet. */
  state: z.enum(['connected', 'connecting', 'away', 'refusing', 'found']),
  sentence: Sentence,
  lastContactAt: Instant.nullable(),
  /** When both ends last proved that they hold the same. */
  lastVerifiedAt: Instant.nullable(),
  /** Peer's clock minus this PC's. */
  clockOffsetMs: z.number().nullable(),
  bytesPerSecond: z.number().nullable(),
  version: z.string().nullable(),
});

const RefusedChange = z.object({
  id: z.string(),
  at: Instant,
  by: z.string(),
  /** Name of the PC that wrote it. */
  station: z.string(),
  patientId: PatientId.nullable(),
  patientName: z.string().nullable(),
  /** i18n key of what it is (`change.<kind>`). */
  what: z.string(),
  /** Who set it aside: `here`, `province` or a station's name. */
  where: z.string(),
  reason: Sentence,
});

export const SyncPage = z.object({
  status: SyncStatus,
  /** What waits for the province; for the hub when the center has no province. */
  lanes: z.array(Lane),
  files: z.object({ waiting: z.number(), bytes: z.number() }),
  peers: z.array(Peer),
  refused: z.array(RefusedChange),
  /** Kept here but not shown: written by a newer program, or waiting for something. */
  parked: z.array(z.object({ reason: Sentence, count: z.number() })),
  stations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      code: z.string(),
      thisPc: z.boolean(),
      revokedAt: Instant.nullable(),
      lastSeenAt: Instant.nullable(),
      version: z.string().nullable(),
    }),
  ),
  hub: z.object({ serving: z.boolean(), addresses: z.array(z.string()), connected: z.number() }),
  /** Null: not enrolled with a province. */
  province: z.object({ address: z.string(), name: z.string(), enrolledAt: Instant }).nullable(),
  /** Age of the list of revoked PCs and people: the last contact with whoever keeps it. */
  trustListAt: Instant.nullable(),
});

/** A PC and what of its work it has signed itself; see shared/sync/vouch.ts. */
const Author = z.object({
  stationId: z.string(),
  name: z.string(),
  thisPc: z.boolean(),
  state: z.enum(['vouched', 'unvouched', 'contradicted']),
  /** Changes held in its name. */
  changes: z.number(),
  /** Of them not signed, and since when. */
  unvouched: z.number(),
  since: Instant.nullable(),
  /** `<incarnation>.<lane>.<seq>` from which on it is not what it signed. */
  from: z.string().nullable(),
  /** What an administrator should know or do about it; null: nothing. */
  sentence: Sentence.nullable(),
  /** The administrator who has looked at all of it last; null: something is new, or nobody has. */
  seen: z.object({ at: Instant, by: z.string() }).nullable(),
  /** What there is to look at: given back with `sync.sawAuthor`, so that nothing is called seen that came meanwhile. */
  mark: z.string(),
});

/** Host name or IP with an optional port: `tinh.example.vn`, `10.0.0.5:7443`. */
export const Address = required(200);
/** Typed from paper: letters and digits in groups; spaces, hyphens and case do not matter. */
export const EnrolCode = required(60);

const LookupPerson = z.object({
  centerName: z.string(),
  fullName: z.string(),
  sex: z.string().nullable(),
  birthDate: z.string().nullable(),
  address: z.string().nullable(),
  identifiers: z.array(z.object({ kind: z.string(), value: z.string() })),
  allergies: z.array(z.object({ substance: z.string(), severity: z.string().nullable() })),
  stays: z.array(
    z.object({
      number: z.string(),
      admittedAt: Instant,
      dischargedAt: Instant.nullable(),
      diagnosis: z.string().nullable(),
      wardName: z.string().nullable(),
    }),
  ),
  /** Last time that center's record reached the province: older than this is unknown. */
  asOf: Instant,
  /** Why the province takes them for the same person. */
  because: z.array(z.enum(['identifier', 'name_and_birth', 'linked'])),
});

export const sync = {
  /** The status cell. Public: it stands on the login screen too. */
  'sync.status': query('public', Empty, SyncStatus),
  'sync.page': query('session', Empty, SyncPage),
  /** Who has signed what of the record. */
  'sync.authors': query('station.read', Empty, z.object({ authors: z.array(Author) })),
  /** The administrator has looked into it: told no more until something is added. stale: something was meanwhile. */
  'sync.sawAuthor': command(
    'station.manage',
    z.object({ stationId: z.string().regex(/^[0-9a-f]{32}$/), mark: text(20_000) }),
    Empty,
  ),
  /** Connect at once, whatever the timers say. */
  'sync.now': command('session', Empty, Empty),
  /** Where records are; those not asked about before are answered as well as others. */
  'sync.places': query(
    'session',
    z.object({ subjects: z.array(z.object({ type: z.string().max(40), id: z.string().max(80) })).max(500) }),
    z.object({ places: z.array(z.object({ type: z.string(), id: z.string(), place: RecordPlace })) }),
  ),

  /** Joins this center to a province by the code it was given. */
  'sync.enrol': command(
    'station.manage',
    z.object({ address: Address, code: EnrolCode }),
    z.object({ provinceName: z.string() }),
  ),
  /** First run of a further PC: joins a center that is there, over the LAN or from the province. */
  'sync.join': command(
    'public',
    z.object({ address: Address, code: EnrolCode, stationName: required(60) }),
    z.object({ recoveryKey: z.string() }),
  ),
  /** How the record is coming in on a PC that has joined. */
  'sync.joining': query(
    'public',
    Empty,
    z.object({
      state: z.enum(['none', 'snapshot', 'changes', 'ready', 'failed']),
      doneBytes: z.number(),
      totalBytes: z.number().nullable(),
      changes: z.number(),
      sentence: Sentence.nullable(),
    }),
  ),
  /** Centers' PCs that answer on this LAN: for the first run, before there is a store. */
  'sync.found': query(
    'public',
    Empty,
    z.object({
      hubs: z.array(z.object({ address: z.string(), centerName: z.string(), stationName: z.string() })),
    }),
  ),
  /** A one-time code with which a further PC may join this center through this PC. */
  'sync.invite': command(
    'station.manage',
    Empty,
    z.object({ code: z.string(), expiresAt: Instant, addresses: z.array(z.string()) }),
  ),
  'sync.revokeStation': command(
    'station.manage',
    z.object({ stationId: z.string().regex(/^[0-9a-f]{32}$/), reason: required(400) }),
    Empty,
  ),
  /** Serve the other PCs of the LAN; addresses of hubs typed by hand where mDNS does not reach. */
  'sync.saveHub': command(
    'station.manage',
    z.object({ serving: z.boolean().optional(), addresses: z.array(Address).max(10).optional() }),
    Empty,
  ),

  /** Folders of memory sticks now plugged in. */
  'sync.drives': query('session', Empty, z.object({ drives: z.array(z.string()) })),
  /**
   * Writes one encrypted, signed file: what the province (or another PC of the center) lacks, or everything for a
   * new PC. `sentence` tells what was written.
   */
  'sync.export': command(
    'session',
    z.object({ folder: text(400), what: z.enum(['outbox', 'all']) }),
    z.object({ path: z.string(), changes: z.number(), bytes: z.number() }),
  ),
  'sync.import': command(
    'session',
    z.object({ path: required(400) }),
    z.object({
      accepted: z.number(),
      duplicates: z.number(),
      refused: z.number(),
      /** False: the file ends too early, the stick was pulled out; what was there has been taken in. */
      complete: z.boolean(),
    }),
  ),

  /** What other centers know of a person; answers within the deadline or says that nobody answered. */
  'sync.lookup': command(
    'patient.read',
    z.object({
      cccd: text(20).optional(),
      bhyt: text(20).optional(),
      fullName: text(80).optional(),
      birthDate: text(10).optional(),
    }),
    z.object({
      state: z.enum(['answered', 'no_answer', 'not_enrolled']),
      people: z.array(LookupPerson),
      /** When the province answered. */
      at: Instant.nullable(),
    }),
  ),

  /** Training mode: the line to the province, as staff may meet it. */
  'sync.line': query('public', Empty, z.object({ line: z.enum(['good', 'weak', 'cut']).nullable() })),
  'sync.setLine': command('session', z.object({ line: z.enum(['good', 'weak', 'cut']) }), Empty),
  /** Training mode: the address of a second station's window, started when it is not running. */
  'sync.secondStation': command('session', Empty, z.object({ address: z.string() })),
};
