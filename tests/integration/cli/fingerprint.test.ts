// `tram fingerprint` through its launcher, with made-up prints written as files.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { blank, enrolled, fingerCenter, printOf } from '../../unit/fingerprint/support.ts';
import { staffPassword } from '../../unit/support/open-test-core.ts';
import { admin, setUpCenter, tram } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'tram-fingers-'));
const file = (name: string): string => join(folder, 'set', name);
const lang = ['--lang', 'en'];
const secrets = [admin.password];
let on: (...args: string[]) => string[];

beforeAll(async () => {
  mkdirSync(join(folder, 'set'));
  for (const finger of [7001, 7002])
    for (const impression of [1, 2, 3]) {
      const { width, height, pixels } = printOf(finger);
      writeFileSync(
        file(`${finger}_${impression}.png`),
        encode({ width, height, data: pixels, channels: 1, depth: 8 }),
      );
    }
  const { width, height, pixels } = blank();
  writeFileSync(join(folder, 'blank.png'), encode({ width, height, data: pixels, channels: 1, depth: 8 }));
  const { dataDir } = await setUpCenter();
  on = (...args) => [...args, ...lang, '--data', dataDir, '--user', admin.username];
});

describe('tram fingerprint', () => {
  it('says how good a picture is, and never what its template is', () => {
    const ran = tram(['fingerprint', 'extract', file('7001_1.png'), '--json']);
    expect(ran.code).toBe(0);
    const facts = JSON.parse(ran.out);
    expect(facts).toMatchObject({ width: 300, height: 400, dpi: 500, usable: true, hints: [] });
    expect(facts.minutiae).toBeGreaterThan(30);
    expect(JSON.stringify(facts)).not.toMatch(/angle|template/);
    const none = tram(['fingerprint', 'extract', join(folder, 'blank.png'), ...lang]);
    expect(none).toMatchObject({ code: 1, out: '', err: 'There is no finger in the picture.\n' });
    expect(tram(['fingerprint', 'extract', join(folder, 'nowhere.png')])).toMatchObject({
      code: 1,
      err: 'Không có tệp hay thư mục đó.\n',
    });
  });

  it('tells whether two pictures are of one finger', () => {
    const same = tram(['fingerprint', 'match', file('7001_1.png'), file('7001_2.png'), ...lang]);
    expect(same).toMatchObject({ code: 0 });
    expect(same.out).toContain('The same finger.');
    const other = tram(['fingerprint', 'match', file('7001_1.png'), file('7002_1.png'), ...lang]);
    expect(other.code).toBe(1);
    expect(other.out).toContain('Not the same finger.');
  });

  it('writes a finger for other programs, and reads what they write', () => {
    const record = join(folder, 'finger.fmr');
    expect(tram(['fingerprint', 'extract', file('7001_1.png'), record]).code).toBe(0);
    expect(tram(['fingerprint', 'match', record, file('7001_2.png')]).code).toBe(0);
  });

  it('measures a folder', () => {
    const ran = tram(['fingerprint', 'bench', folder]);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({
      sets: [{ set: 'set', images: 6, genuine: 6, impostors: 9, failedToEnrol: 0, eer: 0 }],
    });
    expect(tram(['fingerprint', 'bench', file('7001_1.png')]).code).toBe(1);
    const empty = mkdtempSync(join(tmpdir(), 'tram-fingers-'));
    const none = tram(['fingerprint', 'bench', empty]);
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(none.err).toContain('NGÓN_LẦN.png');
  });

  it('needs a login for what is this store’s', () => {
    const readers = tram(on('fingerprint', 'readers'), { secrets });
    expect(readers).toMatchObject({ code: 1, out: 'No fingerprint reader is plugged into this PC.\n' });
    const capture = tram(on('fingerprint', 'capture'), { secrets });
    expect(capture).toMatchObject({ code: 1, out: '' });
    expect(capture.err).toContain('No fingerprint reader was found');
    const wrong = tram(on('fingerprint', 'identify', file('7001_1.png')), { secrets: ['nope'] });
    expect(wrong.code).toBe(3);
    expect(tram(['fingerprint', 'nonsense']).code).toBe(64);
  });

  it('finds whose finger a picture shows, and says that one finger is not enough', async () => {
    const center = await fingerCenter();
    await enrolled(center, 'Giàng A Páo', { 1: 7001 });
    await center.core.close();
    const asClerk = ['--data', center.dataDir, '--user', 'clerk'];
    const ran = tram(['fingerprint', 'identify', file('7001_3.png'), ...asClerk, ...lang], {
      secrets: [staffPassword],
    });
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('Looked among 1 people.\n1. Giàng A Páo  1985-03-02');
    expect(ran.out).toContain('One finger is not enough');
    const nobody = tram(['fingerprint', 'identify', file('7002_1.png'), ...asClerk, '--json'], {
      secrets: [staffPassword],
    });
    const { searched, candidates } = JSON.parse(nobody.out);
    expect(searched).toBe(1);
    // somebody may come near by chance, but not as near
    expect(candidates.filter(({ likeness }: { likeness: string }) => likeness === 'very')).toEqual([]);
  });
});
