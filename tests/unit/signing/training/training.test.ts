// Training's tokens: the same face and the same answers as real ones, certificates that no real center believes.
import { constants, publicEncrypt, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256Hex, verify } from '../../../../electron/signing/crypto.ts';
import { memoryCache } from '../../../../electron/signing/judge/cache.ts';
import { openJudge } from '../../../../electron/signing/judge/judge.ts';
import { isTrainingCertificate } from '../../../../electron/signing/judge/training-mark.ts';
import { schemeOfAlgorithm } from '../../../../electron/signing/policy.ts';
import {
  openTrainingTokens,
  type TrainingTokens,
  trainingPin,
  trainingRoot,
  withTrainingLine,
} from '../../../../electron/signing/training/index.ts';
import { holderOf, personNumberOf, readCertificate } from '../../../../electron/signing/x509/certificate.ts';
import { fail } from '../../../../shared/api/contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'tram-training-tokens-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lan = { userId: '0b6a', fullName: 'BS. Nguyễn Thị Lan' };
const hau = { userId: '1c7b', fullName: 'ĐD. Trần Văn Hậu' };
const data = Buffer.from('{"type":"tram.document"}');

const begin = (more: { idleMs?: () => number; folder?: string | null } = {}): TrainingTokens =>
  openTrainingTokens({
    mode: 'training',
    folder,
    idleMs: () => 60_000,
    now: Date.now,
    log: () => {},
    signingMs: 5,
    ...more,
  });

async function seal(tokens: TrainingTokens, pin: string): Promise<string> {
  const key = `-----BEGIN PUBLIC KEY-----\n${await tokens.pinKey()}\n-----END PUBLIC KEY-----`;
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from(pin)).toString('base64');
}

async function tryPin(tokens: TrainingTokens, pin: string, knowing = false) {
  const [token] = (await tokens.tokens()).tokens;
  const id = sha256Hex(token!.certificates[0]!);
  return tokens.unlock(token!.tokenId, id, await seal(tokens, pin), { knowing });
}

async function keyOf(tokens: TrainingTokens) {
  const opened = await tryPin(tokens, trainingPin);
  if (!opened.ok) throw new Error(opened.error.code);
  return tokens.key(opened.value.session)!;
}

const pinState = async (tokens: TrainingTokens) => (await tokens.tokens()).tokens[0]?.pin;
const failure = (code: string) => ({ ok: false, error: { code } });

describe('a simulated token', () => {
  it('is of whoever plugged it in, says its PIN, and signs', async () => {
    const tokens = begin();
    expect((await tokens.tokens()).tokens).toEqual([]);
    tokens.plug(lan);
    const [token] = (await tokens.tokens()).tokens;
    expect(token).toMatchObject({ simulated: true, pin: 'ok', label: expect.stringContaining(trainingPin) });
    const certificate = readCertificate(token!.certificates[0]!)!;
    expect(holderOf(certificate)).toBe(lan.fullName);
    expect(personNumberOf(certificate)).toMatch(/^999\d{9}$/);
    const key = await keyOf(tokens);
    for (const algorithm of key.algorithms) {
      const signed = await key.sign(data, algorithm);
      if (!signed.ok) throw new Error(signed.error.code);
      expect(verify(schemeOfAlgorithm(algorithm), certificate.spki, data, signed.value)).toBe(true);
    }
    expect(key.algorithms).toEqual(['rsa-pkcs1-sha256', 'rsa-pss-sha256']);
    await tokens.close();
  });

  it('is the same one tomorrow', async () => {
    const [one, other] = [begin(), begin()];
    one.plug(lan);
    const [before] = (await one.tokens()).tokens;
    other.plug(lan);
    const [after] = (await other.tokens()).tokens;
    expect(after!.tokenId).toBe(before!.tokenId);
    expect(after!.certificates[0]!.equals(before!.certificates[0]!)).toBe(true);
    for (const file of readdirSync(folder)) {
      expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
      expect(readFileSync(join(folder, file), 'utf8')).not.toContain(trainingPin);
    }
  });

  it('counts tries as a real one does, and is given back unlocked when it is plugged in anew', async () => {
    const tokens = begin({ folder: null });
    tokens.plug(lan);
    expect(await tryPin(tokens, '111111')).toMatchObject(failure('pin_wrong'));
    expect(await pinState(tokens)).toBe('low');
    expect(await tryPin(tokens, '12')).toMatchObject(failure('pin_length'));
    expect(await tryPin(tokens, '222222')).toMatchObject(failure('pin_wrong'));
    expect(await pinState(tokens)).toBe('last');
    expect(await tryPin(tokens, '333333')).toMatchObject(failure('pin_last_try'));
    expect(await tryPin(tokens, '333333', true)).toMatchObject(failure('pin_locked'));
    expect(await pinState(tokens)).toBe('locked');
    expect(await tryPin(tokens, trainingPin, true)).toMatchObject(failure('pin_locked'));
    tokens.plug(null);
    tokens.plug(lan);
    expect((await tryPin(tokens, trainingPin)).ok).toBe(true);
  });

  it('pulled out in the middle of a signature is gone, and its session with it', async () => {
    const tokens = begin();
    const ends: string[] = [];
    tokens.onEnd((_, why) => ends.push(why));
    tokens.plug(lan);
    const key = await keyOf(tokens);
    expect((await key.sign(data, 'rsa-pkcs1-sha256')).ok).toBe(true);
    const under = key.sign(data, 'rsa-pkcs1-sha256');
    tokens.plug(null);
    expect(await under).toMatchObject(failure('token_gone'));
    expect(await key.sign(data, 'rsa-pkcs1-sha256')).toMatchObject(failure('token_locked'));
    expect(ends).toEqual(['removed']);
    expect((await tokens.tokens()).tokens).toEqual([]);
  });

  it('of the next person replaces that of the last one', async () => {
    const tokens = begin();
    tokens.plug(lan);
    const key = await keyOf(tokens);
    tokens.plug(hau);
    expect((await key.sign(data, 'rsa-pkcs1-sha256')).ok).toBe(false);
    const [token] = (await tokens.tokens()).tokens;
    expect(holderOf(readCertificate(token!.certificates[0]!)!)).toBe(hau.fullName);
  });

  it('is locked with the screen and after some time', async () => {
    const tokens = begin({ idleMs: () => 100 });
    tokens.plug(lan);
    const locked = await keyOf(tokens);
    await tokens.lock();
    expect(await locked.sign(data, 'rsa-pkcs1-sha256')).toMatchObject(failure('token_locked'));
    const idle = await keyOf(tokens);
    await new Promise((later) => setTimeout(later, 200));
    expect(await idle.sign(data, 'rsa-pkcs1-sha256')).toMatchObject(failure('token_locked'));
  });

  it('exists in training mode only', () => {
    expect(() => begin({ mode: 'real' } as never)).toThrow('training mode only');
  });
});

describe('its certificate', () => {
  const offline = async () => fail('revocation_unreachable');

  async function judged(training: boolean) {
    const tokens = begin();
    tokens.plug(lan);
    const [token] = (await tokens.tokens()).tokens;
    const [certificate, ...others] = token!.certificates;
    const judge = openJudge({
      trust: { anchors: [], intermediates: [] },
      trainingAnchors: [trainingRoot()],
      training,
      fetch: withTrainingLine(offline, Date.now),
      cache: memoryCache(),
      now: Date.now,
    });
    return judge.judge({
      certificate: certificate!,
      others,
      provenAt: null,
      usage: 'document',
      ocsp: [],
      crls: [],
    });
  }

  it('is believed in training, with its revocation known, and said to be of training', async () => {
    expect(await judged(true)).toMatchObject({ state: 'valid', reasons: ['training_certificate'] });
  });

  it('is never believed in a real center', async () => {
    const answer = await judged(false);
    expect(answer.state).toBe('invalid');
    expect(answer.reasons).toEqual(['training_certificate']);
  });

  it('says so in its names', () => {
    expect(isTrainingCertificate(readCertificate(trainingRoot())!)).toBe(true);
  });

  it('and its root are as OpenSSL wants them', async () => {
    const tokens = begin();
    tokens.plug(lan);
    const [token] = (await tokens.tokens()).tokens;
    const [leaf, root] = token!.certificates.map((der) => new X509Certificate(der));
    expect(leaf!.verify(root!.publicKey)).toBe(true);
    expect(root!.verify(root!.publicKey)).toBe(true);
    expect(leaf!.checkIssued(root!)).toBe(true);
  });
});
