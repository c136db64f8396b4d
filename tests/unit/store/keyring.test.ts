import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addUserWrap,
  createKeyring,
  keyringState,
  listUsers,
  markKeyringInUse,
  removeUserWrap,
  replaceRecovery,
  setSystemWrap,
  systemWrap,
  unwrapByPassword,
  unwrapByRecovery,
} from '../../../electron/store/keyring.ts';
import { printRecoveryKey, readRecoveryKey } from '../../../electron/store/recovery-key.ts';

const quick = { memoryKib: 64, passes: 1 };
const hoa = { userId: 'u-hoa', username: 'hoa', fullName: 'Đặng Thị Hoa', mark: '1' };
const nam = { userId: 'u-nam', username: 'nam', fullName: 'Lê Văn Nam', mark: '1' };
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-keyring-'));
  path = join(folder, 'keyring.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const made = () => {
  const ring = createKeyring(path);
  if (!ring.ok) throw new Error(ring.error.code);
  return ring.value;
};
const code = (r: { ok: true } | { ok: false; error: { code: string } }) => (r.ok ? 'ok' : r.error.code);

describe('keyring', () => {
  it('gives the same key to every holder and to the printed recovery key, and to nobody else', async () => {
    const { key, recoveryKey } = made();
    await addUserWrap(path, key, hoa, 'mật khẩu của hoa', quick);
    await addUserWrap(path, key, nam, 'another one 12');
    expect(await unwrapByPassword(path, 'hoa', 'mật khẩu của hoa')).toEqual({
      ok: true,
      value: { key, userId: 'u-hoa' },
    });
    expect(await unwrapByPassword(path, 'nam', 'another one 12')).toMatchObject({ ok: true, value: { key } });
    expect(unwrapByRecovery(path, recoveryKey)).toEqual({ ok: true, value: { key } });
    expect(code(await unwrapByPassword(path, 'hoa', 'another one 12'))).toBe('wrong_password');
    expect(code(await unwrapByPassword(path, 'lan', 'another one 12'))).toBe('account_unknown_here');
    expect(readFileSync(path, 'utf8')).not.toContain(key.toString('base64').slice(0, 20));
  });

  it('takes a password typed in decomposed form for the same password', async () => {
    const { key } = made();
    await addUserWrap(path, key, hoa, 'mật khẩu'.normalize('NFC'), quick);
    expect(code(await unwrapByPassword(path, 'hoa', 'mật khẩu'.normalize('NFD')))).toBe('ok');
  });

  it('wraps with Argon2id at 64 MiB and 3 passes unless told otherwise', async () => {
    const { key } = made();
    await addUserWrap(path, key, hoa, 'x'.repeat(10));
    expect(JSON.parse(readFileSync(path, 'utf8')).users[0].argon2).toEqual({ memoryKib: 65536, passes: 3 });
  });

  it('forgets a removed person, and the old password once a new one is set', async () => {
    const { key } = made();
    await addUserWrap(path, key, hoa, 'old password', quick);
    await addUserWrap(path, key, { ...hoa, mark: '2' }, 'new password', quick);
    expect(code(await unwrapByPassword(path, 'hoa', 'old password'))).toBe('wrong_password');
    expect(listUsers(path)).toMatchObject({ ok: true, value: [{ mark: '2' }] });
    removeUserWrap(path, 'u-hoa');
    expect(code(await unwrapByPassword(path, 'hoa', 'new password'))).toBe('account_unknown_here');
  });

  it('refuses the old printout after a new recovery key', () => {
    const { key, recoveryKey } = made();
    const next = replaceRecovery(path, key);
    expect(code(unwrapByRecovery(path, recoveryKey))).toBe('wrong_recovery_key');
    expect(next.ok && unwrapByRecovery(path, next.value)).toEqual({ ok: true, value: { key } });
  });

  it('is never made anew once in use, but a first run that was cut off may begin again', () => {
    expect(keyringState(path)).toBe('missing');
    made();
    expect(keyringState(path)).toBe('begun');
    const second = made();
    markKeyringInUse(path);
    expect(code(createKeyring(path))).toBe('already_set_up');
    expect(unwrapByRecovery(path, second.recoveryKey)).toEqual({ ok: true, value: { key: second.key } });
  });

  it('never lets a first run make a new key because the file of a center in use was damaged or lost', async () => {
    const { key, recoveryKey } = made();
    await addUserWrap(path, key, hoa, 'password', quick);
    markKeyringInUse(path);
    for (const harm of [() => writeFileSync(path, '{'), () => rmSync(path)]) {
      harm();
      expect(keyringState(path)).toBe('in_use');
      expect(code(createKeyring(path))).toBe('already_set_up');
      expect(unwrapByRecovery(path, recoveryKey)).toEqual({ ok: true, value: { key } });
    }
  });

  it('writes over a damaged file without pushing out the previous copy that still opens the store', async () => {
    const { key } = made();
    await addUserWrap(path, key, hoa, 'password', quick);
    await addUserWrap(path, key, nam, 'password', quick);
    writeFileSync(path, '{');
    const previous = readFileSync(`${path}.previous`, 'utf8');
    await addUserWrap(path, key, nam, 'password', quick);
    expect(readFileSync(`${path}.previous`, 'utf8')).toBe(previous);
    expect(code(await unwrapByPassword(path, 'nam', 'password'))).toBe('ok');
  });

  it('falls back to the previous copy when the file is damaged, and says so when both are', async () => {
    const { key } = made();
    await addUserWrap(path, key, hoa, 'password', quick);
    await addUserWrap(path, key, nam, 'password', quick);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('u-nam', 'u-nan'));
    expect(code(await unwrapByPassword(path, 'hoa', 'password'))).toBe('ok');
    writeFileSync(`${path}.previous`, text.slice(0, 100));
    expect(code(await unwrapByPassword(path, 'hoa', 'password'))).toBe('keyring_damaged');
    expect(keyringState(path)).toBe('damaged');
    expect(code(createKeyring(path))).toBe('already_set_up');
  });

  it('does not open a wrap passed off as another person’s', async () => {
    const { key } = made();
    await addUserWrap(path, key, hoa, 'password', quick);
    const { sum: _, ...ring } = JSON.parse(readFileSync(path, 'utf8'));
    ring.users[0].userId = 'u-director';
    const { sha256Hex } = await import('../../../electron/store/crypto.ts');
    writeFileSync(path, JSON.stringify({ ...ring, sum: sha256Hex(JSON.stringify(ring)).slice(0, 16) }));
    expect(code(await unwrapByPassword(path, 'hoa', 'password'))).toBe('wrong_password');
  });

  it('keeps the system key store’s copy as given', () => {
    made();
    expect(systemWrap(path)).toEqual({ ok: true, value: null });
    setSystemWrap(path, Buffer.from('locked by the system'));
    expect(systemWrap(path)).toEqual({ ok: true, value: Buffer.from('locked by the system') });
  });
});

describe('recovery key', () => {
  const secrets = fc.uint8Array({ minLength: 20, maxLength: 20 });

  it('is read back as printed, however it was spaced and cased', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const printed = printRecoveryKey(secret);
        expect(printed).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}$/);
        const sloppy = printed.toLowerCase().replaceAll('-', '  ').replaceAll('0', 'o').replaceAll('1', 'l');
        expect(readRecoveryKey(sloppy)).toEqual({ secret: Buffer.from(secret) });
      }),
    );
  });

  it('names the group of any one wrong character', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.nat(39),
        fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
        (secret, at, wrong) => {
          const chars = [...printRecoveryKey(secret).replaceAll('-', '')];
          fc.pre(chars[at] !== wrong);
          chars[at] = wrong;
          expect(readRecoveryKey(chars.join(''))).toEqual({
            problem: 'group',
            group: Math.floor(at / 5) + 1,
          });
        },
      ),
    );
  });

  it('names two swapped neighbours, swapped groups and a missing end', () => {
    fc.assert(
      fc.property(secrets, fc.nat(39), (secret, at) => {
        const chars = [...printRecoveryKey(secret).replaceAll('-', '')];
        fc.pre(at % 5 < 4 && chars[at] !== chars[at + 1]);
        [chars[at], chars[at + 1]] = [chars[at + 1]!, chars[at]!];
        expect(readRecoveryKey(chars.join(''))).toEqual({ problem: 'group', group: Math.floor(at / 5) + 1 });
      }),
    );
    const groups = printRecoveryKey(new Uint8Array(20).fill(3)).split('-');
    expect(readRecoveryKey([groups[1], groups[0], ...groups.slice(2)].join('-'))).toEqual({
      problem: 'group',
      group: 1,
    });
    expect(readRecoveryKey(groups.slice(0, 7).join('-'))).toEqual({ problem: 'length', typed: 35 });
  });
});
