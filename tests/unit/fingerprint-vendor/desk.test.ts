// The reader desk over families that fail in every way a family can.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openReaderDesk } from '../../../electron/fingerprint/readers/desk.ts';
import type { CaptureHint, FingerImage } from '../../../electron/fingerprint/types.ts';
import { fail, ok } from '../../../shared/api/contract.ts';
import { asking, failing, isWiped, never, openDesk, picture, readerOf, scripted } from './scripted.ts';

const one = readerOf('serial', 'COM3');
const two = readerOf('usb', '1-10', 'U');
const three = readerOf('usb', '1-11', 'U');

describe('finding readers', () => {
  it('asks every family', async () => {
    const { desk } = openDesk([scripted('serial', one), scripted('usb', two, three)]);
    expect((await desk.look()).readers).toEqual([one, two, three]);
  });

  it('is not stopped by a family that throws', async () => {
    const broken = scripted('serial');
    broken.discovering = async () => {
      throw new Error('no driver');
    };
    const { desk, log } = openDesk([broken, scripted('usb', two)]);
    expect((await desk.look()).readers).toEqual([two]);
    expect(log).toEqual(['finding readers threw']);
  });

  it('does not wait for a family that hangs, and counts its answer when it comes', async () => {
    const slow = scripted('serial', one);
    const { promise, resolve } = Promise.withResolvers<readonly [typeof one]>();
    slow.discovering = () => promise;
    const at = openDesk([slow, scripted('usb', two)]);
    expect((await at.desk.look()).readers).toEqual([two]);
    const before = at.changes;
    resolve([one]);
    await sleep(5);
    expect(at.desk.state().readers).toEqual([one, two]);
    expect(at.changes).toBeGreaterThan(before);
  });

  it('keeps what a family found when it hangs the next time', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    await desk.look();
    family.discovering = () => never;
    expect((await desk.look()).readers).toEqual([one]);
  });

  it('believes no family about readers of another kind', async () => {
    const { desk } = openDesk([scripted('serial', one, readerOf('simulated', '0'))]);
    expect((await desk.look()).readers).toEqual([one]);
  });

  it('looks again when something is plugged in or out, also while it is looking', async () => {
    const family = scripted('serial');
    const at = openDesk([family]);
    await at.desk.look();
    family.plug(one);
    await sleep(5);
    expect(at.desk.state().readers).toEqual([one]);

    const { promise, resolve } = Promise.withResolvers<readonly [typeof one]>();
    family.discovering = () => promise;
    const looking = at.desk.look();
    family.discovering = async () => [];
    family.plug();
    // what was found before it was pulled out
    resolve([one]);
    await looking;
    await sleep(5);
    expect(at.desk.state().readers).toEqual([]);
  });

  it('says nothing any more after it was closed', async () => {
    const family = scripted('serial', one);
    const at = openDesk([family]);
    await at.desk.look();
    await at.desk.close();
    const before = at.changes;
    family.plug();
    await sleep(5);
    expect(at.changes).toBe(before);
  });
});

describe('the reader this station uses', () => {
  it('is the only one plugged in', async () => {
    const { desk } = openDesk([scripted('serial', one)]);
    expect((await desk.look()).using).toBe(one.id);
  });

  it('must be chosen when there are several, and is remembered', async () => {
    const families = [scripted('serial', one), scripted('usb', two)];
    const at = openDesk(families);
    expect((await at.desk.look()).using).toBeNull();
    expect(await at.desk.capture(asking())).toMatchObject(failing('reader_not_chosen'));
    expect(at.desk.choose(two.id)).toEqual(ok(null));
    expect(at.desk.state()).toMatchObject({ using: two.id, remembered: { id: two.id, model: 'U' } });

    const later = openDesk(families);
    later.setting = at.setting;
    expect((await later.desk.look()).using).toBe(two.id);
  });

  it('falls back to the only one plugged in when the remembered one is missing, and returns to it', async () => {
    const [serial, usb] = [scripted('serial', one), scripted('usb', two)];
    const at = openDesk([serial, usb]);
    await at.desk.look();
    at.desk.choose(two.id);
    usb.plug();
    await sleep(5);
    expect(at.desk.state()).toMatchObject({ using: one.id, remembered: { id: two.id } });
    usb.plug(two);
    await sleep(5);
    expect(at.desk.state().using).toBe(two.id);
  });

  it('is the remembered one at another plug when only one of its model is there', async () => {
    const usb = scripted('usb', two);
    const at = openDesk([scripted('serial', one), usb]);
    await at.desk.look();
    at.desk.choose(two.id);
    usb.plug(three);
    await sleep(5);
    expect(at.desk.state().using).toBe(three.id);
  });

  it('cannot be one that is not there', async () => {
    const { desk } = openDesk([scripted('serial', one)]);
    await desk.look();
    expect(desk.choose('usb:9-9')).toMatchObject(failing('reader_missing'));
  });

  it.each(['{', '7', '{"id":1}', '{"id":"a","kind":"psychic","model":"m","place":"p"}'])(
    'is forgotten when the setting reads %s',
    async (setting) => {
      const at = openDesk([scripted('serial', one)]);
      at.setting = setting;
      expect(await at.desk.look()).toMatchObject({ remembered: null, using: one.id });
    },
  );

  it('is missing when none is plugged in', async () => {
    const { desk } = openDesk([scripted('serial')]);
    expect(await desk.capture(asking())).toMatchObject(failing('reader_missing'));
  });
});

describe('a capture', () => {
  it('looks for a reader when none is known yet, opens it, and hands the picture over once', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    const taken = desk.capture(asking());
    const image = picture(77);
    (await family.next()).answer(ok(image));
    expect(await taken).toEqual(ok(77));
    expect(isWiped(image)).toBe(true);
    expect(family.opens).toBe(1);
  });

  it('does not look when it knows the reader: looking takes time', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    await desk.look();
    family.discovering = () => never;
    const taken = desk.capture(asking());
    (await family.next()).answer(ok(picture()));
    expect(await taken).toMatchObject({ ok: true });
  });

  it('keeps the reader open for the next one, and closes it when nobody needs it', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family], { idleMs: 30 });
    for (const _ of [1, 2]) {
      const taken = desk.capture(asking());
      (await family.next()).answer(ok(picture()));
      await taken;
    }
    expect([family.opens, family.closes]).toEqual([1, 0]);
    await sleep(60);
    expect(family.closes).toBe(1);
    const taken = desk.capture(asking());
    (await family.next()).answer(ok(picture()));
    expect(await taken).toMatchObject({ ok: true });
    expect(family.opens).toBe(2);
  });

  it('refuses a second one on the same reader, and lets another reader work', async () => {
    const [serial, usb] = [scripted('serial', one), scripted('usb', two)];
    const { desk } = openDesk([serial, usb]);
    await desk.look();
    const first = desk.capture(asking({ readerId: one.id }));
    const asked = await serial.next();
    expect(await desk.capture(asking({ readerId: one.id }))).toMatchObject(failing('reader_busy'));
    const other = desk.capture(asking({ readerId: two.id }));
    (await usb.next()).answer(ok(picture(2)));
    expect(await other).toEqual(ok(2));
    expect(desk.state().capturing).toEqual([one.id]);
    asked.answer(ok(picture(1)));
    expect(await first).toEqual(ok(1));
    expect(desk.state().capturing).toEqual([]);
  });

  it('tries again until a picture is good, and says what to do better', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    const hints: CaptureHint[] = ['press_harder', 'centre_finger'];
    const images = [picture(1), picture(2), picture(3)];
    const ask = asking();
    const taken = desk.capture({
      ...ask,
      judge: ({ pixels }) => ({ good: pixels[0] === 3, hints, grade: pixels[0]! * 10 }),
      take: ({ pixels }, { grade }) => [pixels[0], grade],
    });
    for (const image of images) (await family.next()).answer(ok(image));
    expect(await taken).toEqual(ok([3, 30]));
    expect(ask.told).toEqual([...hints, ...hints].map((hint) => ({ step: 'adjust', hint })));
    expect(images.every(isWiped)).toBe(true);
  });

  it('ends with finger_unclear when no picture was good in time, with finger_timeout when none came', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    const bad = desk.capture(asking({ waitMs: 500, judge: () => ({ good: false, hints: [] }) }));
    (await family.next()).answer(ok(picture()));
    (await family.next()).answer(fail('finger_timeout'));
    expect(await bad).toMatchObject(failing('finger_unclear'));
    const none = desk.capture(asking());
    (await family.next()).answer(fail('finger_timeout'));
    expect(await none).toMatchObject(failing('finger_timeout'));
  });

  it('gives all its pictures together the time it has', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family], { againMs: 10 });
    const bad = desk.capture(asking({ waitMs: 120, judge: () => ({ good: false, hints: [] }) }));
    const waits: number[] = [];
    const answering = (async () => {
      for (;;) {
        const asked = await family.next();
        waits.push(asked.options.waitMs);
        asked.answer(ok(picture()));
      }
    })();
    void answering;
    expect(await bad).toMatchObject(failing('finger_unclear'));
    expect(waits.length).toBeGreaterThan(2);
    expect(waits).toEqual([...waits].sort((a, b) => b - a));
  });
});

describe('cancelling', () => {
  it('answers at once in every state, and the next capture works', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    const early = asking();
    early.cancel();
    expect(await desk.capture(early)).toMatchObject(failing('capture_cancelled'));

    // while it is being opened
    const open = Promise.withResolvers<void>();
    family.opening = async () => {
      await open.promise;
      return ok(null);
    };
    const opening = asking();
    const first = desk.capture(opening);
    await sleep(5);
    opening.cancel();
    expect(await first).toMatchObject(failing('capture_cancelled'));
    open.resolve();

    // while a finger is waited for
    const waiting = asking();
    const second = desk.capture(waiting);
    const asked = await family.next();
    waiting.cancel();
    expect(await second).toMatchObject(failing('capture_cancelled'));
    expect(asked.options.signal.aborted).toBe(true);

    // the reader ends its own a little later; the next one waits for that
    const third = desk.capture(asking());
    await sleep(5);
    expect(family.captures).toHaveLength(1);
    asked.answer(fail('capture_cancelled'));
    (await family.next()).answer(ok(picture(9)));
    expect(await third).toEqual(ok(9));
    expect(family.opens).toBe(1);
  });

  it('while a reader is being opened closes it later, when nobody needs it', async () => {
    const family = scripted('serial', one);
    const open = Promise.withResolvers<void>();
    family.opening = async () => {
      await open.promise;
      return ok(null);
    };
    const { desk } = openDesk([family], { idleMs: 20 });
    const ask = asking();
    const taken = desk.capture(ask);
    await sleep(5);
    ask.cancel();
    await taken;
    open.resolve();
    await sleep(50);
    expect([family.opens, family.closes]).toEqual([1, 1]);
  });

  it('while a picture is judged wipes it', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family], { judgeMs: 5_000 });
    const ask = asking({ judge: () => never });
    const taken = desk.capture(ask);
    const image = picture();
    (await family.next()).answer(ok(image));
    await sleep(5);
    ask.cancel();
    expect(await taken).toMatchObject(failing('capture_cancelled'));
    expect(isWiped(image)).toBe(true);
  });

  it('wipes a picture that comes after all', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    const ask = asking();
    const taken = desk.capture(ask);
    const asked = await family.next();
    ask.cancel();
    await taken;
    const image = picture();
    asked.answer(ok(image));
    await sleep(5);
    expect(isWiped(image)).toBe(true);
  });

  it('gives up a reader that does not heed it, and opens it anew', async () => {
    const family = scripted('serial', one);
    const at = openDesk([family], { settleMs: 20 });
    const ask = asking();
    const taken = at.desk.capture(ask);
    await family.next();
    ask.cancel();
    await taken;
    const next = at.desk.capture(asking());
    (await family.next()).answer(ok(picture(4)));
    expect(await next).toEqual(ok(4));
    expect([family.opens, family.closes]).toEqual([2, 1]);
  });

  it('happens to every capture when the desk closes', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    const taken = desk.capture(asking());
    await family.next();
    await desk.close();
    expect(await taken).toMatchObject(failing('capture_cancelled'));
    expect(await desk.capture(asking())).toMatchObject(failing('capture_cancelled'));
  });
});

describe('a reader that hangs', () => {
  it('when it is opened is given up, and closed when it opens after all', async () => {
    const family = scripted('serial', one);
    const open = Promise.withResolvers<void>();
    family.opening = async () => {
      await open.promise;
      return ok(null);
    };
    const { desk, log } = openDesk([family]);
    expect(await desk.capture(asking())).toMatchObject(failing('reader_failed'));
    expect(log).toContain('a reader did not open in time');
    open.resolve();
    await sleep(5);
    expect(family.closes).toBe(1);
  });

  it('during a capture is given up some time after the person’s time is over, and opened anew', async () => {
    const family = scripted('serial', one);
    const { desk, log } = openDesk([family], { deliverMs: 20 });
    const taken = desk.capture(asking({ waitMs: 20 }));
    const hung = await family.next();
    expect(await taken).toMatchObject(failing('reader_failed'));
    expect(log).toContain('a reader hangs and is given up');
    const next = desk.capture(asking());
    (await family.next()).answer(ok(picture(5)));
    expect(await next).toEqual(ok(5));
    const image = picture();
    hung.answer(ok(image));
    await sleep(5);
    expect(isWiped(image)).toBe(true);
  });

  it('when it is closed does not hold up the desk', async () => {
    const family = scripted('serial', one);
    family.closing = () => never;
    const at = openDesk([family], { closeMs: 20 });
    const taken = at.desk.capture(asking());
    (await family.next()).answer(ok(picture()));
    await taken;
    await at.desk.close();
    expect(at.log).toContain('a reader did not close in time');
  });

  it.each(['open', 'capture', 'close'] as const)(
    'or throws from %s is a failure, not the end',
    async (step) => {
      const family = scripted('serial', one);
      const bug = async (): Promise<never> => {
        throw new Error('bug');
      };
      if (step === 'open') family.opening = bug;
      if (step === 'close') family.closing = bug;
      const { desk, log } = openDesk([family]);
      const taken = desk.capture(asking());
      if (step !== 'open') {
        const asked = await family.next();
        asked.answer(step === 'close' ? fail('reader_failed') : (bug() as never));
      }
      expect(await taken).toMatchObject(failing('reader_failed'));
      await sleep(5);
      expect(log.some((line) => line.includes('threw'))).toBe(true);
    },
  );
});

describe('a cable pulled', () => {
  it('before the capture: the reader is missing, and the desk notices', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    await desk.look();
    // without a word to anybody
    family.plugged = [];
    expect(await desk.capture(asking())).toMatchObject(failing('reader_missing'));
    await sleep(5);
    expect(desk.state().readers).toEqual([]);
  });

  it('while it is being opened', async () => {
    const family = scripted('serial', one);
    family.opening = async () => {
      family.pull(one.id);
      return fail('reader_unplugged');
    };
    const { desk } = openDesk([family]);
    expect(await desk.capture(asking())).toMatchObject(failing('reader_unplugged'));
  });

  it('while a finger is waited for; plugged in again the next capture works', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    const taken = desk.capture(asking());
    const asked = await family.next();
    asked.answer(fail('reader_unplugged'));
    family.pull(one.id);
    expect(await taken).toMatchObject(failing('reader_unplugged'));
    await sleep(5);
    expect(desk.state().readers).toEqual([]);
    family.plug(one);
    await sleep(5);
    const next = desk.capture(asking());
    (await family.next()).answer(ok(picture(6)));
    expect(await next).toEqual(ok(6));
    expect(family.opens).toBe(2);
  });

  it('without the reader’s word about its capture still ends it', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    const taken = desk.capture(asking());
    await family.next();
    family.pull(one.id);
    expect(await taken).toMatchObject(failing('reader_unplugged'));
  });

  it('while its picture is judged does not lose the picture', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    const judging = Promise.withResolvers<{ good: boolean; hints: [] }>();
    const taken = desk.capture(asking({ judge: () => judging.promise }));
    (await family.next()).answer(ok(picture(8)));
    await sleep(5);
    family.pull(one.id);
    judging.resolve({ good: true, hints: [] });
    expect(await taken).toEqual(ok(8));
  });

  it('of an open reader nobody uses: the next capture opens it anew', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    const taken = desk.capture(asking());
    (await family.next()).answer(ok(picture()));
    await taken;
    family.pull(one.id);
    await sleep(5);
    expect(desk.state().readers).toEqual([]);
    family.plug(one);
    await sleep(5);
    const next = desk.capture(asking());
    (await family.next()).answer(ok(picture()));
    expect(await next).toMatchObject({ ok: true });
    expect(family.opens).toBe(2);
  });
});

describe('judging and taking', () => {
  it.each(['throws', 'rejects', 'hangs'])(
    'a judge that %s ends the capture and the picture is wiped',
    async (how) => {
      const family = scripted('serial', one);
      const { desk } = openDesk([family]);
      const judge = (): Promise<never> => {
        if (how === 'throws') throw new Error('bug');
        return how === 'rejects' ? Promise.reject(new Error('bug')) : never;
      };
      const taken = desk.capture(asking({ judge }));
      const image = picture();
      (await family.next()).answer(ok(image));
      expect(await taken).toMatchObject(failing(how === 'hangs' ? 'image_unreadable' : 'internal'));
      expect(isWiped(image)).toBe(true);
    },
  );

  it('the picture is whole while it is taken, and wiped even when taking it fails', async () => {
    const family = scripted('serial', one);
    const { desk } = openDesk([family]);
    const image = picture(3);
    let seen: FingerImage | null = null;
    const taken = desk.capture(
      asking({
        async take(given) {
          seen = { ...given, pixels: given.pixels.slice() };
          await sleep(5);
          expect(isWiped(given)).toBe(false);
          throw new Error('bug');
        },
      }),
    );
    (await family.next()).answer(ok(image));
    expect(await taken).toMatchObject(failing('internal'));
    expect(seen).toEqual(picture(3));
    expect(isWiped(image)).toBe(true);
  });
});

describe('a desk of real mode', () => {
  const settings = { get: () => null, set: () => {} };

  it('never makes the simulated family', async () => {
    let asked = 0;
    const desk = openReaderDesk({
      mode: 'real',
      real: () => [scripted('serial', one)],
      simulated: () => {
        asked++;
        return scripted('simulated');
      },
      settings,
      log: () => {},
    });
    await desk.look();
    await desk.close();
    expect(asked).toBe(0);
  });

  it('is not opened when one is smuggled in among the real ones', () => {
    const families = [scripted('serial', one), scripted('simulated', readerOf('simulated', '0'))];
    expect(() =>
      openReaderDesk({
        mode: 'real',
        real: () => families,
        simulated: () => scripted('simulated'),
        settings,
        log: () => {},
      }),
    ).toThrow('does not belong');
  });

  it('of training mode has the simulated one alone', async () => {
    const family = scripted('simulated', readerOf('simulated', '0'));
    const desk = openReaderDesk({
      mode: 'training',
      real: () => {
        throw new Error('never in training');
      },
      simulated: () => family,
      settings,
      log: () => {},
    });
    expect((await desk.look()).readers.map(({ kind }) => kind)).toEqual(['simulated']);
    expect(() =>
      openReaderDesk({
        mode: 'training',
        real: () => [],
        simulated: () => scripted('serial', one),
        settings,
        log: () => {},
      }),
    ).toThrow('does not belong');
  });
});
