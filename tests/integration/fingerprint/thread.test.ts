// The matching thread as the program runs it: what it answers, and what happens when it dies.
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type MatchingMatcher,
  matcherHere,
  matcherInThread,
} from '../../../electron/fingerprint/matching-thread.ts';
import type { FingerImage } from '../../../electron/fingerprint/types.ts';
import { atReader, openTestCaptures, printOf } from '../../unit/fingerprint/support.ts';

const workerFile = join(import.meta.dirname, '../../../electron/fingerprint/matching-worker.ts');
const key = (): Buffer => Buffer.alloc(32, 9);
const open: MatchingMatcher[] = [];
afterEach(async () => {
  for (const matcher of open.splice(0)) await matcher.close();
});

function opened(more: Partial<Parameters<typeof matcherInThread>[0]> = {}) {
  const logged: { message: string; detail: unknown }[] = [];
  const log = (_level: string, message: string, detail?: unknown): void =>
    void logged.push({ message, detail });
  const matcher = matcherInThread({ workerFile, log, ...more });
  open.push(matcher);
  return { matcher, logged };
}

async function taken(matcher: MatchingMatcher, seed: number, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, at) => `${seed}/${at}/${Math.random()}`);
  for (const id of ids) {
    const judged = await matcher.judge(id, printOf(seed));
    if (!judged.ok) throw new Error(judged.error.code);
  }
  return ids;
}

/** Two fingers of two people, enrolled and in the gallery. */
async function withGallery(matcher: MatchingMatcher) {
  const entries = [];
  for (const [person, seed] of [
    ['pao', 6001],
    ['inh', 6002],
  ] as const) {
    const enrolled = await matcher.enrol(await taken(matcher, seed, 3), {
      person,
      finger: 1,
      others: [],
      key: key(),
    });
    if (!enrolled.ok) throw new Error(enrolled.error.code);
    entries.push({ person, finger: 1, version: '1', sealed: enrolled.value.sealed, key: key() });
  }
  expect(await matcher.load(entries)).toEqual({ unreadable: 0 });
  return entries;
}

describe('the matching thread', () => {
  it('enrols, tells, finds and forgets as the code in it does', async () => {
    const { matcher } = opened();
    const entries = await withGallery(matcher);
    const [probe = ''] = await taken(matcher, 6001, 1);
    const [pao] = entries;
    const compared = await matcher.compare(probe, pao ? [{ ...pao, key: key() }] : []);
    expect(compared.ok && compared.value).toMatchObject({ person: 'pao', finger: 1, matched: true });
    // a capture is used once
    expect(await matcher.compare(probe, [])).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
    const [second = ''] = await taken(matcher, 6002, 1);
    const found = await matcher.search(second, null, 5);
    expect(found.ok && found.value).toMatchObject({ searched: 2, fingers: 2, found: [{ person: 'inh' }] });
    await matcher.remove('inh');
    expect(await matcher.stats()).toMatchObject({ fingers: 1 });
    const [third = ''] = await taken(matcher, 6002, 1);
    const gone = await matcher.search(third, null, 5);
    expect(gone.ok && gone.value).toEqual({ searched: 1, fingers: 1, found: [] });
  });

  it('leaves the caller’s picture and key alone, and seals so that no other key or person opens it', async () => {
    const { matcher } = opened();
    const image: FingerImage = printOf(6001);
    const before = image.pixels.slice();
    expect((await matcher.judge('one', image)).ok).toBe(true);
    expect(image.pixels).toEqual(before);
    const mine = key();
    const enrolled = await matcher.enrol(await taken(matcher, 6001, 3), {
      person: 'pao',
      finger: 1,
      others: [],
      key: mine,
    });
    expect(mine).toEqual(key());
    const sealed = enrolled.ok ? enrolled.value.sealed : [];
    const entry = { person: 'pao', finger: 1, version: '1', sealed, key: key() };
    const unreadable = { ok: false, error: { code: 'template_unreadable' } };
    const probes = await taken(matcher, 6001, 3);
    expect(await matcher.compare(probes[0] ?? '', [{ ...entry, key: Buffer.alloc(32, 1) }])).toMatchObject(
      unreadable,
    );
    expect(await matcher.compare(probes[1] ?? '', [{ ...entry, person: 'inh' }])).toMatchObject(unreadable);
    expect(await matcher.compare(probes[2] ?? '', [{ ...entry, finger: 2 }])).toMatchObject(unreadable);
    // one template of a hundred minutiae, sealed, is the most a change carries
    for (const one of sealed) expect(one.length).toBeLessThan(900);
  });

  it('answers core_stopped for what it died over, starts again, and says that it forgot', async () => {
    const { matcher, logged } = opened({ stuckMs: 1 });
    const died = await matcher.judge('one', printOf(6001));
    expect(died).toMatchObject({ ok: false, error: { code: 'core_stopped' } });
    expect(matcher.lost()).toBe(1);
    expect(logged).toContainEqual({ message: 'the matching thread is stuck', detail: { job: 'judge' } });

    const { matcher: other } = opened();
    await withGallery(other);
    expect(other.lost()).toBe(0);
    await other.close();
    expect(await other.judge('two', printOf(6001))).toMatchObject({
      ok: false,
      error: { code: 'core_stopped' },
    });
  });

  it('gives the same answers as the same code in the caller’s own thread', async () => {
    const { matcher } = opened();
    const here = matcherHere();
    open.push(here);
    const image = printOf(6003);
    const [there, mine] = await Promise.all([matcher.judge('one', image), here.judge('one', image)]);
    expect(there).toEqual(mine);
    expect(await matcher.draw('An', 2, 1)).toEqual(await here.draw('An', 2, 1));
    expect((await here.draw('An', 2, 1))?.pixels).not.toEqual((await here.draw('An', 2, 2))?.pixels);
  });

  it('ends a capture cleanly when it dies over the picture', async () => {
    const { matcher } = opened({ stuckMs: 1 });
    const { reader, captures, ended, close } = openTestCaptures(matcher);
    const begun = await captures.handlers['fingerprint.capture'](
      { waitSeconds: 30, toFind: false },
      atReader,
    );
    reader.put(printOf(6001));
    expect(await ended).toMatchObject({ step: 'failed', code: 'core_stopped' });
    const id = begun.ok ? begun.value.captureId : '';
    expect(captures.use([id], atReader)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    await close();
  });
});
