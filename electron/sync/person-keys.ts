// Keys of persons, which one PC of the center gives another over their own line: never in the log, in a file of
// changes or at the province, so that an erasure has few places to reach. Asked for when both have told each other
// everything and whenever somebody's fingers come in whose key is not here; wrapped for the certificate of who asks.
import { derOf } from '../../shared/sync/certificate.ts';
import { MAX_LOOKUP_BYTES } from '../../shared/sync/wire.ts';
import { ecAgree, ecOneTimeKey, ecPointOf, seal, sha256, unseal } from '../store/crypto.ts';
import type { Log } from '../store/room.ts';

/** The keys this PC has, as another room keeps them. */
export interface PersonKeyPlace {
  /** Persons whose fingers are in the record and whose key is not here. */
  missing(): readonly string[];
  /** 32 bytes each, to be wiped by the caller; who is not known or was erased is left out. */
  keysOf(persons: readonly string[]): ReadonlyMap<string, Buffer>;
  put(person: string, key: Uint8Array): void;
}

/** An answer holds some 180 bytes for each. */
const MOST_AT_ONCE = 300;
const DEADLINE_MS = 10_000;
const PERSON = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type Ask = (question: Uint8Array, withinMs: number) => Promise<Uint8Array | null>;

/** Answers how many keys came. The peer may have none of them: it is asked again at the next occasion. */
export async function askForKeys(
  ask: Ask,
  own: { readonly keyPem: string; readonly station: string },
  place: PersonKeyPlace,
): Promise<number> {
  const missing = place.missing();
  let came = 0;
  for (let at = 0; at < missing.length; at += MOST_AT_ONCE) {
    const wanted = missing.slice(at, at + MOST_AT_ONCE);
    const answer = await ask(utf8({ personKeys: wanted }), DEADLINE_MS);
    if (!answer) return came;
    for (const [person, key] of unwrapped(answer, own)) {
      // only what was asked for: nobody leaves keys here unasked
      if (wanted.includes(person)) {
        place.put(person, key);
        came += 1;
      }
      key.fill(0);
    }
  }
  return came;
}

/** Null: another question. `certificatePem`: of the PC that asks, as the record knows it; null answers nothing. */
export function answerForKeys(
  question: Uint8Array,
  asker: { readonly station: string; readonly certificatePem: string | null },
  place: PersonKeyPlace | null,
  log: Log,
): Uint8Array | null {
  const wanted = personsIn(question);
  if (!wanted) return null;
  const der = asker.certificatePem === null ? null : derOf(asker.certificatePem);
  const point = der && ecPointOf(der);
  if (!point || !place) return new Uint8Array();
  const oneTime = ecOneTimeKey();
  const key = wrapKey(oneTime.agree(point), oneTime.point);
  const found = place.keysOf(wanted);
  const wrapped: Record<string, string> = {};
  for (const [person, secret] of found) {
    const { nonce, text, tag } = seal(key, secret, contextOf(person, asker.station));
    wrapped[person] = Buffer.concat([nonce, text, tag]).toString('base64');
    secret.fill(0);
  }
  key.fill(0);
  if (found.size > 0)
    log('info', 'keys of persons were given to another PC', { station: asker.station, keys: found.size });
  const answer = utf8({ point: oneTime.point.toString('base64'), personKeys: wrapped });
  return answer.length <= MAX_LOOKUP_BYTES ? answer : new Uint8Array();
}

function unwrapped(
  answer: Uint8Array,
  own: { readonly keyPem: string; readonly station: string },
): (readonly [string, Buffer])[] {
  const said = fromUtf8(answer);
  if (!isRecord(said) || typeof said.point !== 'string' || !isRecord(said.personKeys)) return [];
  const point = Buffer.from(said.point, 'base64');
  let key: Buffer;
  try {
    key = wrapKey(ecAgree(own.keyPem, point), point);
  } catch {
    return []; // no point of the curve
  }
  const all = Object.entries(said.personKeys).flatMap(([person, text]) => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : Buffer.alloc(0);
    if (bytes.length !== 12 + 32 + 16) return [];
    const sealed = { nonce: bytes.subarray(0, 12), text: bytes.subarray(12, -16), tag: bytes.subarray(-16) };
    const secret = unseal(key, sealed, contextOf(person, own.station));
    return secret ? [[person, secret] as const] : [];
  });
  key.fill(0);
  return all;
}

function personsIn(question: Uint8Array): readonly string[] | null {
  const said = fromUtf8(question);
  if (!isRecord(said) || !Array.isArray(said.personKeys)) return null;
  return said.personKeys
    .slice(0, MOST_AT_ONCE)
    .filter((one): one is string => typeof one === 'string' && PERSON.test(one));
}

/** SHA-256 over purpose, shared secret and the one-time point (as in ECIES): another point makes another key. */
const wrapKey = (shared: Uint8Array, point: Uint8Array): Buffer =>
  sha256(Buffer.concat([Buffer.from('tram person keys 1'), shared, point]));
const contextOf = (person: string, station: string): string => `tram person key 1 ${person} ${station}`;

const utf8 = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
function fromUtf8(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
