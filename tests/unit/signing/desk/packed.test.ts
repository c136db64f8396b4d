// The proof in one file, read back by the format's own rules.
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { packed } from '../../../../electron/signing/desk/packed.ts';

/** By the directory at the end, as any program that opens a ZIP does; every local header must say the same. */
function unpacked(zip: Buffer): { name: string; bytes: Buffer; day: string }[] {
  const end = zip.length - 22;
  expect(zip.readUInt32LE(end)).toBe(0x06054b50);
  let at = zip.readUInt32LE(end + 16);
  expect(at + zip.readUInt32LE(end + 12)).toBe(end);
  const files = [];
  for (let n = 0; n < zip.readUInt16LE(end + 10); n++) {
    expect(zip.readUInt32LE(at)).toBe(0x02014b50);
    const [nameLength, place] = [zip.readUInt16LE(at + 28), zip.readUInt32LE(at + 42)];
    const facts = zip.subarray(at + 6, at + 32);
    expect(zip.readUInt32LE(place)).toBe(0x04034b50);
    expect(zip.subarray(place + 4, place + 30).equals(facts)).toBe(true);
    const name = zip.toString('latin1', at + 46, at + 46 + nameLength);
    expect(zip.toString('latin1', place + 30, place + 30 + nameLength)).toBe(name);
    const from = place + 30 + nameLength;
    const bytes = zip.subarray(from, from + zip.readUInt32LE(at + 24));
    expect(crc32(bytes)).toBe(zip.readUInt32LE(at + 16));
    const day = zip.readUInt16LE(at + 14);
    files.push({ name, bytes, day: `${(day >> 9) + 1980}-${(day >> 5) & 15}-${day & 31}` });
    at += 46 + nameLength;
  }
  expect(at).toBe(end);
  return files;
}

it('holds every file under its name, with the day it was taken out', () => {
  const files = [
    { name: 'content.json', bytes: Buffer.from('{"giấy":"ra viện"}') },
    { name: '01-bac_si.p7s', bytes: Buffer.from([0x30, 0x80, 0, 255]) },
    { name: 'README.txt', bytes: Buffer.alloc(0) },
  ];
  const read = unpacked(packed(files, Date.UTC(2026, 10, 21, 20)));
  expect(read.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes) }))).toEqual(files);
  expect(new Set(read.map(({ day }) => day))).toEqual(new Set(['2026-11-22']));
  expect(unpacked(packed([], 0))).toEqual([]);
});
