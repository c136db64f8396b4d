// A further PC joins its center: shows a code, is named in the record, fetches the record. What it was given stands
// in a folder of its own until the record is here, so that a power cut on the way costs nothing but time.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { ParsedInput } from '../../shared/api/index.ts';
import { derOf } from '../../shared/sync/certificate.ts';
import { EnrolAnswer } from '../../shared/sync/enrolment.ts';
import { replaceFile } from '../store/atomic-file.ts';
import { randomKey, sha256Hex } from '../store/crypto.ts';
import { readAddress, spellAddress } from './address.ts';
import type { Arrival } from './arrival.ts';
import { enrolAt } from './enrol.ts';
import { dial } from './line.ts';
import type { Tuning } from './running.ts';
import { fetchSnapshot, type Progress } from './snapshots.ts';
import type { Joining, JoinTarget, SyncFacts, SyncNeeds } from './types.ts';

export interface JoiningRoom {
  join(input: ParsedInput<'sync.join'>): Promise<Result<{ recoveryKey: string }>>;
  /** `changes`: taken in since the store was opened. */
  facts(sync: SyncFacts | null, changes: number): Joining;
  /** How this station came to its center, until it has caught up. */
  arrival(stationId: string): Arrival | null;
  nudge(): void;
  close(): Promise<void>;
}

const Papers = z.object({
  address: z.string(),
  stationId: z.string(),
  stationName: z.string(),
  keyPem: z.string(),
  certificatePem: z.string(),
  answer: EnrolAnswer,
  /** PEM of the place that let this PC in. */
  certificate: z.string(),
});
type Papers = z.output<typeof Papers>;

/** A file that came wrong so often will not come right. */
const MOST_WRONG_FILES = 3;

export function openJoining(parts: {
  readonly needs: SyncNeeds;
  readonly tuning: Tuning;
  changed(): void;
}): JoiningRoom {
  const { needs, tuning } = parts;
  const folder = join(needs.dataDir, 'joining');
  const papersPath = join(folder, 'papers.json');
  const stop = new AbortController();
  const progress: Progress = { sha256: null, doneBytes: 0, totalBytes: null };
  let state: Joining['state'] = 'none';
  let problem: Joining['problem'] = null;
  let papers: Papers | null = null;
  let busy = false;
  let wake: (() => void) | null = null;
  let working: Promise<void> = Promise.resolve();

  return {
    async join(input) {
      if (busy) return fail('already_set_up');
      busy = true;
      const joined = await begin(input).catch((bug: unknown) => {
        needs.log('error', 'joining failed', { bug });
        return fail('internal');
      });
      busy = joined.ok;
      return joined;
    },
    facts(sync, changes) {
      if (state === 'changes' && sync?.peers.some((peer) => peer.caughtUp)) {
        state = 'ready';
        papers = null;
        rmSync(folder, { recursive: true, force: true });
      }
      return {
        state,
        doneBytes: progress.doneBytes,
        totalBytes: progress.totalBytes,
        changes: state === 'changes' || state === 'ready' ? changes : 0,
        problem,
      };
    },
    arrival(stationId) {
      papers ??= readPapers();
      if (papers?.stationId !== stationId) return null;
      // after a power cut between the file and the changes behind it
      if (state === 'none') state = 'changes';
      return {
        certificatePem: papers.certificatePem,
        stationName: papers.stationName,
        peer: {
          kind: papers.answer.kind,
          station: papers.answer.station,
          name: papers.answer.name,
          address: papers.address,
          certificate: papers.certificate,
        },
      };
    },
    nudge: () => wake?.(),
    async close() {
      stop.abort();
      wake?.();
      await working;
    },
  };

  async function begin(input: ParsedInput<'sync.join'>): Promise<Result<{ recoveryKey: string }>> {
    const address = readAddress(input.address);
    if (!address) return fail('bad_input', { fields: { address: 'field.bad_value' } });
    const before = readPapers();
    // the code was used before a power cut: what it gave is still good
    const given =
      before && before.address === spellAddress(address)
        ? ok(before)
        : await showCode(input, spellAddress(address));
    if (!given.ok) return given;
    const target = await needs.prepareJoin();
    if (!target.ok) return target;
    papers = given.value;
    problem = null;
    state = 'snapshot';
    parts.changed();
    working = fetchAndAdopt(given.value, target.value);
    return ok({ recoveryKey: target.value.recoveryKey });
  }

  async function showCode(input: ParsedInput<'sync.join'>, address: string): Promise<Result<Papers>> {
    const stationId = randomKey(16).toString('hex');
    const keys = await needs.makeIdentity({
      id: stationId,
      name: input.stationName,
      centerName: '',
      now: needs.now(),
    });
    const enrolled = await enrolAt({
      address,
      code: input.code,
      keys,
      station: { id: stationId, name: input.stationName },
      center: null,
      training: needs.mode === 'training',
      deadlines: tuning.deadlines,
      signal: stop.signal,
    });
    if (!enrolled.ok) return enrolled;
    const made: Papers = { address, stationId, stationName: input.stationName, ...keys, ...enrolled.value };
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    replaceFile(papersPath, JSON.stringify(made));
    return ok(made);
  }

  function readPapers(): Papers | null {
    if (!existsSync(papersPath)) return null;
    try {
      return Papers.parse(JSON.parse(readFileSync(papersPath, 'utf8')));
    } catch {
      return null;
    }
  }

  /** Goes on until the record is here or cannot come. */
  async function fetchAndAdopt(given: Papers, target: JoinTarget): Promise<void> {
    try {
      const snapshot = given.answer.kind === 'hub' ? await fetchUntilHere(given) : null;
      if (stop.signal.aborted || problem !== null) return;
      const adopted = await target.adopt(snapshot, { id: given.stationId, keyPem: given.keyPem });
      if (!adopted.ok) return failFor(adopted.error.code === 'disk_full' ? 'disk_full' : 'file_damaged');
      state = 'changes';
    } catch (bug) {
      needs.log('error', 'joining fell over', { bug });
      failFor('internal');
    }
    parts.changed();
  }

  async function fetchUntilHere(given: Papers) {
    let wrong = 0;
    for (let attempt = 0; !stop.signal.aborted; attempt++) {
      const fetched = await fetchOnce(given);
      if (fetched.ok) {
        problem = null;
        return fetched.value;
      }
      const { code } = fetched.end;
      if (code === 'disk_full' || code === 'revoked' || code === 'not_enrolled') {
        failFor(code);
        return null;
      }
      if (code === 'garbled' && ++wrong >= MOST_WRONG_FILES) {
        failFor('file_damaged');
        return null;
      }
      needs.log('info', 'the snapshot goes on later', { code, detail: fetched.end.detail });
      parts.changed();
      const { firstMs, mostMs } = tuning.waits;
      await pause(
        Math.max(firstMs, tuning.random() * Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20))),
      );
    }
    return null;
  }

  async function fetchOnce(given: Papers): ReturnType<typeof fetchSnapshot> {
    const address = readAddress(given.address);
    const pinned = derOf(given.certificate);
    if (!address || !pinned) return { ok: false, end: { code: 'internal' } };
    const expected = sha256Hex(pinned);
    const dialled = await dial({
      address,
      keys: given,
      trusts: (fingerprint) => fingerprint === expected,
      expected,
      tickets: new Map(),
      deadlines: tuning.deadlines,
      signal: stop.signal,
    });
    if (!dialled.ok) return dialled;
    return fetchSnapshot({
      trusted: dialled.value,
      address,
      folder,
      progress,
      signal: stop.signal,
      changed: parts.changed,
    });
  }

  function failFor(why: NonNullable<Joining['problem']>): void {
    problem = why;
    state = 'failed';
    busy = false;
    parts.changed();
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      timer.unref();
      wake = done;
      function done(): void {
        clearTimeout(timer);
        wake = null;
        resolve();
      }
      if (stop.signal.aborted) done();
    });
  }
}
