// A center in which papers are written and signed: a doctor, a nurse, a head of department and a director, one patient
// in a bed, a press without a browser and tokens without hardware whose keys are real.
import { execFileSync } from 'node:child_process';
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { memoryCache } from '../../../electron/signing/judge/cache.ts';
import { openJudge } from '../../../electron/signing/judge/judge.ts';
import type {
  ListedToken,
  SessionEnd,
  TokenDesk,
  TokenSession,
} from '../../../electron/signing/tokens/index.ts';
import type { Fetch, SigningKey } from '../../../electron/signing/types.ts';
import { derOfPem, readCertificate } from '../../../electron/signing/x509/certificate.ts';
import { sha256Hex } from '../../../electron/store/crypto.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { fail, ok } from '../../../shared/api/contract.ts';
import type { Input, Output } from '../../../shared/api/index.ts';
import { userPassword } from '../../../shared/model/access.ts';
import type { FormValues } from '../../../shared/model/form-template.ts';
import { once } from './once.ts';
import {
  adminPassword,
  foundedCore,
  hire,
  openTestCore,
  registerPatient,
  staffPassword,
  type TestCore,
} from './open-test-core.ts';
import { openedStore } from './opened-store.ts';
import { type PaperPress, paperPress } from './paper-press.ts';

export const pin = '13579246';
/** As a page would send it; the tokens of these tests take it unsealed. */
export const sealed = (text: string): string => Buffer.from(text).toString('base64');

export interface Identity {
  readonly der: Buffer;
  readonly id: string;
  readonly pem: string;
}

export interface Authority {
  readonly root: Buffer;
  /** Gives out its revocation list, while there is a line. */
  readonly fetch: Fetch;
  line: boolean;
  person(name: string, number?: string | null): Identity;
  remove(): void;
}

/** One nobody else uses. */
export const authority = (): Authority => authorityIn(makeAuthority());

/** By OpenSSL, P-256: quick to make. */
function makeAuthority(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tram-papers-ca-'));
  makeCertificate(folder, 'root', '/C=VN/CN=CA thử nghiệm', true);
  const openssl = opensslIn(folder);
  writeFileSync(
    join(folder, 'ca.cnf'),
    '[ca]\ndatabase = index\ncrlnumber = number\ndefault_md = sha256\ncrl_extensions = list\n[list]\nauthorityKeyIdentifier = keyid\n',
  );
  writeFileSync(join(folder, 'index'), '');
  writeFileSync(join(folder, 'number'), '01\n');
  openssl(
    ...['ca', '-config', 'ca.cnf', '-name', 'ca', '-cert', 'root.pem', '-keyfile', 'root.key'],
    ...['-gencrl', '-crldays', '30', '-out', 'list.pem'],
  );
  openssl('crl', '-in', 'list.pem', '-outform', 'DER', '-out', 'list.crl');
  return folder;
}

function authorityIn(folder: string): Authority {
  const made: Authority = {
    root: derIn(folder, 'root'),
    line: true,
    fetch: async () =>
      made.line ? ok(readFileSync(join(folder, 'list.crl'))) : fail('revocation_unreachable'),
    person(name, number = null) {
      const file = randomUUID();
      makeCertificate(folder, file, `/C=VN/CN=${name}${number === null ? '' : `/UID=CCCD:${number}`}`, false);
      const der = derIn(folder, file);
      return { der, id: sha256Hex(der), pem: readFileSync(join(folder, `${file}.key`), 'utf8') };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  return made;
}

function makeCertificate(folder: string, file: string, subject: string, ca: boolean): void {
  const openssl = opensslIn(folder);
  openssl(
    ...['req', '-new', '-x509', '-utf8', '-days', '900', '-subj', subject, '-out', `${file}.pem`],
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${file}.key`],
    ...(ca ? [] : ['-CA', 'root.pem', '-CAkey', 'root.key']),
    ...['-addext', `basicConstraints=critical,CA:${ca ? 'TRUE' : 'FALSE'}`],
    ...['-addext', `keyUsage=critical,${ca ? 'keyCertSign,cRLSign' : 'digitalSignature,nonRepudiation'}`],
    ...(ca ? [] : ['-addext', 'crlDistributionPoints=URI:http://crl.test/list.crl']),
    ...['-addext', 'subjectKeyIdentifier=hash'],
  );
}

const opensslIn =
  (cwd: string) =>
  (...args: string[]): void => {
    execFileSync('openssl', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  };

const derIn = (folder: string, file: string): Buffer =>
  derOfPem(readFileSync(join(folder, `${file}.pem`), 'latin1'))[0] ?? Buffer.alloc(0);

export interface HandTokens extends TokenDesk {
  plug(tokenId: string, identities: readonly Identity[]): void;
  pull(tokenId: string): void;
  /** Signatures after which the token is pulled out by itself. */
  pullAfter: number;
  readonly tries: { pin: string; knowing: boolean }[];
  signatures: number;
  close(): Promise<void>;
}

export function handTokens(now: () => number, idleMs: () => number = () => 300_000): HandTokens {
  const plugged = new Map<string, readonly Identity[]>();
  const sessions = new Map<string, { session: TokenSession; identity: Identity; until: number }>();
  const enders = new Set<(session: TokenSession, why: SessionEnd) => void>();
  const end = (name: string, why: SessionEnd): void => {
    const one = sessions.get(name);
    sessions.delete(name);
    if (one) for (const told of enders) told(one.session, why);
  };
  const alive = (name: string) => {
    const one = sessions.get(name);
    if (one && now() >= one.until) end(name, 'idle');
    return sessions.get(name) ?? null;
  };
  const desk: HandTokens = {
    pullAfter: Number.POSITIVE_INFINITY,
    tries: [],
    signatures: 0,
    plug: (tokenId, identities) => void plugged.set(tokenId, identities),
    pull(tokenId) {
      plugged.delete(tokenId);
      for (const [name, one] of sessions) if (one.session.tokenId === tokenId) end(name, 'removed');
    },
    tokens: async () => ({
      modules: [],
      tokens: [...plugged].map(
        ([tokenId, identities]): ListedToken => ({
          tokenId,
          label: tokenId,
          maker: 'thử',
          simulated: false,
          pin: 'ok',
          defaultPin: false,
          pinLength: { min: 6, max: 12 },
          certificates: identities.map(({ der }) => der),
        }),
      ),
    }),
    watch() {},
    pinKey: async () => '',
    async unlock(tokenId, certificateId, sealedPin, { knowing = false } = {}) {
      const typed = Buffer.from(sealedPin, 'base64').toString();
      desk.tries.push({ pin: typed, knowing });
      const identity = plugged.get(tokenId)?.find(({ id }) => id === certificateId);
      if (!identity) return fail('token_missing');
      if (typed !== pin) return fail('pin_wrong');
      const until = now() + idleMs();
      const session = { session: randomUUID(), tokenId, certificateId, openUntil: until, defaultPin: false };
      sessions.set(session.session, { session, identity, until });
      return ok(session);
    },
    session: (name) => alive(name)?.session ?? null,
    key(name): SigningKey | null {
      const one = alive(name);
      if (!one) return null;
      return {
        certificate: one.identity.der,
        chain: [],
        algorithms: ['ecdsa-p256-sha256'],
        async sign(data) {
          if (desk.signatures >= desk.pullAfter) {
            desk.pull(one.session.tokenId);
            return fail('token_gone');
          }
          desk.signatures += 1;
          return ok(sign('sha256', data, createPrivateKey(one.identity.pem)));
        },
      };
    },
    async lock(name) {
      for (const each of name === undefined ? [...sessions.keys()] : [name]) end(each, 'locked');
    },
    onChange: () => () => {},
    onEnd(listener) {
      enders.add(listener);
      return () => enders.delete(listener);
    },
    close: async () => {},
  };
  return desk;
}

export interface PaperCenter extends TestCore {
  readonly recoveryKey: string;
  readonly press: PaperPress;
  readonly tokens: HandTokens;
  readonly ca: Authority;
  readonly people: Readonly<Record<'bacsi' | 'dieuduong' | 'truong' | 'giamdoc', string>>;
  readonly patientId: string;
  readonly admissionId: string;
}

export type Person = 'bacsi' | 'dieuduong' | 'truong' | 'giamdoc';
const roles: Readonly<Record<Person, string>> = {
  bacsi: 'bac_si_dieu_tri',
  dieuduong: 'dieu_duong',
  truong: 'truong_khoa',
  giamdoc: 'giam_doc',
};

const numbers: Readonly<Record<Person, string>> = {
  bacsi: '001085000101',
  dieuduong: '001085000102',
  truong: '001085000103',
  giamdoc: '001085000104',
};

/**
 * Pages are named after the people logged in at them. Their accounts and the certificate authority are made once for all
 * files that share what is loaded, and copied: hashing passwords and calling OpenSSL would be most of a test's time.
 */
export async function paperCenter({
  roots = [],
  ...options
}: NonNullable<Parameters<typeof openTestCore>[0]> & {
  /** Believed besides the authority of the people's certificates. */
  readonly roots?: readonly Buffer[];
} = {}): Promise<PaperCenter> {
  const { folder, files, ...made } = await once('paper center', makeCommon);
  const ca = authorityIn(files);
  const press = paperPress();
  // certificates are made while the clock stands still
  const clock = options.clock ?? { now: Date.now() + 120_000 };
  const tokens = handTokens(() => clock.now);
  const anchors = [ca.root, ...roots].flatMap((der) => readCertificate(der) ?? []);
  const dataDir = mkdtempSync(join(tmpdir(), 'tram-papers-'));
  cpSync(folder, dataDir, { recursive: true });
  const center = await openTestCore({
    press,
    tokens: () => tokens,
    judge: openJudge({
      trust: { anchors, intermediates: [] },
      training: false,
      fetch: (asked) =>
        options.signingFetch && !asked.url.endsWith('/list.crl')
          ? options.signingFetch(asked)
          : ca.fetch(asked),
      cache: memoryCache(),
      now: () => clock.now,
    }),
    ...options,
    clock,
    dataDir,
  });
  await center.ok('admin', 'access.login', { username: 'quantri', password: adminPassword });
  for (const who of Object.keys(roles))
    await center.ok(who, 'access.login', { username: who, password: staffPassword });
  return { ...center, ...made, press, tokens, ca };
}

type Common = Pick<PaperCenter, 'recoveryKey' | 'people' | 'patientId' | 'admissionId'> & {
  /** A center's data folder with nobody's program running on it, and that of its certificate authority. */
  readonly folder: string;
  readonly files: string;
};

/** Both folders stay for the system to empty: the next test needs them. */
async function makeCommon(): Promise<Common> {
  const files = makeAuthority();
  const center = await foundedCore({ clock: { now: Date.now() } });
  const people = {
    bacsi: await hire(center, 'bacsi', [roles.bacsi]),
    dieuduong: await hire(center, 'dieuduong', [roles.dieuduong]),
    truong: await hire(center, 'truong', [roles.truong]),
    giamdoc: await hire(center, 'giamdoc', [roles.giamdoc]),
  };
  const patientId = await registerPatient(center, 'bacsi', 'Giàng A Páo');
  const board = await center.ok('bacsi', 'beds.wards', {});
  const wardId = board[0]?.wardId ?? '';
  const { admissionId } = await center.ok('bacsi', 'admissions.admit', {
    patientId,
    wardId,
    bedId: null,
    careType: '03',
    reason: 'Sốt cao',
    diagnosis: 'Viêm phổi',
    at: center.clock.now,
  } as Input<'admissions.admit'>);
  await openedStore(center, cheaperPasswords);
  const folder = mkdtempSync(join(tmpdir(), 'tram-papers-template-'));
  cpSync(center.dataDir, folder, { recursive: true });
  return { folder, files, recoveryKey: center.recoveryKey, people, patientId, admissionId };
}

/** The same ones, at the least Argon2id takes: five people log in before each test. */
async function cheaperPasswords(store: OpenStore): Promise<void> {
  const accounts = store.sql
    .prepare<[], { id: string; username: string }>('SELECT id, username FROM user_account')
    .all();
  for (const { id, username } of accounts) {
    const password = username === 'quantri' ? adminPassword : staffPassword;
    const verifier = await hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 });
    store.write({ userId: id, sessionId: null }, (tx) => {
      tx.append(userPassword, { id, body: { verifier, mustChange: false } });
      return ok(null);
    });
  }
}

/** A form with one signer: its first step, and what has to be filled in. */
export const admissionPaper = {
  form: 'benh-an-noi-khoa-vao',
  step: 'bac_si_lam_benh_an',
  values: {
    qua_trinh: 'Sốt ba ngày',
    toan_than: 'Tỉnh',
    tom_tat: 'Sốt, ho',
    cd_chinh: { text: 'Viêm phổi', code: 'J18.9' },
    huong_dieu_tri: 'Kháng sinh',
  },
};

/** Everything the discharge paper asks for. */
export const dischargeValues: FormValues = {
  co_so: 'Trung tâm Y tế Thử Nghiệm',
  ho_ten: 'GIÀNG A PÁO',
  ngay_sinh: '02/03/1985',
  dia_chi: 'Bản Lướt, xã Thử Nghiệm',
  vao_vien: 1_793_600_000_000,
  ra_vien: 1_793_900_000_000,
  chan_doan: { text: 'Viêm phổi', code: 'J18.9' },
  phuong_phap: 'Nội khoa',
};

/** A paper of this form, frozen; `fill` takes what the record gives. */
export async function frozenPaper(
  center: PaperCenter,
  form: string,
  values: FormValues,
  who: Person = 'bacsi',
): Promise<{ documentId: string; content: string; pages: number }> {
  const { patientId, admissionId } = center;
  const filled = await center.ok(who, 'documents.fill', { form, patientId, admissionId });
  const { documentId } = await center.ok(who, 'documents.save', {
    documentId: null,
    form,
    patientId,
    admissionId,
    values: { ...filled.values, ...values },
  });
  const frozen = await center.ok(who, 'documents.freeze', { documentId });
  return { documentId, ...frozen };
}

/** As a page does it: fetch, show all pages, say so. */
export async function read(
  center: TestCore,
  client: string,
  { documentId, content, pages }: { documentId: string; content: string; pages: number },
): Promise<void> {
  await center.ok(client, 'documents.pdf', { documentId, content });
  await center.ok(client, 'signing.seen', { documentId, content, pages });
}

const usual = new Map<Person, Identity>();

/** Plugs in a token with a certificate in this person's name, their usual one, and gives its PIN. */
export async function openToken(center: PaperCenter, who: Person, identity?: Identity): Promise<Identity> {
  const own = identity ?? usual.get(who) ?? center.ca.person(`Người ${who}`, numbers[who]);
  if (!identity) usual.set(who, own);
  center.tokens.plug(`token:${who}`, [own]);
  await center.ok(who, 'signing.unlock', {
    tokenId: `token:${who}`,
    certificateId: own.id,
    sealedPin: sealed(pin),
    mine: true,
  });
  return own;
}

export type News = Extract<PaperCenter['events'][number]['message'], { event: 'signing' }>['payload'];

/** Signs and waits for the batch's end; answers its news. */
export async function signed(
  center: PaperCenter,
  who: Person,
  items: Input<'signing.sign'>['items'],
): Promise<News[]> {
  const { batchId } = await center.ok(who, 'signing.sign', { items });
  for (let i = 0; i < 2_000; i++) {
    const news = newsOf(center, batchId);
    if (news.at(-1)?.step === 'done') return news;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('the batch does not end');
}

export const newsOf = (center: TestCore, batchId: string): News[] =>
  center.events.flatMap(({ message }) =>
    message.event === 'signing' && message.payload.batchId === batchId ? [message.payload] : [],
  );

export const stepsOf = async (
  center: TestCore,
  client: string,
  documentId: string,
): Promise<Output<'documents.open'>['steps']> =>
  (await center.ok(client, 'documents.open', { documentId })).steps;
