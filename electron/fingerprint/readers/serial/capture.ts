// One picture from a module: wait for a finger, let the module take the picture, receive it, wait until the finger is
// gone. Cancelling is noticed between any two packets; the talk below empties the line before the next command.
import { fail, ok, type Result } from '../../../../shared/api/contract.ts';
import type { CaptureHint, CaptureOptions, FingerImage } from '../../types.ts';
import { type Command, commands } from './commands.ts';
import { lights, type Module } from './module.ts';
import { expectedBytes, sensorOf, unpackPicture } from './pictures.ts';
import type { Timing } from './talk.ts';

type Progress = CaptureOptions['progress'];
type Failed = ReturnType<typeof fail>;

/** Pictures asked for before the line is called bad. */
const picturesTried = 2;

export async function takePicture(
  module: Module,
  { signal, waitMs, progress }: CaptureOptions,
  timing: Timing,
): Promise<Result<FingerImage>> {
  const show = lightOf(module);
  const end = performance.now() + waitMs;
  const result = await untilPicture();
  await show('off');
  return result;

  async function untilPicture(): Promise<Result<FingerImage>> {
    const finger = openFingerWatch(module, timing, progress, show);
    let hint: CaptureHint = 'place_finger';
    for (;;) {
      const there = await finger.wait(hint, signal, end);
      if (there !== 'there') return there;
      const received = await receive(module, signal, progress, show);
      if ('again' in received) {
        hint = received.again;
        continue;
      }
      if (!received.ok) return received;
      const lifted = await untilLifted(module, signal, progress, show, timing);
      if (lifted === 'lifted') return received;
      received.value.pixels.fill(0);
      return lifted;
    }
  }
}

type Show = (what: keyof typeof lights) => Promise<void>;

/** Sets the ring of light where there is one; a light that stops answering is let be. */
function lightOf(module: Module): Show {
  let works = module.hasLight;
  let shown: keyof typeof lights | null = null;
  return async (what) => {
    if (!works || shown === what || module.talk.gone) return;
    shown = what;
    const heard = await module.ask(commands.light, lights[what]);
    works = heard.kind === 'answer' && heard.code === 0;
  };
}

interface FingerWatch {
  /** Until the module has taken a picture of a finger; called again, with what to do better, when it was none. */
  wait(hint: CaptureHint, signal: AbortSignal, end: number): Promise<'there' | Failed>;
}

function openFingerWatch(module: Module, timing: Timing, progress: Progress, show: Show): FingerWatch {
  let command: Command = module.newer ? commands.takeGoodPicture : commands.takePicture;
  let told: CaptureHint | null = null;
  let poorSince: number | null = null;

  return {
    async wait(hint, signal, end) {
      told = null;
      await ask(hint);
      for (;;) {
        if (signal.aborted) return fail('capture_cancelled');
        const heard = await module.ask(command);
        if (heard.kind === 'gone') return fail('reader_unplugged');
        if (signal.aborted) return fail('capture_cancelled');
        const meaning = heard.kind === 'silent' ? ({ kind: 'silent' } as const) : heard.meaning;
        switch (meaning.kind) {
          case 'done':
            return 'there';
          case 'no_finger':
            poorSince = null;
            if (told !== 'place_finger') await ask('place_finger');
            break;
          case 'adjust':
            await ask(meaning.hint);
            poorSince ??= performance.now();
            if (performance.now() - poorSince >= timing.poorMs) command = commands.takePicture;
            break;
          case 'failed':
            return fail(meaning.error);
          case 'locked':
            return fail('reader_wrong_password');
          case 'silent':
          case 'repeat':
          case 'unsupported':
            // the line, or an unknown command: the newer command may be what it does not know
            if (command === commands.takePicture)
              return fail(meaning.kind === 'unsupported' ? 'reader_failed' : 'reader_line_bad');
            command = commands.takePicture;
            continue;
        }
        if (performance.now() >= end) return fail(poorSince === null ? 'finger_timeout' : 'finger_unclear');
        await pause(Math.min(timing.pollMs, end - performance.now()), signal);
      }
    },
  };

  /** Tells the person once, not at every look. */
  async function ask(hint: CaptureHint): Promise<void> {
    if (told === hint) return;
    told = hint;
    progress(hint === 'place_finger' ? { step: 'place_finger' } : { step: 'adjust', hint });
    await show(hint === 'place_finger' ? 'place' : 'adjust');
  }
}

/** The picture in the module's memory. `again`: it had none, the finger is wanted once more. */
async function receive(
  module: Module,
  signal: AbortSignal,
  progress: Progress,
  show: Show,
): Promise<Result<FingerImage> | { readonly again: CaptureHint }> {
  await show('reading');
  const expected = expectedBytes(module.sensor);
  for (let i = 0; i < picturesTried; i++) {
    if (signal.aborted) return fail('capture_cancelled');
    progress({ step: 'reading', done: 0 });
    const heard = await module.talk.receivePicture(signal, (bytes) =>
      progress({ step: 'reading', done: Math.min(1, bytes / expected) }),
    );
    switch (heard.kind) {
      case 'gone':
        return fail('reader_unplugged');
      case 'stopped':
        return fail('capture_cancelled');
      case 'silent':
        return fail('reader_line_bad');
      case 'answer':
        if (heard.meaning.kind === 'adjust') return { again: heard.meaning.hint };
        if (heard.meaning.kind === 'no_finger') return { again: 'place_finger' };
        return fail(heard.meaning.kind === 'failed' ? heard.meaning.error : 'reader_line_bad');
      case 'packed': {
        const sensor = sensorOf(heard.bytes.length, module.sensor);
        const picture = sensor && unpackPicture(heard.bytes, sensor);
        heard.bytes.fill(0);
        if (picture) return ok(picture);
      }
    }
  }
  return fail('reader_line_bad');
}

/** Not for ever: who keeps the finger on has given the picture all the same. */
async function untilLifted(
  module: Module,
  signal: AbortSignal,
  progress: Progress,
  show: Show,
  timing: Timing,
): Promise<'lifted' | Failed> {
  progress({ step: 'lift_finger' });
  await show('lift');
  const end = performance.now() + timing.liftMs;
  while (performance.now() < end) {
    if (signal.aborted) return fail('capture_cancelled');
    const heard = await module.ask(commands.takePicture);
    if (heard.kind === 'gone') return fail('reader_unplugged');
    if (heard.kind === 'silent' || heard.meaning.kind === 'no_finger') break;
    await pause(timing.pollMs, signal);
  }
  if (module.talk.gone) return fail('reader_unplugged');
  return signal.aborted ? fail('capture_cancelled') : 'lifted';
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      done();
    };
    const timer = setTimeout(finish, Math.max(0, ms));
    signal.addEventListener('abort', finish);
    if (signal.aborted) finish();
  });
}
