// Keys of persons, which one PC of the center gives another over their own line: never in the log, in a file of
// changes or at the province, so that an erasure has few places to reach. Asked for when both have told each other
// everything and whenever somebody's fingers come in whose key is not here; wrapped for the certificate of who asks.
import { derOf } from '../../shared/sync/certificate.ts';
import { MAX_LOOKUP_BYTES } from '../../shared/sync/wire.ts';
import { ecAgree, ecOneTimeKey, ecPointOf, seal, sha256, unseal } from '../store/crypto.ts';
import type { Log } from '../store/room.ts';

/** One of a person's keys, told by an id that says nothing of it. */
export interface PersonKeyName {
  readonly person: string;
  readonly id: string;
}

/** The keys this PC has, as another room keeps them. */
export interface PersonKeyPlace {
  /** By which fingers in the record are sealed, and which are not here. */
  missing(): readonly PersonKeyName[];
  /** 32 bytes each, to be wiped by the caller; who is not known or was erased is left out. */
  keysOf(names: readonly PersonKeyName[]): readonly (PersonKeyName & { readonly key: Buffer })[];
  put(name: PersonKeyName, key: Uint8Array): void;
}

/** An answer holds some 180 bytes for each. */
const MOST_AT_ONCE = 300;
const DEADLINE_MS = 10_000;
/** A person and the key's id, as they travel. */
const NAME = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([\w-]{11})$/;

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
    const wanted = new Map(missing.slice(at, at + MOST_AT_ONCE).map((name) => [spelled(name), name]));
    const answer = await ask(utf8({ personKeys: [...wanted.keys()] }), DEADLINE_MS);
    if (!answer) return came;
    for (const [spelling, key] of unwrapped(answer, own)) {
      // only what was asked for: nobody leaves keys here unasked
      const name = wanted.get(spelling);
      if (name) {
        place.put(name, key);
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
  const wanted = namesIn(question);
  if (!wanted) return null;
  const der = asker.certificatePem === null ? null : derOf(asker.certificatePem);
  const point = der && ecPointOf(der);
  if (!point || !place) return new Uint8Array();
  const oneTime = ecOneTimeKey();
  const key = wrapKey(oneTime.agree(point), oneTime.point);
  const found = place.keysOf(wanted);
  const wrapped: Record<string, string> = {};
  for (const { key: secret, ...name } of found) {
    const { nonce, text, tag } = seal(key, secret, contextOf(spelled(name), asker.station));
    wrapped[spelled(name)] = Buffer.concat([nonce, text, tag]).toString('base64');
    secret.fill(0);
  }
  key.fill(0);
  if (found.length > 0)
    log('info', 'keys of persons were given to another PC', { station: asker.station, keys: found.length });
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
  const all = Object.entries(said.personKeys).flatMap(([name, text]) => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : Buffer.alloc(0);
    if (bytes.length !== 12 + 32 + 16) return [];
    const sealed = { nonce: bytes.subarray(0, 12), text: bytes.subarray(12, -16), tag: bytes.subarray(-16) };
    const secret = unseal(key, sealed, contextOf(name, own.station));
    return secret ? [[name, secret] as const] : [];
  });
  key.fill(0);
  return all;
}

function namesIn(question: Uint8Array): readonly PersonKeyName[] | null {
  const said = fromUtf8(question);
  if (!isRecord(said) || !Array.isArray(said.personKeys)) return null;
  return said.personKeys.slice(0, MOST_AT_ONCE).flatMap((one) => {
    const [, person, id] = (typeof one === 'string' && NAME.exec(one)) || [];
    return person !== undefined && id !== undefined ? [{ person, id }] : [];
  });
}

const spelled = ({ person, id }: PersonKeyName): string => `${person} ${id}`;

/** SHA-256 over purpose, shared secret and the one-time point (as in ECIES): another point makes another key. */
const wrapKey = (shared: Uint8Array, point: Uint8Array): Buffer =>
  sha256(Buffer.concat([Buffer.from('tram person keys 1'), shared, point]));
const contextOf = (name: string, asker: string): string => `tram person key 2 ${name} ${asker}`;

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
