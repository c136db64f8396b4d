// Fingers in files as the command line takes them: pictures, and records of other programs.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, expect, it } from 'vitest';
import { compareFiles, writeIsoFile } from '../../../../electron/core/fingerprint-tools.ts';
import type { FingerImage } from '../../../../electron/fingerprint/types.ts';
import { printOf } from '../support.ts';

const folder = mkdtempSync(join(tmpdir(), 'tram-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

function picture(name: string, { width, height, pixels }: FingerImage): string {
  writeFileSync(at(name), encode({ width, height, data: pixels, channels: 1, depth: 8 }));
  return at(name);
}

const one = picture('one.png', printOf(9001));
const again = picture('again.png', printOf(9001));
const other = picture('other.png', printOf(9002));
const matched = (a: string, b: string) => {
  const alike = compareFiles(a, b);
  return alike.ok ? alike.value.matched : alike.error.code;
};

it('a record written of one picture is told from another finger as the picture is', () => {
  const record = at('one.fmr');
  expect(writeIsoFile(one, record)).toMatchObject({ ok: true });
  expect(statSync(record).mode & 0o777).toBe(0o600);
  expect([matched(record, again), matched(again, record), matched(record, other)]).toEqual([
    true,
    true,
    false,
  ]);
  // most programs do not say how sure they are of a minutia
  const unsure = readFileSync(record);
  for (let sure = 33; sure < unsure.length - 2; sure += 6) unsure[sure] = 0;
  writeFileSync(at('unsure.fmr'), unsure);
  expect(matched(at('unsure.fmr'), again)).toBe(true);
  writeFileSync(at('cut.fmr'), unsure.subarray(0, 60));
  expect(matched(at('cut.fmr'), again)).toBe('template_unreadable');
});

it('a record never takes the place of another file', () => {
  writeFileSync(at('mine.txt'), 'giữ lại');
  expect(writeIsoFile(one, at('mine.txt')).ok).toBe(false);
  expect(readFileSync(at('mine.txt'), 'utf8')).toBe('giữ lại');
});
