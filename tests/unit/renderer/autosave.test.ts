import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAutosave } from '../../../renderer/parts/autosave.ts';

describe('draft autosave', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function setUp(write: (content: string) => Promise<boolean> = async () => true) {
    const written: { content: string; at: number }[] = [];
    const saver = createAutosave({
      now: () => Date.now(),
      write: (content) => {
        written.push({ content, at: Date.now() });
        return write(content);
      },
    });
    return { saver, written };
  }

  it('writes a moment after the typing rests', async () => {
    const { saver, written } = setUp();
    saver.touch('a');
    await vi.advanceTimersByTimeAsync(300);
    saver.touch('ab');
    await vi.advanceTimersByTimeAsync(399);
    expect(written).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(written.map((w) => w.content)).toEqual(['ab']);
  });

  it('never lets typing go unwritten for a second, even without a rest', async () => {
    const { saver, written } = setUp();
    const start = Date.now();
    let oldestUnwritten = start;
    for (let i = 1; i <= 100; i += 1) {
      saver.touch('x'.repeat(i));
      await vi.advanceTimersByTimeAsync(50);
      const last = written.at(-1);
      if (last) oldestUnwritten = last.at;
      expect(Date.now() - oldestUnwritten).toBeLessThan(1000);
    }
    expect(written.length).toBeGreaterThan(5);
  });

  it('has one write under way at a time and then writes the newest', async () => {
    let release: (saved: boolean) => void = () => undefined;
    const { saver, written } = setUp(
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    saver.touch('a');
    await vi.advanceTimersByTimeAsync(400);
    saver.touch('ab');
    await vi.advanceTimersByTimeAsync(2000);
    expect(written.map((w) => w.content)).toEqual(['a']);
    release(true);
    await vi.advanceTimersByTimeAsync(0);
    await vi.advanceTimersByTimeAsync(700);
    expect(written.map((w) => w.content)).toEqual(['a', 'ab']);
  });

  it('tries again when a write failed, with the newest text', async () => {
    let works = false;
    const { saver, written } = setUp(async () => works);
    saver.touch('a');
    await vi.advanceTimersByTimeAsync(400);
    works = true;
    saver.touch('abc');
    await vi.advanceTimersByTimeAsync(2500);
    expect(written.map((w) => w.content)).toEqual(['a', 'abc']);
  });

  it('flushes at once when the screen is left', async () => {
    const { saver, written } = setUp();
    saver.touch('a');
    await saver.flush();
    expect(written.map((w) => w.content)).toEqual(['a']);
  });

  it('writes nothing after the form was saved', async () => {
    const { saver, written } = setUp();
    saver.touch('a');
    await saver.stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(written).toEqual([]);
  });

  it('does not write the same text twice', async () => {
    const { saver, written } = setUp();
    saver.touch('a');
    await vi.advanceTimersByTimeAsync(400);
    saver.touch('a');
    await vi.advanceTimersByTimeAsync(5000);
    expect(written).toHaveLength(1);
  });

  it('keeps a text that was taken back while another write was under way', async () => {
    const { saver, written } = setUp(() => new Promise((resolve) => setTimeout(() => resolve(true), 100)));
    saver.touch('a');
    await vi.advanceTimersByTimeAsync(600);
    saver.touch('ab');
    await vi.advanceTimersByTimeAsync(450);
    saver.touch('a');
    await vi.advanceTimersByTimeAsync(2000);
    expect(written.map((w) => w.content)).toEqual(['a', 'ab', 'a']);
  });
});
