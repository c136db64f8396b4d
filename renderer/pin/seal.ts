// A typed PIN becomes something only the token's helper can open: RSA-OAEP with SHA-256, over the PIN's UTF-8 bytes.
import type { FromPinField } from './messages.ts';

type Sealed = Extract<FromPinField, { kind: 'sealed' | 'refused' }>;

/** `min` and `max` count bytes, as tokens do. `key`: SPKI, base64. */
export async function sealPin(
  typed: string,
  { key, min, max }: { readonly key: string; readonly min: number; readonly max: number },
): Promise<Sealed> {
  const pin = new TextEncoder().encode(typed);
  try {
    if (pin.length === 0 || pin.length < min || pin.length > max) return { kind: 'refused', why: 'length' };
    const name = 'RSA-OAEP';
    const helper = await crypto.subtle.importKey('spki', fromBase64(key), { name, hash: 'SHA-256' }, false, [
      'encrypt',
    ]);
    return { kind: 'sealed', pin: toBase64(await crypto.subtle.encrypt({ name }, helper, pin)) };
  } catch {
    return { kind: 'refused', why: 'key' };
  } finally {
    pin.fill(0);
  }
}

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

const toBase64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));
