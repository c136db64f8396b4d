// Codes are read off paper by tired people and proved over certificates; both must be exact.
import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CODE_BYTES,
  codeId,
  makeCode,
  proofInput,
  readCode,
  spoken,
} from '../../../shared/sync/enrolment.ts';

describe('a code', () => {
  it('is five groups of four and is read again however it is typed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: CODE_BYTES, maxLength: CODE_BYTES }), (random) => {
        const code = makeCode(random);
        expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/);
        const plain = code.replaceAll('-', '');
        expect(readCode(code)).toBe(plain);
        expect(readCode(` ${code.toLowerCase().replaceAll('-', ' ')}\n`)).toBe(plain);
        expect(readCode(plain.replaceAll('0', 'O').replaceAll('1', 'l'))).toBe(plain);
        expect(spoken(plain)).toBe(code);
        expect(codeId(plain)).toBe(code.slice(0, 4));
      }),
    );
  });

  it('is refused with any one character wrong', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    const plain = makeCode(randomBytes(CODE_BYTES)).replaceAll('-', '');
    for (let i = 0; i < plain.length; i++)
      for (const other of alphabet)
        if (other !== plain[i]) expect(readCode(plain.slice(0, i) + other + plain.slice(i + 1))).toBeNull();
  });

  it('is refused when a character is missing, too many or not of the alphabet', () => {
    const code = makeCode(randomBytes(CODE_BYTES));
    expect(readCode(code.slice(0, -1))).toBeNull();
    expect(readCode(`${code}0`)).toBeNull();
    expect(readCode(code.replace(/.$/, 'U'))).toBeNull();
    expect(readCode('')).toBeNull();
  });
});

describe('a proof', () => {
  const key = randomBytes(32);
  const proof = (who: 'station' | 'responder', station: Uint8Array, responder: Uint8Array) =>
    createHmac('sha256', key).update(proofInput(who, { station, responder })).digest('hex');
  const [station, responder, between] = [randomBytes(32), randomBytes(32), randomBytes(32)];

  it('of one end is never that of the other, even with equal certificates', () => {
    expect(proof('station', station, responder)).not.toBe(proof('responder', station, responder));
    expect(proof('station', station, station)).not.toBe(proof('responder', station, station));
  });

  it('says nothing to whoever sits in between with a certificate of their own', () => {
    expect(proof('station', station, between)).not.toBe(proof('station', station, responder));
    expect(proof('responder', between, responder)).not.toBe(proof('responder', station, responder));
  });
});
