// Real PKCS#11 through the real helper process: SoftHSM's tokens with RSA and EC keys.
import { execFileSync } from 'node:child_process';
import { constants, verify as nodeVerify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../../../electron/signing/crypto.ts';
import { schemeOfAlgorithm } from '../../../../electron/signing/policy.ts';
import type { SignatureAlgorithm, SigningKey } from '../../../../electron/signing/types.ts';
import {
  type Bench,
  cleanUp,
  type Identity,
  isAlive,
  makeCenter,
  makeSoftToken,
  openBench,
  p256,
  p384,
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
const head = center.person('Lê Đức Ánh', p384);
const second = center.person('Phạm Bình');
let bench: Bench;

beforeAll(() => {
  makeSoftToken(store.folder, 'Lan', pin, [{ who: doctor, keyId: 'a1' }], [center.authority]);
  makeSoftToken(store.folder, 'Hau', '12345678', [{ who: nurse, keyId: 'b1' }]);
  makeSoftToken(store.folder, 'Anh', pin, [{ who: head, keyId: null }]);
  makeSoftToken(store.folder, 'Hai', pin, [
    { who: second, keyId: 'c1' },
    { who: center.person('Phạm Bình'), keyId: 'c2' },
  ]);
});
afterEach(() => bench?.desk.close());
afterAll(() => cleanUp(center.folder, store.folder));

async function unlocked(who: Identity, typed = pin): Promise<SigningKey> {
  const token = await bench.tokenWith(who.id);
  const opened = await bench.desk.unlock(token.tokenId, who.id, await bench.seal(typed));
  if (!opened.ok) throw new Error(opened.error.code);
  return bench.desk.key(opened.value.session)!;
}

describe('tokens that are plugged in', () => {
  it('are told by module and serial number, with their certificates, before any PIN', async () => {
    bench = openBench([softHsm]);
    const token = await bench.tokenWith(doctor.id);
    expect(token).toMatchObject({ label: 'Lan', pin: 'ok', simulated: false });
    expect(token.tokenId).toMatch(/^libsofthsm2:[0-9a-f]{16}$/);
    expect(
      token.certificates.map((der) => der.equals(doctor.der) || der.equals(center.authority.der)),
    ).toEqual([true, true]);
    const { tokens, modules } = await bench.desk.tokens();
    // SoftHSM's empty slot is no token
    expect(tokens).toHaveLength(4);
    expect(modules).toEqual([
      { name: 'libsofthsm2', path: expect.stringContaining('libsofthsm2.so'), fault: null },
    ]);
  });

  it('are not looked for where no module is: no helper is started', async () => {
    bench = openBench(['/opt/none/gone.so']);
    expect(await bench.desk.tokens()).toEqual({
      tokens: [],
      modules: [{ name: 'gone', path: '/opt/none/gone.so', fault: 'module_missing' }],
    });
    expect(await bench.desk.pinKey()).toBe(null);
    expect(bench.helpers).toEqual([]);
  });

  it('are looked for only while somebody asks', async () => {
    bench = openBench([softHsm], { times: { watchMs: 300, pollMs: 100, restMs: 400 } });
    await bench.desk.tokens();
    const helper = bench.helpers[0]!.pid!;
    expect(isAlive(helper)).toBe(true);
    // nobody asks: the helper is ended
    await until(() => !isAlive(helper));
    expect((await bench.desk.tokens()).tokens).toHaveLength(4);
    expect(bench.helpers).toHaveLength(2);
  });
});

describe('a signature', () => {
  const data = Buffer.from('{"type":"tram.document","version":1}');

  it.each<[string, Identity, SignatureAlgorithm, string]>([
    ['RSA, PKCS#1 v1.5', doctor, 'rsa-pkcs1-sha256', pin],
    ['RSA, PSS', doctor, 'rsa-pss-sha256', pin],
    ['ECDSA, P-256', nurse, 'ecdsa-p256-sha256', '12345678'],
    ['ECDSA, P-384', head, 'ecdsa-p384-sha384', pin],
  ])('of %s adds up for us and for Node', async (_, who, algorithm, typed) => {
    bench = openBench([softHsm]);
    const key = await unlocked(who, typed);
    expect(key.algorithms).toContain(algorithm);
    const signed = await key.sign(data, algorithm);
    if (!signed.ok) throw new Error(signed.error.code);
    expect(verify(schemeOfAlgorithm(algorithm), spkiOf(who), data, signed.value)).toBe(true);
    const padding = algorithm === 'rsa-pss-sha256' ? constants.RSA_PKCS1_PSS_PADDING : undefined;
    const hash = algorithm === 'ecdsa-p384-sha384' ? 'sha384' : 'sha256';
    const spki = { key: spkiOf(who), format: 'der', type: 'spki' } as const;
    expect(
      nodeVerify(hash, data, { ...spki, ...(padding && { padding, saltLength: 32 }) }, signed.value),
    ).toBe(true);
  });

  it('is accepted by openssl', async () => {
    bench = openBench([softHsm]);
    const key = await unlocked(doctor);
    const signed = await key.sign(data, 'rsa-pkcs1-sha256');
    if (!signed.ok) throw new Error(signed.error.code);
    const [dataFile, signatureFile, keyFile] = ['data', 'sig', 'pub'].map((name) => join(store.folder, name));
    writeFileSync(dataFile!, data);
    writeFileSync(signatureFile!, signed.value);
    const pem = `-----BEGIN PUBLIC KEY-----\n${spkiOf(doctor).toString('base64')}\n-----END PUBLIC KEY-----\n`;
    writeFileSync(keyFile!, pem);
    const said = execFileSync(
      'openssl',
      ['dgst', '-sha256', '-verify', keyFile!, '-signature', signatureFile!, dataFile!],
      { encoding: 'utf8' },
    );
    expect(said.trim()).toBe('Verified OK');
  });

  it('comes with the issuers on the token', async () => {
    bench = openBench([softHsm]);
    const key = await unlocked(doctor);
    expect(key.certificate.equals(doctor.der)).toBe(true);
    expect(key.chain.map((der) => der.equals(center.authority.der))).toEqual([true]);
  });

  it('uses the one key there is when the certificate does not say which is its own', async () => {
    bench = openBench([softHsm]);
    const key = await unlocked(head);
    expect((await key.sign(data, 'ecdsa-p384-sha384')).ok).toBe(true);
  });

  it('uses the key of the certificate where there are two', async () => {
    bench = openBench([softHsm]);
    const key = await unlocked(second);
    expect((await key.sign(data, 'rsa-pkcs1-sha256')).ok).toBe(true);
  });

  it('of many megabytes is made, because the token gets a hash', async () => {
    bench = openBench([softHsm]);
    const key = await unlocked(doctor);
    const much = Buffer.alloc(20_000_000, 7);
    const signed = await key.sign(much, 'rsa-pkcs1-sha256');
    if (!signed.ok) throw new Error(signed.error.code);
    expect(verify(schemeOfAlgorithm('rsa-pkcs1-sha256'), spkiOf(doctor), much, signed.value)).toBe(true);
  });

  it('is refused with an algorithm the key cannot do', async () => {
    bench = openBench([softHsm]);
    const key = await unlocked(doctor);
    expect(await key.sign(data, 'ecdsa-p256-sha256')).toMatchObject({
      ok: false,
      error: { code: 'algorithm_unfit' },
    });
    // and the session goes on
    expect((await key.sign(data, 'rsa-pkcs1-sha256')).ok).toBe(true);
  });
});

describe('a PIN', () => {
  it('that is wrong opens nothing', async () => {
    bench = openBench([softHsm]);
    const token = await bench.tokenWith(doctor.id);
    const refused = await bench.desk.unlock(token.tokenId, doctor.id, await bench.seal('wrong-pin'));
    expect(refused).toMatchObject({ ok: false, error: { code: 'pin_wrong' } });
  });

  it('that is too short is not tried', async () => {
    bench = openBench([softHsm]);
    const token = await bench.tokenWith(doctor.id);
    const refused = await bench.desk.unlock(token.tokenId, doctor.id, await bench.seal('12'));
    expect(refused).toMatchObject({ ok: false, error: { code: 'pin_length', params: { min: 4, max: 255 } } });
  });

  it('tokens are sold with is told as such', async () => {
    bench = openBench([softHsm]);
    const before = await bench.tokenWith(nurse.id);
    expect(before.defaultPin).toBe(false);
    const opened = await bench.desk.unlock(before.tokenId, nurse.id, await bench.seal('12345678'));
    expect(opened).toMatchObject({ ok: true, value: { defaultPin: true } });
    expect((await bench.tokenWith(nurse.id)).defaultPin).toBe(true);
  });

  it('sealed for one try is never tried again, on this token or on another', async () => {
    bench = openBench([softHsm]);
    const [one, other] = [await bench.tokenWith(doctor.id), await bench.tokenWith(second.id)];
    const sealed = await bench.seal(pin);
    const first = await bench.desk.unlock(one.tokenId, doctor.id, sealed);
    expect(first.ok).toBe(true);
    for (const [token, who] of [
      [other, second],
      [one, doctor],
    ] as const)
      expect(await bench.desk.unlock(token.tokenId, who.id, sealed)).toMatchObject({
        ok: false,
        error: { code: 'pin_unreadable' },
      });
  });

  it('sealed to a helper of before is unreadable, and says so', async () => {
    bench = openBench([softHsm]);
    const token = await bench.tokenWith(doctor.id);
    const sealed = await bench.seal(pin);
    bench.helpers[0]!.kill();
    await until(() => bench.helpers.length === 2);
    await bench.tokenWith(doctor.id);
    const refused = await bench.desk.unlock(token.tokenId, doctor.id, sealed);
    expect(refused).toMatchObject({ ok: false, error: { code: 'pin_unreadable' } });
    expect((await bench.desk.unlock(token.tokenId, doctor.id, await bench.seal(pin))).ok).toBe(true);
  });

  it('of the next person is really asked of the token although the last one is still logged in', async () => {
    bench = openBench([softHsm]);
    await unlocked(doctor);
    const token = await bench.tokenWith(doctor.id);
    const refused = await bench.desk.unlock(token.tokenId, doctor.id, await bench.seal('not-this-one'));
    expect(refused).toMatchObject({ ok: false, error: { code: 'pin_wrong' } });
  });
});

describe('a session', () => {
  const data = Buffer.from('x');

  it('is over after some time without a signature', async () => {
    bench = openBench([softHsm], { idleMs: () => 400 });
    const ends: string[] = [];
    bench.desk.onEnd((_, why) => ends.push(why));
    const key = await unlocked(doctor);
    for (let i = 0; i < 4; i++) {
      await new Promise((later) => setTimeout(later, 200));
      expect((await key.sign(data, 'rsa-pkcs1-sha256')).ok).toBe(true);
    }
    await new Promise((later) => setTimeout(later, 600));
    expect(await key.sign(data, 'rsa-pkcs1-sha256')).toMatchObject({
      ok: false,
      error: { code: 'token_locked' },
    });
    expect(ends).toEqual(['idle']);
  });

  it('is over when it is locked, and what was logged in is logged out', async () => {
    bench = openBench([softHsm]);
    const ends: string[] = [];
    bench.desk.onEnd((_, why) => ends.push(why));
    const key = await unlocked(doctor);
    const other = await unlocked(second);
    await bench.desk.lock();
    for (const each of [key, other])
      expect(await each.sign(data, 'rsa-pkcs1-sha256')).toMatchObject({
        ok: false,
        error: { code: 'token_locked' },
      });
    expect(ends).toEqual(['locked', 'locked']);
  });

  it('ends with the helper, and the next PIN opens a new one', async () => {
    bench = openBench([softHsm]);
    const key = await unlocked(doctor);
    bench.helpers[0]!.kill();
    const signed = await key.sign(data, 'rsa-pkcs1-sha256');
    expect(signed.ok).toBe(false);
    const again = await unlocked(doctor);
    expect((await again.sign(data, 'rsa-pkcs1-sha256')).ok).toBe(true);
  });
});
