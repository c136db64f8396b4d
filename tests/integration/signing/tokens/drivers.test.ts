// What makers' drivers have been seen to do, done by a shim over SoftHSM: each has its own answer, and none of them
// brings down more than the helper. SHAPES ONLY: no maker's own driver has been tried.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../../../electron/signing/crypto.ts';
import { schemeOfAlgorithm } from '../../../../electron/signing/policy.ts';
import { loadModule } from '../../../../electron/signing/tokens/module.ts';
import { isFault } from '../../../../electron/signing/tokens/numbers.ts';
import { tokenBook } from '../../../../electron/signing/tokens/tokens.ts';
import type { SigningKey } from '../../../../electron/signing/types.ts';
import { buildShim, type Shim } from './shim.ts';
import {
  type Bench,
  cleanUp,
  isAlive,
  makeCenter,
  makeSoftToken,
  openBench,
  p256,
  softHsm,
  softHsmStore,
  spkiOf,
  until,
} from './support.ts';

const center = makeCenter();
const store = softHsmStore();
const pin = 'Pin-cua-bs-Lan-2026';
const doctor = center.person('Nguyễn Thị Lan');
const nurse = center.person('Trần Văn Hậu', p256);
const data = Buffer.from('{"type":"tram.document"}');
let shim: Shim;
let bench: Bench;

beforeAll(() => {
  shim = buildShim(store.folder);
  makeSoftToken(store.folder, 'Lan', pin, [{ who: doctor, keyId: 'a1' }], [center.authority]);
  makeSoftToken(store.folder, 'Hau', pin, [{ who: nurse, keyId: 'a2' }]);
});
afterEach(() => bench?.desk.close());
afterAll(() => cleanUp(center.folder, store.folder));

const begin = (how: Readonly<Record<string, number>> = {}, deadlineMs = 10_000): void => {
  shim.behave(how);
  bench = openBench([shim.file], { times: { deadlineMs } });
};

async function tryPin(typed: string, knowing = false) {
  const token = await bench.tokenWith(doctor.id);
  return bench.desk.unlock(token.tokenId, doctor.id, await bench.seal(typed), { knowing });
}

async function unlocked(): Promise<SigningKey> {
  const opened = await tryPin(pin);
  if (!opened.ok) throw new Error(opened.error.code);
  return bench.desk.key(opened.value.session)!;
}

const failure = (code: string) => ({ ok: false, error: { code } });

async function signs(key: SigningKey, algorithm = key.algorithms[0]!): Promise<boolean> {
  const signed = await key.sign(data, algorithm);
  return signed.ok && verify(schemeOfAlgorithm(algorithm), spkiOf(doctor), data, signed.value);
}

describe('tries', () => {
  it('are counted by the token: low, the last, none', async () => {
    begin({ tries: 3 });
    expect((await bench.tokenWith(doctor.id)).pin).toBe('ok');
    expect(await tryPin('wrong-pin')).toMatchObject(failure('pin_wrong'));
    expect((await bench.tokenWith(doctor.id)).pin).toBe('low');
    expect(await tryPin('wrong-pin')).toMatchObject(failure('pin_wrong'));
    expect((await bench.tokenWith(doctor.id)).pin).toBe('last');
    expect(shim.seen('C_Login')).toHaveLength(2);
    // the last one is not used up unawares, not even by the right PIN
    expect(await tryPin(pin)).toMatchObject(failure('pin_last_try'));
    expect(shim.seen('C_Login')).toHaveLength(2);
    expect(await tryPin('wrong-pin', true)).toMatchObject(failure('pin_locked'));
    expect((await bench.tokenWith(doctor.id)).pin).toBe('locked');
    // and a locked one is left alone
    expect(await tryPin(pin, true)).toMatchObject(failure('pin_locked'));
    expect(shim.seen('C_Login')).toHaveLength(3);
  });

  it('come back with the right PIN, tried knowingly', async () => {
    begin({ tries: 3 });
    await tryPin('wrong-pin');
    await tryPin('wrong-pin');
    expect((await tryPin(pin, true)).ok).toBe(true);
    expect((await bench.tokenWith(doctor.id)).pin).toBe('ok');
  });

  it('sealed once may be told as known afterwards, because it was not tried', async () => {
    begin({ tries: 2 });
    await tryPin('wrong-pin');
    const token = await bench.tokenWith(doctor.id);
    const sealed = await bench.seal(pin);
    expect(await bench.desk.unlock(token.tokenId, doctor.id, sealed)).toMatchObject(failure('pin_last_try'));
    expect((await bench.desk.unlock(token.tokenId, doctor.id, sealed, { knowing: true })).ok).toBe(true);
  });

  it.each([
    ['a PIN that must be changed first', { login: 0xa3 }, 'pin_default'],
    ['a length the token refuses', { login: 0xa2 }, 'pin_length'],
    ['locked, said only when asked', { login: 0xa4 }, 'pin_locked'],
    ['a token pulled out while the PIN was typed', { login: 0x32 }, 'token_gone'],
    ['an answer of the maker’s own', { login: 0x8000_0001 }, 'token_failed'],
  ])('%s is its own answer', async (_, how, code) => {
    begin(how);
    expect(await tryPin(pin)).toMatchObject(failure(code));
  });

  it('are not used on a token that has no PIN yet', async () => {
    begin({ no_pin: 1 });
    expect((await bench.tokenWith(doctor.id)).pin).toBe('uninitialised');
    expect(await tryPin(pin)).toMatchObject(failure('pin_locked'));
    expect(shim.seen('C_Login')).toEqual([]);
  });
});

it('tells that a token wants its first PIN changed', async () => {
  begin({ to_be_changed: 1 });
  expect((await bench.tokenWith(doctor.id)).defaultPin).toBe(true);
});

describe('a driver', () => {
  it.each([
    ['answers 0 when asked how long something is', { zero_size: 1 }],
    ['answers how long the buffer is instead of the value', { whole_buffer: 1 }],
    ['leaves the name of the key empty', { no_id: 1 }],
    ['refuses sessions for writing', { read_only: 1 }],
    ['tells no lengths for the PIN', { silly_lengths: 1 }],
    ['signs whole data only', { only_mechanism: 0x40 }],
    ['has PSS only', { only_mechanism: 0xd }],
    ['wants the PIN for each signature', { always: 1 }],
  ])('that %s signs', async (_, how) => {
    begin(how);
    const key = await unlocked();
    expect(await signs(key)).toBe(true);
    expect(await signs(key)).toBe(true);
    // CKF_SERIAL_SESSION and nothing else
    expect(new Set(shim.seen('C_OpenSession'))).toEqual(new Set([4]));
    // never before somebody was logged in: it would open its own box for the PIN, and wait
    expect(new Set(shim.seen('private_keys_wanted'))).toEqual(new Set([1]));
    if ('always' in how) expect(shim.seen('C_Login')).toEqual([1, 2, 2]);
    else expect(shim.seen('C_Login')).toEqual([1]);
  });

  it('without a mechanism the policy allows is told as such', async () => {
    begin({ only_mechanism: 0x6 }); // SHA-1
    expect(await tryPin(pin)).toMatchObject(failure('algorithm_unfit'));
  });

  it('that signs nonsense gets none of it out', async () => {
    begin({ nonsense: 1 });
    const key = await unlocked();
    expect(await key.sign(data, 'rsa-pkcs1-sha256')).toMatchObject(failure('token_failed'));
    expect(bench.log.map(({ detail }) => JSON.stringify(detail)).join()).toContain(
      'does not fit the certificate',
    );
  });

  it('that will not start is told by its module, and the others go on', async () => {
    shim.behave({ initialize: 0x30 });
    bench = openBench([shim.file, softHsm]);
    const token = await bench.tokenWith(doctor.id);
    expect(token.tokenId).toMatch(/^libsofthsm2:/);
    const { modules } = await bench.desk.tokens();
    expect(modules.map(({ name, fault }) => [name, fault])).toEqual([
      ['shim', 'module_failed'],
      ['libsofthsm2', null],
    ]);
  });
});

describe('a token pulled out', () => {
  it.each([0x30, 0x31, 0x32, 0x82, 0xb3, 0xe0, 0x05, 0x101])(
    'while it signs, said as 0x%s',
    async (removed) => {
      begin();
      const key = await unlocked();
      const ends: string[] = [];
      bench.desk.onEnd((_, why) => ends.push(why));
      shim.behave({ sign: removed });
      expect(await key.sign(data, 'rsa-pkcs1-sha256')).toMatchObject(failure('token_gone'));
      expect(ends).toEqual(['removed']);
      // nothing is tried again by itself
      shim.behave();
      expect(await key.sign(data, 'rsa-pkcs1-sha256')).toMatchObject(failure('token_locked'));
      expect(shim.seen('C_Login')).toEqual([]);
    },
  );

  it('at the seventeenth of fifty leaves sixteen signed', async () => {
    begin();
    const key = await unlocked();
    shim.behave({ sign: 0x32, sign_after: 16 });
    const outcomes: string[] = [];
    for (let paper = 1; paper <= 50; paper++) {
      const signed = await key.sign(Buffer.from(`paper ${paper}`), 'rsa-pkcs1-sha256');
      outcomes.push(signed.ok ? 'signed' : signed.error.code);
      if (!signed.ok) break;
    }
    expect(outcomes).toEqual([...Array<string>(16).fill('signed'), 'token_gone']);
  });

  it('and put back is told, and its session is over', async () => {
    begin();
    await unlocked();
    const ends: string[] = [];
    bench.desk.onEnd((_, why) => ends.push(why));
    shim.behave({ absent: 1 });
    await until(async () => (await bench.desk.tokens()).tokens.length === 0);
    expect(ends).toEqual(['removed']);
    shim.behave();
    await bench.tokenWith(doctor.id);
    expect(await signs(await unlocked())).toBe(true);
  });

  it('is noticed although no screen asks for tokens', async () => {
    shim.behave();
    bench = openBench([shim.file], { times: { watchMs: 100, checkMs: 200 } });
    const ended = Promise.withResolvers<string>();
    await unlocked();
    bench.desk.onEnd((_, why) => ended.resolve(why));
    await new Promise((later) => setTimeout(later, 400));
    shim.behave({ absent: 1 });
    expect(await ended.promise).toBe('removed');
  });
});

describe('a module that hangs', () => {
  it.each(['C_SignInit', 'C_Sign'])(
    'in %s is killed at its deadline, and the next PIN works',
    async (where) => {
      begin({}, 2_000);
      const key = await unlocked();
      const helper = bench.helpers[0]!.pid!;
      shim.behave({ [`hang_${where}`]: 1 });
      const asked = performance.now();
      expect(await key.sign(data, 'rsa-pkcs1-sha256')).toMatchObject(failure('token_hangs'));
      expect(performance.now() - asked).toBeLessThan(8_000);
      await until(() => !isAlive(helper));
      shim.behave();
      expect(await signs(await unlocked())).toBe(true);
    },
  );

  it('when the PIN is given says so, and the PIN is not given twice', async () => {
    begin({}, 2_000);
    await bench.tokenWith(doctor.id);
    shim.behave({ hang_C_Login: 1 });
    expect(await tryPin(pin)).toMatchObject(failure('token_hangs'));
    await new Promise((later) => setTimeout(later, 1_000));
    expect(shim.seen('C_Login').length).toBeLessThanOrEqual(1);
  });

  it.each(['C_Initialize', 'C_GetSlotList', 'C_FindObjects', 'C_GetTokenInfo'])(
    'in %s is left alone, and the others’ tokens are there',
    async (where) => {
      shim.behave({ [`hang_${where}`]: 1 });
      bench = openBench([shim.file, softHsm], { times: { deadlineMs: 2_500 } });
      const token = await bench.tokenWith(doctor.id);
      expect(token.tokenId).toMatch(/^libsofthsm2:/);
      expect((await bench.desk.tokens()).modules[0]).toMatchObject({ name: 'shim', fault: 'module_hangs' });
      const opened = await bench.desk.unlock(token.tokenId, doctor.id, await bench.seal(pin));
      expect(opened.ok).toBe(true);
    },
  );

  it('when it logs out holds up nobody', async () => {
    begin({}, 2_000);
    const key = await unlocked();
    shim.behave({ hang_C_Logout: 1 });
    const helper = bench.helpers[0]!.pid!;
    void bench.desk.lock();
    expect(await key.sign(data, 'rsa-pkcs1-sha256')).toMatchObject(failure('token_locked'));
    await until(() => !isAlive(helper));
    shim.behave();
    expect(await signs(await unlocked())).toBe(true);
  });
});

it.each(['C_SignInit', 'C_Sign'])(
  'a module that crashes in %s takes only the helper with it',
  async (where) => {
    begin();
    const key = await unlocked();
    shim.behave({ [`crash_${where}`]: 1 });
    expect(await key.sign(data, 'rsa-pkcs1-sha256')).toMatchObject(failure('token_failed'));
    shim.behave();
    expect(await signs(await unlocked())).toBe(true);
  },
);

it('a slow card signs a whole batch: the deadline is for one signature, not for the queue', async () => {
  begin({ slow: 120 }, 2_000);
  const key = await unlocked();
  const all = await Promise.all(Array.from({ length: 30 }, () => key.sign(data, 'rsa-pkcs1-sha256')));
  expect(all.every(({ ok }) => ok)).toBe(true);
});

it('a token that two modules show is listed once, by the one that comes first', async () => {
  shim.behave();
  bench = openBench([shim.file, softHsm]);
  await bench.tokenWith(doctor.id);
  const { tokens } = await bench.desk.tokens();
  expect(tokens.map(({ tokenId }) => tokenId.split(':')[0])).toEqual(['shim', 'shim']);
});

it('a module stays loaded although nothing but its functions is held', async () => {
  const module = await loadModule(softHsm);
  if (isFault(module)) throw new Error(module.detail);
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  for (let round = 0; round < 5; round++) {
    collect();
    await new Promise((later) => setTimeout(later, 20));
    // a library that was unloaded takes this process with it
    expect(isFault(tokenBook(module).look(true))).toBe(false);
  }
});

describe('the layout of Windows', () => {
  it('is spoken as well: packed structures, four bytes to a number', async () => {
    shim.behave();
    const module = await loadModule(shim.windowsShape, { ulong: 4, pointer: 8, packed: true });
    if (isFault(module)) throw new Error(module.detail);
    const book = tokenBook(module);
    const seen = book.look(true);
    if (isFault(seen)) throw new Error(seen.detail);
    expect(seen.map(({ label }) => label).sort()).toEqual(['Hau', 'Lan']);
    for (const [label, who] of [
      ['Lan', doctor],
      ['Hau', nurse],
    ] as const) {
      const { serial } = seen.find((token) => token.label === label)!;
      const key = book.open({
        serial,
        certificate: who.id,
        pin: Buffer.from(pin),
        knowing: false,
        tried: () => {},
      });
      if (isFault(key)) throw new Error(key.detail);
      // PSS among them, whose parameter is a structure too
      for (const algorithm of key.algorithms) {
        const signature = key.sign(algorithm, data, null);
        if (isFault(signature)) throw new Error(signature.detail);
        expect(verify(schemeOfAlgorithm(algorithm), spkiOf(who), data, signature)).toBe(true);
      }
      expect(key.algorithms.length).toBe(who === doctor ? 2 : 1);
      expect(key.lives()).toBe(true);
      key.close();
    }
  });
});
