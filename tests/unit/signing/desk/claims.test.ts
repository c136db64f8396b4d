// Whose a certificate is when any PC may write that it is somebody's: what counts, what excludes each other, who settles.
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signCades } from '../../../../electron/signing/cms/index.ts';
import { openClaims } from '../../../../electron/signing/desk/claims.ts';
import { model } from '../../../../electron/signing/desk/index.ts';
import { issueTraining } from '../../../../electron/signing/training/authority.ts';
import { personNumberOf, readCertificate } from '../../../../electron/signing/x509/certificate.ts';
import type { OpenStore } from '../../../../electron/store/types.ts';
import { ok } from '../../../../shared/api/contract.ts';
import { claimText, signerClaim, signerConfirm } from '../../../../shared/model/signing.ts';
import { u } from '../../support/bedside.ts';
import { give, openTestStore, stationId } from '../../support/open-test-store.ts';

const now = Date.UTC(2026, 10, 22);
const [an, namesake, binh, admin] = [u(1), u(2), u(3), u(4)];
const center = u(9);
const names: Readonly<Record<string, readonly string[]>> = {
  [an]: ['Nguyễn Văn An'],
  [namesake]: ['BSCKI. Nguyễn Văn An'],
  [binh]: ['Trần Thị Bình', 'Lê Thị Bình'],
  [admin]: ['Lò Thị Mẩy'],
};

function token(name: string, number: string | null, curve = 'P-256') {
  const keys = generateKeyPairSync('ec', {
    namedCurve: curve,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const der = issueTraining({ name, number: number ?? '', spki: keys.publicKey }, now);
  const certificate = readCertificate(der)!;
  const long = curve !== 'P-256';
  return {
    certificate,
    async signs(text: string): Promise<Uint8Array> {
      const algorithm = long ? 'ecdsa-p384-sha384' : 'ecdsa-p256-sha256';
      const made = await signCades({
        content: Buffer.from(text),
        key: {
          ...{ certificate: der, chain: [], algorithms: [algorithm] },
          sign: async (data) => ok(sign(long ? 'sha384' : 'sha256', data, createPrivateKey(keys.privateKey))),
        },
        ...{ algorithm, at: now },
      });
      if (!made.ok) throw new Error(made.error.code);
      return new Uint8Array(made.value);
    },
  };
}
type Token = ReturnType<typeof token>;

const mine = token('Nguyễn Văn An', '001085000101');

async function claim(
  on: OpenStore,
  owner: string,
  of: Token,
  more: { by?: string | null; session?: string | null; proof?: Uint8Array | null } = {},
): Promise<void> {
  const { by = owner, session = u(40), proof = await of.signs(claimText(owner)) } = more;
  const { sha256 } = of.certificate;
  const done = on.write({ userId: by, sessionId: session }, (tx) => {
    tx.append(signerClaim, {
      id: owner,
      body: {
        ...{ certificate: sha256, name: '', personNumber: personNumberOf(of.certificate) },
        ...(proof && { proof: new Uint8Array(proof) }),
      },
    });
    return ok(null);
  });
  expect(done.ok).toBe(true);
}

function confirm(on: OpenStore, owner: string, { certificate }: Token, by = admin): void {
  on.write({ userId: by, sessionId: u(41) }, (tx) => {
    tx.append(signerConfirm, { id: owner, body: { certificate: certificate.sha256 } });
    return ok(null);
  });
}

function record(revokedAt = Number.POSITIVE_INFINITY) {
  const store = openTestStore([model]);
  const claims = openClaims(store, {
    namesEverOf: (userId) => names[userId] ?? [],
    rolesEverOf: () => [],
    administered: (userId) => userId === admin,
    isOfCenter: (station, at) => ['a', 'b'].some((one) => stationId(one) === station) && at < revokedAt,
    center: () => ({ id: center, name: 'Trung tâm Y tế Thử Nghiệm' }),
  });
  return { store, claims };
}
const contested = (claims: ReturnType<typeof record>['claims']) =>
  claims.contested().map((each) => each.map(({ owner }) => owner).sort());

describe('a certificate is an account’s', () => {
  it('when its key signed for the account, in its own session at a PC of the center', async () => {
    const { store, claims } = record();
    expect(claims.whose(mine.certificate)).toEqual({ is: 'nobodys' });
    await claim(store, an, mine);
    expect(claims.whose(mine.certificate)).toEqual({ is: 'ones', owner: an, settled: false });
    expect(claims.of(an)).toMatchObject([{ name: 'Nguyễn Văn An', personNumber: '001085000101' }]);
    expect(claims.contested()).toEqual([]);
  });

  it('in any name it has had, and renewed, with the same citizen number', async () => {
    const { store, claims } = record();
    const before = token('LÊ THỊ BÌNH', '001085000777');
    await claim(store, binh, before);
    expect(claims.whose(before.certificate)).toMatchObject({ is: 'ones', owner: binh });
    const renewed = token('TRẦN THỊ BÌNH', '001085000777');
    expect(claims.whose(renewed.certificate)).toMatchObject({ is: 'ones', owner: binh });
  });

  it('signed with a longer hash too, and not by what that key signed otherwise', async () => {
    const long = token('Nguyễn Văn An', null, 'P-384');
    const { store, claims } = record();
    await claim(store, an, long, { proof: await long.signs('{"type":"tram.document"}') });
    expect(claims.whose(long.certificate)).toEqual({ is: 'nobodys' });
    await claim(store, an, long);
    expect(claims.whose(long.certificate)).toMatchObject({ is: 'ones', owner: an });
  });
});

describe('a claim counts for nothing', () => {
  const bad: readonly [string, (store: OpenStore) => Promise<void>][] = [
    ['without its key', (store) => claim(store, an, mine, { proof: null })],
    [
      'signed by another key',
      async (store) =>
        claim(store, an, mine, { proof: await token('Nguyễn Văn An', '001085000101').signs(claimText(an)) }),
    ],
    [
      'made for another account',
      async (store) => claim(store, namesake, mine, { proof: await mine.signs(claimText(an)) }),
    ],
    [
      'made of a paper that was signed',
      async (store) => claim(store, an, mine, { proof: await mine.signs('{"type":"tram.document"}') }),
    ],
    ['written by somebody else', (store) => claim(store, an, mine, { by: binh })],
    ['written by nobody who was logged in', (store) => claim(store, an, mine, { session: null })],
    ['of an account with another name', (store) => claim(store, binh, mine)],
    ['of the center, where the certificate is a person’s', (store) => claim(store, center, mine, { by: an })],
  ];
  it.each(bad)('%s', async (_what, write) => {
    const { store, claims } = record();
    await write(store);
    expect(claims.whose(mine.certificate)).toEqual({ is: 'nobodys' });
    // and stands in nobody's way
    await claim(store, an, mine);
    expect(claims.whose(mine.certificate)).toMatchObject({ is: 'ones', owner: an });
    expect(claims.contested()).toEqual([]);
  });

  it('from a PC that is none of the center’s, or was revoked by then', async () => {
    const stranger = openTestStore([model], { station: 'x' });
    await claim(stranger, an, mine);
    const { store, claims } = record();
    give(stranger, store);
    expect(store.sql.prepare('SELECT count(*) FROM signer_certificate').pluck().get()).toBe(1);
    expect(claims.whose(mine.certificate)).toEqual({ is: 'nobodys' });
    const late = record(0);
    await claim(late.store, an, mine);
    expect(late.claims.whose(mine.certificate)).toEqual({ is: 'nobodys' });
  });
});

describe('claims that exclude each other', () => {
  const writtenEarlier = async (owner: string, of: Token) => {
    const other = openTestStore([model], { station: 'b', now: Date.UTC(2020, 0, 1) });
    await claim(other, owner, of);
    return other;
  };

  it('are contested, though one is dated before the other, until an administrator says whose it is', async () => {
    const { store, claims } = record();
    await claim(store, an, mine);
    give(await writtenEarlier(namesake, mine), store);
    expect(claims.whose(mine.certificate)).toEqual({
      is: 'contested',
      owners: expect.arrayContaining([an, namesake]),
    });
    expect(contested(claims)).toEqual([[an, namesake]]);
    confirm(store, namesake, mine, binh);
    expect(claims.whose(mine.certificate).is).toBe('contested');
    confirm(store, an, mine);
    expect(claims.whose(mine.certificate)).toEqual({ is: 'ones', owner: an, settled: true });
    expect(claims.contested()).toEqual([]);
    // said otherwise later: the last word counts
    confirm(store, namesake, mine);
    expect(claims.whose(mine.certificate)).toMatchObject({ owner: namesake });
  });

  it('are settled by nobody for themselves', async () => {
    const { store, claims } = record();
    const own = token('Lò Thị Mẩy', '001085000555');
    await claim(store, admin, own);
    await claim(store, admin, token('Lò Thị Mẩy', '001085000556'));
    confirm(store, admin, own);
    expect(claims.whose(own.certificate)).toEqual({ is: 'contested', owners: [admin] });
  });

  it('are two citizens on one account; the old card’s nine digits beside twelve are one', async () => {
    const { store, claims } = record();
    await claim(store, an, mine);
    await claim(store, an, token('Nguyễn Văn An', '012345678'));
    expect(claims.whose(mine.certificate)).toMatchObject({ is: 'ones', owner: an });
    const other = token('Nguyễn Văn An', '001085000999');
    give(await writtenEarlier(an, other), store);
    for (const { certificate } of [mine, other])
      expect(claims.whose(certificate)).toEqual({ is: 'contested', owners: [an] });
    expect(contested(claims)).toEqual([[an], [an]]);
    confirm(store, an, mine);
    expect(claims.whose(mine.certificate)).toMatchObject({ is: 'ones', owner: an });
    expect(claims.whose(other.certificate)).toEqual({ is: 'nobodys' });
    expect(claims.contested()).toEqual([]);
  });
});

it('the facility’s certificate is the center’s, whoever of the center holds its token', async () => {
  const { store, claims } = record();
  const office = token('TRUNG TÂM Y TẾ THỬ NGHIỆM', null);
  await claim(store, center, office, { by: binh });
  expect(claims.whose(office.certificate)).toEqual({ is: 'ones', owner: center, settled: false });
});
