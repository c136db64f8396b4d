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
    await vi.advanceTimersByTimeAsync(200);
    saver.touch('ab');
    await vi.advanceTimersByTimeAsync(299);
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

  it('loses at most a second of typing on a disk that takes half a second to write', async () => {
    let onDisk = Date.now();
    const { saver } = setUp(async () => {
      const begun = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 490));
      onDisk = begun;
      return true;
    });
    for (let i = 1; i <= 200; i += 1) {
      saver.touch('x'.repeat(i));
      await vi.advanceTimersByTimeAsync(30);
      expect(Date.now() - onDisk).toBeLessThanOrEqual(1000);
    }
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

  it('keeps a text that was cut out and pasted back', async () => {
    const { saver, written } = setUp();
    saver.touch('a');
    await vi.advanceTimersByTimeAsync(400);
    await saver.stop();
    saver.touch('a');
    await vi.advanceTimersByTimeAsync(400);
    expect(written.map((w) => w.content)).toEqual(['a', 'a']);
  });

  it('keeps what is typed while the emptied form is still being thrown away', async () => {
    let kept: string | null = null;
    const slowly = () => new Promise((resolve) => setTimeout(resolve, 400));
    const { saver } = setUp(async (content) => {
      await slowly();
      kept = content;
      return true;
    });
    saver.touch('d');
    await vi.advanceTimersByTimeAsync(350);
    // an input method takes the letter back and puts another in its place
    void saver.stop(async () => {
      await slowly();
      kept = null;
    });
    saver.touch('đ');
    await vi.advanceTimersByTimeAsync(5000);
    expect(kept).toBe('đ');
  });
});
