// A signed PDF that was made to say something else is never valid, whatever way it was done.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signCades } from '../../../../electron/signing/cms/index.ts';
import { readPdf } from '../../../../electron/signing/pdf/file.ts';
import { addDocTimeStamp, signPdf, verifyPdf } from '../../../../electron/signing/pdf/index.ts';
import { pagesOf } from '../../../../electron/signing/pdf/pages.ts';
import { updateOf } from '../../../../electron/signing/pdf/update.ts';
import {
  array,
  dict,
  name,
  number,
  ref,
  stream,
  textString,
  withEntries,
} from '../../../../electron/signing/pdf/values.ts';
import { opensslWorld, type World } from '../../../unit/signing/cms/openssl-world.ts';
import { attacks, harmless } from './attacks.ts';
import { type Overlay, overlaid } from './overlay.ts';
import {
  judgeOf,
  nssOf,
  paper,
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
const signed: Record<string, Buffer> = {};
beforeAll(async () => {
  world = opensslWorld();
  nss = nssOf(world);
  signed.table = await signedBy(world, paper(), three.slice(0, 2));
  signed.stream = await signedBy(world, qpdf(world, ['--object-streams=generate']), three.slice(0, 2));
});
afterAll(() => world.remove());

const invisible = { box: null, name: 'x', reason: null, at: Date.now() };
const verdictOf = (pdf: Buffer) => verifyPdf(pdf, judgeOf(world));

describe.each(['table', 'stream'])('with a cross-reference %s', (kind) => {
  it('is valid before', async () => {
    expect(await verdictOf(signed[kind]!)).toMatchObject({ state: 'valid' });
  });

  it.each(Object.entries(attacks))('is not valid any more: %s', async (_, attack) => {
    const verdict = await verdictOf(attack(signed[kind]!));
    expect(verdict.state).toBe('invalid');
  });

  it.each(Object.entries(harmless))('is still valid: %s', async (_, change) => {
    const changed = change(signed[kind]!);
    expect(qpdfCheck(world, changed).clean).toBe(true);
    expect(await verdictOf(changed)).toMatchObject({ state: 'valid' });
  });
});

describe('a change that the next signer signed too', () => {
  it.each(Object.entries(attacks).slice(0, 30))(
    'leaves the earlier signature broken and says whose: %s',
    async (_, attack) => {
      const changed = attack(signed.table!);
      const again = await signPdf({
        pdf: changed,
        key: world.key('head'),
        algorithm: 'ecdsa-p256-sha256',
        ...invisible,
      });
      if (!again.ok) return expect(again.error.code).toBe('signature_unreadable');
      const verdict = await verdictOf(again.value);
      expect(verdict.state).toBe('invalid');
      expect(verdict.signatures[0]?.reasons.length).toBeGreaterThan(0);
    },
  );

  it('does not make a signature over the page welcome', async () => {
    const result = await signedBy(world, signed.table!, [
      {
        who: 'head',
        algorithm: 'ecdsa-p256-sha256',
        box: { page: 0, x: 0, y: 0, width: 420, height: 595 },
      },
    ]);
    expect(await verdictOf(result)).toMatchObject({
      state: 'invalid',
      reasons: ['time_unproven', 'changed_after_signing'],
    });
  });
});

describe('traps laid before signing', () => {
  it('a reference that leads nowhere until somebody puts the object there', async () => {
    const file = readPdf(paper());
    const update = updateOf(file);
    const page = pagesOf(file)[0]!;
    const missing = 90;
    update.put(
      ref(page.number),
      withEntries(page.dict, { Contents: array(page.dict.entries.get('Contents')!, ref(missing)) }),
    );
    const trap = await signedBy(world, update.finish().bytes, three.slice(0, 1));
    expect(await verdictOf(trap)).toMatchObject({ state: 'valid' });

    const after = readPdf(trap);
    const sprung = updateOf(after);
    sprung.put(ref(missing), stream({}, Buffer.from('1 g 0 0 420 595 re f')));
    // made to look like evidence
    sprung.put(ref(after.rootNumber), withEntries(after.root, { DSS: dict({ Certs: array(ref(missing)) }) }));
    expect(await verdictOf(sprung.finish().bytes)).toMatchObject({ state: 'invalid' });
  });

  it('a list of evidence that is the list of page content too', async () => {
    const file = readPdf(paper());
    const update = updateOf(file);
    const page = pagesOf(file)[0]!;
    const list = update.add(array(page.dict.entries.get('Contents')!));
    update.put(ref(page.number), withEntries(page.dict, { Contents: list }));
    update.put(ref(file.rootNumber), withEntries(file.root, { DSS: dict({ Certs: list }) }));
    const trap = await signedBy(world, update.finish().bytes, three.slice(0, 1));

    const sprung = updateOf(readPdf(trap));
    const overlay = sprung.add(stream({}, Buffer.from('1 g 0 0 420 595 re f')));
    sprung.put(list, array(page.dict.entries.get('Contents')!, overlay));
    expect(await verdictOf(sprung.finish().bytes)).toMatchObject({ state: 'invalid' });
  });

  it('a field as large as the page, left empty until somebody signs it', async () => {
    const field = (pdf: Buffer, width: number) =>
      signedBy(world, withEmptyField(pdf, 'Trap', width), three.slice(0, 1));
    for (const [width, state] of [
      [120, 'valid'],
      [400, 'invalid'],
    ] as const) {
      const trap = await field(paper(), width);
      const sprung = signedByPoppler(world, nss, trap, 'doctor', 'Trap');
      expect(await verdictOf(sprung)).toMatchObject({ state });
    }
  });

  it('a number referred to and not there is not taken for a new signature', async () => {
    const file = readPdf(paper());
    const update = updateOf(file);
    const page = pagesOf(file)[0]!;
    const next = file.nextNumber;
    update.put(
      ref(page.number),
      withEntries(page.dict, { Contents: array(page.dict.entries.get('Contents')!, ref(next)) }),
    );
    const signed = await signedBy(world, update.finish().bytes, three);
    expect(readPdf(signed).places.has(next)).toBe(false);
    expect(await verdictOf(signed)).toMatchObject({ state: 'valid' });
  });

  it('a file certified against any change is not signed again', async () => {
    const certified = (level: number): Buffer => {
      const file = readPdf(paper());
      const update = updateOf(file);
      const value = dict({
        Type: name('Sig'),
        Reference: array(
          dict({ TransformMethod: name('DocMDP'), TransformParams: dict({ P: number(level) }) }),
        ),
      });
      const field = update.add(dict({ FT: name('Sig'), T: textString('x'), V: value }));
      const root = withEntries(file.root, { AcroForm: dict({ Fields: array(field) }) });
      update.put(ref(file.rootNumber), root);
      return update.finish().bytes;
    };
    const sign = async (pdf: Buffer) =>
      (await signPdf({ ...invisible, pdf, key: world.key('doctor'), algorithm: 'rsa-pkcs1-sha256' })).ok;
    expect([await sign(certified(1)), await sign(certified(2))]).toEqual([false, true]);
  });
});

describe('a signature made by somebody who has a key but not the will', () => {
  /** Signs again, rightly, over other ranges than the whole file but its Contents. */
  async function overRanges(change: (range: number[], text: string) => number[]): Promise<Buffer> {
    const pdf = await signedBy(world, paper(), three.slice(0, 1));
    const text = pdf.toString('latin1');
    const [whole, ...parts] = /\/ByteRange \[(\d+) (\d+) (\d+) (\d+) *\]/.exec(text)!;
    const own = parts.map(Number);
    const range = change(own, text);
    const written = `/ByteRange [${range.join(' ')}`.padEnd(whole.length - 1, ' ').concat(']');
    expect(written).toHaveLength(whole.length);
    pdf.write(written, text.indexOf(whole), 'latin1');
    const [a = 0, b = 0, c = 0, d = 0] = range.map((part) => Math.max(0, part));
    const content = Buffer.concat([pdf.subarray(a, a + b), pdf.subarray(c, c + d)]);
    const cms = await signCades({ content, key: world.key('nurse'), algorithm: 'rsa-pkcs1-sha256' });
    if (!cms.ok) throw new Error(cms.error.code);
    const room = (own[2]! - own[1]! - 2) / 2;
    pdf.write(cms.value.toString('hex').padEnd(room * 2, '0'), own[1]! + 1, 'latin1');
    return pdf;
  }

  it('over the whole file is valid: the test’s own way of signing is right', async () => {
    expect(await verdictOf(await overRanges((range) => range))).toMatchObject({ state: 'valid' });
  });

  it.each([
    ['with a hole before its Contents', ([a, b, c, d]: number[]) => [a!, b! - 20, c!, d!]],
    ['with a hole behind its Contents', ([a, b, c, d]: number[]) => [a!, b!, c! + 10, d! - 10]],
    ['not from the beginning', ([a, b, c, d]: number[]) => [a! + 8, b! - 8, c!, d!]],
    ['not to the end', ([a, b, c, d]: number[]) => [a!, b!, c!, d! - 30]],
    ['to a blank before the end', ([a, b, c, d]: number[]) => [a!, b!, c!, d! - 1]],
    ['over ranges that overlap', ([a, b, c, d]: number[]) => [a!, b!, c! - 100, d! + 100]],
    ['over its own Contents', ([a, b, c, d]: number[]) => [a!, b! + 1, c!, d!]],
    ['with a negative number', ([, b, c]: number[]) => [-1, b!, c!, 99]],
    ['over nothing', () => [0, 0, 0, 0]],
    ['past the end', ([a, b, c, d]: number[]) => [a!, b!, c!, d! + 9]],
  ])('is invalid: %s', async (_, change) => {
    const verdict = await verdictOf(await overRanges(change));
    expect(verdict.state).toBe('invalid');
  });

  it.each([
    ['upper case in one digit', (pdf: Buffer, at: number) => upperOne(pdf, at)],
    ['not hex', (pdf: Buffer, at: number) => pdf.write('zz', at + 40, 'latin1')],
    ['a blank in it', (pdf: Buffer, at: number) => pdf.write(' ', at + 40, 'latin1')],
  ])('with Contents that are spelt otherwise is invalid: %s', async (_, change) => {
    const pdf = Buffer.from(signed.table!);
    change(pdf, pdf.lastIndexOf('/Contents <') + 11);
    expect((await verdictOf(pdf)).state).toBe('invalid');
  });

  it('with something behind the container but zeros is invalid', async () => {
    const pdf = Buffer.from(signed.table!);
    const { contents } = rangesOf(pdf).at(-1)!;
    const start = pdf.lastIndexOf('/Contents <') + 11;
    pdf.write('1', start + contents.length * 2 - 1, 'latin1');
    expect((await verdictOf(pdf)).state).toBe('invalid');
  });
});

describe('a file sealed by a document time-stamp', () => {
  it.each(Object.entries(attacks))('is not valid any more: %s', async (_, attack) => {
    const sealed = await addDocTimeStamp(signed.table!, stamperOf(world));
    if (!sealed.ok) throw new Error(sealed.error.code);
    expect((await verdictOf(attack(sealed.value))).state).toBe('invalid');
  });
});

describe('looks of a signature that is sound itself', () => {
  const strips = [0, 1, 2, 3, 4].map((n) => [0, n / 5, 1, (n + 1) / 5] as const);
  const small = [0.1, 0.1, 0.3, 0.2] as const;
  const nowhere = [0, 0, 0, 0] as const;
  const changed = {
    state: 'invalid',
    signatures: expect.arrayContaining([
      expect.objectContaining({ reasons: expect.arrayContaining(['changed_after_signing']) }),
    ]),
  };

  it.each<[string, Overlay]>([
    ['a time-stamp that paints the page in five strips', { by: 'stamp', places: strips }],
    ['a time-stamp with a small look', { by: 'stamp', places: [small], merged: true }],
    ['a time-stamp with a small look in a kid', { by: 'stamp', places: [small] }],
    ['a time-stamp with a place and no look', { by: 'stamp', places: [small], merged: true, draws: null }],
    ['a time-stamp with a look and no size', { by: 'stamp', places: [nowhere], merged: true }],
    [
      'a time-stamp with a border',
      {
        ...{ by: 'stamp', places: [nowhere], merged: true, draws: null },
        entries: { Border: array(...[0, 0, 900].map(number)) },
      },
    ],
    ['a signature that paints the page in five strips', { by: 'head', places: strips }],
    ['a signature in two small places', { by: 'head', places: [small, [0.5, 0.1, 0.7, 0.2]] }],
    ['a signature in no place', { by: 'head', places: [] }],
    ['a signature shown twice', { by: 'head', places: [small], merged: true, listed: 2 }],
    ['a signature over a third', { by: 'head', places: [[0, 0, 1, 1 / 3]], merged: true }],
    [
      'a signature that stays as large when the page is small',
      { by: 'head', places: [small], merged: true, entries: { F: number(4 + 8) } },
    ],
    [
      'a signature whose look changes under the pointer',
      {
        ...{ by: 'head', places: [small], merged: true },
        entries: { AP: dict({ D: dict({}) }) },
      },
    ],
  ])('change what was signed before: %s', async (_, what) => {
    expect(await verdictOf(await overlaid(world, signed.table!, what))).toMatchObject(changed);
  });

  it.each<[string, Overlay]>([
    ['a time-stamp without a look', { by: 'stamp', places: [nowhere], merged: true, draws: null }],
    ['one in a kid', { by: 'stamp', places: [nowhere], draws: null }],
    ['one whose look is empty, as Acrobat has it', { by: 'stamp', places: [nowhere], draws: '% DSBlank\n' }],
    ['a small signature', { by: 'head', places: [small], merged: true }],
    ['one in a kid', { by: 'head', places: [small] }],
  ])('leave it as it was: %s', async (_, what) => {
    expect(await verdictOf(await overlaid(world, signed.table!, what))).toMatchObject({ state: 'valid' });
  });

  it('are counted together, signature after signature', async () => {
    const strip = (n: number) => ({ page: 0, x: 0, y: n * 120, width: 420, height: 100 });
    const head = { who: 'head', algorithm: 'ecdsa-p256-sha256' } as const;
    const once = await signedBy(world, signed.table!, [{ ...head, box: strip(1) }]);
    expect(await verdictOf(once)).toMatchObject({ state: 'valid' });
    const twice = await signedBy(world, once, [{ ...head, box: strip(2) }]);
    const { state, signatures } = await verdictOf(twice);
    expect(state).toBe('invalid');
    expect(signatures.map(({ reasons }) => reasons.includes('changed_after_signing'))).toEqual([
      ...[true, true],
      ...[false, false],
    ]);
  });

  it('are none at all behind a signature that certifies the file as it is', async () => {
    const certified = { by: 'head', places: [small], merged: true } as const;
    const stamp = { by: 'stamp', places: [nowhere], merged: true, draws: null } as const;
    const locked = await overlaid(world, signed.table!, { ...certified, certifies: 1 });
    const open = await overlaid(world, signed.table!, { ...certified, certifies: 2 });
    const further = { by: 'head', places: [[0.5, 0.1, 0.7, 0.2]], merged: true } as const;
    const stateAfter = async (pdf: Buffer, what: Overlay) =>
      (await verdictOf(await overlaid(world, pdf, what))).state;
    expect(await stateAfter(locked, stamp)).toBe('valid');
    expect(await stateAfter(locked, { ...stamp, places: [small] })).toBe('invalid');
    expect(await stateAfter(locked, further)).toBe('invalid');
    expect(await stateAfter(locked, { ...further, places: [nowhere], draws: null })).toBe('invalid');
    expect(await stateAfter(open, further)).toBe('invalid');
    expect(await stateAfter(open, { ...further, places: [nowhere], draws: null })).toBe('valid');
  });

  it('are measured against what of the page is shown', async () => {
    const file = readPdf(paper());
    const update = updateOf(file);
    const page = pagesOf(file)[0]!;
    const cropped = withEntries(page.dict, {
      MediaBox: array(...[0, 0, 4200, 5950].map(number)),
      CropBox: array(...[0, 0, 420, 595].map(number)),
    });
    update.put(ref(page.number), cropped);
    const small = await signedBy(world, update.finish().bytes, three.slice(0, 1));
    const whole = { page: 0, x: 0, y: 0, width: 420, height: 595 };
    const over = await signedBy(world, small, [{ who: 'head', algorithm: 'ecdsa-p256-sha256', box: whole }]);
    expect((await verdictOf(over)).state).toBe('invalid');
  });

  it('are none in a field left empty, when a time-stamp fills it', async () => {
    const trap = await signedBy(world, withEmptyField(paper(), 'Trap'), three.slice(0, 1));
    const filled = async (what: Pick<Overlay, 'by' | 'draws'>) =>
      (await verdictOf(await overlaid(world, trap, { ...what, places: [small], fills: 'Trap' }))).state;
    expect(await filled({ by: 'stamp' })).toBe('invalid');
    expect(await filled({ by: 'stamp', draws: '' })).toBe('invalid');
    expect(await filled({ by: 'stamp', draws: null })).toBe('valid');
    expect(await filled({ by: 'head' })).toBe('valid');
  });
});

describe('files that are not what they should be', () => {
  it('without a signature are undetermined', async () => {
    expect(await verdictOf(paper())).toMatchObject({ state: 'undetermined', reasons: ['no_signature'] });
  });
  it('that are no PDF are unreadable', async () => {
    expect(await verdictOf(Buffer.from('hello'))).toMatchObject({
      state: 'undetermined',
      reasons: ['unreadable'],
    });
    expect(await verdictOf(Buffer.alloc(0))).toMatchObject({ reasons: ['unreadable'] });
  });
  it('that are encrypted are not signed, and never called valid', async () => {
    const secret = qpdf(world, ['--encrypt', '', 'owner', '256', '--']);
    const result = await signPdf({
      pdf: secret,
      key: world.key('doctor'),
      algorithm: 'rsa-pkcs1-sha256',
      ...invisible,
    });
    expect(result).toMatchObject({ error: { code: 'signature_unreadable' } });
    expect((await verdictOf(secret)).state).toBe('undetermined');
  });
  it('signed by somebody the judge does not know are undetermined', async () => {
    const other = opensslWorld();
    const foreign = await signedBy(other, paper(), three.slice(0, 1));
    other.remove();
    expect(await verdictOf(foreign)).toMatchObject({
      state: 'undetermined',
      reasons: expect.arrayContaining(['issuer_unknown']),
    });
  });
});

function upperOne(pdf: Buffer, at: number): void {
  const found = /[a-f]/.exec(pdf.toString('latin1', at, at + 400))!;
  pdf.write(found[0].toUpperCase(), at + found.index, 'latin1');
}
