// Two places in memory and a line between them that can be cut at any message, for tests of one session at a time.
// The long histories of many places are in tests/torture/sync-sim.test.ts.
import type { Lane } from '../../../../shared/model/change.ts';
import type { BlobStore } from '../../../../shared/sync/blobs.ts';
import { hexOf } from '../../../../shared/sync/bytes.ts';
import { type Draft, encodeChange } from '../../../../shared/sync/codec.ts';
import { type Drive, drive, type Ended, type Told, type Wire } from '../../../../shared/sync/drive.ts';
import { judge } from '../../../../shared/sync/forks.ts';
import {
  agreedDictionary,
  type Codec,
  createFrames,
  type Dictionary,
} from '../../../../shared/sync/frames.ts';
import { answerHello, judgeWelcome, makeHello } from '../../../../shared/sync/greet.ts';
import { decodeHello, decodeWelcome, encodeHello, encodeWelcome } from '../../../../shared/sync/hello.ts';
import {
  type ChangeStore,
  type FeedName,
  feedKey,
  type Head,
  type Limit,
  type Refused,
  type Run,
  type Slice,
} from '../../../../shared/sync/port.ts';
import { createSession } from '../../../../shared/sync/session.ts';
import type { SessionStart } from '../../../../shared/sync/session-types.ts';
import { makeHlc } from '../../../../shared/time/hlc.ts';
import { sha256, zstd } from './zstd.ts';

export interface Row {
  readonly feed: FeedName;
  readonly seq: number;
  readonly stored: Uint8Array;
  readonly hash: string;
  readonly via: string;
  readonly commit: number;
}

export interface Place {
  readonly station: string;
  incarnation: number;
  readonly isProvince: boolean;
  logId: string;
  end: number;
  readonly feeds: Map<string, Row[]>;
  readonly lanes: readonly [Row[], Row[], Row[]];
  /** Peer → what is remembered of it. */
  readonly held: Map<string, Map<string, Head>>;
  readonly cursors: Map<string, { logId: string; cursors: [number, number, number] }>;
  readonly store: ChangeStore;
  /** Takes of which anything was accepted, for counting effects. */
  accepted: number;
  /** Frames in which something came that was there already. */
  repeated: number;
  /** Changes the store cannot read, by `seq`. */
  readonly unreadable: Set<number>;
}

export const ZEROS = '0'.repeat(64);

export function place(number: number, isProvince = false): Place {
  const station = number.toString(16).padStart(32, 'a');
  const self: Place = {
    station,
    incarnation: 1,
    isProvince,
    logId: number.toString(16).padStart(16, 'b'),
    end: 0,
    feeds: new Map(),
    lanes: [[], [], []],
    held: new Map(),
    cursors: new Map(),
    accepted: 0,
    repeated: 0,
    unreadable: new Set(),
    store: {
      logId: async () => self.logId,
      end: async () => self.end,
      heads: async () => headsOf(self),
      hashesAt: async (feed, seqs) => seqs.map((seq) => rowsOf(self, feed)[seq - 1]?.hash ?? null),
      stored: async (feed, seq) => rowsOf(self, feed)[seq - 1]?.stored ?? null,
      since: async (lane, cursor, limit, notFor) => since(self, lane, cursor, limit, notFor),
      beyond: async (lane, positions, limit) => beyond(self, lane, positions, limit),
      take: async (runs, via) => take(self, runs, via),
    },
  };
  return self;
}

const rowsOf = (of: Place, feed: FeedName): Row[] => of.feeds.get(feedKey(feed)) ?? [];

export const headsOf = (of: Place): Head[] =>
  [...of.feeds.values()].flatMap((rows) => {
    const last = rows.at(-1);
    return last ? [{ ...last.feed, seq: last.seq, hash: last.hash }] : [];
  });

/** Everything held, in a form that is equal when what is held is. */
export const contents = (of: Place): string[] =>
  [...of.feeds.entries()].flatMap(([key, rows]) => rows.map((row) => `${key}.${row.seq} ${row.hash}`)).sort();

function keep(into: Place, feed: FeedName, seq: number, stored: Uint8Array, hash: string, via: string): void {
  const { station, incarnation, lane } = feed;
  const row: Row = {
    feed: { station, incarnation, lane },
    seq,
    stored: new Uint8Array(stored),
    hash,
    via,
    commit: ++into.end,
  };
  const rows = into.feeds.get(feedKey(feed)) ?? [];
  into.feeds.set(feedKey(feed), rows);
  rows.push(row);
  into.lanes[lane].push(row);
}

/** A person saves something. */
export function write(into: Place, lane: Lane, body: Record<string, unknown>, ms = 1_770_000_000_000): void {
  const feed = { station: into.station, incarnation: into.incarnation, lane };
  const rows = rowsOf(into, feed);
  const draft: Draft = {
    ...feed,
    seq: rows.length + 1,
    prev: rows.at(-1)?.hash ?? ZEROS,
    hlc: makeHlc(ms + rows.length * 1000, 0),
    wall: ms + rows.length * 1000,
    author: '7b0d2c7e-5d3a-4b69-9a53-2f6b8f0c1d11',
    session: null,
    app: '0.2.0',
    kind: 'test.write',
    v: 1,
    subject: { type: 'thing', id: `thing-${rows.length % 7}` },
    patient: null,
    refs: [],
    body: Object.fromEntries(Object.values(body).map((value, i) => [`#${i + 1}`, value])),
  };
  const stored = encodeChange(draft, undefined);
  keep(into, feed, draft.seq, stored, hexOf(sha256(stored)), into.station);
}

function since(of: Place, lane: Lane, cursor: number, limit: Limit, notFor: string | null): Slice {
  let at = cursor;
  const rows: Row[] = [];
  let bytes = 0;
  for (const row of of.lanes[lane]) {
    if (row.commit <= cursor) continue;
    if (row.via !== notFor && row.feed.station !== notFor) {
      if (rows.length === limit.changes || (rows.length > 0 && bytes + row.stored.length > limit.bytes))
        break;
      rows.push(row);
      bytes += row.stored.length;
    }
    at = row.commit;
  }
  const more = of.lanes[lane].some((row) => row.commit > at);
  return { runs: runsOf(of, rows), cursor: more ? at : of.end, more };
}

function beyond(of: Place, lane: Lane, positions: ReadonlyMap<string, number>, limit: Limit): Slice {
  const all = of.lanes[lane].filter((row) => row.seq > (positions.get(feedKey(row.feed)) ?? 0));
  const rows: Row[] = [];
  let bytes = 0;
  for (const row of all) {
    if (rows.length === limit.changes || (rows.length > 0 && bytes + row.stored.length > limit.bytes)) break;
    rows.push(row);
    bytes += row.stored.length;
  }
  return { runs: runsOf(of, rows), cursor: 0, more: rows.length < all.length };
}

function runsOf(of: Place, rows: readonly Row[]): Run[] {
  const runs: (Run & { stored: Uint8Array[] })[] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && feedKey(last.feed) === feedKey(row.feed) && last.firstSeq + last.stored.length === row.seq)
      last.stored.push(row.stored);
    else
      runs.push({
        feed: row.feed,
        firstSeq: row.seq,
        stored: [row.stored],
        before: rowsOf(of, row.feed)[row.seq - 2]?.stored ?? null,
      });
  }
  return runs;
}

function take(into: Place, runs: readonly Run[], via: string) {
  let [accepted, duplicates] = [0, 0];
  const refused: Refused[] = [];
  for (const run of runs) {
    for (const [i, stored] of run.stored.entries()) {
      const seq = run.firstSeq + i;
      const rows = rowsOf(into, run.feed);
      const hash = hexOf(sha256(stored));
      const prev = i > 0 ? hexOf(sha256(run.stored[i - 1]!)) : run.before ? hexOf(sha256(run.before)) : ZEROS;
      const verdict = judge(
        { seq, prev, hash },
        { seq: rows.length, hash: rows.at(-1)?.hash ?? ZEROS },
        (n) => rows[n - 1]?.hash ?? null,
      );
      if (verdict.verdict === 'duplicate') duplicates += 1;
      else if (verdict.verdict === 'refused' || into.unreadable.has(seq)) {
        refused.push({
          ...run.feed,
          seq,
          ...(verdict.verdict === 'refused' ? verdict : { reason: 'unreadable' as const }),
        });
        break;
      } else {
        keep(into, run.feed, seq, stored, hash, via);
        accepted += 1;
      }
    }
  }
  into.accepted += accepted;
  if (duplicates > 0) into.repeated += 1;
  const named = new Set(runs.map((run) => feedKey(run.feed)));
  return {
    accepted,
    duplicates,
    parked: 0,
    ahead: 0,
    refused,
    heads: headsOf(into).filter((head) => named.has(feedKey(head))),
  };
}

export interface Meeting {
  readonly initiator: Drive;
  readonly responder: Drive;
  /** What each session told its place. */
  readonly told: { readonly initiator: Told[]; readonly responder: Told[] };
  /** Messages in the order in which they were sent. */
  readonly messages: { readonly from: 'initiator' | 'responder'; readonly bytes: Uint8Array }[];
  readonly ends: () => Promise<{ initiator: Ended; responder: Ended }>;
  /** Until nothing is under way on either side. */
  readonly quiet: () => Promise<void>;
  /** ms pass; timers that are due go off. */
  readonly pass: (ms: number) => Promise<void>;
  /** The same, waiting for nothing that is under way. */
  readonly passNow: (ms: number) => void;
  readonly cut: () => void;
}

export interface MeetOptions {
  readonly codec?: Codec;
  readonly onFirstWords?: (hello: Uint8Array, welcome: Uint8Array) => void;
  readonly dictionary?: Dictionary;
  /** After so many messages in total the line is gone. */
  readonly cutAfter?: number;
  readonly mode?: 'both' | 'deliver';
  /** The responder only takes from this initiator. */
  readonly revoked?: boolean;
  readonly rate?: number;
  readonly start?: Partial<SessionStart>;
  readonly blobs?: { readonly initiator: BlobStore; readonly responder: BlobStore };
  readonly onMessage?: (from: 'initiator' | 'responder', bytes: Uint8Array, meeting: () => Meeting) => void;
  readonly onTold?: (who: 'initiator' | 'responder', told: Told, meeting: () => Meeting) => void;
}

/** One connection between two places, greeting included. */
export async function meet(a: Place, b: Place, options: MeetOptions = {}): Promise<Meeting> {
  const dictionaries = options.dictionary ? [options.dictionary] : [];
  const known = a.cursors.get(b.station) ?? null;
  const hello = decodeHello(
    encodeHello(
      makeHello(
        {
          station: a.station,
          incarnation: a.incarnation,
          heads: headsOf(a),
          known,
          dictionaries: dictionaries.map((d) => d.id),
          app: '0.2.0',
          mode: options.mode ?? 'both',
        },
        sha256,
      ),
    ),
  );
  let clock = 1_000;
  const answer = await answerHello(
    hello,
    {
      station: b.station,
      isProvince: b.isProvince,
      store: b.store,
      dictionaries: dictionaries.map((d) => d.id),
      app: '0.2.0',
      mode: options.revoked ? 'deliver' : 'both',
      wall: () => 1_770_000_000_000 + clock,
    },
    sha256,
  );
  if (!('welcome' in answer)) throw new Error(answer.end);
  const welcome = decodeWelcome(encodeWelcome(answer.welcome));
  options.onFirstWords?.(encodeHello(hello), encodeWelcome(welcome));
  const remembered = [...(a.held.get(b.station)?.values() ?? [])];
  const judged = await judgeWelcome(hello, welcome, remembered, a.store, sha256);
  if (judged.verdict === 'end') throw new Error(judged.code);
  if (judged.amnesia) a.incarnation = judged.amnesia.incarnation + 1;
  const messages: Meeting['messages'] = [];
  const told: Meeting['told'] = { initiator: [], responder: [] };
  const timers = new Set<{ at: number; run: () => void }>();
  let open = true;
  type Listener = Parameters<Wire['listen']>[0];
  const listeners: { initiator: Listener | null; responder: Listener | null } = {
    initiator: null,
    responder: null,
  };
  const cut = (): void => {
    if (!open) return;
    open = false;
    listeners.initiator?.closed('cut');
    listeners.responder?.closed('cut');
  };
  const wireOf = (me: 'initiator' | 'responder'): Wire => ({
    send(bytes) {
      if (!open) return;
      messages.push({ from: me, bytes: bytes.slice() });
      options.onMessage?.(me, bytes, () => meeting);
      if (options.cutAfter !== undefined && messages.length > options.cutAfter) {
        queueMicrotask(cut);
        return;
      }
      const copy = bytes.slice();
      const other = me === 'initiator' ? 'responder' : 'initiator';
      queueMicrotask(() => {
        if (open) listeners[other]?.bytes(copy);
      });
    },
    buffered: () => 0,
    close: () => queueMicrotask(cut),
    listen(on) {
      listeners[me] = on;
    },
  });
  const driveOf = (me: 'initiator' | 'responder'): Drive => {
    const [self, other] = me === 'initiator' ? [a, b] : [b, a];
    const memory = self.held.get(other.station) ?? new Map<string, Head>();
    self.held.set(other.station, memory);
    return drive({
      session: createSession({
        role: me,
        hello,
        welcome,
        held: me === 'initiator' ? judged.held : [],
        rate: options.rate ?? 8_000,
        now: clock,
        wall: () => 1_770_000_000_000 + clock,
        sha256,
        ...(me === 'initiator' ? { resync: judged.resync } : {}),
        ...options.start,
      }),
      store: self.store,
      wire: wireOf(me),
      frames: createFrames({
        codec: options.codec ?? { ...zstd, compress: (plain, known) => zstd.compress(plain, known, 1) },
        dictionary: agreedDictionary(hello.dictionaries, welcome.dictionaries, dictionaries),
        sha256,
      }),
      memory: {
        held(heads) {
          for (const head of heads) memory.set(feedKey(head), head);
        },
        cursor(lane, at) {
          const old = self.cursors.get(other.station);
          // a log is known only once it has told where to go on in it
          const mine =
            old?.logId === other.logId
              ? old
              : { logId: other.logId, cursors: [0, 0, 0] as [number, number, number] };
          mine.cursors[lane as Lane] = at;
          self.cursors.set(other.station, mine);
        },
        rate() {},
      },
      services: {
        now: () => clock,
        setTimer(ms, run) {
          const timer = { at: clock + ms, run };
          timers.add(timer);
          return () => timers.delete(timer);
        },
        breathe: async () => {},
        endCodeOf: (error) => {
          throw error;
        },
        log(level, message, facts) {
          if (level === 'error') throw new Error(message, { cause: facts });
        },
      },
      peer: other.station,
      ...(options.blobs && { blobs: options.blobs[me] }),
      told(effect) {
        told[me].push(effect);
        options.onTold?.(me, effect, () => meeting);
      },
    });
  };
  // both listen before either speaks: what is sent is delivered in a later turn
  const responder = driveOf('responder');
  const initiator = driveOf('initiator');
  const quiet = async (): Promise<void> => {
    for (let still = 0; still < 30; ) {
      const before = messages.length;
      await initiator.settled();
      await responder.settled();
      await new Promise((resolve) => setImmediate(resolve));
      still = messages.length === before ? still + 1 : 0;
    }
  };
  const meeting: Meeting = {
    initiator,
    responder,
    told,
    messages,
    ends: async () => ({ initiator: await initiator.ended, responder: await responder.ended }),
    quiet,
    async pass(ms) {
      const until = clock + ms;
      for (;;) {
        await quiet();
        const due = [...timers].filter((t) => t.at <= until).sort((x, y) => x.at - y.at)[0];
        if (!due) break;
        clock = Math.max(clock, due.at);
        timers.delete(due);
        due.run();
      }
      clock = until;
      await quiet();
    },
    passNow(ms: number) {
      clock += ms;
      for (const timer of [...timers].filter((t) => t.at <= clock)) {
        timers.delete(timer);
        timer.run();
      }
    },
    cut,
  };
  return meeting;
}
