import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gather } from '../../../renderer/app/gather.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('acts at once on the first piece of news after a quiet time', () => {
  const acts: string[][] = [];
  const tell = gather<string>((news) => acts.push([...news]));
  tell(['notes']);
  expect(acts).toEqual([['notes']]);
  vi.advanceTimersByTime(1000);
  tell(['beds']);
  expect(acts).toEqual([['notes'], ['beds']]);
});

it('acts a few times, not hundreds of times, while a ward saves without a pause, and misses nothing', () => {
  const acts: string[][] = [];
  const tell = gather<string>((news) => acts.push([...news]), 250);
  for (let i = 0; i < 100; i++) {
    tell([`area ${i}`]);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(250);
  expect(acts.length).toBeLessThanOrEqual(6);
  expect(acts.flat()).toEqual(Array.from({ length: 100 }, (_, i) => `area ${i}`));
});
