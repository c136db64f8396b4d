// What a token says about its PIN, and whether one may be tried: a wrong one costs a try, and the last try a visit to
// the certificate authority.
import type { TokenInfo } from './abi.ts';
import { type TokenFault, tokenFlags } from './numbers.ts';

export type PinState = 'ok' | 'low' | 'last' | 'locked' | 'uninitialised';

export function pinStateOf(flags: number): PinState {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  if (has(tokenFlags.pinLocked)) return 'locked';
  if (!has(tokenFlags.userPinInitialized)) return 'uninitialised';
  if (has(tokenFlags.pinFinalTry)) return 'last';
  return has(tokenFlags.pinCountLow) ? 'low' : 'ok';
}

/** Whether a PIN may be tried at all. */
export function mayTry(
  { flags, pinLength }: TokenInfo,
  pinBytes: number,
  knowing: boolean,
): TokenFault | null {
  const state = pinStateOf(flags);
  if (state === 'locked' || state === 'uninitialised')
    return { code: 'pin_locked', detail: `the PIN is ${state}` };
  if (pinBytes < pinLength.min || pinBytes > pinLength.max)
    return {
      code: 'pin_length',
      detail: `not tried: shorter than ${pinLength.min} or longer than ${pinLength.max}`,
    };
  if (state === 'last' && !knowing) return { code: 'pin_last_try', detail: 'not tried' };
  return null;
}
