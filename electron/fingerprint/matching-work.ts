// What is done with pictures and templates, and nothing of threads: matching-worker.ts runs this in one of its own.
// Everything it is handed – pictures, keys – is its to wipe; templates are kept as bytes, because only bytes can be.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { seal, unseal } from '../store/crypto.ts';
import { oneInAt } from './chances.ts';
import { enrol } from './enrol.ts';
import { extract } from './extraction/index.ts';
import { type KeyedFinger, type Likeness, sealContext } from './matcher.ts';
import { type Comparer, createComparer, type Prepared } from './matching/comparer.ts';
import { createGallery } from './matching/gallery.ts';
import { thresholds } from './matching/thresholds.ts';
import { previewOf } from './preview.ts';
import { growFinger, type SyntheticFinger, touch } from './synthetic/index.ts';
import { decodeTemplate, encodeTemplate, LEAST_CYLINDERS } from './template.ts';
import type { FingerImage, Quality, Template } from './types.ts';

/** Name of each job, what it takes and what it gives; plain data only, it crosses to a thread. */
export interface MatchingJobs {
  judge: {
    take: { readonly capture: string; readonly image: FingerImage };
    give: Result<{ quality: Quality; picture: string }>;
  };
  forget: { take: { readonly capture: string }; give: null };
  enrol: {
    take: {
      readonly captures: readonly string[];
      readonly person: string;
      readonly finger: number;
      readonly others: readonly KeyedFinger[];
      readonly key: Uint8Array;
    };
    give: Result<{ sealed: readonly string[]; quality: number }>;
  };
  compare: {
    take: { readonly capture: string; readonly fingers: readonly KeyedFinger[] };
    give: Result<Likeness & { readonly matched: boolean }>;
  };
  load: {
    take: { readonly entries: readonly KeyedFinger[] };
    give: { unreadable: number };
  };
  remove: { take: { readonly person: string; readonly finger: number | null }; give: null };
  search: {
    take: { readonly capture: string; readonly among: ReadonlySet<string> | null; readonly most: number };
    give: Result<{ found: readonly Likeness[]; searched: number; fingers: number }>;
  };
  stats: { take: null; give: { fingers: number; bytes: number } };
  /** Training's simulated reader: an invented finger, each impression a little different. */
  draw: {
    take: { readonly who: string; readonly finger: number; readonly impression: number };
    give: FingerImage;
  };
  wipe: { take: null; give: null };
}

export type MatchingWork = {
  readonly [J in keyof MatchingJobs]: (take: MatchingJobs[J]['take']) => MatchingJobs[J]['give'];
};

/** Less like it than this nobody is shown: one stranger in three hundred comes so near. */
const LEAST_ONE_IN = 300;
/** Of invented fingers: growing one takes 0.15 s, and a lesson has few of them. */
const FINGERS_KEPT = 24;

interface Kept {
  readonly template: Uint8Array;
  readonly quality: number;
}

export function openMatchingWork(): MatchingWork {
  const captures = new Map<string, Kept>();
  const comparer = createComparer();
  const gallery = createGallery();
  /** Person → finger → how many impressions the gallery holds. */
  const held = new Map<string, Map<number, number>>();
  const grown = new Map<string, SyntheticFinger>();

  return {
    judge({ capture, image }) {
      forget(capture);
      try {
        const taken = extract(image);
        if (!taken.ok) return taken;
        const { template, quality } = taken.value;
        if (quality.cylinders < LEAST_CYLINDERS) return fail('template_too_weak');
        captures.set(capture, { template: encodeTemplate(template), quality: quality.score });
        return ok({ quality, picture: previewOf(image) });
      } finally {
        image.pixels.fill(0);
      }
    },
    forget({ capture }) {
      forget(capture);
      return null;
    },
    enrol({ captures: ids, person, finger, others, key }) {
      try {
        const given = ids.flatMap((id) => captures.get(id) ?? []);
        if (given.length !== ids.length) return fail('not_found');
        const chosen = enrol(
          given.map(({ template }) => opened(template)),
          comparer,
        );
        if (!chosen.ok) return chosen;
        // one finger under two names would pass for a second finger
        if (isAmong(chosen.value.templates, others)) return fail('finger_enrolled');
        const kept = chosen.value.kept.flatMap((index) => given[index] ?? []);
        return ok({
          sealed: kept.map(({ template }) => sealTemplate(key, template, person, finger)),
          quality: Math.max(...kept.map(({ quality }) => quality)),
        });
      } finally {
        key.fill(0);
        wipeKeys(others);
        for (const id of ids) forget(id);
      }
    },
    compare({ capture, fingers }) {
      const probe = captures.get(capture);
      if (!probe) {
        wipeKeys(fingers);
        return fail('not_found');
      }
      const prepared = comparer.prepare(opened(probe.template));
      try {
        return nearest(prepared, fingers);
      } finally {
        prepared.bytes.fill(0);
        wipeKeys(fingers);
        forget(capture);
      }
    },
    load({ entries }) {
      let unreadable = 0;
      for (const entry of entries) {
        takeOut(entry.person, entry.finger);
        const templates = openAll(entry);
        entry.key.fill(0);
        if (templates.length === 0) unreadable++;
        const put = templates.filter(
          (template, at) => gallery.put(nameOf(entry.person, entry.finger, at), template).ok,
        );
        if (put.length > 0) fingersOf(entry.person).set(entry.finger, templates.length);
      }
      return { unreadable };
    },
    remove({ person, finger }) {
      const all = finger === null ? [...(held.get(person)?.keys() ?? [])] : [finger];
      for (const one of all) takeOut(person, one);
      return null;
    },
    search({ capture, among, most }) {
      const probe = captures.get(capture);
      if (!probe) return fail('not_found');
      const searched = [...held].filter(([person]) => among === null || among.has(person));
      const looked = gallery.identify(opened(probe.template), {
        most: Number.POSITIVE_INFINITY,
        ...(among && { among: (id: string) => among.has(placeOf(id).person) }),
      });
      forget(capture);
      if (!looked.ok) return looked;
      const best = new Map<string, Likeness>();
      for (const { id, score } of looked.value) {
        const place = placeOf(id);
        const oneIn = oneInAt(score);
        if (oneIn >= LEAST_ONE_IN && !best.has(place.person))
          best.set(place.person, { ...place, score, oneIn });
      }
      return ok({
        found: [...best.values()].slice(0, most),
        searched: searched.length,
        fingers: searched.reduce((sum, [, fingers]) => sum + fingers.size, 0),
      });
    },
    stats: () => ({
      fingers: [...held.values()].reduce((sum, fingers) => sum + fingers.size, 0),
      bytes: gallery.bytes(),
    }),
    draw: ({ who, finger, impression }) => drawn(who, finger, impression),
    wipe() {
      for (const id of [...captures.keys()]) forget(id);
      gallery.wipe();
      held.clear();
      return null;
    },
  };

  function forget(capture: string): void {
    captures.get(capture)?.template.fill(0);
    captures.delete(capture);
  }

  function nearest(
    probe: Prepared,
    fingers: readonly KeyedFinger[],
  ): Result<Likeness & { readonly matched: boolean }> {
    const likes = fingers.flatMap((entry) =>
      openAll(entry).map((template) => ({
        person: entry.person,
        finger: entry.finger,
        score: scoreOf(comparer, probe, template),
      })),
    );
    const [best] = likes.sort((a, b) => b.score - a.score);
    if (!best) return fail('template_unreadable');
    return ok({ ...best, oneIn: oneInAt(best.score), matched: best.score >= thresholds.verify });
  }

  function isAmong(templates: readonly Template[], others: readonly KeyedFinger[]): boolean {
    return templates.some((template) => {
      const prepared = comparer.prepare(template);
      const like = nearest(prepared, others);
      prepared.bytes.fill(0);
      return like.ok && like.value.matched;
    });
  }

  function takeOut(person: string, finger: number): void {
    const fingers = held.get(person);
    for (let at = 0; at < (fingers?.get(finger) ?? 0); at++) gallery.remove(nameOf(person, finger, at));
    fingers?.delete(finger);
    if (fingers?.size === 0) held.delete(person);
  }

  function fingersOf(person: string): Map<number, number> {
    const fingers = held.get(person) ?? new Map<number, number>();
    held.set(person, fingers);
    return fingers;
  }

  function drawn(who: string, finger: number, impression: number): FingerImage {
    const name = `${who} ${finger}`;
    const there = grown.get(name) ?? growFinger(seedOf(name));
    grown.delete(name);
    grown.set(name, there);
    const [oldest] = grown.keys();
    if (oldest !== undefined && grown.size > FINGERS_KEPT) grown.delete(oldest);
    // as a person puts a finger on: a little turned, aside, pressed harder or dryer than the time before
    const seed = seedOf(`${name} ${impression}`);
    const part = (shift: number): number => (((seed >>> shift) & 0xff) / 255) * 2 - 1;
    return touch(there, {
      seed,
      rotation: part(0) * 0.18,
      shift: { x: part(8) * 12, y: part(16) * 12 },
      pressure: part(4) * 0.25,
      moisture: part(12) * 0.2,
    });
  }
}

function wipeKeys(fingers: readonly KeyedFinger[]): void {
  for (const { key } of fingers) key.fill(0);
}

function scoreOf(comparer: Comparer, probe: Prepared, template: Template): number {
  const prepared = comparer.prepare(template);
  const score = comparer.score(probe, prepared);
  prepared.bytes.fill(0);
  return score;
}

function opened(bytes: Uint8Array): Template {
  const template = decodeTemplate(bytes);
  if (!template.ok) throw new Error('a template this thread made cannot be read');
  return template.value;
}

// --- sealed templates: base64url of nonce, tag and ciphertext ---

const NONCE = 12;
const TAG = 16;

function sealTemplate(key: Uint8Array, template: Uint8Array, person: string, finger: number): string {
  const { nonce, text, tag } = seal(key, template, sealContext(person, finger));
  return Buffer.concat([nonce, tag, text]).toString('base64url');
}

/** Those that open and are templates of ours. */
function openAll({ person, finger, sealed, key }: KeyedFinger): Template[] {
  return sealed.flatMap((one) => {
    const bytes = Buffer.from(one, 'base64url');
    const parts = {
      nonce: bytes.subarray(0, NONCE),
      tag: bytes.subarray(NONCE, NONCE + TAG),
      text: bytes.subarray(NONCE + TAG),
    };
    const plain = unseal(key, parts, sealContext(person, finger));
    if (!plain) return [];
    const template = decodeTemplate(plain);
    plain.fill(0);
    return template.ok ? [template.value] : [];
  });
}

// --- places in the gallery ---

const nameOf = (person: string, finger: number, impression: number): string =>
  `${person} ${finger} ${impression}`;

function placeOf(name: string): { person: string; finger: number } {
  const [person = '', finger] = name.split(' ');
  return { person, finger: Number(finger) };
}

/** 32 bits of a name (FNV-1a); the same name, the same finger. */
function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
