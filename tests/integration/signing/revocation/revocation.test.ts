// The judge against OpenSSL's own CA, OCSP responder and revocation lists over HTTP on the loopback.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EvidenceCache } from '../../../../electron/signing/judge/cache.ts';
import { folderCache, memoryCache } from '../../../../electron/signing/judge/cache.ts';
import { httpFetch } from '../../../../electron/signing/judge/http-fetch.ts';
import { openJudge } from '../../../../electron/signing/judge/judge.ts';
import type { CertificateQuestion } from '../../../../electron/signing/types.ts';
import type { Certificate } from '../../../../electron/signing/x509/certificate.ts';
import { readCertificate } from '../../../../electron/signing/x509/certificate.ts';
import { askOcsp } from '../../../../electron/signing/x509/ocsp.ts';
import { isSignedBy } from '../../../../electron/signing/x509/rules.ts';
import type { Authority } from './openssl-authority.ts';
import { openAuthority } from './openssl-authority.ts';

let ca: Authority;
beforeAll(async () => {
  ca = await openAuthority();
  ca.issue('responder', 'responder');
});
afterAll(() => ca.close());

const hour = 3_600_000;
function judgeNow(cache: EvidenceCache = memoryCache(), later = 0, online = true) {
  return openJudge({
    trust: { anchors: [ca.root], intermediates: [ca.issuing] },
    training: false,
    fetch: online ? httpFetch() : null,
    cache,
    now: () => Date.now() + later,
  });
}
const about = (certificate: Certificate, more: Partial<CertificateQuestion> = {}): CertificateQuestion => ({
  certificate: certificate.der,
  others: [],
  provenAt: null,
  usage: 'document',
  ocsp: [],
  crls: [],
  ...more,
});
async function said(judge: ReturnType<typeof judgeNow>, question: CertificateQuestion): Promise<string> {
  const { state, reasons, revocation } = await judge.judge(question);
  return [state, ...reasons, revocation?.how].join(' ');
}

describe('OpenSSL’s responder', () => {
  it('answers our question with our nonce', async () => {
    const person = ca.issue('An', 'person');
    const { der, nonce } = askOcsp(person, ca.issuing);
    writeFileSync(ca.path('question.der'), der);
    const text = ca.run('ocsp', '-reqin', 'question.der', '-req_text');
    expect(text.replaceAll(/[\s:]/g, '')).toContain(
      `0420${nonce.toString('hex').toUpperCase()}`.slice(0, 20),
    );
    expect(text).toContain(`Serial Number: ${person.serialOctets.toString('hex').toUpperCase()}`);

    await ca.startResponder('responder');
    expect(await said(judgeNow(), about(person))).toBe('valid ocsp');
    // the issuer itself
    await ca.startResponder('issuing');
    expect(await said(judgeNow(), about(person))).toBe('valid ocsp');
  });

  it('tells of a revocation at once, the list from its next number on', async () => {
    const person = ca.issue('Bình', 'person');
    const before = Date.now();
    await ca.startResponder('responder');
    expect(await said(judgeNow(), about(person))).toBe('valid ocsp');
    ca.revoke('Bình', 'keyCompromise');
    await ca.startResponder('responder');
    expect(await said(judgeNow(), about(person))).toBe('invalid revoked ocsp');
    await ca.stopResponder();
    expect(await said(judgeNow(), about(person))).toBe('valid crl');
    ca.list();
    expect(await said(judgeNow(), about(person))).toBe('invalid revoked crl');
    // what was proven to be signed before still holds
    expect(await said(judgeNow(), about(person, { provenAt: before - 2 * hour }))).toMatch(
      /^invalid not_yet/,
    );
    expect(await said(judgeNow(), about(person, { provenAt: before - hour / 2 }))).toBe('valid crl');
  });

  it('is not believed when another CA’s key signs, or one that has not the job', async () => {
    const person = ca.issue('Chi', 'person');
    ca.list();
    for (const signer of ['root', 'Chi']) {
      await ca.startResponder(signer);
      // what is left is the list
      expect(await said(judgeNow(), about(person))).toBe('valid crl');
    }
  });

  it('whose own certificate may be revoked is asked about in the list', async () => {
    const person = ca.issue('Dung', 'person');
    ca.issue('bound', 'bound_responder');
    ca.list();
    await ca.startResponder('bound');
    expect(await said(judgeNow(), about(person))).toBe('valid ocsp');
    ca.revoke('bound', 'keyCompromise');
    ca.list();
    expect(await said(judgeNow(), about(person))).toBe('valid crl');
    ca.lists.served = false;
    expect(await said(judgeNow(), about(person))).toMatch(/^undetermined/);
    ca.lists.served = true;
  });
});

describe('a line that comes and goes', () => {
  afterEach(() => {
    ca.lists.served = true;
  });

  it('leaves what was fetched, with its age, until it is too old', async () => {
    const person = ca.issue('Giang', 'person');
    ca.list();
    await ca.stopResponder();
    const folder = ca.path('kept');
    expect(await said(judgeNow(folderCache(folder)), about(person))).toBe('valid crl');
    ca.lists.served = false;
    const later = (ms: number) => said(judgeNow(folderCache(folder), ms), about(person));
    expect(await later(0)).toBe('valid cached');
    expect(await later(20 * hour)).toBe('valid cached');
    expect(await later(25 * hour)).toBe('undetermined revocation_old cached');
    expect(await said(judgeNow(memoryCache()), about(person))).toBe('undetermined revocation_unknown none');
    expect(await said(judgeNow(folderCache(folder), 0, false), about(person))).toBe('valid cached');
  });

  it('gives evidence that proves the signature later, without line and without the CA', async () => {
    const person = ca.issue('Hà', 'person');
    ca.list();
    await ca.startResponder('responder');
    const { evidence } = await judgeNow().examine(about(person));
    await ca.stopResponder();
    const alone = judgeNow(memoryCache(), 60 * 86_400_000, false);
    const question = about(person, { ...evidence, provenAt: Date.now() });
    expect(await said(alone, question)).toBe('valid ocsp');
    expect(await said(alone, { ...question, ocsp: [] })).toMatch(/^undetermined/);
  });
});

describe('keys and signatures as OpenSSL makes them', () => {
  it.each([
    ['ec384', 'valid'],
    ['rsa2048', 'valid'],
    ['pss2048', 'valid'],
    ['rsa1024', 'invalid algorithm_weak'],
  ] as const)('a person with a key of kind %s is %s', async (key, expected) => {
    const person = ca.issue(`Người ${key}`, 'person', { key });
    ca.list();
    await ca.stopResponder();
    expect(await said(judgeNow(), about(person))).toMatch(new RegExp(`^${expected}`));
  });

  it('a CA that signs with RSASSA-PSS is understood', () => {
    ca.run(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'p.key',
      '-subj',
      '/CN=PSS',
      '-config',
      'ca.cnf',
      '-extensions',
      'root_ca',
      '-sigopt',
      'rsa_padding_mode:pss',
      '-sigopt',
      'rsa_pss_saltlen:-1',
      '-sha384',
      '-outform',
      'DER',
      '-out',
      'p.der',
    );
    const certificate = ca.run('x509', '-in', 'p.der', '-inform', 'DER', '-outform', 'PEM');
    expect(certificate).toContain('BEGIN');
    const own = readDerFile('p.der');
    expect(own && isSignedBy(own, own.spki)).toBe(true);
    expect(own && isSignedBy(own, ca.root.spki)).toBe(false);
  });

  it('a certificate signed with SHA-1 is weak', async () => {
    const person = ca.issue('Cũ', 'person', { more: ['-md', 'sha1'] });
    expect(await said(judgeNow(), about(person))).toMatch(/^invalid algorithm_weak/);
  });

  it('a time-stamp’s certificate is for time-stamps and nothing else', async () => {
    const stamper = ca.issue('TSA', 'stamper');
    ca.list();
    expect(await said(judgeNow(), about(stamper, { usage: 'time-stamp' }))).toBe('valid crl');
    expect(await said(judgeNow(), about(stamper))).toMatch(/^invalid not_for_signing/);
  });

  it('a CA that was revoked takes everyone below with it', async () => {
    const person = ca.issue('Khánh', 'person');
    ca.revoke('issuing', 'cACompromise');
    ca.list();
    expect(await said(judgeNow(), about(person))).toMatch(/^invalid revoked/);
  });
});

const readDerFile = (name: string) => readCertificate(readFileSync(ca.path(name)));

describe('fetching', () => {
  let server: Server;
  let base: string;
  const answers: Record<string, (response: import('node:http').ServerResponse) => void> = {
    '/ok': (response) => void response.end('fine'),
    '/long': (response) => void response.end(Buffer.alloc(5000)),
    '/wrong': (response) => void response.writeHead(500).end('fine'),
    '/moved': (response) => void response.writeHead(302, { location: '/ok' }).end(),
    '/circle': (response) => void response.writeHead(302, { location: '/circle' }).end(),
    '/away': (response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/cut': (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('fine');
      setTimeout(() => response.destroy(), 20);
    },
    '/silent': () => undefined,
    '/drip': (response) => {
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    },
  };
  beforeAll(async () => {
    server = createServer((request, response) => answers[request.url ?? '']?.(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = async (url: string, method: 'GET' | 'POST' = 'GET') => {
    const answer = await httpFetch()({ url, method, deadline: 400, most: 1000 });
    return answer.ok ? answer.value.toString() : answer.error.code;
  };

  it.each([
    ['/ok', 'fine'],
    ['/moved', 'fine'],
    ['/long', 'revocation_unreachable'],
    ['/wrong', 'revocation_unreachable'],
    ['/circle', 'revocation_unreachable'],
    ['/away', 'revocation_unreachable'],
    ['/cut', 'revocation_unreachable'],
    ['/silent', 'revocation_unreachable'],
    ['/drip', 'revocation_unreachable'],
  ])('%s gives %s within its deadline', async (path, expected) => {
    const started = performance.now();
    expect(await get(base + path)).toBe(expected);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it.each(['file:///etc/passwd', 'ldap://x/', 'not an address', 'http://127.0.0.1:1/'])(
    '%s is not reached',
    async (url) => {
      expect(await get(url)).toBe('revocation_unreachable');
    },
  );

  it('does not send a question on to another address', async () => {
    expect(await get(`${base}/moved`, 'POST')).toBe('revocation_unreachable');
  });
});
