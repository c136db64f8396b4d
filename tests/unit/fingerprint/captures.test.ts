// A capture is kept for two minutes, on whatever clock the PC has.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KEPT_MS, openCaptures } from '../../../electron/fingerprint/captures.ts';
import { matcherHere } from '../../../electron/fingerprint/matching-thread.ts';
import { openReaderDesk } from '../../../electron/fingerprint/readers/desk.ts';
import type { Context } from '../../../electron/store/room.ts';
import type { CaptureNews } from '../../../shared/api/fingerprints.ts';
import { blank, openTestReader, printOf } from './support.ts';

afterEach(() => void vi.useRealTimers());

const caller = {
  userId: 'u',
  sessionId: 's',
  fullName: '',
  roles: [],
  permissions: new Set<never>(),
  wards: [],
};
const ctx: Context = { caller, now: Date.now, can: () => true, undo: () => '' };

function opened() {
  const reader = openTestReader();
  const matcher = matcherHere();
  const desk = openReaderDesk({
    mode: 'real',
    real: () => [reader.family],
    simulated: () => reader.family,
    settings: { get: () => null, set: () => {} },
    log: () => {},
  });
  const { promise: ended, resolve: end } = Promise.withResolvers<CaptureNews>();
  const tell = (_session: string, news: CaptureNews): void => {
    if (news.step === 'done' || news.step === 'failed') end(news);
  };
  const captures = openCaptures({ desk: () => desk, matcher, tell, log: () => {} });
  return { reader, matcher, captures, ended };
}

async function captured() {
  const { reader, matcher, captures, ended } = opened();
  const begun = await captures.handlers['fingerprint.capture']({ waitSeconds: 30 }, ctx);
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
    expect(inTime.captures.use([inTime.id], ctx)).toMatchObject({
      ok: true,
      value: [{ reader: 'Test 4500' }],
    });
    const late = await captured();
    vi.advanceTimersByTime(KEPT_MS);
    expect(late.captures.use([late.id], ctx)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    // the features went with it
    expect(await late.matcher.search(late.id, null, 5)).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });
});

describe('a capture', () => {
  it('says so when nobody puts a finger on', async () => {
    const { captures, ended } = opened();
    await captures.handlers['fingerprint.capture']({ waitSeconds: 0.05 }, ctx);
    expect(await ended).toMatchObject({ step: 'failed', code: 'finger_timeout' });
  });

  it('that only ever sees a blank glass ends without anything to use', async () => {
    const { reader, captures, ended } = opened();
    const begun = await captures.handlers['fingerprint.capture']({ waitSeconds: 0.6 }, ctx);
    reader.put(blank());
    expect(await ended).toMatchObject({ step: 'failed', code: 'finger_unclear' });
    const id = begun.ok ? begun.value.captureId : '';
    expect(captures.use([id], ctx)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });
});
