import { describe, expect, it } from 'vitest';
import { createWedge, type WedgeVerdict } from '../../../renderer/screens/registration/wedge.ts';

const card = '040085001234|182345678|Nguyen Van An|02031985|Nam|Xom 3|15062021';

/** Presses keys `gapMs` apart and gives the verdict of the last. */
function press(wedge: ReturnType<typeof createWedge>, keys: readonly string[], gapMs: number, from = 1000) {
  let at = from;
  let verdict: WedgeVerdict = { kind: 'typing' };
  for (const key of keys) {
    verdict = wedge.press({ key, at, composing: false });
    at += gapMs;
  }
  return { verdict, at };
}

describe('the wedge detector', () => {
  it('takes a burst that ends with Enter for a scan', () => {
    const { verdict } = press(createWedge(), [...card, 'Enter'], 8);
    expect(verdict).toEqual({ kind: 'scan', raw: card, mangled: false });
  });

  it('takes Tab as the end key of scanners set so', () => {
    expect(press(createWedge(), [...'040085001234', 'Tab'], 5).verdict.kind).toBe('scan');
  });

  it('leaves a fast typist alone', () => {
    expect(press(createWedge(), [...'040085001234', 'Enter'], 60).verdict.kind).toBe('typing');
  });

  it('leaves a person alone whose input method sends bursts of its own', () => {
    const wedge = createWedge();
    let at = 1000;
    let verdict: WedgeVerdict = { kind: 'typing' };
    // "1 lần 2 viên" with Unikey: every marked vowel is a Backspace and the new letter within a millisecond
    for (const key of [
      '1',
      ' ',
      'l',
      'a',
      'a',
      'Backspace',
      'â',
      'f',
      'Backspace',
      'ầ',
      'n',
      ' ',
      '2',
      'Enter',
    ]) {
      at += key === 'Backspace' || key === 'â' || key === 'ầ' ? 1 : 110;
      verdict = wedge.press({ key, at, composing: false });
    }
    expect(verdict.kind).toBe('typing');
  });

  it('tells when a scan begins, so that the field can be given its text back', () => {
    const wedge = createWedge();
    expect(wedge.press({ key: '0', at: 10, composing: false }).kind).toBe('begins');
    expect(wedge.press({ key: '4', at: 15, composing: false }).kind).toBe('typing');
    expect(wedge.press({ key: '0', at: 900, composing: false }).kind).toBe('begins');
  });

  it('forgets what a person typed before the scan', () => {
    const wedge = createWedge();
    const typed = press(wedge, [...'An'], 120);
    const { verdict } = press(wedge, [...'040085001234', 'Enter'], 6, typed.at + 400);
    expect(verdict).toEqual({ kind: 'scan', raw: '040085001234', mangled: false });
  });

  it('marks a scan an input method took part in as mangled', () => {
    const { verdict } = press(createWedge(), [...'5068e1ba', 'Backspace', 'â', ...'16d204', 'Enter'], 4);
    expect(verdict).toEqual({ kind: 'scan', raw: '5068e1bâ16d204', mangled: true });
  });

  it('does not take Enter long after the burst', () => {
    const wedge = createWedge();
    const { at } = press(wedge, [...'040085001234'], 6);
    expect(wedge.press({ key: 'Enter', at: at + 600, composing: false }).kind).toBe('typing');
  });

  it('needs no Enter from a scanner that sends none, once it rests', () => {
    const wedge = createWedge();
    press(wedge, [...card], 8);
    expect(wedge.idle()).toEqual({ kind: 'scan', raw: card, mangled: false });
    expect(wedge.idle().kind).toBe('typing');
  });

  it('takes a word without a digit for typing, however fast', () => {
    expect(press(createWedge(), [...'nguyenvan', 'Enter'], 3).verdict.kind).toBe('typing');
  });
});
