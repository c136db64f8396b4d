// What training's badly placed fingers teach: the same advice a real reader's picture of such skin gets.
import { expect, it } from 'vitest';
import { matcherHere } from '../../../electron/fingerprint/matching-thread.ts';
import { openSimulatedReaders } from '../../../electron/fingerprint/readers/simulated.ts';
import type { FingerImage } from '../../../electron/fingerprint/types.ts';

it.each([
  ['good', []],
  ['dry', ['moisten_finger']],
  ['wet', ['dry_finger', 'press_lighter']],
  ['partial', ['centre_finger', 'press_harder']],
] as const)('a finger that is %s is answered with %j', async (touch, hints) => {
  const matcher = matcherHere();
  const readers = openSimulatedReaders({ mode: 'training', draw, readingMs: 1 });
  for (const person of ['An', 'Bình', 'Chi', 'Dũng']) {
    readers.place(person, 2, touch);
    const [info] = await readers.family.discover();
    const reader = await readers.family.open(info!);
    if (!reader.ok) throw new Error(reader.error.code);
    const image = await reader.value.capture({
      signal: new AbortController().signal,
      waitMs: 1000,
      progress: () => {},
    });
    await reader.value.close();
    if (!image.ok) throw new Error(image.error.code);
    const judged = await matcher.judge(`${person} ${touch}`, image.value);
    expect(judged).toMatchObject({ ok: true, value: { quality: { hints } } });
  }
  await matcher.close();

  async function draw(who: string, finger: number, impression: number): Promise<FingerImage> {
    const image = await matcher.draw(who, finger, impression);
    if (!image) throw new Error('nothing was drawn');
    return image;
  }
});
