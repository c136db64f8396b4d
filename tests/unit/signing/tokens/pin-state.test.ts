// Which flags mean what, and when a PIN is not tried.
import { describe, expect, it } from 'vitest';
import { mayTry, pinStateOf } from '../../../../electron/signing/tokens/pin-state.ts';

const initialised = 0x408;
const token = (flags: number) => ({
  label: '',
  maker: '',
  serial: '1',
  flags,
  pinLength: { min: 6, max: 8 },
});

describe('the state of a PIN', () => {
  it.each([
    [initialised, 'ok'],
    [initialised | 0x10000, 'low'],
    [initialised | 0x30000, 'last'],
    [initialised | 0x70000, 'locked'],
    [0x400, 'uninitialised'],
    // locked says more than that there is none
    [0x40400, 'locked'],
  ])('%i is %s', (flags, state) => expect(pinStateOf(flags)).toBe(state));
});

describe('a PIN', () => {
  it.each([
    ['is tried', initialised, 6, false, null],
    ['too short is not', initialised, 5, true, 'pin_length'],
    ['too long is not', initialised, 9, true, 'pin_length'],
    ['at the last try is not, unawares', initialised | 0x20000, 6, false, 'pin_last_try'],
    ['at the last try is, knowingly', initialised | 0x20000, 6, true, null],
    ['of a wrong length is not even then', initialised | 0x20000, 5, true, 'pin_length'],
    ['on a locked token is not', initialised | 0x40000, 6, true, 'pin_locked'],
    ['on a token without one is not', 0x400, 6, true, 'pin_locked'],
  ])('%s', (_, flags, bytes, knowing, code) => {
    expect(mayTry(token(flags), bytes, knowing)?.code ?? null).toBe(code);
  });
});
