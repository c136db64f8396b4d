// What the thread that sees pictures and templates does for the room. Nothing of a finger leaves it but a small
// picture to look at while the finger is on, numbers, and sealed bytes.
import type { Result } from '../../shared/api/contract.ts';
import type { FingerImage, Quality } from './types.ts';

/** Sealed templates of one finger, as they stand in the record. */
export interface SealedFinger {
  readonly person: string;
  readonly finger: number;
  /** Of the change that enrolled it: the gallery replaces what is older. */
  readonly version: string;
  readonly sealed: readonly string[];
}

/** With the key that opens them; wiped by the caller, and its copy by the thread. */
export interface KeyedFinger extends SealedFinger {
  readonly key: Uint8Array;
}

export interface Likeness {
  readonly person: string;
  readonly finger: number;
  /** 0…1 */
  readonly score: number;
  /** Of how many wrong fingers one comes this near. */
  readonly oneIn: number;
}

export interface Matcher {
  /** Of features taken now. */
  readonly algorithm: number;
  /** At the threshold of 1:1, of how many wrong fingers one passes. */
  readonly oneIn: number;
  /** How often the thread died: when it is more than before, captures and gallery are gone. */
  lost(): number;
  /**
   * Takes the features; they stay under `capture` until used or forgotten. `picture`: a small PNG of the ridge area as
   * a `data:` address. The picture is copied to the thread and the copy wiped there. image_* · template_too_weak · core_stopped.
   */
  judge(capture: string, image: FingerImage): Promise<Result<{ quality: Quality; picture: string }>>;
  forget(capture: string): void;
  /**
   * Which of three captures agree, sealed for this person and finger, best first. impressions_differ ·
   * template_too_weak · finger_enrolled when it is one of the person's `others` · not_found when one is forgotten.
   */
  enrol(
    captures: readonly string[],
    of: {
      readonly person: string;
      readonly finger: number;
      readonly others: readonly KeyedFinger[];
      readonly key: Uint8Array;
    },
  ): Promise<Result<{ sealed: readonly string[]; quality: number }>>;
  /** The nearest of these fingers. template_unreadable when none of them opens with its key. */
  compare(
    capture: string,
    fingers: readonly KeyedFinger[],
  ): Promise<Result<Likeness & { readonly matched: boolean }>>;
  /** Into the gallery; answers how many did not open with their key. */
  load(entries: readonly KeyedFinger[]): Promise<{ unreadable: number }>;
  remove(person: string, finger?: number): Promise<void>;
  /** Best first. `among`: only these persons; null: all. `fingers`: how many the persons searched have. */
  search(
    capture: string,
    among: ReadonlySet<string> | null,
    most: number,
  ): Promise<Result<{ found: readonly Likeness[]; searched: number; fingers: number }>>;
  stats(): Promise<{ fingers: number; bytes: number }>;
  /** Wipes everything and ends the thread. */
  close(): Promise<void>;
}

/** What is bound into a sealed template, so that it cannot be passed off as another person's or finger's. */
export const sealContext = (person: string, finger: number): string =>
  `tram fingerprint 1 ${person} ${finger}`;
