// Signed PDFs beside programs that know nothing of this one: Poppler with NSS, qpdf, OpenSSL.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDocTimeStamp, signPdf, verifyPdf } from '../../../../electron/signing/pdf/index.ts';
import { opensslWorld, type World } from '../../../unit/signing/cms/openssl-world.ts';
import {
  der,
  hybrid,
  judgeOf,
  noStamper,
  nssOf,
  opensslCades,
  paper,
  pdfsig,
  qpdf,
  qpdfCheck,
  rangesOf,
  signedBy,
  signedByPoppler,
  stamperOf,
  three,
  withEmptyField,
} from './tools.ts';

let world: World;
let nss: string;
beforeAll(() => {
  world = opensslWorld();
  nss = nssOf(world);
});
afterAll(() => world.remove());

const forms: Readonly<Record<string, () => Buffer>> = {
  'Chromium, with a cross-reference table': paper,
  'with cross-reference and object streams': () => qpdf(world, ['--object-streams=generate']),
  'hybrid, with a table and a stream': hybrid,
  'linearised with a table': () => qpdf(world, ['--linearize', '--object-streams=disable']),
  'linearised with streams': () => qpdf(world, ['--linearize', '--object-streams=generate']),
};

describe.each(Object.entries(forms))('a PDF %s', (_, make) => {
  let signed: Buffer;
  beforeAll(async () => {
    signed = await signedBy(world, make(), three);
  });

  it('is valid for pdfsig after three signers in order, by RSA, PSS and ECDSA', () => {
    const said = pdfsig(world, nss, signed);
    expect(said.map(({ valid, trusted }) => [valid, trusted])).toEqual(Array(3).fill([true, true]));
    expect(said.map(({ whole }) => whole)).toEqual([false, false, true]);
    expect(said.map(({ text }) => /Type: (\S+)/.exec(text)?.[1])).toEqual(
      Array(3).fill('ETSI.CAdES.detached'),
    );
  });

  it('is without fault for qpdf', () => {
    const { clean, text } = qpdfCheck(world, signed);
    expect({ clean, text: clean ? '' : text }).toEqual({ clean: true, text: '' });
  });

  it('holds CAdES that OpenSSL verifies over each ByteRange, without a signing-time', () => {
    const ranges = rangesOf(signed);
    expect(ranges.map(({ end }) => end).at(-1)).toBe(signed.length);
    for (const range of ranges) {
      expect(opensslCades(world, range)).toMatchObject({ code: 0 });
      expect(der(range.contents).includes(Buffer.from('06092a864886f70d010905', 'hex'))).toBe(false);
    }
    expect(ranges).toHaveLength(3);
  });

  it('leaves no more room than the container needs', () => {
    for (const { contents } of rangesOf(signed))
      expect(contents.length - der(contents).length).toBeLessThan(24);
  });

  it('is valid here', async () => {
    const verdict = await verifyPdf(signed, judgeOf(world));
    expect(verdict).toMatchObject({ state: 'valid', reasons: ['time_unproven'] });
    expect(verdict.signatures.map(({ kind, signer }) => [kind, signer])).toEqual([
      ['PAdES', 'Nguyễn Thị nurse'],
      ['PAdES', 'Nguyễn Thị doctor'],
      ['PAdES', 'Nguyễn Thị head'],
    ]);
  });

  it('shows who signed, as text that can be searched and copied', () => {
    const text = execFileSync('pdftotext', [world.write('text.pdf', signed), '-'], { encoding: 'utf8' });
    for (const { who } of three)
      expect(text).toContain(`Ký số bởi:\nNguyễn Thị ${who}\nBác sĩ điều trị\nThời gian:`);
    const fonts = execFileSync('pdffonts', [world.path('text.pdf')], { encoding: 'utf8' });
    // emb, sub and uni of each of ours
    expect(fonts.match(/BeVietnamPro-\w+ +CID TrueType +Identity-H +yes yes yes/g)).toHaveLength(6);
  });
});

describe('time-stamps', () => {
  it('are fetched with the signature (B-T) and prove its time; OpenSSL agrees', async () => {
    const stamper = stamperOf(world);
    const signed = await signedBy(world, paper(), [
      { who: 'doctor', algorithm: 'rsa-pkcs1-sha256', stamper },
      { who: 'head', algorithm: 'ecdsa-p256-sha256', stamper },
    ]);
    for (const range of rangesOf(signed)) expect(opensslCades(world, range)).toMatchObject({ code: 0 });
    const verdict = await verifyPdf(signed, judgeOf(world));
    expect(verdict).toMatchObject({ state: 'valid', reasons: [] });
    for (const { stampedAt } of verdict.signatures)
      expect(Math.abs(stampedAt! - Date.now())).toBeLessThan(120_000);
    expect(pdfsig(world, nss, signed).every(({ valid }) => valid)).toBe(true);
  });

  it('seal the whole file at the end, and prove the time of signatures without one', async () => {
    const signed = await signedBy(world, paper(), three);
    const sealed = await addDocTimeStamp(signed, stamperOf(world));
    expect(sealed.ok).toBe(true);
    if (!sealed.ok) return;
    expect(sealed.value.subarray(0, signed.length).equals(signed)).toBe(true);
    expect(qpdfCheck(world, sealed.value).clean).toBe(true);
    const last = rangesOf(sealed.value).at(-1)!;
    expect(last.end).toBe(sealed.value.length);
    world.write('token.tst', der(last.contents));
    world.write('token.bin', last.content);
    const said = world.tries([
      'ts',
      '-verify',
      '-token_in',
      '-in',
      'token.tst',
      '-data',
      'token.bin',
      '-CAfile',
      'root.pem',
      '-untrusted',
      'ca.pem',
    ]);
    expect(said).toMatchObject({ code: 0 });
    const verdict = await verifyPdf(sealed.value, judgeOf(world));
    expect(verdict).toMatchObject({ state: 'valid', reasons: [] });
    expect(verdict.signatures.map(({ kind }) => kind)).toEqual(['PAdES', 'PAdES', 'PAdES', 'DocTimeStamp']);
  });

  it('that cannot be had leave no half-signed file', async () => {
    const result = await signPdf({
      pdf: paper(),
      key: world.key('doctor'),
      algorithm: 'rsa-pkcs1-sha256',
      box: null,
      name: 'x',
      reason: null,
      at: Date.now(),
      stamper: noStamper,
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'stamp_unreachable' } });
  });

  it('that cannot be had are done without when the signer says so, with one signature of the key', async () => {
    const key = world.key('doctor');
    let asked = 0;
    const sign: typeof key.sign = (data, algorithm) => {
      asked += 1;
      return key.sign(data, algorithm);
    };
    const result = await signPdf({
      pdf: paper(),
      key: { ...key, sign },
      algorithm: 'rsa-pkcs1-sha256',
      box: null,
      name: 'x',
      reason: null,
      at: Date.now(),
      stamper: noStamper,
      unstamped: 'sign',
    });
    if (!result.ok) throw new Error(result.error.code);
    expect(asked).toBe(1);
    expect(pdfsig(world, nss, result.value)).toMatchObject([{ valid: true, trusted: true, whole: true }]);
    expect(await verifyPdf(result.value, judgeOf(world))).toMatchObject({
      state: 'valid',
      reasons: ['time_unproven'],
    });
  });

  it('that were there before a certificate was revoked keep the signature valid', async () => {
    const later = opensslWorld();
    const [stamped, bare] = await Promise.all(
      [stamperOf(later), undefined].map((stamper) =>
        signedBy(later, paper(), [{ who: 'nurse', algorithm: 'rsa-pkcs1-sha256', stamper }]),
      ),
    );
    // revocation is told in whole seconds
    await new Promise((done) => setTimeout(done, 1500));
    later.revoke('nurse');
    const [kept, lost] = await Promise.all([stamped!, bare!].map((pdf) => verifyPdf(pdf, judgeOf(later))));
    later.remove();
    expect(kept).toMatchObject({ state: 'valid' });
    expect(lost).toMatchObject({ state: 'invalid', reasons: expect.arrayContaining(['revoked']) });
  });
});

describe('a file another program signed', () => {
  it('is valid here, and for both when it is signed here too, its last line end kept', async () => {
    const foreign = signedByPoppler(world, nss, paper(), 'doctor');
    expect(foreign.subarray(-2).toString('latin1')).toBe('\r\n');
    expect((await verifyPdf(foreign, judgeOf(world))).state).toBe('valid');
    const both = await signedBy(world, foreign, [{ who: 'head', algorithm: 'ecdsa-p256-sha256' }]);
    expect(both.subarray(0, foreign.length).equals(foreign)).toBe(true);
    expect(pdfsig(world, nss, both).map(({ valid, trusted }) => [valid, trusted])).toEqual([
      [true, true],
      [true, true],
    ]);
    expect(qpdfCheck(world, both).clean).toBe(true);
    expect(await verifyPdf(both, judgeOf(world))).toMatchObject({ state: 'valid' });
  });

  it('after it was signed here is valid for both', async () => {
    const ours = await signedBy(world, paper(), [{ who: 'nurse', algorithm: 'rsa-pkcs1-sha256' }]);
    const both = signedByPoppler(world, nss, ours, 'doctor');
    expect(pdfsig(world, nss, both).map(({ valid }) => valid)).toEqual([true, true]);
    const verdict = await verifyPdf(both, judgeOf(world));
    expect(verdict).toMatchObject({ state: 'valid' });
    expect(verdict.signatures).toHaveLength(2);
  });

  it('in a field left empty, after somebody signed here, is valid for both', async () => {
    const form = withEmptyField(paper(), 'TruongKhoa');
    const ours = await signedBy(world, form, [{ who: 'nurse', algorithm: 'rsa-pkcs1-sha256' }]);
    expect(await verifyPdf(ours, judgeOf(world))).toMatchObject({ state: 'valid' });
    const both = signedByPoppler(world, nss, ours, 'doctor', 'TruongKhoa');
    const said = pdfsig(world, nss, both);
    expect(said.filter(({ valid }) => valid)).toHaveLength(2);
    expect(await verifyPdf(both, judgeOf(world))).toMatchObject({ state: 'valid' });
  });
});
