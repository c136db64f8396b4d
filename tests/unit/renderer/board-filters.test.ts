// What the ward board marks and keeps, as pure questions to a bed.
import { describe, expect, it } from 'vitest';
import { type Bed, isDouble, keepBed, type Patient } from '../../../renderer/screens/board/filters.ts';

const someone = { fullName: 'Lò Văn Khánh', recordNumber: '2601A02318', clinical: null } as Patient;
const bed = (patients: readonly Patient[], shared = false): Bed => ({
  bedId: 'bed-1',
  name: 'G05',
  state: 'ready',
  stateReason: null,
  shared,
  patients: [...patients],
});

describe('a bed with two people', () => {
  it('is marked as double booked only when nobody declared it shared', () => {
    expect(isDouble(bed([someone, someone]))).toBe(true);
    expect(isDouble(bed([someone, someone], true))).toBe(false);
    expect(isDouble(bed([someone]))).toBe(false);
  });
});

describe('finding on the ward', () => {
  it('keeps an empty bed until somebody is looked for, and finds it by its own name', () => {
    expect(keepBed(bed([]), null, '')).toBe(true);
    expect(keepBed(bed([]), 'overdue', '')).toBe(false);
    expect(keepBed(bed([]), null, 'g05')).toBe(true);
    expect(keepBed(bed([someone]), null, 'khanh')).toBe(true);
    expect(keepBed(bed([someone]), null, 'vinh')).toBe(false);
  });
});
