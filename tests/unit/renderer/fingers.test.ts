// What the screen says while a finger is taken, and the words for chances nobody can picture as numbers.
import { describe, expect, it } from 'vitest';
import { captureHints } from '../../../electron/fingerprint/types.ts';
import { afterNews, idleCapture } from '../../../renderer/app/capture-view.ts';
import { en, vi } from '../../../renderer/i18n/dictionaries.ts';
import { textIn } from '../../../renderer/i18n/index.ts';
import {
  checkable,
  confirming,
  fingerNames,
  fingersLeftToRight,
  firstChoice,
  keyOf,
  nextFinger,
  type Person,
  standing,
  withRelation,
} from '../../../renderer/parts/fingers/fingers.ts';
import { whoItIs } from '../../../renderer/screens/fingerprint/candidate-words.ts';
import { notCompared, oneInWords, searchChance } from '../../../renderer/screens/fingerprint/chance-words.ts';
import type { CaptureNews } from '../../../shared/api/fingerprints.ts';
import {
  checkOccasions,
  fallbacks,
  fingers,
  purposes,
  unableReasons,
} from '../../../shared/codes/fingerprints.ts';

const t = textIn('vi');
const told = (...news: readonly Omit<CaptureNews, 'captureId'>[]) =>
  news.reduce((view, each) => afterNews(view, { captureId: 'a', ...each }), idleCapture);

describe('a capture on the screen', () => {
  it('says what to do better until the finger is placed again', () => {
    const hinted = told({ step: 'reading', done: 0.5 }, { step: 'adjust', hint: 'dry_finger' });
    expect(hinted).toMatchObject({ now: 'place', hint: 'dry_finger', share: null });
    expect(told({ step: 'adjust', hint: 'dry_finger' }, { step: 'place_finger' }).hint).toBe('dry_finger');
    expect(told({ step: 'adjust', hint: 'dry_finger' }, { step: 'reading', done: 0 }).hint).toBeNull();
  });

  it('keeps showing the ridges seen last', () => {
    const picture = 'data:image/png;base64,AA==';
    expect(told({ step: 'judging', picture }, { step: 'done', quality: 71 })).toMatchObject({
      now: 'done',
      picture,
      quality: 71,
    });
  });

  it('names a failure, but not that somebody pressed stop', () => {
    expect(told({ step: 'failed', code: 'reader_unplugged' }).failure?.messageKey).toBe(
      'error.reader_unplugged',
    );
    expect(told({ step: 'failed', code: 'capture_cancelled' })).toMatchObject({
      now: 'failed',
      failure: null,
    });
  });
});

describe('words about fingers', () => {
  it.each([
    ['Vietnamese', vi],
    ['English', en],
  ])('has one for every code of the record in %s', (_, words: Readonly<Record<string, string>>) => {
    const keys = [
      ...fingers.map((finger) => `fingerprint.finger${finger}`),
      ...captureHints.map((hint) => `fingerprint.hint.${hint}`),
      ...unableReasons.map((reason) => `fingerprint.reason.${reason}`),
      ...fallbacks.map((fallback) => `fingerprint.fallback.${fallback}`),
      ...checkOccasions.map((occasion) => `fingerprint.occasion.${occasion}`),
      ...purposes.flatMap((one) => [`fingerprint.purpose.${one}`, `fingerprint.consentFor.${one}`]),
    ];
    expect(keys.filter((key) => !Object.hasOwn(words, key))).toEqual([]);
  });

  it('lays ten fingers over the ten number keys, little finger of the left hand first', () => {
    expect(fingersLeftToRight.map(keyOf).join('')).toBe('1234567890');
    expect([...fingersLeftToRight].sort((a, b) => a - b)).toEqual([...fingers]);
    expect(t(`fingerprint.finger${fingersLeftToRight[0]}`)).toBe('Ngón út trái');
    expect(t(`fingerprint.finger${fingersLeftToRight[5]}`)).toBe('Ngón cái phải');
  });

  it('proposes the clearest finger not taken yet, and one to take again when all were', () => {
    expect([nextFinger([]), nextFinger([2]), nextFinger([2, 7])]).toEqual([2, 7, 1]);
    expect(nextFinger([...fingers])).toBe(2);
  });

  it('names fingers within a sentence', () => {
    expect(fingerNames(t, [2, 6])).toBe('ngón trỏ phải, ngón cái trái');
  });
});

describe('people whose fingers are compared', () => {
  const finger = { finger: 2, at: 0, by: '', station: '', quality: 80, old: false, usable: true } as const;
  const mother: Person = {
    personId: 'a' as NonNullable<Person['personId']>,
    kind: 'relative',
    relativeId: 'r',
    name: 'Quàng Thị Sen',
    relation: 'mother',
    ended: false,
    consent: 'given',
    purposes: ['recognise'],
    consentAt: 0,
    consentBy: null,
    fingers: [finger],
    unable: [],
    erasure: null,
    lastCheck: null,
  };

  it('are those who allowed just this use, whose prints this PC can read', () => {
    const forPapers: Person = { ...mother, name: 'Lò Văn Pánh', purposes: ['confirm'] };
    const keyOnItsWay: Person = { ...mother, fingers: [{ ...finger, usable: false }] };
    const withdrawn: Person = { ...mother, personId: null, consent: 'withdrawn' };
    const noMore: Person = { ...forPapers, ended: true };
    const people = [mother, forPapers, keyOnItsWay, withdrawn, noMore];
    expect(checkable(people)).toEqual([mother]);
    expect(confirming(people)).toEqual([forPapers]);
  });

  it('are proposed first come first, but whoever was chosen and has gone is replaced by nobody', () => {
    expect(firstChoice([mother], undefined)).toBe(mother.personId);
    expect(firstChoice([mother], 'a')).toBe('a');
    expect(firstChoice([mother], 'withdrawn since')).toBeNull();
  });

  it('are told from those who were asked and said no', () => {
    const no = {
      finger: null,
      reason: 'refused',
      note: null,
      fallback: 'paper',
      witness: null,
      at: 0,
      by: '',
    } as const;
    const asked: Person = { ...mother, consent: 'none', unable: [no] };
    expect(standing(asked)).toBe('refused');
    expect(standing({ ...asked, unable: [{ ...no, reason: 'child' }] })).toBe('none');
    expect(standing({ ...asked, consent: 'given' })).toBe('given');
  });

  it('are named with what they are to the patient', () => {
    expect(withRelation(t, mother)).toBe('Quàng Thị Sen (Mẹ)');
    expect(withRelation(t, { name: 'Lò Thị Mơ', relation: null })).toBe('Lò Thị Mơ (người bệnh)');
  });
});

describe('somebody a finger may belong to', () => {
  const now = Date.UTC(2026, 10, 22);
  const found = {
    kind: 'patient',
    relation: null,
    patientName: 'Lò Thị Mơ',
    sex: '2',
    birthDate: '2019-06-05',
    recordNumber: '2601A00012',
    address: 'Bản Pá, xã Mường Lặng',
  } as const;

  it('is told by sex, birth, record number and address', () => {
    expect(whoItIs(t, found, now)).toEqual([
      'Nữ · 05/06/2019 (7 tuổi) · Mã người bệnh 2601A00012',
      'Bản Pá, xã Mường Lặng',
    ]);
  });

  it('of a relative says whose, and nothing of the patient’s that could be taken for theirs', () => {
    const mother = { ...found, kind: 'relative', relation: 'mother' } as const;
    const lines = ['Người nhà (mẹ) của người bệnh Lò Thị Mơ', 'Mã người bệnh 2601A00012'];
    expect(whoItIs(t, mother, now)).toEqual(lines);
    expect(whoItIs(t, { ...mother, relation: 'other' }, now)[0]).toBe('Người nhà của người bệnh Lò Thị Mơ');
  });
});

it('a search names how many people it could not compare, and is silent when there are none', () => {
  expect(notCompared(t, 0)).toBeNull();
  expect(notCompared(t, 1200)).toContain('Chưa so được hết vân tay của 1.200 người');
});

describe('chances', () => {
  it.each([
    [1, 'lần nào cũng có thể'],
    [0.0487, 'một lần trong 21 lần'],
    [0.000503, 'một lần trong 2.000 lần'],
    [1 / 987_654, 'một lần trong 990.000 lần'],
    [0, 'ít hơn một lần trong một nghìn tỷ lần'],
  ])('says %s as %s', (chance, words) => expect(oneInWords(t, chance)).toBe(words));

  it('tells a clerk how often a search finds a stranger', () => {
    expect(searchChance(t, 0.9)).toBe('lần nào cũng có thể giống nhầm người lạ');
    expect(searchChance(t, 0.01)).toBe('tìm 100 lần thì chừng một lần giống nhầm người lạ');
    expect(searchChance(t, 1e-9)).toBe('hơn một triệu lần mới giống nhầm một lần');
  });
});
