// A change: the unit of history, audit, outbox and sync (docs/house.md, "record model").
import type * as z from 'zod';
import type { Hlc } from '../time/hlc.ts';

/** 0 safety and identity · 1 clinical · 2 documents, signatures, settings, audit. Each lane is a feed of its own. */
export type Lane = 0 | 1 | 2;

/** `<type>:<id>`, e.g. `patient:0192…`. */
export type EntityRef = `${string}:${string}`;

export interface Subject {
  readonly type: string;
  readonly id: string;
}

export interface Change<B = Record<string, unknown>> {
  /** Station that wrote it: 32 hex digits. With incarnation and lane it names the feed. */
  readonly station: string;
  readonly incarnation: number;
  readonly lane: Lane;
  /** Gapless from 1 within the feed. */
  readonly seq: number;
  /** Hash of seq−1 in this feed, 64 hex digits; zeros for seq 1. */
  readonly prev: string;
  /** SHA-256 of the stored form, 64 hex digits. */
  readonly hash: string;
  readonly hlc: Hlc;
  /** The PC's own clock when written, ms since 1970 UTC. */
  readonly wall: number;
  /** User id, null for what the station itself writes. */
  readonly author: string | null;
  readonly session: string | null;
  /** Program version that wrote it. */
  readonly app: string;
  /** `area.verb` */
  readonly kind: string;
  readonly v: number;
  readonly subject: Subject;
  readonly patient: string | null;
  /** Entities that must exist before this can be shown. */
  readonly refs: readonly EntityRef[];
  readonly body: B;
  /**
   * True when it lost its number to another branch of its feed and came inside another change (shared/sync/forks.ts).
   * Never part of the stored form.
   */
  readonly carried?: boolean;
}

/** Unique name of a change: `<station>.<incarnation>.<lane>.<seq>`. */
export const changeId = (c: Pick<Change, 'station' | 'incarnation' | 'lane' | 'seq'>): string =>
  `${c.station}.${c.incarnation}.${c.lane}.${c.seq}`;

/** Version of whatever this change wrote: sorts by clock, then station, so every store picks the same winner. */
export const versionOf = (c: Pick<Change, 'hlc' | 'station' | 'incarnation'>): string =>
  `${c.hlc}-${c.station}.${c.incarnation}`;

/** The order in which projections read a subject's changes; total, equal on every store. */
export function canonicalOrder(a: Change, b: Change): number {
  return compare(versionOf(a), versionOf(b)) || a.lane - b.lane || a.seq - b.seq || compare(a.hash, b.hash);
}

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export interface ChangeKind<S extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  readonly v: number;
  readonly lane: Lane;
  /** Subject type. */
  readonly subject: string;
  /** True when this kind brings its subject into being; refs to the subject wait for it. */
  readonly creates: boolean;
  readonly body: S;
  /** Wire numbers: field → 1, 2, 3 … in order; append only, frozen by a test against tests/fixtures/change-kinds.json. */
  readonly fields: readonly string[];
}

export function defineKind<S extends z.ZodObject>(
  kind: string,
  spec: { v?: number; lane: Lane; subject: string; creates?: boolean; body: S },
): ChangeKind<S> {
  return {
    kind,
    v: spec.v ?? 1,
    lane: spec.lane,
    subject: spec.subject,
    creates: spec.creates ?? false,
    body: spec.body,
    fields: Object.keys(spec.body.shape),
  };
}
