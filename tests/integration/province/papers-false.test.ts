// A signature that adds up and stands where it may not, and evidence that is none, are set aside by the province too, as
// far as its log says who may sign; what it does not say yet is looked at again when it does.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addTimeStamp } from '../../../electron/signing/cms/index.ts';
import { timeStamper } from '../../../electron/signing/tsp/index.ts';
import { blobStoreOf } from '../../../province/log/blobs.ts';
import { whyNotEntitled } from '../../../province/signatures/entitled.ts';
import { followPapers, openOpenssl, type PapersFollowing } from '../../../province/signatures/index.ts';
import type { Openssl } from '../../../province/signatures/openssl.ts';
import { documentDelegate, documentEvidence } from '../../../shared/model/documents.ts';
import { signerClaim, signerConfirm } from '../../../shared/model/signing.ts';
import { centerSetup } from '../../../shared/model/station.ts';
import {
  openTestDatabase,
  station,
  type TestCenter,
  type TestDatabase,
  type Writer,
  writer,
} from '../../unit/province/support.ts';
import { opensslWorld, stampUrl, type World } from '../../unit/signing/cms/openssl-world.ts';
import { type Act, account, claim, contentOf, hex, roleGiven, signature, writes } from './papers-support.ts';

let world: World;
let test: TestDatabase;
let following: PapersFollowing;
let openssl: Openssl;
beforeAll(async () => {
  world = opensslWorld();
  const anchors = world.path('anchors');
  mkdirSync(anchors);
  for (const name of ['root.pem', 'ca.pem'])
    writeFileSync(`${anchors}/${name}`, readFileSync(world.path(name)));
  test = await openTestDatabase();
  test.clock = Date.now();
  openssl = await openOpenssl({ anchors, folder: world.path('checking') });
  following = followPapers({
    ...{ db: test.db, openssl },
    ...{ log: () => {}, now: () => test.clock, onGrew: () => () => {}, wanted: () => {} },
  });
}, 60_000);
afterAll(async () => {
  await following.close();
  await test.close();
  world.remove();
});

interface Scene {
  readonly center: TestCenter;
  readonly from: Writer;
  readonly document: string;
  readonly author: string;
  readonly content: Buffer;
  /** More of the log, looked at. Answers what was found of every signature and evidence, in the log's order. */
  add(...acts: readonly Act[]): Promise<string[]>;
  sign(change?: Readonly<Record<string, unknown>>, by?: string | null): Promise<Act>;
}

async function scene(): Promise<Scene> {
  const center = await test.center();
  const from = writer(station(center.center * 100));
  const [document, author] = [randomUUID(), randomUUID()];
  const content = contentOf(document);
  let sent = 0;
  return {
    ...{ center, from, document, author, content },
    async add(...acts) {
      writes(from, ...acts);
      await center.store.take([from.run(sent + 1)], from.feed.station);
      sent = from.stored.length;
      await following.catchUp();
      const blobs = blobStoreOf(test.db, center.center);
      await blobs.learn({ hash: hex(content), bytes: content.length, chunks: [hex(content)] });
      await blobs.takeChunk(hex(content), 0, content);
      await following.catchUp();
      const rows = await test.db.query<{ state: string; reason: string | null }>(
        'select state, reason from paper_signature where center = $1 order by log_no',
        [center.center],
      );
      return rows.map(({ state, reason }) => (reason === null ? state : `${state} ${reason}`));
    },
    sign: (change, by = author) => signature({ world, document, author: by, who: 'doctor', content }, change),
  };
}
const aside = async ({ center }: Scene): Promise<string[]> =>
  (
    await test.db.query<{ reason: string }>('select reason from quarantine where center = $1 order by id', [
      center.center,
    ])
  ).map(({ reason }) => reason);

const doctorOf = ({ author }: Scene): Act => account(author, 'Nguyễn Thị doctor', ['bac_si_dieu_tri']);

describe('a signature', () => {
  it('by an account that has said with its key whose the certificate is, in its role, is good', async () => {
    const paper = await scene();
    const own = await claim(world, paper.author, 'doctor');
    expect(await paper.add(doctorOf(paper), own, await paper.sign())).toEqual(['good']);
    expect(await aside(paper)).toEqual([]);
  });

  it('by whom the log does not know yet waits for claim, name and role', async () => {
    const paper = await scene();
    expect(await paper.add(await paper.sign())).toEqual(['unproven unclaimed']);
    expect(await paper.add(account(paper.author, 'Nguyễn Thị doctor', []))).toEqual(['unproven unclaimed']);
    expect(await paper.add(await claim(world, paper.author, 'doctor'))).toEqual(['unproven account']);
    expect(await paper.add(roleGiven(paper.author, 'bac_si_dieu_tri'))).toEqual(['good']);
    expect(await aside(paper)).toEqual([]);
  });

  it('with a certificate that another has claimed, or by nobody, or in another name, is set aside', async () => {
    const paper = await scene();
    const other = randomUUID();
    const found = await paper.add(
      doctorOf(paper),
      account(other, 'Nguyễn Thị doctor', ['bac_si_dieu_tri']),
      await claim(world, other, 'doctor'),
      await paper.sign(),
      await paper.sign({}, null),
      await paper.sign({ signer: 'Trần Văn B' }, other),
      await paper.sign({}, other),
    );
    expect(found).toEqual([...Array(3).fill('rejected other_person'), 'good']);
    expect(await aside(paper)).toEqual(Array(3).fill('other_person'));
  });

  it.each<[string, Parameters<typeof claim>[3], string]>([
    ['without a proof', 'none', 'Nguyễn Thị doctor'],
    ['with a proof for somebody else', randomUUID(), 'Nguyễn Thị doctor'],
    ['by an account of another name', 'own', 'Trần Văn B'],
  ])('is nobody’s by a claim %s', async (_, proof, name) => {
    const paper = await scene();
    const found = await paper.add(
      account(paper.author, name, ['bac_si_dieu_tri']),
      await claim(world, paper.author, 'doctor', proof),
      await paper.sign(),
    );
    expect(found).toEqual(['unproven unclaimed']);
  });

  it('with a certificate two have claimed waits for an administrator who is neither', async () => {
    const paper = await scene();
    const [other, admin] = [randomUUID(), randomUUID()];
    const says = (author: string, subject = paper.author): Act => ({
      ...{ kind: signerConfirm, subject, author },
      body: { certificate: hex(world.der('doctor')) },
    });
    const found = await paper.add(
      doctorOf(paper),
      account(other, 'Nguyễn Thị doctor', ['bac_si_dieu_tri']),
      account(admin, 'Quản trị', ['quan_tri']),
      await claim(world, paper.author, 'doctor'),
      await claim(world, other, 'doctor'),
      await paper.sign(),
    );
    expect(found).toEqual(['unproven contested']);
    // their own word, and a colleague's, say nothing
    expect(await paper.add(says(paper.author), says(other))).toEqual(['unproven contested']);
    // who has not shown the key is nobody it could be
    expect(await paper.add(says(admin, randomUUID()))).toEqual(['unproven contested']);
    expect(await paper.add(says(admin, other), says(admin))).toEqual(['good']);
    // what was good is looked at again
    expect(await paper.add(says(admin, other))).toEqual(['rejected other_person']);
  });

  it('with the facility’s certificate is good where it names the facility only', async () => {
    const paper = await scene();
    const { author, content } = paper;
    const id = randomUUID();
    const number = paper.center.center;
    await test.db.query('update center set center_id = $2, name = $3 where number = $1', [
      number,
      id,
      'Trung tâm A',
    ]);
    const setup = { name: 'TTYT khu vực Bản Mới', facilityCode: null, provinceCode: '11' };
    const facility = (await claim(world, author, 'doctor')).body;
    await paper.add(
      { kind: centerSetup, subject: id, author: null, body: setup },
      account(author, 'Nguyễn Thị doctor', ['bac_si_dieu_tri']),
      { kind: signerClaim, subject: id, author, body: { ...facility, personNumber: null } },
    );
    const certificate = hex(world.der('doctor'));
    const step = { id: 'seal', kind: 'facility', roles: ['bac_si_dieu_tri'] };
    const version = Buffer.from(
      JSON.stringify({ type: 'tram.document', body: { document: paper.document, steps: [step] } }),
    );
    const named = async (name: string): Promise<string | null> => {
      const holder = { certificate, name, number: null };
      const signed = {
        what: 'signed',
        document: paper.document,
        author,
        step: 'seal',
        over: 'content',
      } as const;
      const over = { content: hex(content), digest: hex(content), certificate, signer: name };
      const why = await whyNotEntitled({
        ...{ db: test.db, openssl: { ...openssl, signerOf: async () => holder }, center: number, logNo: 99 },
        ...{ paper: { ...signed, ...over, container: content, signedPdf: null }, holder, content: version },
      });
      return why === null || why.state === 'good' ? null : why.reason;
    };
    expect(await named('TRUNG TÂM A')).toBeNull();
    expect(await named('Ttyt khu vực Bản Mới')).toBeNull();
    expect(await named('Công ty khác')).toBe('unclaimed');
  });

  it('at a step of another role, of a patient, of none, or of another paper, is set aside', async () => {
    const paper = await scene();
    const foreign = contentOf(randomUUID());
    const of = await signature({ ...paper, world, who: 'doctor', content: foreign });
    const found = await paper.add(
      doctorOf(paper),
      await claim(world, paper.author, 'doctor'),
      await paper.sign({ step: 'director' }),
      await paper.sign({ step: 'patient' }),
      await paper.sign({ step: 'nobody' }),
      of,
    );
    expect(found).toEqual([...Array(3).fill('rejected not_entitled'), 'waiting']);
    const blobs = blobStoreOf(test.db, paper.center.center);
    await blobs.learn({ hash: hex(foreign), bytes: foreign.length, chunks: [hex(foreign)] });
    await blobs.takeChunk(hex(foreign), 0, foreign);
    expect((await paper.add(await paper.sign())).slice(3)).toEqual(['rejected not_entitled', 'good']);
    expect(await aside(paper)).toEqual(Array(4).fill('not_entitled'));
  });

  it('by one who was asked, or has the role later, is good and no more set aside', async () => {
    const paper = await scene();
    const acts = [
      doctorOf(paper),
      await claim(world, paper.author, 'doctor'),
      await paper.sign({ step: 'director' }),
    ];
    expect(await paper.add(...acts)).toEqual(['rejected not_entitled']);
    const { content, author, document } = paper;
    const asked = { content: hex(content), step: 'director', to: author, reason: 'đi vắng' };
    const more: Act = { kind: documentDelegate, subject: document, author: randomUUID(), body: asked };
    expect(await paper.add(more)).toEqual(['good']);
    expect(await aside(paper)).toEqual([]);
  });

  it('counts once: the same container at another step is set aside', async () => {
    const paper = await scene();
    const first = await paper.sign();
    const again: Act = { ...first, body: { ...first.body, step: 'director' } };
    const both = account(paper.author, 'Nguyễn Thị doctor', ['bac_si_dieu_tri', 'giam_doc']);
    const own = await claim(world, paper.author, 'doctor');
    expect(await paper.add(both, own, first, again)).toEqual(['good', 'rejected used_elsewhere']);
  });
});

describe('evidence that comes later', () => {
  let good: Scene;
  let sign: Act;
  let container: Buffer;
  let stamped: Buffer;
  let found: string[];
  beforeAll(async () => {
    good = await scene();
    sign = await good.sign();
    container = Buffer.from(sign.body.container as Uint8Array);
    stamped = await stampedOf(container);
    const own = await claim(world, good.author, 'doctor');
    found = await good.add(doctorOf(good), own, sign);
  }, 60_000);
  afterEach(() => expect(found[0]).toBe('good'));

  async function stampedOf(original: Buffer): Promise<Buffer> {
    const made = await addTimeStamp(original, timeStamper({ url: stampUrl, fetch: world.fetch }));
    if (!made.ok) throw new Error(made.error.code);
    return made.value;
  }
  const evidence = (body: Readonly<Record<string, unknown>>): Act => ({
    ...{ kind: documentEvidence, subject: good.document, author: null },
    body: { ...{ container: hex(container), stamped: null, ocsp: [], crl: [], signedPdf: null }, ...body },
  });
  const last = async (body: Readonly<Record<string, unknown>>): Promise<string | undefined> => {
    found = await good.add(evidence(body));
    return found.at(-1);
  };

  it('is good when it is the same signature with a time-stamp', async () => {
    expect(await last({ stamped })).toBe('good');
  });

  it('is wrong when it is no container, the same without a stamp, or another’s', async () => {
    // of another paper: two over the same bytes in one second are the same
    const elsewhere = await (await scene()).sign();
    const another = await stampedOf(Buffer.from(elsewhere.body.container as Uint8Array));
    for (const one of [Buffer.from([48, 0]), container, another])
      expect(await last({ stamped: one })).toBe('rejected evidence_wrong');
  });

  it('is wrong when one byte of the stamp, or of what it is beside, is another', async () => {
    const [inStamp, inSignature] = [stamped.length - 9, container.length - 9].map((at) => {
      const changed = Buffer.from(stamped);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      return changed;
    });
    expect(await last({ stamped: inStamp })).toBe('rejected evidence_wrong');
    expect(await last({ stamped: inSignature })).toBe('rejected evidence_wrong');
  });

  it('is wrong when the stamp is over something else', async () => {
    const other = await timeStamper({ url: stampUrl, fetch: world.fetch })(Buffer.from('other'));
    const made = await addTimeStamp(container, async () => other);
    if (!made.ok) throw new Error(made.error.code);
    expect(await last({ stamped: made.value })).toBe('rejected evidence_wrong');
  });

  it('is wrong when its answers and lists are none', async () => {
    expect(await last({ ocsp: [new Uint8Array([48, 0])] })).toBe('rejected evidence_wrong');
  });

  it('waits for the signature it belongs to', async () => {
    const unknown = await good.sign();
    const name = hex(unknown.body.container as Uint8Array);
    expect(await last({ container: name, stamped })).toBe('waiting');
    found = await good.add(unknown);
    expect(found.slice(-2)).toEqual(['rejected evidence_wrong', 'good']);
  });

  it('that proves a revocation before the signature came sets the signature aside', async () => {
    const paper = await scene();
    const own = await claim(world, paper.author, 'doctor');
    const one = await paper.sign();
    expect(await paper.add(doctorOf(paper), own, one)).toEqual(['good']);
    world.revoke('doctor');
    // it came after that, by the province's clock
    await test.db.query('update change_log set at = $2 where center = $1 and kind = $3', [
      paper.center.center,
      Date.now() + 10_000,
      one.kind.kind,
    ]);
    world.openssl(['crl', '-in', 'ca.crl.pem', '-outform', 'DER', '-out', 'ca.crl']);
    const list = readFileSync(world.path('ca.crl'));
    const about = {
      ...evidence({}).body,
      container: hex(one.body.container as Uint8Array),
      crl: [hex(list)],
    };
    await paper.add({ kind: documentEvidence, subject: paper.document, author: null, body: about });
    // the list is on its way for longer than anything else is tried
    for (let i = 0; i < 4; i++) await following.catchUp();
    const blobs = blobStoreOf(test.db, paper.center.center);
    await blobs.learn({ hash: hex(list), bytes: list.length, chunks: [hex(list)] });
    await blobs.takeChunk(hex(list), 0, list);
    expect(await paper.add(account(randomUUID(), 'x', []))).toEqual(Array(2).fill('rejected signer_revoked'));
    expect(await aside(paper)).toEqual(Array(2).fill('signer_revoked'));
  });
});
