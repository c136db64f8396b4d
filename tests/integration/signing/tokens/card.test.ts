// A card that is really put in and pulled out: our PIV card program, vpcd's reader, pcscd, OpenSC, the helper, the desk.
// One pcscd to a machine: this file is in `integration-alone`.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../../../electron/signing/crypto.ts';
import { schemeOfAlgorithm } from '../../../../electron/signing/policy.ts';
import type { SigningKey } from '../../../../electron/signing/types.ts';
import { type Card, makeCard } from './card/card.ts';
import { startReader, type VirtualReader } from './card/reader.ts';
import { inMemory, spellings } from './memory.ts';
import {
  type Bench,
  cleanUp,
  type Identity,
  makeCenter,
  openBench,
  openSc,
  spkiOf,
  until,
} from './support.ts';

const center = makeCenter();
/** Key 9A: the PIN once. Key 9C: the PIN for each signature. */
const doctor = center.person('Nguyễn Thị Lan');
const alwaysAsking = center.person('Nguyễn Thị Lan');
const otherDoctor = center.person('Lê Văn Tám');
const pin = '74920618';
const algorithm = 'rsa-pkcs1-sha256';
const data = Buffer.from('{"type":"tram.document"}');
let reader: VirtualReader;
let card: Card;
let bench: Bench;

beforeAll(async () => {
  reader = await startReader();
});
afterEach(async () => {
  await bench?.desk.close();
  await card?.remove();
});
afterAll(async () => {
  await reader?.close();
  cleanUp(center.folder);
});

function newCard(who: Identity = doctor, guid = '00112233445566778899aabbccddeeff'): Card {
  return makeCard({ pin, guid, authentication: who, signature: alwaysAsking });
}

async function begin(pollMs = 150): Promise<void> {
  card = newCard();
  bench = openBench([openSc], { times: { pollMs } });
  await card.insert(reader.port);
}

async function tryPin(typed: string, knowing = false, who = doctor) {
  const token = await bench.tokenWith(who.id);
  return bench.desk.unlock(token.tokenId, who.id, await bench.seal(typed), { knowing });
}

async function unlocked(who = doctor): Promise<SigningKey> {
  const opened = await tryPin(pin, false, who);
  if (!opened.ok) throw new Error(opened.error.code);
  return bench.desk.key(opened.value.session)!;
}

/** As long as hands need; pcscd looks into the reader two or three times meanwhile. */
const aMoment = (): Promise<unknown> => new Promise((over) => setTimeout(over, 1_000));
const failure = (code: string) => ({ ok: false, error: { code } });
const noToken = async (): Promise<boolean> => (await bench.desk.tokens()).tokens.length === 0;

async function signs(key: SigningKey, who: Identity, wanted = key.algorithms[0]!): Promise<boolean> {
  const signed = await key.sign(data, wanted);
  return signed.ok && verify(schemeOfAlgorithm(wanted), spkiOf(who), data, signed.value);
}

describe('a card', () => {
  it('is seen when it is put in and gone when it is pulled out', async () => {
    card = newCard();
    bench = openBench([openSc]);
    expect((await bench.desk.tokens()).tokens).toEqual([]);
    let changes = 0;
    bench.desk.onChange(() => changes++);
    await card.insert(reader.port);
    const token = await bench.tokenWith(doctor.id);
    expect(token).toMatchObject({
      tokenId: 'opensc-pkcs11:8899aabbccddeeff',
      pin: 'ok',
      pinLength: { min: 4, max: 8 },
    });
    expect(token.certificates).toHaveLength(2);
    await card.remove();
    await until(noToken);
    expect(changes).toBeGreaterThanOrEqual(2);
  });

  it('signs after its PIN, as often as wanted, with both paddings', async () => {
    await begin();
    const key = await unlocked();
    expect(key.algorithms).toEqual(['rsa-pkcs1-sha256', 'rsa-pss-sha256']);
    for (const each of key.algorithms) expect(await signs(key, doctor, each)).toBe(true);
    expect(await signs(key, doctor)).toBe(true);
    // neither OpenSC nor we keep it
    expect(inMemory(bench.helpers[0]!.pid!, spellings(pin))).toBe(0);
  });

  it('whose key wants the PIN for each signature gets it from what was sealed, for one batch of papers', async () => {
    await begin();
    const key = await unlocked(alwaysAsking);
    for (let paper = 0; paper < 5; paper++) expect(await signs(key, alwaysAsking)).toBe(true);
    expect(card.signed).toBe(5);
  });

  it('is another card although it lies in the same reader', async () => {
    // looked at so seldom that the reader is never seen empty
    await begin(4_000);
    const key = await unlocked();
    await card.remove();
    await aMoment();
    card = newCard(otherDoctor, 'ffeeddccbbaa99887766554433221100');
    await card.insert(reader.port);
    const token = await bench.tokenWith(otherDoctor.id);
    expect(token.tokenId).toBe('opensc-pkcs11:7766554433221100');
    expect(await key.sign(data, algorithm)).toMatchObject(failure('token_locked'));
    expect(card.signed).toBe(0);
  });
});

describe('its PIN', () => {
  it('has three tries: the last one only knowingly, then it is locked for good', async () => {
    await begin();
    expect(await tryPin('111111')).toMatchObject(failure('pin_wrong'));
    expect((await bench.tokenWith(doctor.id)).pin).toBe('low');
    expect(await tryPin('222222')).toMatchObject(failure('pin_wrong'));
    expect((await bench.tokenWith(doctor.id)).pin).toBe('last');
    expect(await tryPin('333333')).toMatchObject(failure('pin_last_try'));
    expect(card.triesLeft).toBe(1);
    expect(await tryPin('333333', true)).toMatchObject(failure('pin_locked'));
    expect(card.triesLeft).toBe(0);
    expect((await bench.tokenWith(doctor.id)).pin).toBe('locked');
    expect(await tryPin(pin, true)).toMatchObject(failure('pin_locked'));
  });

  it('typed rightly at the last try opens it and gives the tries back', async () => {
    await begin();
    await tryPin('111111');
    await tryPin('222222');
    expect((await tryPin(pin, true)).ok).toBe(true);
    expect(card.triesLeft).toBe(3);
  });

  it.each(['123', '123456789'])('of a wrong length (%s) costs no try', async (typed) => {
    await begin();
    expect(await tryPin(typed)).toMatchObject({
      ok: false,
      error: { code: 'pin_length', params: { min: 4, max: 8 } },
    });
    expect(card.triesLeft).toBe(3);
  });
});

describe('a card pulled out in the middle of a batch', () => {
  it('at the seventeenth of fifty leaves sixteen signed; put back and opened again it signs the rest', async () => {
    await begin();
    const ends: string[] = [];
    bench.desk.onEnd((_, why) => ends.push(why));
    const key = await unlocked();
    card.removeAtSignature(17);
    const papers = Array.from({ length: 50 }, (_, paper) => Buffer.from(`{"paper":${paper + 1}}`));
    const done = new Map<number, Buffer>();
    const sign = async (with_: SigningKey): Promise<string | null> => {
      for (const [index, paper] of papers.entries()) {
        if (done.has(index)) continue;
        const signed = await with_.sign(paper, algorithm);
        if (!signed.ok) return signed.error.code;
        done.set(index, signed.value);
      }
      return null;
    };

    expect(await sign(key)).toBe('token_gone');
    expect([...done.keys()]).toEqual(Array.from({ length: 16 }, (_, index) => index));
    expect(ends).toEqual(['removed']);
    expect(await key.sign(data, algorithm)).toMatchObject(failure('token_locked'));
    await until(noToken);

    await card.insert(reader.port);
    const again = await unlocked();
    expect(await sign(again)).toBe(null);
    expect(card.signed).toBe(50);
    for (const [index, paper] of papers.entries())
      expect(verify(schemeOfAlgorithm(algorithm), spkiOf(doctor), paper, done.get(index)!)).toBe(true);
  });

  it('between two signatures ends its session, although nobody signs', async () => {
    await begin();
    const ended = Promise.withResolvers<string>();
    await unlocked();
    bench.desk.onEnd((_, why) => ended.resolve(why));
    await card.remove();
    expect(await ended.promise).toBe('removed');
  });

  it('and put back at once is not signed with before its PIN was given again', async () => {
    await begin(4_000);
    const key = await unlocked();
    await card.remove();
    await aMoment();
    await card.insert(reader.port);
    await aMoment();
    const signed = await key.sign(data, algorithm);
    expect(signed.ok).toBe(false);
    expect(card.signed).toBe(0);
    expect(await signs(await unlocked(), doctor)).toBe(true);
  });
});
