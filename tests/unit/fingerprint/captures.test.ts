// A capture is kept for two minutes, on whatever clock the PC has.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KEPT_MS } from '../../../electron/fingerprint/captures.ts';
import { matcherHere } from '../../../electron/fingerprint/matching-thread.ts';
import { atReader, blank, openTestCaptures, printOf } from './support.ts';

afterEach(() => void vi.useRealTimers());

async function captured() {
  const matcher = matcherHere();
  const { reader, captures, ended } = openTestCaptures(matcher);
  const begun = await captures.handlers['fingerprint.capture']({ waitSeconds: 30, toFind: false }, atReader);
  if (!begun.ok) throw new Error(begun.error.code);
  reader.put(printOf(8001));
  await ended;
  return { captures, matcher, id: begun.value.captureId };
}

describe('what was captured', () => {
  it('can be used until two minutes later, and not after', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const inTime = await captured();
    vi.advanceTimersByTime(KEPT_MS - 1);
    expect(inTime.captures.use([inTime.id], atReader)).toMatchObject({
      ok: true,
      value: [{ reader: 'Test 4500' }],
    });
    const late = await captured();
    vi.advanceTimersByTime(KEPT_MS);
    expect(late.captures.use([late.id], atReader)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    // the features went with it
    expect(await late.matcher.search(late.id, null, 5)).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });
});

describe('a capture', () => {
  it('says so when nobody puts a finger on', async () => {
    const { captures, ended } = openTestCaptures(matcherHere());
    await captures.handlers['fingerprint.capture']({ waitSeconds: 0.05, toFind: false }, atReader);
    expect(await ended).toMatchObject({ step: 'failed', code: 'finger_timeout' });
  });

  it('that only ever sees a blank glass ends without anything to use', async () => {
    const { reader, captures, ended } = openTestCaptures(matcherHere());
    const begun = await captures.handlers['fingerprint.capture'](
      { waitSeconds: 0.6, toFind: false },
      atReader,
    );
    reader.put(blank());
    expect(await ended).toMatchObject({ step: 'failed', code: 'finger_unclear' });
    const id = begun.ok ? begun.value.captureId : '';
    expect(captures.use([id], atReader)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });
});

describe('a capture begun while another goes on', () => {
  async function second(session: string, isHere?: (sessionId: string) => boolean) {
    const { reader, captures, told } = openTestCaptures(matcherHere(), isHere);
    const begin = async (sessionId: string) => {
      const ctx = { ...atReader, caller: { ...atReader.caller, sessionId } };
      const asked = { waitSeconds: 30, toFind: false };
      const begun = await captures.handlers['fingerprint.capture'](asked, ctx);
      return begun.ok ? begun.value.captureId : '';
    };
    const endOf = (id: string) =>
      vi.waitFor(() => {
        const last = told.find(({ captureId, step }) => captureId === id && /done|failed/.test(step));
        if (!last) throw new Error('goes on');
        return last;
      });
    const first = await begin('s');
    await vi.waitFor(() => expect(told).toContainEqual({ captureId: first, step: 'place_finger' }));
    const next = await begin(session);
    await vi.waitFor(() =>
      expect(told.filter(({ captureId }) => captureId === next).map(({ step }) => step)).not.toEqual([]),
    );
    reader.put(printOf(8001));
    return { first: await endOf(first), next: await endOf(next) };
  }

  it('by the same person takes its place: the reader is free for it', async () => {
    const { first, next } = await second('s');
    expect(first).toMatchObject({ step: 'failed', code: 'capture_cancelled' });
    expect(next).toMatchObject({ step: 'done' });
  });

  it('by the next person takes the place of one whose page has gone', async () => {
    const { first, next } = await second('next', (sessionId) => sessionId !== 's');
    expect(first).toMatchObject({ step: 'failed', code: 'capture_cancelled' });
    expect(next).toMatchObject({ step: 'done' });
  });
});
