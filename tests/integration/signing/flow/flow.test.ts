// The whole way with the real parts: pages drawn by a real browser, signed with a PKCS#11 token through the helper
// process, and then looked at by programs that are not ours.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forkHelper } from '../../../../electron/fingerprint/readers/vendor/index.ts';
import { openBrowserPress } from '../../../../electron/print/index.ts';
import { openTokenDesk, type TokenDesk } from '../../../../electron/signing/tokens/index.ts';
import { pemOf } from '../../../../electron/signing/x509/certificate.ts';
import { sha256Hex } from '../../../../electron/store/crypto.ts';
import {
  dischargeValues,
  frozenPaper,
  newsOf,
  type PaperCenter,
  paperCenter,
  read,
  signed,
} from '../../../unit/support/paper-center.ts';
import { paperPress } from '../../../unit/support/paper-press.ts';
import { pressOptions } from '../../print/drawn.ts';
import {
  type Center,
  cleanUp,
  helperFile,
  type Identity,
  makeCenter,
  makeSoftToken,
  sealTo,
  softHsm,
  softHsmStore,
  until,
} from '../tokens/support.ts';

let ca: Center;
let hsm: ReturnType<typeof softHsmStore>;
let doctor: Identity;
let trustFolder: string;
beforeAll(() => {
  ca = makeCenter();
  hsm = softHsmStore();
  doctor = ca.person('Người bacsi');
  makeSoftToken(hsm.folder, 'bacsi', '135792', [{ who: doctor, keyId: '01' }], [ca.authority]);
  trustFolder = mkdtempSync(join(tmpdir(), 'tram-flow-trust-'));
  mkdirSync(join(trustFolder, 'anchors'));
  writeFileSync(join(trustFolder, 'anchors', 'ca.pem'), pemOf(ca.authority.der));
});
afterAll(() => cleanUp(ca.folder, hsm.folder, trustFolder));

/** Real tokens, the judge of the program, and a press. */
async function center(press: Parameters<typeof paperCenter>[0]): Promise<PaperCenter> {
  const made = await paperCenter({
    ...{ tokens: undefined, judge: undefined, trustFolder, startTokenHelper: forkHelper(helperFile) },
    ...press,
  });
  await made.ok('admin', 'signing.saveSettings', {
    timeStampUrl: null,
    idleMinutes: 5,
    modulePaths: [softHsm],
  });
  return made;
}

async function unlock(made: PaperCenter, pin = '135792') {
  let found = { tokenId: '', certificateId: '', pinKey: '' };
  await until(async () => {
    const { tokens, pinKey } = await made.ok('bacsi', 'signing.tokens', {});
    const token = tokens.find((one) => one.certificates.some((each) => each.certificateId === doctor.id));
    found = { tokenId: token?.tokenId ?? '', certificateId: doctor.id, pinKey: pinKey ?? '' };
    return token !== undefined;
  });
  const { tokenId, certificateId, pinKey } = found;
  return made.core.invoke('bacsi', 'signing.unlock', {
    ...{ tokenId, certificateId, mine: true },
    sealedPin: sealTo(pinKey, pin),
  });
}

describe('a paper signed with a token', () => {
  it('is drawn by a real browser, and its signatures hold for OpenSSL, Poppler and qpdf', async () => {
    const made = await center({ press: openBrowserPress(pressOptions) });
    const paper = await frozenPaper(made, 'giay-ra-vien', dischargeValues);
    const { documentId, content } = paper;
    await read(made, 'bacsi', paper);
    expect(await unlock(made, '999999')).toMatchObject({ ok: false, error: { code: 'pin_wrong' } });
    expect(await unlock(made)).toMatchObject({ ok: true });
    const news = await signed(made, 'bacsi', [{ documentId, content, step: 'nguoi_hanh_nghe' }]);
    expect(news.at(-1)).toMatchObject({ step: 'done', done: 1 });
    const { verdict } = await made.ok('bacsi', 'signing.verify', { documentId });
    expect(verdict.signatures.map((s) => [s.kind, s.signer])).toEqual([
      ['CAdES', 'Người bacsi'],
      ['PAdES', 'Người bacsi'],
    ]);
    // this authority publishes no list: all holds but what nobody can know
    expect(verdict).toMatchObject({ state: 'undetermined' });
    expect(verdict.reasons.filter((r) => r !== 'time_unproven')).toEqual(['revocation_unknown']);
    const { files } = await made.ok('bacsi', 'signing.proof', { documentId });
    const out = mkdtempSync(join(tmpdir(), 'tram-flow-'));
    const file = (name: string): string => join(out, name);
    for (const { name, bytes } of files) writeFileSync(file(name), Buffer.from(bytes, 'base64'));
    writeFileSync(file('roots.pem'), pemOf(ca.authority.der));
    expect(files.map(({ name }) => name)).toEqual([
      'content.json',
      'paper.pdf',
      'paper-signed.pdf',
      '01-nguoi_hanh_nghe.p7s',
      'README.txt',
    ]);
    expect(sha256Hex(readFileSync(file('content.json')))).toBe(content);
    expect(JSON.parse(readFileSync(file('content.json'), 'utf8')).pdf.sha256).toBe(
      sha256Hex(readFileSync(file('paper.pdf'))),
    );
    // as the page of instructions says, word for word
    const [command] = /openssl cms .*/.exec(readFileSync(file('README.txt'), 'utf8')) ?? [];
    const [program = '', ...words] = (command ?? '').split(' ');
    const verified = (): string => {
      execFileSync(program, words, { cwd: out, stdio: ['ignore', 'ignore', 'pipe'] });
      return 'verified';
    };
    expect(verified()).toBe('verified');
    writeFileSync(file('content.json'), readFileSync(file('content.json'), 'utf8').replace('Viêm', 'Viem'));
    expect(verified).toThrow();
    const poppler = execFileSync('pdfsig', ['-nocert', file('paper-signed.pdf')], { encoding: 'utf8' });
    expect(poppler).toContain('Signature is Valid');
    expect(poppler).toContain('Total document signed');
    expect(execFileSync('qpdf', ['--check', file('paper-signed.pdf')], { encoding: 'utf8' })).toContain(
      'No syntax',
    );
    expect(
      execFileSync('pdftotext', ['-layout', file('paper-signed.pdf'), '-'], { encoding: 'utf8' }),
    ).toContain('GIÀNG A PÁO');
    cleanUp(out);
  });

  it('is one of fifty with one PIN, in two seconds beside the token’s own time', async () => {
    const token = { ms: 0 };
    const made = await center({ press: paperPress(), tokens: () => timed(token) });
    const all = [];
    for (let n = 0; n < 50; n++)
      all.push(await frozenPaper(made, 'benh-an-noi-khoa-vao', { ...admissionValues, tom_tat: `Sốt ${n}` }));
    for (const one of all) await read(made, 'bacsi', one);
    expect(await unlock(made)).toMatchObject({ ok: true });
    const began = performance.now();
    const { batchId } = await made.ok('bacsi', 'signing.sign', {
      items: all.map(({ documentId, content }) => ({ documentId, content, step: 'bac_si_lam_benh_an' })),
    });
    await until(() => newsOf(made, batchId).at(-1)?.step === 'done');
    const ms = performance.now() - began;
    expect(newsOf(made, batchId).at(-1)).toMatchObject({ done: 50, of: 50 });
    expect(token.ms).toBeGreaterThan(0);
    expect(ms - token.ms).toBeLessThan(2_000);
    expect((await made.ok('bacsi', 'signing.queue', {})).mine).toEqual([]);
  });
});

/** The usual desk, with a watch on how long the token itself takes. */
function timed(token: { ms: number }): TokenDesk {
  const desk = openTokenDesk({
    start: forkHelper(helperFile),
    modulePaths: () => [softHsm],
    idleMs: () => 300_000,
    now: Date.now,
    log: () => {},
  });
  return {
    ...desk,
    key(session) {
      const key = desk.key(session);
      return (
        key && {
          ...key,
          async sign(data, algorithm) {
            const began = performance.now();
            const signature = await key.sign(data, algorithm);
            token.ms += performance.now() - began;
            return signature;
          },
        }
      );
    },
  };
}

const admissionValues = {
  qua_trinh: 'Sốt ba ngày',
  toan_than: 'Tỉnh',
  tom_tat: 'Sốt, ho',
  cd_chinh: { text: 'Viêm phổi', code: 'J18.9' },
  huong_dieu_tri: 'Kháng sinh',
};
