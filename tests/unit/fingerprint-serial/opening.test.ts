// Meeting a module: speed, password, address, what it is; clones that answer little; settings that live in flash.
import { describe, expect, it } from 'vitest';
import type { PortSettings } from '../../../electron/fingerprint/readers/serial/module.ts';
import { meetModule } from '../../../electron/fingerprint/readers/serial/module.ts';
import { realTiming } from '../../../electron/fingerprint/readers/serial/talk.ts';
import { memoryLine } from './support/memory-line.ts';
import { type Behaviour, codes, simulateModule } from './support/module.ts';
import { virtualTime } from './support/virtual-time.ts';

virtualTime();

async function meet(differs: Partial<Behaviour> = {}, port: Partial<PortSettings> = {}) {
  const module = simulateModule(differs);
  const wire = memoryLine(module);
  const logged: string[] = [];
  const line = await wire.open('COM7', 57_600);
  if (!line.ok) throw new Error(line.error.code);
  const met = await meetModule(line.value, 57_600, { path: 'COM7', ...port }, realTiming, (_l, message, d) =>
    logged.push(`${message} ${JSON.stringify(d)}`),
  );
  const writes = () => module.heard.filter((c) => c.code === codes.writeSetting).map((c) => c.fields);
  return { module, wire, met, logged, writes };
}

const failure = async (differs: Partial<Behaviour>, port: Partial<PortSettings> = {}) => {
  const { met } = await meet(differs, port);
  return met.ok ? null : met.error.code;
};

describe('finding the speed', () => {
  it('begins with what modules leave the factory with', async () => {
    const { met, wire } = await meet();
    expect(met).toMatchObject({ ok: true, value: { baud: 57_600, settings: { packetBytes: 128 } } });
    expect(wire.bauds).toEqual([57_600]);
  });

  it.each([115_200, 38_400, 19_200, 9600])('goes on to %i', async (baud) => {
    const { met } = await meet({ baud });
    expect(met).toMatchObject({ ok: true, value: { baud } });
  });

  it('tries the speed somebody set before the others', async () => {
    const { met, wire } = await meet({ baud: 28_800 }, { baud: 28_800 });
    expect(met).toMatchObject({ ok: true, value: { baud: 28_800 } });
    expect(wire.bauds).toEqual([28_800]);
  });

  it('says that nothing is there when nobody answers at any speed', async () => {
    const { met, wire } = await meet({ baud: 14_400 });
    expect(met).toMatchObject({ ok: false, error: { code: 'reader_missing' } });
    expect(wire.bauds).toEqual([57_600, 115_200, 38_400, 19_200, 9600]);
  });
});

describe('password and address', () => {
  it('are told as the module wants them', async () => {
    const { met, module } = await meet(
      { password: 0xa1b2c3d4, address: 0x01020304 },
      { password: 0xa1b2c3d4, address: 0x01020304 },
    );
    expect(met.ok).toBe(true);
    expect(module.heard[0]).toEqual({ code: codes.verifyPassword, fields: [0xa1, 0xb2, 0xc3, 0xd4] });
  });

  it('are called wrong when they are, at the first speed that answers', async () => {
    expect(await failure({ password: 5 })).toBe('reader_wrong_password');
    const { wire } = await meet({ password: 5 });
    expect(wire.bauds).toEqual([57_600]);
  });

  it('are called wrong when the module answers under another address', async () => {
    const { met, logged } = await meet({ address: 0x01020304 });
    expect(met).toMatchObject({ ok: false, error: { code: 'reader_wrong_password' } });
    expect(logged.join()).toContain('another address');
  });

  it('never reach the log', async () => {
    const { logged } = await meet({ password: 987_654_321 }, { password: 987_654_321 });
    expect(logged.join()).not.toMatch(/987654321|3ade68b1/i);
  });

  it('are said again to a module that was without power in between', async () => {
    const { met, module } = await meet({ password: 7 }, { password: 7 });
    if (!met.ok) throw new Error(met.error.code);
    module.is.answers[codes.takePicture] = [0x21];
    const heard = await met.value.ask({
      code: codes.takePicture,
      name: 'GenImg',
      tries: 3,
      answerMs: 2000,
      answerBytes: 1,
    });
    expect(heard).toMatchObject({ kind: 'answer', code: 0 });
    expect(module.heard.slice(-3).map((c) => c.code)).toEqual([
      codes.takePicture,
      codes.verifyPassword,
      codes.takePicture,
    ]);
  });
});

describe('what the module is', () => {
  it('is asked of a new one', async () => {
    const { met } = await meet({
      product: { model: 'R503', width: 192, height: 192 },
      width: 192,
      height: 192,
      hasLight: true,
      hasGoodPicture: true,
    });
    expect(met).toMatchObject({
      ok: true,
      value: { model: 'R503', sensor: { width: 192, height: 192, dpi: 508 }, newer: true, hasLight: true },
    });
  });

  it.each(['silent', 0x01, 0x19, 0xfc] as const)(
    'is left open by a clone that answers the newer questions with %s',
    async (unknown) => {
      const { met } = await meet({ unknown });
      expect(met).toMatchObject({
        ok: true,
        value: { model: 'Synochip (R30x, AS608)', sensor: null, newer: false, hasLight: false },
      });
    },
  );

  it('does not matter to one that answers the password and nothing else', async () => {
    const { met } = await meet({ answers: { [codes.readSettings]: [0x19] } });
    expect(met).toMatchObject({ ok: true, value: { settings: null } });
  });
});

describe('a bad line', () => {
  it('is tried again: commands that arrive damaged, and answers lost', async () => {
    const { met } = await meet({ answers: { [codes.verifyPassword]: [0x01] } });
    expect(met.ok).toBe(true);
    let lost = 0;
    const second = await meet({
      delay: (code) => (code === codes.readSettings && lost++ < 2 ? Number.POSITIVE_INFINITY : 0),
    });
    expect(second.met).toMatchObject({ ok: true, value: { settings: { baud: 57_600 } } });
  });

  it('is called bad when no command arrives whole', async () => {
    const always = Array.from({ length: 40 }, () => 0x01);
    expect(await failure({ answers: { [codes.verifyPassword]: always } })).toBe('reader_line_bad');
  });

  it('with noise before every answer is understood', async () => {
    const { met } = await meet({ noise: () => Uint8Array.of(0x55, 0xef, 0x00, 0xef, 0xef, 0x12) });
    expect(met).toMatchObject({ ok: true, value: { settings: { capacity: 200 } } });
  });

  it.each([
    ['the password', codes.verifyPassword],
    ['the settings', codes.readSettings],
    ['the product', codes.readProduct],
    ['the light', codes.light],
  ])('pulled out at %s says so', async (_what, code) => {
    const module = simulateModule({ product: { model: 'R503', width: 192, height: 192 }, hasLight: true });
    const wire = memoryLine(module);
    module.is.moment = (what) => {
      if (what === `command ${code}`) wire.cut();
    };
    const line = await wire.open('COM7', 57_600);
    if (!line.ok) throw new Error(line.error.code);
    const met = await meetModule(line.value, 57_600, { path: 'COM7' }, realTiming, () => {});
    expect(met).toMatchObject({ ok: false, error: { code: 'reader_unplugged' } });
  });

  it('still busy with a picture from before is listened to until it is quiet', async () => {
    const module = simulateModule();
    const wire = memoryLine(module);
    const line = await wire.open('COM7', 57_600);
    if (!line.ok) throw new Error(line.error.code);
    wire.babble(Uint8Array.from({ length: 5000 }, (_, i) => i % 251));
    const met = await meetModule(line.value, 57_600, { path: 'COM7' }, realTiming, () => {});
    expect(met.ok).toBe(true);
  });
});

describe('settings in flash', () => {
  it('are not touched unless somebody asked for it', async () => {
    const { writes, met } = await meet({ packetBytes: 32, baud: 9600 });
    expect(met.ok).toBe(true);
    expect(writes()).toEqual([]);
  });

  it('are written once, and not again when the module has them', async () => {
    const first = await meet({}, { tune: true });
    expect(first.met).toMatchObject({ ok: true, value: { baud: 115_200 } });
    expect(first.module.is).toMatchObject({ baud: 115_200, packetBytes: 256 });
    expect(first.writes()).toEqual([
      [6, 3],
      [4, 12],
    ]);
    const again = await meet({ baud: 115_200, packetBytes: 256 }, { tune: true });
    expect(again.met.ok).toBe(true);
    expect(again.writes()).toEqual([]);
  });

  it('that wait for the next power-up leave the speed, and are not written twice', async () => {
    const first = await meet({ packetBytes: 256, takesSettings: 'after power-up' }, { tune: true });
    expect(first.met).toMatchObject({ ok: true, value: { baud: 57_600 } });
    expect(first.writes()).toEqual([[4, 12]]);
    const again = await meet({ packetBytes: 256, pendingBaud: 115_200 }, { tune: true });
    expect(again.met).toMatchObject({ ok: true, value: { baud: 57_600 } });
    expect(again.writes()).toEqual([]);
  });

  it('that the module refuses stay as they were', async () => {
    const { met, writes } = await meet({ takesSettings: 'never' }, { tune: true });
    expect(met).toMatchObject({ ok: true, value: { baud: 57_600 } });
    expect(writes()).toHaveLength(2);
  });

  it('are written once also when the answer is lost; the speed is found out', async () => {
    const { met, writes } = await meet(
      {
        packetBytes: 256,
        delay: (code) => (code === codes.writeSetting ? Number.POSITIVE_INFINITY : 0),
      },
      { tune: true },
    );
    expect(met).toMatchObject({ ok: true, value: { baud: 57_600 } });
    expect(writes()).toHaveLength(1);
  });
});
