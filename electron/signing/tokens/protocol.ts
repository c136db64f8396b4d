// The messages between the program and the helper process that alone loads makers' modules. The helper is trusted no
// more than the modules inside it: what it sends is checked on arrival.
import type { SignatureAlgorithm } from '../types.ts';
import { type TokenFault, tokenFaultCodes } from './numbers.ts';
import type { PinState } from './pin-state.ts';
import type { SeenToken } from './tokens.ts';

export type ToHelper =
  /** First, once. */
  | { readonly type: 'begin'; readonly id: number }
  /** Loads the module when it is not loaded yet. `fresh`: certificates are read again. */
  | { readonly type: 'look'; readonly id: number; readonly file: string; readonly fresh: boolean }
  | {
      readonly type: 'open';
      readonly id: number;
      readonly file: string;
      readonly serial: string;
      /** SHA-256 of its DER, hex. */
      readonly certificate: string;
      readonly sealedPin: Uint8Array;
      readonly knowing: boolean;
      /** PINs tokens are sold with: told when it is one of them, never tried by ourselves. */
      readonly soldWith: readonly string[];
    }
  /** The data, not its hash: the helper signs what it has seen itself. */
  | {
      readonly type: 'sign';
      readonly id: number;
      readonly key: number;
      readonly algorithm: SignatureAlgorithm;
      readonly data: Uint8Array;
    }
  | { readonly type: 'check'; readonly id: number; readonly key: number }
  | { readonly type: 'close'; readonly id: number; readonly key: number };

export type Answer =
  /** SubjectPublicKeyInfo, DER. */
  | { readonly type: 'begun'; readonly id: number; readonly pinKey: Uint8Array }
  | { readonly type: 'seen'; readonly id: number; readonly tokens: readonly SeenToken[] }
  | {
      readonly type: 'opened';
      readonly id: number;
      readonly key: number;
      readonly algorithms: readonly SignatureAlgorithm[];
      readonly defaultPin: boolean;
    }
  | { readonly type: 'signed'; readonly id: number; readonly signature: Uint8Array }
  | { readonly type: 'done'; readonly id: number }
  | { readonly type: 'fault'; readonly id: number; readonly fault: TokenFault };

/** A message from the helper; null when it is none of ours. */
export function parseFromHelper(message: unknown): Answer | null {
  if (!isRecord(message) || typeof message.id !== 'number') return null;
  const { id } = message;
  switch (message.type) {
    case 'done':
      return { type: 'done', id };
    case 'begun':
      return isBytes(message.pinKey, 1_000) ? { type: 'begun', id, pinKey: message.pinKey } : null;
    case 'signed':
      return isBytes(message.signature, 2_000) ? { type: 'signed', id, signature: message.signature } : null;
    case 'opened': {
      const { key, algorithms, defaultPin } = message;
      if (typeof key !== 'number' || !Array.isArray(algorithms)) return null;
      const known = allAlgorithms.filter((algorithm) => algorithms.includes(algorithm));
      // in the order the helper gave: best first
      known.sort((a, b) => algorithms.indexOf(a) - algorithms.indexOf(b));
      return { type: 'opened', id, key, algorithms: known, defaultPin: defaultPin === true };
    }
    case 'seen':
      return seenMessage(id, message.tokens);
    case 'fault':
      return faultMessage(id, message.fault);
    default:
      return null;
  }
}

const allAlgorithms: readonly SignatureAlgorithm[] = [
  'rsa-pkcs1-sha256',
  'rsa-pss-sha256',
  'ecdsa-p256-sha256',
  'ecdsa-p384-sha384',
];
const pinStates: readonly PinState[] = ['ok', 'low', 'last', 'locked', 'uninitialised'];
const mostTokens = 64;
const mostCertificates = 64;
const mostCertificateBytes = 32_768;

function seenMessage(id: number, tokens: unknown): Answer | null {
  if (!Array.isArray(tokens)) return null;
  return { type: 'seen', id, tokens: tokens.slice(0, mostTokens).flatMap((token) => seenToken(token) ?? []) };
}

function seenToken(token: unknown): SeenToken | null {
  if (!isRecord(token) || !isRecord(token.pinLength) || !Array.isArray(token.certificates)) return null;
  const pin = pinStates.find((state) => state === token.pin);
  const { min, max } = token.pinLength;
  if (!pin || typeof min !== 'number' || typeof max !== 'number') return null;
  return {
    serial: shortText(token.serial),
    label: shortText(token.label),
    maker: shortText(token.maker),
    pin,
    defaultPin: token.defaultPin === true,
    pinLength: { min, max },
    certificates: token.certificates
      .slice(0, mostCertificates)
      .flatMap((der: unknown) => (isBytes(der, mostCertificateBytes) ? [Buffer.from(der)] : [])),
  };
}

function faultMessage(id: number, fault: unknown): Answer | null {
  if (!isRecord(fault) || typeof fault.detail !== 'string') return null;
  const code = tokenFaultCodes.find((known) => known === fault.code);
  return code ? { type: 'fault', id, fault: { code, detail: fault.detail.slice(0, 200) } } : null;
}

const shortText = (text: unknown): string => (typeof text === 'string' ? text.slice(0, 120) : '');
const isBytes = (value: unknown, most: number): value is Uint8Array =>
  value instanceof Uint8Array && value.length <= most;
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
