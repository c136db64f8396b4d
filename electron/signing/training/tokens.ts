// Training's simulated tokens: each person who plugs one in has their own, with a certificate of training's authority,
// a PIN that is told on the token, tries that run out, and a plug that can be pulled in the middle of a batch. The same
// face as the desk of real tokens, which does not exist beside it: in training no real token is ever asked.
import { generateKeyPair, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as z from 'zod';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { Log } from '../../store/room.ts';
import { sha256, sha256Hex } from '../crypto.ts';
import { trainingFileKey } from '../file-key.ts';
import { makePinKey, type PinKey } from '../tokens/pin-key.ts';
import { keepSessions } from '../tokens/sessions.ts';
import type { ListedToken, TokenDesk } from '../tokens/types.ts';
import type { SigningKey } from '../types.ts';
import { pemOf, readCertificate } from '../x509/certificate.ts';
import { issueTraining, trainingRoot } from './authority.ts';

/** No secret: it stands on every simulated token. */
export const trainingPin = '246810';

export interface Holder {
  readonly userId: string;
  readonly fullName: string;
}

export interface TrainingTokens extends TokenDesk {
  /** The holder's own token, made when it is first needed; any other one is pulled out. Null pulls it out. */
  plug(holder: Holder | null): void;
  /** The holder's key without a PIN: for papers that were signed before anybody came to train. */
  keyOf(holder: Holder): Promise<SigningKey>;
}

export interface TrainingTokensOptions {
  readonly mode: 'training';
  /** Where tokens are kept, so that a person has the same certificate tomorrow; null: in memory. */
  readonly folder: string | null;
  idleMs(): number;
  now(): number;
  readonly log: Log;
  /** ms a signature takes: long enough to be seen. */
  readonly signingMs?: number;
}

interface SoftToken {
  readonly serial: string;
  readonly key: SigningKey;
}

const tries = 3;
const pinLength = { min: 6, max: 8 };

export function openTrainingTokens(options: TrainingTokensOptions): TrainingTokens {
  const { folder, idleMs, now, log, signingMs = 150 } = options;
  // whoever comes here by another way than the types must not get in either
  if (options.mode !== 'training') throw new Error('simulated tokens exist in training mode only');
  const listeners = new Set<() => void>();
  const made = new Map<string, Promise<SoftToken>>();
  const triesLeft = new Map<string, number>();
  let pinKey: Promise<PinKey> | null = null;
  let holder: Holder | null = null;
  const sessions = keepSessions<null>({ idleMs, now, close: async () => {} });

  return {
    plug(next) {
      if (holder?.userId === next?.userId) return;
      for (const { session } of sessions.all()) void sessions.end(session, 'removed');
      // a locked one is given back unlocked: people are here to learn
      if (next && triesLeft.get(next.userId) === 0) triesLeft.delete(next.userId);
      holder = next;
      if (next)
        void tokenOf(next).then(changed, (bug: unknown) => log('error', 'no training token', { bug }));
      changed();
    },
    async tokens() {
      const mine = holder;
      const token = mine && (await tokenOf(mine));
      return { tokens: mine && token && holder === mine ? [listed(mine, token)] : [], modules: [] };
    },
    keyOf: async (who) => (await tokenOf(who)).key,
    watch() {},
    async pinKey() {
      pinKey ??= makePinKey();
      return (await pinKey).spki.toString('base64');
    },
    async unlock(tokenId, certificateId, sealedPin, { knowing = false } = {}) {
      const mine = holder;
      const token = mine && (await tokenOf(mine));
      if (!mine || !token || holder !== mine || tokenId !== idOf(token)) return fail('token_missing');
      if (certificateId !== sha256Hex(token.key.certificate)) return fail('certificate_unfit');
      for (const { session } of sessions.all()) await sessions.end(session, 'replaced');
      const refused = await tryPin(mine, Buffer.from(sealedPin, 'base64'), knowing);
      changed();
      if (refused) return refused;
      return ok(
        sessions.add({
          tokenId,
          certificateId,
          defaultPin: false,
          key: null,
          signing: {
            ...token.key,
            async sign(data, algorithm) {
              await sleep(signingMs);
              // pulled out while it was busy
              return holder === mine ? token.key.sign(data, algorithm) : fail('token_gone');
            },
          },
        }),
      );
    },
    session: sessions.get,
    key: sessions.key,
    async lock(session) {
      const ending = session === undefined ? sessions.all().map((each) => each.session) : [session];
      await Promise.all(ending.map((each) => sessions.end(each, 'locked')));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onEnd: sessions.onEnd,
    async close() {
      listeners.clear();
      await Promise.all(sessions.all().map(({ session }) => sessions.end(session, 'locked')));
    },
  };

  /** As the helper of real tokens does it. */
  async function tryPin(mine: Holder, sealed: Buffer, knowing: boolean): Promise<Result<never> | null> {
    const left = triesLeft.get(mine.userId) ?? tries;
    if (left === 0) return fail('pin_locked');
    const pin = (await pinKey)?.open(sealed);
    if (!pin) return fail('pin_unreadable');
    const isLong = pin.length > pinLength.max;
    const isRight = pin.equals(Buffer.from(trainingPin));
    const isShort = pin.length < pinLength.min;
    pin.fill(0);
    if (isLong || isShort) return fail('pin_length', { params: pinLength });
    if (left === 1 && !knowing) return fail('pin_last_try');
    (await pinKey)?.spend(sealed);
    triesLeft.set(mine.userId, isRight ? tries : left - 1);
    if (isRight) return null;
    return fail(left === 1 ? 'pin_locked' : 'pin_wrong');
  }

  function listed(mine: Holder, token: SoftToken): ListedToken {
    const left = triesLeft.get(mine.userId) ?? tries;
    return {
      tokenId: idOf(token),
      label: `Token tập huấn (PIN ${trainingPin})`,
      maker: 'Trạm',
      simulated: true,
      pin: left === 0 ? 'locked' : left === 1 ? 'last' : left < tries ? 'low' : 'ok',
      defaultPin: false,
      pinLength,
      certificates: [token.key.certificate, ...token.key.chain],
    };
  }

  function tokenOf(mine: Holder): Promise<SoftToken> {
    const known = made.get(mine.userId);
    if (known) return known;
    const token = tokenFor(folder, mine, now());
    made.set(mine.userId, token);
    return token;
  }

  function changed(): void {
    for (const listener of listeners) listener();
  }
}

const idOf = ({ serial }: SoftToken): string => `training:${serial}`;

const Kept = z.object({
  holder: z.string(),
  serial: z.string(),
  keyPem: z.string(),
  certificate: z.base64(),
});
type Kept = z.infer<typeof Kept>;

/** The person's token of before, or a new one: renewed in time, and when the person is called otherwise now. */
async function tokenFor(
  folder: string | null,
  { userId, fullName }: Holder,
  now: number,
): Promise<SoftToken> {
  const file = folder && join(folder, `${sha256Hex(Buffer.from(userId)).slice(0, 16)}.json`);
  const before = file ? readKept(file) : null;
  const isGood = before?.holder === fullName && validToOf(before) > now + month;
  const kept = isGood
    ? before
    : await makeToken(userId, fullName, before?.serial ?? randomUUID().slice(0, 8), now);
  if (folder && file && !isGood) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
  }
  const key = trainingFileKey(kept.keyPem, certificatesOf(kept));
  if (!key.ok) throw new Error(`a training token was made badly: ${key.error.code}`);
  return { serial: kept.serial, key: key.value };
}

async function makeToken(userId: string, name: string, serial: string, now: number): Promise<Kept> {
  const pair = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = issueTraining({ name, number: numberOf(userId), spki: pair.publicKey }, now);
  return { holder: name, serial, keyPem: pair.privateKey, certificate: certificate.toString('base64') };
}

/** Null: there is none yet, or none that can be read. */
function readKept(file: string): Kept | null {
  try {
    return Kept.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

const month = 30 * 86_400_000;
const certificatesOf = ({ certificate }: Kept): string =>
  pemOf(Buffer.from(certificate, 'base64')) + pemOf(trainingRoot());
const validToOf = ({ certificate }: Kept): number =>
  readCertificate(Buffer.from(certificate, 'base64'))?.validTo ?? 0;

/** Looks like a citizen's number and is none: there is no province 999. */
const numberOf = (userId: string): string =>
  `999${(sha256(Buffer.from(userId)).readUIntBE(0, 6) % 1_000_000_000).toString().padStart(9, '0')}`;
