// Who of many does this finger belong to? All templates lie packed in one WebAssembly memory of the worker that owns
// the gallery: a quick look at every one (about 5 µs), then the full comparison of the few that looked most alike.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { cylinderKernel } from '../kernels/cylinders.ts';
import { LEAST_CYLINDERS, MOST_MINUTIAE } from '../template.ts';
import type { Template } from '../types.ts';
import { CYLINDER, HEAD, writeMinutiae } from './comparer.ts';

export interface Candidate {
  readonly id: string;
  /** As of a 1:1 comparison; thresholds.ts says what it means among how many. */
  readonly score: number;
}

export interface IdentifyOptions {
  /** Share of the gallery that is compared in full; 0.02 when not given, and never fewer than 50 templates. */
  readonly shortlist?: number;
  /** Candidates wanted; 10 when not given. */
  readonly most?: number;
  /** Only these are looked at. */
  among?(id: string): boolean;
}

export interface Gallery {
  /** Adds or replaces. Errors: `template_too_weak`. */
  put(id: string, template: Template): Result<void>;
  /** Whether it was there. Its bytes are wiped. */
  remove(id: string): boolean;
  /** The most alike, best first. Errors: `template_too_weak`. */
  identify(template: Template, options?: IdentifyOptions): Result<readonly Candidate[]>;
  /** The first step of `identify` alone, best first, for measuring it. */
  shortlist(template: Template, most: number): readonly string[];
  /** Templates. */
  size(): number;
  /** Of the WebAssembly memory. */
  bytes(): number;
  /** Forgets everything; the memory is zero afterwards. */
  wipe(): void;
}

/** Compared in full even when that is more than the share asked for. */
const FEWEST = 50;
/** Taken-out records are closed up when they are this share of what is used. */
const LOOSE = 0.125;
const NOBODY = 0xffffffff;
/** The quick likeness of who is not asked about. */
const NOT_ASKED = -1;
/** Bytes asked for at a time. */
const ROOM = 1 << 20;

interface Entry {
  readonly slot: number;
  record: number;
}

export function createGallery(): Gallery {
  const kernel = cylinderKernel();
  const minutiae = kernel.take(MOST_MINUTIAE * 16);
  const probe = kernel.take(kernel.longestRecord(MOST_MINUTIAE));
  const left = kernel.take(HEAD + MOST_MINUTIAE * CYLINDER);
  const right = kernel.take(HEAD + MOST_MINUTIAE * CYLINDER);
  // building cylinders takes working memory from the same stack, so records grow upwards from a place of their own
  const start = kernel.take(0);
  const entries = new Map<string, Entry>();
  const ids: (string | undefined)[] = [];
  const free: number[] = [];
  let end = start;
  let room = start;
  let loose = 0;

  const view = () => new DataView(kernel.memory.buffer);
  const sizeOf = (record: number): number => view().getUint32(record, true);

  const drop = (id: string): boolean => {
    const entry = entries.get(id);
    if (entry === undefined) return false;
    const size = sizeOf(entry.record);
    new Uint8Array(kernel.memory.buffer, entry.record, size).fill(0);
    view().setUint32(entry.record, size, true);
    view().setUint32(entry.record + 4, NOBODY, true);
    entries.delete(id);
    ids[entry.slot] = undefined;
    free.push(entry.slot);
    loose += size;
    return true;
  };

  /** Moves the records together; what is left behind them is wiped. */
  const close = (): void => {
    const memory = new Uint8Array(kernel.memory.buffer);
    const data = view();
    let to = start;
    for (let from = start; from < end; ) {
      const size = data.getUint32(from, true);
      const slot = data.getUint32(from + 4, true);
      const entry = slot === NOBODY ? undefined : entries.get(ids[slot] ?? '');
      if (entry !== undefined) {
        memory.copyWithin(to, from, from + size);
        entry.record = to;
        to += size;
      }
      from += size;
    }
    memory.fill(0, to, end);
    end = to;
    loose = 0;
  };

  const load = (template: Template, slot: number): number =>
    kernel.writeRecord(minutiae, writeMinutiae(kernel, minutiae, template), slot, probe);

  /** Quick likeness of every entry, by slot. */
  const glance = (): Float32Array => {
    const mark = kernel.mark();
    const scores = kernel.take(Math.max(1, ids.length) * 4);
    kernel.scan(probe, start, end, scores);
    const all = new Float32Array(kernel.memory.buffer, scores, ids.length).slice();
    kernel.release(mark);
    return all;
  };

  const bestSlots = (most: number, among: (id: string) => boolean = () => true): number[] => {
    const scores = glance();
    ids.forEach((id, slot) => {
      if (id === undefined || !among(id)) scores[slot] = NOT_ASKED;
    });
    const least = Float32Array.from(scores).sort().at(-Math.min(most, scores.length)) ?? 0;
    const slots: number[] = [];
    scores.forEach((score, slot) => {
      if (score >= least && score !== NOT_ASKED) slots.push(slot);
    });
    return slots.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, most);
  };

  return {
    put(id, template) {
      const slot = entries.get(id)?.slot ?? free.at(-1) ?? ids.length;
      const usable = load(template, slot);
      if (usable < LEAST_CYLINDERS) return fail('template_too_weak');
      drop(id);
      if (loose > (end - start) * LOOSE) close();
      const size = sizeOf(probe);
      while (end + size > room) {
        kernel.take(ROOM);
        room += ROOM;
      }
      new Uint8Array(kernel.memory.buffer).copyWithin(end, probe, probe + size);
      if (free.at(-1) === slot) free.pop();
      ids[slot] = id;
      entries.set(id, { slot, record: end });
      end += size;
      return ok(undefined);
    },
    remove(id) {
      const was = drop(id);
      if (loose > (end - start) * LOOSE) close();
      return was;
    },
    identify(template, { shortlist = 0.02, most = 10, among } = {}) {
      const usable = load(template, NOBODY);
      if (usable < LEAST_CYLINDERS) return fail('template_too_weak');
      const wanted = Math.max(FEWEST, Math.ceil(entries.size * shortlist));
      kernel.prepareRecord(probe, left);
      const candidates: Candidate[] = [];
      for (const slot of bestSlots(wanted, among)) {
        const id = ids[slot] ?? '';
        const entry = entries.get(id);
        if (entry === undefined) continue;
        kernel.prepareRecord(entry.record, right);
        candidates.push({ id, score: kernel.compare(left, right) });
      }
      return ok(candidates.sort((a, b) => b.score - a.score).slice(0, most));
    },
    shortlist(template, most) {
      load(template, NOBODY);
      return bestSlots(most).map((slot) => ids[slot] ?? '');
    },
    size: () => entries.size,
    bytes: () => kernel.memory.buffer.byteLength,
    wipe() {
      entries.clear();
      ids.length = 0;
      free.length = 0;
      kernel.release(start);
      end = start;
      room = start;
      loose = 0;
    },
  };
}
