// The province has OpenSSL look at every signature on a paper once more: what is right is good, what is not is set aside
// with a reason and never dropped, and what cannot be said yet waits.
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signCades } from '../../../electron/signing/cms/index.ts';
import { startProvince } from '../../../province/index.ts';
import { blobStoreOf } from '../../../province/log/blobs.ts';
import { followPapers, openOpenssl, type PapersFollowing } from '../../../province/signatures/index.ts';
import type { Openssl } from '../../../province/signatures/openssl.ts';
import { documentConfirm, documentFreeze } from '../../../shared/model/documents.ts';
import { patientPhoto } from '../../../shared/model/patients.ts';
import {
  openTestDatabase,
  station,
  type TestCenter,
  type TestDatabase,
  type Writer,
  writer,
} from '../../unit/province/support.ts';
import { opensslWorld, type World } from '../../unit/signing/cms/openssl-world.ts';
import { files } from '../../unit/sync/support/files.ts';
import { atOf, enrolledStation, talk } from './client.ts';
import { account, claim, contentOf, hex, signature, writes } from './papers-support.ts';

let world: World;
let test: TestDatabase;
let anchors: string;
let following: PapersFollowing | null = null;
const said: string[] = [];

beforeAll(async () => {
  world = opensslWorld();
  anchors = world.path('anchors');
  mkdirSync(anchors);
  for (const name of ['root.pem', 'ca.pem', 'ca.crl.pem'])
    writeFileSync(`${anchors}/${name}`, readFileSync(world.path(name)));
  test = await openTestDatabase();
  test.clock = Date.now();
}, 60_000);
afterEach(async () => {
  await following?.close();
  following = null;
  said.length = 0;
});
afterAll(async () => {
  await test.close();
  world.remove();
});

async function follow(
  options: { anchors?: string | null; program?: string; deadline?: number } = {},
  other: Partial<Openssl> = {},
): Promise<PapersFollowing> {
  await following?.close();
  const asked = await openOpenssl({ anchors, folder: world.path('checking'), ...options });
  const openssl = { ...asked, ...other };
  following = followPapers({
    db: test.db,
    openssl,
    log: (_level, event) => said.push(event),
    now: () => test.clock,
    onGrew: () => () => {},
    wanted: (center) => said.push(`wanted ${center}`),
  });
  await following.catchUp();
  return following;
}

interface Signed {
  readonly center: TestCenter;
  readonly content: Buffer;
  readonly from: Writer;
}

/** A paper frozen and signed at a station, as it comes to the province. */
async function signedPaper(
  change: Partial<Record<'container' | 'content' | 'certificate' | 'digest', Uint8Array | string>> = {},
  signer = 'doctor',
): Promise<Signed> {
  const center = await test.center();
  const from = writer(station(center.center * 100));
  const [document, author] = [randomUUID(), randomUUID()];
  const content = contentOf(document);
  const frozen = {
    content: hex(content),
    pdf: hex(Buffer.from('pdf')),
    pages: 1,
    previous: null,
    reason: null,
    title: 'Giấy ra viện',
    steps: [],
    signedPdf: false,
    values: hex(Buffer.from('{}')),
    writerSigns: true,
  };
  writes(
    from,
    { kind: documentFreeze, subject: document, author, body: frozen },
    await signature({ world, document, author, who: signer, content }, change),
    account(author, `Bs. Nguyễn Thị ${signer}`, ['bac_si_dieu_tri']),
    await claim(world, author, signer),
  );
  await center.store.take([from.run(1)], from.feed.station);
  return { center, content, from };
}

async function bring({ center }: TestCenter, content: Buffer): Promise<void> {
  const blobs = blobStoreOf(test.db, center);
  await blobs.learn({ hash: hex(content), bytes: content.length, chunks: [hex(content)] });
  expect(await blobs.takeChunk(hex(content), 0, content)).toBe('complete');
}

it('fetches the photo of a patient too, which may be on one PC only', async () => {
  const center = await test.center();
  const from = writer(station(center.center * 100));
  const photo = 'ab'.repeat(32);
  const subject = { type: 'patient', id: randomUUID() };
  await center.store.take(
    [from.write(1, { subject, body: { photo, reason: null } }, patientPhoto)],
    from.feed.station,
  );
  await center.store.take(
    [from.run(1), from.write(1, { subject, body: { photo: null, reason: 'nhầm người' } }, patientPhoto)],
    from.feed.station,
  );
  await follow();
  const wanted = await blobStoreOf(test.db, center.center).wanted(10);
  expect(wanted.map(({ hash }) => hash)).toEqual([photo]);
  expect(said).toContain(`wanted ${center.center}`);
});

const found = ({ center }: TestCenter) =>
  test.db.query<{ state: string; reason: string | null; detail: string | null }>(
    'select state, reason, detail from paper_signature where center = $1 order by log_no',
    [center],
  );
const aside = ({ center }: TestCenter) =>
  test.db.query<{ reason: string; seq: number; detail: string }>(
    'select reason, seq, detail from quarantine where center = $1',
    [center],
  );

async function looked(change: Parameters<typeof signedPaper>[0] = {}, signer?: string): Promise<Signed> {
  const paper = await signedPaper(change, signer);
  const one = await follow();
  await bring(paper.center, paper.content);
  await one.catchUp();
  return paper;
}

describe('over the line', () => {
  it('a signature comes, its content is fetched from the station that has it, and it is good', async () => {
    const folder = world.path('province');
    const province = await startProvince({
      folder,
      listen: { host: '127.0.0.1', port: 0 },
      papers: { anchors },
    });
    try {
      const { station: self, number } = await enrolledStation(province);
      const [document, author] = [randomUUID(), randomUUID()];
      const content = contentOf(document);
      const has = files();
      self.blobs = has;
      has.add(content);
      const from = writer(self.place.station, self.place.incarnation);
      writes(
        from,
        account(author, 'Nguyễn Thị doctor', ['bac_si_dieu_tri']),
        await claim(world, author, 'doctor'),
        await signature({ world, document, author, who: 'doctor', content }),
      );
      const run = from.run(1);
      await self.place.store.take([run], self.place.station);
      const line = await talk(self, atOf(province));
      if ('code' in line) throw new Error(line.code);
      const state = async (): Promise<string | undefined> =>
        (
          await province.database.query<{ state: string }>(
            'select state from paper_signature where center = $1',
            [number],
          )
        )[0]?.state;
      // it looks every few seconds at what has come
      for (let tries = 0; tries < 400 && (await state()) !== 'good'; tries++)
        await new Promise((again) => setTimeout(again, 100));
      expect(await state()).toBe('good');
      expect(province.facts().openssl).toMatch(/^OpenSSL 3/);
      await line.close();
    } finally {
      await province.close();
    }
  }, 90_000);
});

describe('signatures on papers at the province', () => {
  it('wait for what they are over, which is asked for, and then are good', async () => {
    const { center, content } = await signedPaper();
    const one = await follow();
    expect(await found(center)).toMatchObject([{ state: 'waiting' }]);
    const wanted = await blobStoreOf(test.db, center.center).wanted(9);
    expect(wanted.map(({ hash }) => hash)).toEqual([hex(content), hex(Buffer.from('pdf'))]);
    expect(said).toContain(`wanted ${center.center}`);
    await bring(center, content);
    await one.catchUp();
    expect(await found(center)).toEqual([{ state: 'good', reason: null, detail: null }]);
    expect(await aside(center)).toEqual([]);
  });

  it('with RSA, P-256 and P-384 are all read by OpenSSL', async () => {
    for (const signer of ['doctor', 'head', 'director'])
      expect(await found((await looked({}, signer)).center)).toMatchObject([{ state: 'good' }]);
  });

  it('over other bytes are set aside with the reason, and stay in the log', async () => {
    const other = await signCades({
      content: Buffer.from('other'),
      key: world.key('doctor'),
      algorithm: 'rsa-pkcs1-sha256',
    });
    const { center, from } = await looked({ container: other.ok ? other.value : '' });
    expect(await found(center)).toMatchObject([{ state: 'rejected', reason: 'signature_wrong' }]);
    expect(await aside(center)).toMatchObject([{ reason: 'signature_wrong', seq: 2 }]);
    expect(said).toContain('signature_rejected');
    expect(
      await test.db.query(
        'select seq, encode(hash, $2) as hash from change_log where center = $1 order by seq',
        [center.center, 'hex'],
      ),
    ).toEqual([1, 2, 3, 4].map((seq) => ({ seq, hash: from.hash(seq) })));
  });

  it('with a byte changed in the signature are set aside', async () => {
    const { center, content } = await signedPaper();
    const key = world.key('doctor');
    const made = await signCades({ content, key, algorithm: 'rsa-pkcs1-sha256' });
    if (!made.ok) throw new Error(made.error.code);
    made.value.writeUInt8(made.value.readUInt8(made.value.length - 9) ^ 4, made.value.length - 9);
    const openssl = await openOpenssl({ anchors, folder: world.path('checking') });
    const question = { container: made.value, content, certificate: hex(key.certificate), at: test.clock };
    expect(await openssl.look(question)).toMatchObject({ state: 'rejected', reason: 'signature_wrong' });
    expect(await openssl.look({ ...question, container: Buffer.from('none') })).toMatchObject({
      state: 'rejected',
    });
    expect(center.center).toBeGreaterThan(0);
  });

  it('by somebody else than the change says are set aside', async () => {
    const { center } = await looked({ certificate: hex(Buffer.from('another certificate')) });
    expect(await aside(center)).toMatchObject([{ reason: 'signature_of_other' }]);
    const version = await looked({ content: hex(Buffer.from('another version')) });
    expect(await aside(version.center)).toMatchObject([
      { reason: 'signature_of_other', detail: 'of another version' },
    ]);
  });

  it('by one whose certificate was revoked before they came are set aside, those from before are good', async () => {
    const before = await signedPaper({}, 'nurse');
    // lists count in seconds
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    world.revoke('nurse');
    writeFileSync(`${anchors}/ca.crl.pem`, readFileSync(world.path('ca.crl.pem')));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    test.clock = Date.now();
    const after = await looked({}, 'nurse');
    expect(await aside(after.center)).toMatchObject([{ reason: 'signer_revoked' }]);
    const one = await follow();
    await bring(before.center, before.content);
    await one.catchUp();
    expect(await found(before.center)).toMatchObject([{ state: 'good' }]);
  });

  it('of a confirmation are looked at over its text', async () => {
    const center = await test.center();
    const from = writer(station(center.center * 100));
    const [document, author] = [randomUUID(), randomUUID()];
    const evidence = '{"finger":"phải, ngón cái"}';
    const content = hex(contentOf(document));
    const confirmed = {
      content,
      step: 'patient',
      way: 'finger',
      evidence,
      name: 'Trần Văn B',
      relation: null,
      witness: null,
    };
    writes(
      from,
      { kind: documentConfirm, subject: document, author, body: confirmed },
      await signature(
        { world, document, author, who: 'doctor', content: Buffer.from(evidence) },
        { content, over: 'evidence' },
      ),
      account(author, 'Nguyễn Thị doctor', []),
      await claim(world, author, 'doctor'),
    );
    await center.store.take([from.run(1)], from.feed.station);
    await follow();
    expect(await found(center)).toMatchObject([{ state: 'good' }]);
  });

  it('are not good where nobody’s roots are known, and are looked at again when they are', async () => {
    const { center, content } = await signedPaper();
    const one = await follow({ anchors: null });
    await bring(center, content);
    await one.catchUp();
    expect(await found(center)).toMatchObject([{ state: 'unproven', reason: 'no_anchors' }]);
    await follow();
    expect(await found(center)).toMatchObject([{ state: 'good' }]);
    expect(await aside(center)).toEqual([]);
  });

  it('wait where there is no OpenSSL, which is said, and are looked at once there is', async () => {
    const { center, content } = await signedPaper();
    const one = await follow({ program: '/nowhere/openssl' });
    await bring(center, content);
    await one.catchUp();
    expect(said).toContain('openssl_missing');
    expect(await found(center)).toMatchObject([{ state: 'waiting' }]);
    await follow();
    expect(await found(center)).toMatchObject([{ state: 'good' }]);
  });

  it('that OpenSSL finds no end of hold nobody up', async () => {
    const slow = world.write(
      'slow.sh',
      '#!/bin/sh\n[ "$1" = version ] && exec openssl version\nexec sleep 60\n',
    );
    chmodSync(slow, 0o700);
    const { center, content } = await signedPaper();
    const one = await follow({ program: slow, deadline: 300 });
    await bring(center, content);
    for (let i = 0; i < 3; i++) await one.catchUp();
    expect(said).toContain('signature_not_looked_at');
    expect(await found(center)).toMatchObject([{ state: 'unproven', reason: 'timeout' }]);
    expect(await aside(center)).toEqual([]);
  });

  it('at which the look breaks off hold nobody up, and are given up', async () => {
    const [bad, next] = [await signedPaper(), await signedPaper()];
    const { look } = await openOpenssl({ anchors, folder: world.path('checking') });
    const one = await follow(
      {},
      {
        look: async (question) => {
          if (hex(question.content) === hex(bad.content)) throw new SyntaxError('Nguyễn Văn An');
          return await look(question);
        },
      },
    );
    for (const { center, content } of [bad, next]) await bring(center, content);
    for (let i = 0; i < 3; i++) await one.catchUp();
    expect(await found(next.center)).toMatchObject([{ state: 'good' }]);
    expect(await found(bad.center)).toEqual([{ state: 'unproven', reason: 'failed', detail: 'SyntaxError' }]);
  });
});
