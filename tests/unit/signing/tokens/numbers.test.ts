// Every answer a module may give has a sentence for a person; what "removed" is called depends on who wrote the driver.
import { describe, expect, it } from 'vitest';
import { faultOf, meanings, tokenFaultCodes } from '../../../../electron/signing/tokens/numbers.ts';
import { error as sentences } from '../../../../renderer/i18n/vi/error.ts';
import { errorCodes } from '../../../../shared/api/errors.ts';

describe('answers of modules', () => {
  it('all lead to a code of the contract', () => {
    for (const code of tokenFaultCodes) expect(errorCodes).toContain(code);
    for (const { code, whileSigning } of Object.values(meanings))
      for (const each of [code, whileSigning ?? code]) expect(tokenFaultCodes).toContain(each);
  });

  it('and each code to a Vietnamese sentence', () => {
    for (const code of tokenFaultCodes) expect(sentences).toHaveProperty([`error.${code}`]);
  });

  it('are each named once, by the standard’s name', () => {
    const names = Object.values(meanings).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^CKR_[A-Z_]+$/.test(name))).toBe(true);
  });

  it.each([0x30, 0x31, 0x32, 0x82, 0xb3, 0xe0, 0x05, 0x101])(
    '0x%s while signing: the token is gone',
    (answer) => {
      expect(faultOf('C_Sign', answer, 'signing').code).toBe('token_gone');
    },
  );

  it('of a maker’s own are a failure with the number in the log', () => {
    expect(faultOf('C_Login', 0x8000_1234)).toEqual({
      code: 'token_failed',
      detail: 'C_Login answered 0x80001234',
    });
  });

  it('about PINs keep apart what a person does next', () => {
    expect([0xa0, 0xa1, 0xa2, 0xa3, 0xa4].map((answer) => faultOf('C_Login', answer).code)).toEqual([
      'pin_wrong',
      'pin_wrong',
      'pin_length',
      'pin_default',
      'pin_locked',
    ]);
  });
});
