// Every code a module may answer has a meaning; pictures and answers are taken apart as the manuals describe them.
import { describe, expect, it } from 'vitest';
import {
  codeMeaning,
  codeWords,
  confirmationCodes,
} from '../../../electron/fingerprint/readers/serial/codes.ts';
import {
  commands,
  readProductAnswer,
  readSettingsAnswer,
} from '../../../electron/fingerprint/readers/serial/commands.ts';
import {
  sensorOf,
  sensorSaid,
  unpackPicture,
} from '../../../electron/fingerprint/readers/serial/pictures.ts';
import { captureHints } from '../../../electron/fingerprint/types.ts';
import { errorCodes } from '../../../shared/api/errors.ts';

describe('confirmation codes', () => {
  it('are all there from 00 to 2B, each once, and say where they are from', () => {
    const listed = confirmationCodes.map((row) => row.code);
    expect(new Set(listed).size).toBe(listed.length);
    for (let code = 0; code <= 0x2b; code++) expect(listed).toContain(code);
    for (const row of confirmationCodes) expect(['manual', 'unconfirmed']).toContain(row.source);
  });

  it('mean something a page has a sentence for', () => {
    for (const { meaning } of confirmationCodes) {
      if (meaning.kind === 'adjust') expect(captureHints).toContain(meaning.hint);
      if (meaning.kind === 'failed') expect(errorCodes).toContain(meaning.error);
    }
  });

  it.each([
    [0x00, { kind: 'done' }],
    [0x01, { kind: 'repeat' }],
    [0x02, { kind: 'no_finger' }],
    [0x03, { kind: 'adjust', hint: 'hold_still' }],
    [0x04, { kind: 'adjust', hint: 'moisten_finger' }],
    [0x05, { kind: 'adjust', hint: 'dry_finger' }],
    [0x06, { kind: 'adjust', hint: 'dry_finger' }],
    [0x07, { kind: 'adjust', hint: 'larger_area' }],
    [0x13, { kind: 'failed', error: 'reader_wrong_password' }],
    [0x15, { kind: 'adjust', hint: 'centre_finger' }],
    [0x17, { kind: 'adjust', hint: 'clean_reader' }],
    [0x20, { kind: 'failed', error: 'reader_wrong_password' }],
    [0x21, { kind: 'locked' }],
    [0xfc, { kind: 'unsupported' }],
    [0x99, { kind: 'failed', error: 'reader_failed' }],
  ])('0x%s', (code, meaning) => {
    expect(codeMeaning(code)).toEqual(meaning);
  });

  it('are named in the log', () => {
    expect(codeWords(0x15)).toBe('0x15 no valid picture');
    expect(codeWords(0x99)).toBe('0x99 not described');
  });
});

describe('what this driver sends', () => {
  it('says nothing twice that writes flash', () => {
    expect(commands.writeSetting.tries).toBe(1);
  });

  it('never stores, deletes or sends templates', () => {
    expect(Object.values(commands).map((c) => c.code)).not.toEqual(
      expect.arrayContaining([0x06, 0x0c, 0x0d, 0x08, 0x12, 0x15]),
    );
  });
});

describe('answers', () => {
  it('of ReadSysPara', () => {
    const answer = [0, 0, 4, 0, 9, 0, 200, 0, 3, 255, 255, 255, 255, 0, 2, 0, 6];
    expect(readSettingsAnswer(Uint8Array.from(answer))).toEqual({
      systemId: 9,
      capacity: 200,
      packetBytes: 128,
      baud: 57_600,
    });
    expect(readSettingsAnswer(Uint8Array.from(answer.slice(0, 16)))).toBeNull();
  });

  it('of ReadProdInfo, whatever fills the names', () => {
    const answer = new Uint8Array(47).fill(0xff);
    answer.set(
      [...'R503  '].map((c) => c.charCodeAt(0)),
      1,
    );
    answer.set([0, 192, 0, 192], 39);
    expect(readProductAnswer(answer)).toMatchObject({ model: 'R503', width: 192, height: 192 });
    expect(readProductAnswer(answer.subarray(0, 46))).toBeNull();
  });
});

describe('pictures', () => {
  it('are four bits a pixel, the left one first, black to white', () => {
    const picture = unpackPicture(Uint8Array.of(0x0f, 0x80), { width: 2, height: 2, dpi: 500 });
    expect(picture).toEqual({ width: 2, height: 2, dpi: 500, pixels: Uint8Array.of(0, 255, 136, 0) });
  });

  it('are known by their total', () => {
    expect(sensorOf(36_864, null)).toEqual({ width: 256, height: 288, dpi: 500 });
    expect(sensorOf(18_432, null)).toEqual({ width: 192, height: 192, dpi: 508 });
    expect(sensorOf(36_864 - 128, null)).toBeNull();
    expect(sensorOf(0, null)).toBeNull();
  });

  it('have the size the module says, where that can be', () => {
    expect(sensorOf(20_000, sensorSaid(200, 200))).toEqual({ width: 200, height: 200, dpi: 500 });
    expect(sensorSaid(192, 192)).toEqual({ width: 192, height: 192, dpi: 508 });
    for (const [w, h] of [
      [0, 0],
      [80, 80],
      [201, 200],
      [65_535, 65_535],
    ] as const)
      expect(sensorSaid(w, h)).toBeNull();
  });
});
