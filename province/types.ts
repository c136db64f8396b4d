// What the province offers to whoever runs one: the command line, the admin page, training, tests, benchmarks.
// Times are ms since 1970 UTC; station and province ids are 32 hex digits; a center goes by its small number.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Result } from '../shared/api/contract.ts';
import type { LookupAnswer, LookupQuestion } from '../shared/sync/lookup.ts';
import type { ChangeStore } from '../shared/sync/port.ts';
import type { Concern } from '../shared/sync/vouch.ts';
import type { Database } from './database/types.ts';

export interface ProvinceOptions {
  /** `postgres://…`. Without one the province keeps a database of its own (PGlite) in `folder`. */
  readonly databaseUrl?: string;
  /** PGlite's database and what this process remembers beside the database. Made when missing. */
  readonly folder: string;
  /** Shown to stations when they enrol; kept from the first start on. */
  readonly name?: string;
  /** Door for stations: TLS 1.3. Port 0 takes a free one; null: no such door (then `plain` must be given). */
  readonly listen: { readonly host: string; readonly port: number } | null;
  /**
   * Door without TLS, on 127.0.0.1 only, for benchmarks and training: the station names itself, nobody proves it. A
   * station not known is taken for one of the only center there is.
   */
  readonly plain?: { readonly port: number };
  /** Door for the admin page, health and metrics: plain HTTP, meant for loopback or a reverse proxy. */
  readonly page?: { readonly host: string; readonly port: number };
  /** Whoever reads /metrics must bring it as a bearer token; without one it is open to who reaches the page's door. */
  readonly metricsToken?: string;
  /** False: leaves reading the logs, for people across centers and for signatures on papers, to other processes. */
  readonly followPeople?: boolean;
  /** Whom signatures on papers are looked at by. Default: `openssl` on the path, trusting nobody's certificates. */
  readonly papers?: {
    readonly openssl?: string;
    /** Folder of PEM files with roots, issuers and revocation lists; null: none are trusted. */
    readonly anchors: string | null;
  };
  /** In place of the program's own page: answers what its door is asked beyond /health and /metrics, false when it is not its to answer. */
  readonly answerPage?: (province: Province) => PageAnswer;
  /** In place of the program's own: answers a station's question for a patient of another center. */
  readonly lookup?: (province: Province) => Lookup;
  /**
   * Enrols stations of training and no others, as one of real work enrols no station of training. Keeps a database of
   * its own in `folder`.
   */
  readonly training?: boolean;
  readonly limits?: Partial<Limits>;
  readonly log?: Log;
  now?(): number;
}

export type PageAnswer = (request: IncomingMessage, response: ServerResponse) => Promise<boolean> | boolean;

/** `center` asks about somebody who may be known in other centers. Null: nobody here can say. */
export type Lookup = (
  center: number,
  station: string,
  question: LookupQuestion,
) => Promise<LookupAnswer | null>;

export interface Province {
  /** 32 hex digits */
  readonly id: string;
  readonly name: string;
  readonly port: number | null;
  readonly plainPort: number | null;
  readonly pagePort: number | null;
  /** SHA-256 of the certificate stations pin, 64 hex digits. */
  readonly fingerprint: string;
  /** Of the administrator made at the very first start; told once, kept nowhere. */
  readonly firstPassword: string | null;
  readonly admin: Admin;
  readonly database: Database;
  /** The log of one center, as the protocol sees it. */
  storeOf(center: number): ChangeStore;
  /** Told after a commit, by this process or another one, that a center's log grew; stop by calling the answer. */
  onGrew(listener: (center: number, end: number) => void): () => void;
  /** What happens in this process now; everything else is in the database. */
  facts(): ProcessFacts;
  /** No new sessions, running ones are told to come back, then everything is closed. */
  close(): Promise<void>;
}

export interface ProcessFacts {
  readonly connections: number;
  readonly sessions: number;
  /** Since the start. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly turnedAway: number;
  readonly startedAt: number;
  /** How long checking and committing what came in took. */
  readonly takeSeconds: HistogramFacts;
  /** What looks at signatures on papers; null: there is none here. */
  readonly openssl: string | null;
}

export interface HistogramFacts {
  /** Upper end and how many were at or below it. */
  readonly upTo: readonly (readonly [number, number])[];
  readonly count: number;
  readonly sum: number;
}

/** Bounds that keep one process alive whatever comes in. */
export interface Limits {
  /** Open connections of this process; further ones are told to come back. */
  readonly connections: number;
  /** TLS handshakes begun per second, over a burst of the same size. */
  readonly handshakesPerSecond: number;
  readonly sessions: number;
  readonly handshakeMs: number;
  readonly headersMs: number;
  /** A connection that says nothing for so long is closed; sessions ping every 12–15 s. */
  readonly idleMs: number;
  /** A POST exchange, first byte of the body to last. */
  readonly exchangeMs: number;
  /** Largest body of a POST exchange and largest WebSocket message. */
  readonly messageBytes: number;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** Facts are ids of stations and centers, counts and codes: never a name, never a word of a record. */
export type Log = (level: LogLevel, event: string, facts?: Readonly<Record<string, unknown>>) => void;

/** `by` is the name of the administrator; every command is written to the audit table. */
export interface Admin {
  centers(): Promise<readonly CenterFacts[]>;
  stations(center: number): Promise<readonly StationFacts[]>;
  quarantined(center: number, limit: number): Promise<readonly QuarantinedChange[]>;
  sealed(center: number): Promise<readonly SealedDelivery[]>;
  codes(center: number): Promise<readonly OpenCode[]>;
  audit(limit: number): Promise<readonly AuditEntry[]>;
  createCenter(by: string, center: NewCenter): Promise<Result<{ center: number }>>;
  /** A one-time code for one station of the center, to be typed within 7 days. not_found. */
  createCode(by: string, center: number): Promise<Result<{ code: string; expiresAt: number }>>;
  withdrawCode(by: string, codeId: string): Promise<Result<null>>;
  /** Writes `station.revoke` into the center's log; ends its sessions in every process. not_found. */
  revokeStation(by: string, station: string, reason: string): Promise<Result<null>>;
  /** Somebody has looked into what the station has not signed: told no more until something is added. stale: it was. */
  sawAuthor(by: string, station: string, mark: string): Promise<Result<null>>;
  /** Passes on what a revoked station delivered. Answers how many changes were taken in. not_found. */
  releaseSealed(by: string, station: string): Promise<Result<{ accepted: number; refused: number }>>;
  /** After the database was put back to an earlier state: every center gets a new log id. */
  newLog(by: string): Promise<{ centers: number }>;
  /** wrong_password · account_locked · account_disabled. */
  login(name: string, password: string): Promise<Result<{ name: string; mustChange: boolean }>>;
  /** wrong_password · weak_password. */
  changePassword(name: string, old: string, next: string): Promise<Result<null>>;
  /** username_taken · weak_password. */
  createAdmin(
    by: string,
    name: string,
    password: string,
    rights?: readonly AdminRight[],
  ): Promise<Result<null>>;
  /** last_administrator · not_found. */
  setRights(by: string, name: string, rights: readonly AdminRight[]): Promise<Result<null>>;
  /** last_administrator · not_found. */
  disableAdmin(by: string, name: string): Promise<Result<null>>;
  admins(): Promise<readonly AdminFacts[]>;
}

/**
 * stations: centers, PCs, codes, deliveries · identities: sees who patients are and decides who is one person ·
 * administrators: who else may come in
 */
export type AdminRight = 'stations' | 'identities' | 'administrators';
export const adminRights = ['stations', 'identities', 'administrators'] as const satisfies AdminRight[];

export interface AdminFacts {
  readonly name: string;
  readonly disabled: boolean;
  readonly lastLoginAt: number | null;
  readonly rights: readonly AdminRight[];
}

export interface NewCenter {
  readonly name: string;
  /** CSKCB code of the facility, five characters; null: not known yet. */
  readonly facilityCode: string | null;
  readonly provinceCode: string;
}

export interface CenterFacts extends NewCenter {
  readonly center: number;
  /** Null until its first station has enrolled. */
  readonly centerId: string | null;
  readonly logId: string;
  readonly changes: number;
  /** Trusted ones; what they run. */
  readonly stations: number;
  readonly versions: readonly string[];
  readonly revoked: number;
  readonly lastContactAt: number | null;
  readonly lastChangeAt: number | null;
  /** Sum of what the stations said they had not sent yet at their last contact. */
  readonly backlog: number;
  readonly quarantined: number;
  readonly sealed: number;
  /** Changes stamped more than 5 minutes ahead of the province's clock. */
  readonly clockErrors: number;
  /** Stations with the same changes and the same program but other tables: a bug, found by comparing digests. */
  readonly statesDiffer: boolean;
  /** Stations in whose name something stands that they did not sign like that. */
  readonly contradicted: number;
  /** Stations, also unknown ones, with work that is not signed and will not be, or not for more than a week. */
  readonly unsigned: number;
}

export interface StationFacts {
  readonly station: string;
  readonly center: number;
  readonly name: string;
  readonly code: string;
  readonly fingerprint: string;
  readonly status: 'active' | 'revoked';
  readonly enrolledAt: number;
  readonly revokedAt: number | null;
  readonly revokedReason: string | null;
  readonly lastContactAt: number | null;
  readonly version: string | null;
  /** Station's clock minus the province's. */
  readonly clockOffsetMs: number | null;
  readonly backlog: number | null;
  readonly quarantined: number;
  readonly clockErrors: number;
  /** What an administrator should know about who wrote under its name. */
  readonly concern: Concern | null;
  /** Changes under its name that it has not signed (yet). */
  readonly unsigned: number;
  /** Who has looked into that; null: something is new, or nobody has. */
  readonly seen: { readonly at: number; readonly by: string } | null;
  /** What there is to look into, for `sawAuthor`. */
  readonly mark: string;
}

export interface QuarantinedChange {
  readonly station: string;
  readonly incarnation: number;
  readonly lane: number;
  readonly seq: number;
  readonly reason:
    | 'fork'
    | 'broken_chain'
    | 'unreadable'
    // signatures on papers; they stay in the log, where others see them too
    | 'signature_wrong'
    | 'signature_of_other'
    | 'signer_revoked'
    | 'other_person'
    | 'not_entitled'
    | 'used_elsewhere'
    | 'evidence_wrong';
  readonly detail: string | null;
  /** Station that brought it. */
  readonly via: string;
  readonly at: number;
}

export interface SealedDelivery {
  readonly station: string;
  readonly changes: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface OpenCode {
  /** First four characters: names the code without giving it away. */
  readonly codeId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
  readonly wrongTries: number;
}

export interface AuditEntry {
  readonly at: number;
  readonly by: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: string | null;
}
