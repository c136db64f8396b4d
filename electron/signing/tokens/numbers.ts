// The numbers of PKCS#11 (OASIS, Cryptographic Token Interface Base Specification 2.40) that this program sends or may
// be answered, and what each answer means to a person. A number not listed is a maker's own: `token_failed`.
import type { ErrorCode } from '../../../shared/api/errors.ts';

/** What a module did not do: the function, what it answered, what that means. `detail` is for the log. */
export interface TokenFault {
  readonly code: TokenFaultCode;
  readonly detail: string;
}

export const tokenFaultCodes = [
  'pin_wrong',
  'pin_last_try',
  'pin_locked',
  'pin_default',
  'pin_length',
  'pin_unreadable',
  'token_missing',
  'token_gone',
  'token_locked',
  'token_hangs',
  'token_failed',
  'token_module_unfit',
  'certificate_unfit',
  'algorithm_unfit',
] as const satisfies readonly ErrorCode[];
export type TokenFaultCode = (typeof tokenFaultCodes)[number];

export const isFault = (answer: unknown): answer is TokenFault =>
  typeof answer === 'object' && answer !== null && 'code' in answer && 'detail' in answer;

/** CKR_OK. */
export const done = 0;
export const answers = {
  alreadyInitialized: 0x191,
  alreadyLoggedIn: 0x100,
  anotherLoggedIn: 0x104,
} as const;

/** CKF_… of CK_TOKEN_INFO. */
export const tokenFlags = {
  initialized: 0x400,
  userPinInitialized: 0x8,
  pinCountLow: 0x1_0000,
  pinFinalTry: 0x2_0000,
  pinLocked: 0x4_0000,
  pinToBeChanged: 0x8_0000,
} as const;

/** CKF_SERIAL_SESSION alone: some Vietnamese drivers refuse a session for writing, and nothing is ever written. */
export const readOnlySession = 0x4;
export const userType = { user: 1, contextSpecific: 2 } as const;

export const objectClass = { certificate: 1, privateKey: 3 } as const;
export const attribute = {
  class: 0x0,
  value: 0x11,
  certificateType: 0x80,
  id: 0x102,
  alwaysAuthenticate: 0x202,
} as const;

export const mechanism = {
  rsaPkcs: 0x1,
  rsaPss: 0xd,
  sha256: 0x250,
  sha256RsaPkcs: 0x40,
  sha256RsaPss: 0x43,
  ecdsa: 0x1041,
  ecdsaSha256: 0x1044,
  ecdsaSha384: 0x1045,
} as const;
/** CKG_MGF1_SHA256. */
export const mgf1Sha256 = 2;

interface Meaning {
  readonly name: string;
  readonly code: TokenFaultCode;
  /** In the middle of signing: drivers say "removed" in as many ways as there are drivers. */
  readonly whileSigning?: TokenFaultCode;
}

const failed = (name: string): Meaning => ({ name, code: 'token_failed' });
/** Says little by itself; seen when a token was pulled out while it signed. */
const goneIfSigning = (name: string): Meaning => ({ name, code: 'token_failed', whileSigning: 'token_gone' });
const gone = (name: string): Meaning => ({ name, code: 'token_gone' });
const unfitKey = (name: string): Meaning => ({ name, code: 'certificate_unfit' });
const unfitAlgorithm = (name: string): Meaning => ({ name, code: 'algorithm_unfit' });

export const meanings: Readonly<Record<number, Meaning>> = {
  1: { name: 'CKR_CANCEL', code: 'token_locked' },
  2: failed('CKR_HOST_MEMORY'),
  3: gone('CKR_SLOT_ID_INVALID'),
  5: goneIfSigning('CKR_GENERAL_ERROR'),
  6: failed('CKR_FUNCTION_FAILED'),
  7: failed('CKR_ARGUMENTS_BAD'),
  8: failed('CKR_NO_EVENT'),
  9: { name: 'CKR_NEED_TO_CREATE_THREADS', code: 'token_module_unfit' },
  10: { name: 'CKR_CANT_LOCK', code: 'token_module_unfit' },
  16: failed('CKR_ATTRIBUTE_READ_ONLY'),
  17: failed('CKR_ATTRIBUTE_SENSITIVE'),
  18: failed('CKR_ATTRIBUTE_TYPE_INVALID'),
  19: failed('CKR_ATTRIBUTE_VALUE_INVALID'),
  27: failed('CKR_ACTION_PROHIBITED'),
  32: failed('CKR_DATA_INVALID'),
  33: failed('CKR_DATA_LEN_RANGE'),
  48: goneIfSigning('CKR_DEVICE_ERROR'),
  49: goneIfSigning('CKR_DEVICE_MEMORY'),
  50: gone('CKR_DEVICE_REMOVED'),
  64: failed('CKR_ENCRYPTED_DATA_INVALID'),
  65: failed('CKR_ENCRYPTED_DATA_LEN_RANGE'),
  80: { name: 'CKR_FUNCTION_CANCELED', code: 'token_locked' },
  81: failed('CKR_FUNCTION_NOT_PARALLEL'),
  84: { name: 'CKR_FUNCTION_NOT_SUPPORTED', code: 'token_module_unfit' },
  96: { name: 'CKR_KEY_HANDLE_INVALID', code: 'certificate_unfit', whileSigning: 'token_gone' },
  98: unfitAlgorithm('CKR_KEY_SIZE_RANGE'),
  99: unfitAlgorithm('CKR_KEY_TYPE_INCONSISTENT'),
  100: failed('CKR_KEY_NOT_NEEDED'),
  101: failed('CKR_KEY_CHANGED'),
  102: failed('CKR_KEY_NEEDED'),
  103: unfitKey('CKR_KEY_INDIGESTIBLE'),
  104: unfitKey('CKR_KEY_FUNCTION_NOT_PERMITTED'),
  105: unfitKey('CKR_KEY_NOT_WRAPPABLE'),
  106: unfitKey('CKR_KEY_UNEXTRACTABLE'),
  112: unfitAlgorithm('CKR_MECHANISM_INVALID'),
  113: unfitAlgorithm('CKR_MECHANISM_PARAM_INVALID'),
  130: gone('CKR_OBJECT_HANDLE_INVALID'),
  144: failed('CKR_OPERATION_ACTIVE'),
  145: failed('CKR_OPERATION_NOT_INITIALIZED'),
  160: { name: 'CKR_PIN_INCORRECT', code: 'pin_wrong' },
  161: { name: 'CKR_PIN_INVALID', code: 'pin_wrong' },
  162: { name: 'CKR_PIN_LEN_RANGE', code: 'pin_length' },
  // the maker wants it changed before it is used
  163: { name: 'CKR_PIN_EXPIRED', code: 'pin_default' },
  164: { name: 'CKR_PIN_LOCKED', code: 'pin_locked' },
  176: gone('CKR_SESSION_CLOSED'),
  177: failed('CKR_SESSION_COUNT'),
  179: gone('CKR_SESSION_HANDLE_INVALID'),
  180: failed('CKR_SESSION_PARALLEL_NOT_SUPPORTED'),
  181: failed('CKR_SESSION_READ_ONLY'),
  182: failed('CKR_SESSION_EXISTS'),
  183: failed('CKR_SESSION_READ_ONLY_EXISTS'),
  184: failed('CKR_SESSION_READ_WRITE_SO_EXISTS'),
  192: failed('CKR_SIGNATURE_INVALID'),
  193: failed('CKR_SIGNATURE_LEN_RANGE'),
  208: failed('CKR_TEMPLATE_INCOMPLETE'),
  209: failed('CKR_TEMPLATE_INCONSISTENT'),
  224: gone('CKR_TOKEN_NOT_PRESENT'),
  225: { name: 'CKR_TOKEN_NOT_RECOGNIZED', code: 'token_module_unfit' },
  226: failed('CKR_TOKEN_WRITE_PROTECTED'),
  256: failed('CKR_USER_ALREADY_LOGGED_IN'),
  257: { name: 'CKR_USER_NOT_LOGGED_IN', code: 'token_locked', whileSigning: 'token_gone' },
  258: { name: 'CKR_USER_PIN_NOT_INITIALIZED', code: 'pin_locked' },
  259: failed('CKR_USER_TYPE_INVALID'),
  260: failed('CKR_USER_ANOTHER_ALREADY_LOGGED_IN'),
  261: failed('CKR_USER_TOO_MANY_TYPES'),
  288: failed('CKR_RANDOM_SEED_NOT_SUPPORTED'),
  289: failed('CKR_RANDOM_NO_RNG'),
  304: failed('CKR_DOMAIN_PARAMS_INVALID'),
  320: unfitAlgorithm('CKR_CURVE_NOT_SUPPORTED'),
  336: failed('CKR_BUFFER_TOO_SMALL'),
  352: failed('CKR_SAVED_STATE_INVALID'),
  368: failed('CKR_INFORMATION_SENSITIVE'),
  384: failed('CKR_STATE_UNSAVEABLE'),
  400: failed('CKR_CRYPTOKI_NOT_INITIALIZED'),
  401: failed('CKR_CRYPTOKI_ALREADY_INITIALIZED'),
  416: failed('CKR_MUTEX_BAD'),
  417: failed('CKR_MUTEX_NOT_LOCKED'),
  512: { name: 'CKR_FUNCTION_REJECTED', code: 'token_locked' },
};

export function faultOf(name: string, answer: number, when: 'signing' | 'else' = 'else'): TokenFault {
  const meaning = meanings[answer];
  const code = (when === 'signing' ? meaning?.whileSigning : undefined) ?? meaning?.code ?? 'token_failed';
  return { code, detail: `${name} answered ${meaning?.name ?? `0x${answer.toString(16)}`}` };
}
