// A founded center with a finger reader on which the test puts made-up fingers: real core, real matching, real readers'
// desk; only the cable is missing.
import { openCaptures } from '../../../electron/fingerprint/captures.ts';
import type { Matcher } from '../../../electron/fingerprint/matcher.ts';
import { openReaderDesk } from '../../../electron/fingerprint/readers/desk.ts';
import { growFinger, type SyntheticFinger, touch } from '../../../electron/fingerprint/synthetic/index.ts';
import type {
  CaptureOptions,
  FingerImage,
  Reader,
  ReaderFamily,
} from '../../../electron/fingerprint/types.ts';
import type { Context } from '../../../electron/store/room.ts';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { CaptureNews } from '../../../shared/api/fingerprints.ts';
import type { Input, Output } from '../../../shared/api/index.ts';
import { foundedCore, hire, registerPatient, type TestCore } from '../support/open-test-core.ts';

export type CaptureId = Output<'fingerprint.capture'>['captureId'];

const grown = new Map<number, SyntheticFinger>();
let impressions = 0;

/** Another impression each time, as a person puts the finger on again. */
export function printOf(seed: number): FingerImage {
  const finger = grown.get(seed) ?? growFinger(seed);
  grown.set(seed, finger);
  impressions++;
  const turn = ((impressions * 7) % 11) / 11 - 0.5;
  return touch(finger, {
    seed: seed * 1000 + impressions,
    rotation: turn * 0.3,
    shift: { x: turn * 20, y: turn * -16 },
  });
}

/** Grey all over: nobody's finger. */
export const blank = (): FingerImage => ({
  width: 300,
  height: 400,
  dpi: 500,
  pixels: new Uint8Array(120_000).fill(200),
});

export interface TestReader {
  readonly family: ReaderFamily;
  /** What the next capture sees; captures wait for it. */
  put(image: FingerImage): void;
}

export function openTestReader(): TestReader {
  const lying: FingerImage[] = [];
  let wake = (): void => {};
  const info = { id: 'usb:test', kind: 'usb', model: 'Test 4500', place: 'USB 1' } as const;

  async function capture({ signal, waitMs, progress }: CaptureOptions): Promise<Result<FingerImage>> {
    const until = performance.now() + waitMs;
    progress({ step: 'place_finger' });
    for (;;) {
      if (signal.aborted) return fail('capture_cancelled');
      const image = lying.shift();
      if (image) return ok(image);
      if (performance.now() > until) return fail('finger_timeout');
      await new Promise<void>((resolve) => {
        wake = resolve;
        signal.addEventListener('abort', () => resolve());
        setTimeout(resolve, until - performance.now()).unref();
      });
    }
  }

  const reader: Reader = { info, capture, onGone: () => {}, close: async () => {} };
  return {
    family: {
      kind: 'usb',
      discover: async () => [info],
      open: async () => ok(reader),
      close: async () => {},
    },
    put(image) {
      lying.push(image);
      wake();
    },
  };
}

/** Somebody logged in who may do everything, for rooms tried without a core. */
export const atReader: Context = {
  caller: {
    userId: 'u',
    sessionId: 's',
    fullName: '',
    roles: [],
    permissions: new Set<never>(),
    wards: [],
  },
  now: Date.now,
  can: () => true,
  undo: () => '',
};

/** The desk of a test reader and the captures made there; `ended` is the news the first capture ends with. */
export function openTestCaptures(matcher: Matcher, isHere: (sessionId: string) => boolean = () => true) {
  const told: CaptureNews[] = [];
  const reader = openTestReader();
  const desk = openReaderDesk({
    mode: 'real',
    real: () => [reader.family],
    simulated: () => reader.family,
    settings: { get: () => null, set: () => {} },
    log: () => {},
  });
  const { promise: ended, resolve: end } = Promise.withResolvers<CaptureNews>();
  const captures = openCaptures({
    desk: () => desk,
    matcher,
    isHere,
    tell(_session, news) {
      told.push(news);
      if (news.step === 'done' || news.step === 'failed') end(news);
    },
    log: () => {},
  });
  return { reader, captures, ended, told, close: desk.close };
}

export interface FingerCenter extends TestCore {
  readonly reader: TestReader;
  /** What the page of this capture was told, in order. */
  news(captureId: string): CaptureNews[];
  /** Until the page was told this. */
  told(captureId: string, ...steps: CaptureNews['step'][]): Promise<CaptureNews>;
  /** Until the capture is done or has failed. */
  ended(captureId: string): Promise<CaptureNews>;
  /** Begins a capture and puts this on: a finger by its seed, or a picture. */
  capture(client: string, finger: number | FingerImage): Promise<CaptureId>;
}

/** `clerk` registers people and takes fingers at reception, `bs.an` treats on the ward. */
export async function fingerCenter(options: Parameters<typeof foundedCore>[0] = {}): Promise<FingerCenter> {
  const reader = openTestReader();
  const center = await foundedCore({ fingerReaders: () => [reader.family], ...options });
  await hire(center, 'clerk', ['tiep_don']);
  await hire(center, 'bs.an', ['bac_si_dieu_tri']);
  return withFingers(center, reader);
}

export function withFingers(center: TestCore, reader: TestReader): FingerCenter {
  const news = (captureId: string): CaptureNews[] =>
    center.events.flatMap(({ message }) =>
      message.event === 'capture' && message.payload.captureId === captureId ? [message.payload] : [],
    );
  async function told(captureId: string, ...steps: CaptureNews['step'][]): Promise<CaptureNews> {
    for (let tries = 0; tries < 2000; tries++) {
      const last = news(captureId).find(({ step }) => steps.includes(step));
      if (last) return last;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`the page was never told ${steps}`);
  }
  const ended = (captureId: string): Promise<CaptureNews> => told(captureId, 'done', 'failed');
  return {
    ...center,
    reader,
    news,
    told,
    ended,
    async capture(client, finger) {
      const { captureId } = await center.ok(client, 'fingerprint.capture', {});
      reader.put(typeof finger === 'number' ? printOf(finger) : finger);
      const last = await ended(captureId);
      if (last.step !== 'done') throw new Error(`the capture failed: ${last.code}`);
      return captureId;
    },
  };
}

export interface Enrolled {
  readonly patientId: Input<'fingerprint.enrol'>['patientId'];
  readonly personId: Input<'fingerprint.enrol'>['personId'];
}

/** A patient who consented to everything, with these fingers: number of the finger → seed of the made-up one. */
export async function enrolled(
  center: FingerCenter,
  fullName: string,
  fingers: Partial<Record<Input<'fingerprint.enrol'>['finger'], number>>,
): Promise<Enrolled> {
  const patientId = await registerPatient(center, 'clerk', fullName);
  const { personId } = await center.ok('clerk', 'fingerprint.consent', {
    patientId,
    holder: { kind: 'patient' },
    purposes: ['recognise', 'find', 'confirm'],
    way: 'spoken',
  });
  for (const [finger, seed] of Object.entries(fingers)) {
    await enrolFinger(
      center,
      { patientId, personId },
      Number(finger) as Input<'fingerprint.enrol'>['finger'],
      seed,
    );
  }
  return { patientId, personId };
}

export async function enrolFinger(
  center: FingerCenter,
  person: Enrolled,
  finger: Input<'fingerprint.enrol'>['finger'],
  seed: number,
): Promise<Output<'fingerprint.enrol'>> {
  const captures = [];
  for (let take = 0; take < 3; take++) captures.push(await center.capture('clerk', seed));
  return center.ok('clerk', 'fingerprint.enrol', { ...person, finger, captures });
}
