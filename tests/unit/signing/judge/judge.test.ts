import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nul } from '../../../../electron/signing/der/write.ts';
import type { EvidenceCache } from '../../../../electron/signing/judge/cache.ts';
import { folderCache, memoryCache } from '../../../../electron/signing/judge/cache.ts';
import type { JudgeOptions } from '../../../../electron/signing/judge/judge.ts';
import { openJudge } from '../../../../electron/signing/judge/judge.ts';
import { trainingOrganization } from '../../../../electron/signing/judge/training-mark.ts';
import type { CertificateQuestion, Fetch } from '../../../../electron/signing/types.ts';
import { fail, ok } from '../../../../shared/api/contract.ts';
import type { CrlForm, Holder, OcspForm } from '../x509/authority.ts';
import {
  crlOf,
  day,
  extendedUsage,
  extension,
  issue,
  nameDer,
  nonceOf,
  ocspOf,
  root,
  today,
} from '../x509/authority.ts';

const hour = 3_600_000;
const ca = root({ from: today - 3000 * day, to: today + 3000 * day });
const places = { ocsp: 'http://ocsp.test/', crl: 'http://crl.test/ca.crl' };
const person = issue(ca, places);

const folder = mkdtempSync(join(tmpdir(), 'tram-judge-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the addresses answer; a missing one is unreachable. */
type Line = Partial<Record<string, (body: Uint8Array) => Buffer>>;
function fetchFrom(line: Line): Fetch & { asked: string[] } {
  const asked: string[] = [];
  const fetch: Fetch = ({ url, body = new Uint8Array() }) => {
    asked.push(url);
    const answer = line[url];
    return Promise.resolve(answer === undefined ? fail('revocation_unreachable') : ok(answer(body)));
  };
  return Object.assign(fetch, { asked });
}
const listLine = (form: CrlForm = {}): Line => ({ [places.crl]: () => crlOf(ca, form) });
const ocspLine = (form: OcspForm = {}, about = person): Line => ({
  [places.ocsp]: (request) => ocspOf(about.certificate, ca, { nonce: nonceOf(request), ...form }),
});

const judgeWith = (options: Partial<JudgeOptions> = {}) =>
  openJudge({
    trust: { anchors: [ca.certificate], intermediates: [] },
    training: false,
    fetch: null,
    cache: memoryCache(),
    now: () => today,
    ...options,
  });
const about = (holder: Holder, more: Partial<CertificateQuestion> = {}): CertificateQuestion => ({
  certificate: holder.certificate.der,
  others: [],
  provenAt: null,
  usage: 'document',
  ocsp: [],
  crls: [],
  ...more,
});
const brief = async (judge: ReturnType<typeof judgeWith>, question: CertificateQuestion) => {
  const { state, reasons, revocation } = await judge.judge(question);
  return [state, ...reasons, revocation?.how ?? '-'].join(' ');
};

describe('the judge', () => {
  it('calls a certificate valid when a responder says so, and says who said it when', async () => {
    const answer = await judgeWith({ fetch: fetchFrom(ocspLine()) }).examine(about(person));
    expect(answer).toMatchObject({
      state: 'valid',
      reasons: [],
      revocation: { how: 'ocsp', asOf: today - hour },
    });
    expect(answer.path).toEqual([person.certificate.der, ca.certificate.der]);
    expect(answer.evidence.ocsp.length).toBe(1);
  });

  it('falls back on the list when the responder is silent', async () => {
    expect(await brief(judgeWith({ fetch: fetchFrom(listLine()) }), about(person))).toBe('valid crl');
  });

  it('never calls unknown valid: without line and without anything kept', async () => {
    expect(await brief(judgeWith(), about(person))).toBe('undetermined revocation_unknown none');
    expect(await brief(judgeWith({ fetch: fetchFrom({}) }), about(person))).toBe(
      'undetermined revocation_unknown none',
    );
    const unasked = issue(ca);
    expect(await brief(judgeWith({ fetch: fetchFrom({}) }), about(unasked))).toBe(
      'undetermined revocation_unknown none',
    );
  });

  it.each<[string, Line]>([
    ['the responder does not know it', ocspLine({ status: 'unknown' })],
    ['the responder is another CA’s', ocspLine({ responder: root() })],
    ['the answer is to another question', ocspLine({ nonce: Buffer.alloc(32) })],
    ['the answer comes from the future', ocspLine({ thisUpdate: today + hour })],
    ['the list has no number', listLine({ number: null })],
    ['the list says no end', listLine({ nextUpdate: null })],
    ['the list is signed by somebody else', listLine({ signer: root().privateKey })],
    [
      'rubbish comes',
      { [places.ocsp]: () => Buffer.from('<html>'), [places.crl]: () => Buffer.from('<html>') },
    ],
  ])('never calls unknown valid: %s', async (_, line) => {
    expect(await brief(judgeWith({ fetch: fetchFrom(line) }), about(person))).toBe(
      'undetermined revocation_unknown none',
    );
  });

  it.each<[string, Line]>([
    ['an answer', ocspLine({ thisUpdate: today - 3 * day, nextUpdate: today - 2 * day })],
    ['an answer without end', ocspLine({ thisUpdate: today - 2 * day, nextUpdate: null })],
    ['a list', listLine({ thisUpdate: today - 3 * day, nextUpdate: today - day })],
    ['a list that promises too much', listLine({ thisUpdate: today - 60 * day, nextUpdate: today + day })],
  ])('says that %s is old', async (_, line) => {
    expect(await brief(judgeWith({ fetch: fetchFrom(line) }), about(person))).toMatch(
      /^undetermined revocation_old/,
    );
  });

  it('says revoked, whoever proves it', async () => {
    const at = today - day;
    expect(await brief(judgeWith({ fetch: fetchFrom(ocspLine({ status: { at } })) }), about(person))).toBe(
      'invalid revoked ocsp',
    );
    const revoked = [{ serial: person.certificate.serial, at }];
    expect(await brief(judgeWith({ fetch: fetchFrom(listLine({ revoked })) }), about(person))).toBe(
      'invalid revoked crl',
    );
    // enclosed with the signature, against a responder that says good
    const enclosed = about(person, { crls: [crlOf(ca, { revoked })] });
    expect(await brief(judgeWith({ fetch: fetchFrom(ocspLine()) }), enclosed)).toBe('invalid revoked crl');
  });

  it('holds to what was at the proven time: a later revocation does not undo it, an earlier one does', async () => {
    const provenAt = today - 10 * day;
    const of = (at: number, invalidSince?: number) =>
      brief(
        judgeWith({
          fetch: fetchFrom(
            listLine({ revoked: [{ serial: person.certificate.serial, at, reason: 1, invalidSince }] }),
          ),
        }),
        about(person, { provenAt }),
      );
    expect(await of(provenAt + 1000)).toBe('valid crl');
    expect(await of(provenAt - 1000)).toBe('invalid revoked crl');
    expect(await of(provenAt + day, provenAt - day)).toBe('invalid revoked crl');
  });

  it('asks for newer evidence than what came with a signature, and keeps to that when there is no line', async () => {
    const provenAt = today - 10 * day;
    const list = crlOf(ca, { thisUpdate: provenAt - hour, nextUpdate: provenAt + day });
    const question = about(person, { provenAt, crls: [list] });
    expect(await brief(judgeWith(), question)).toBe('valid crl');
    const revoked = [{ serial: person.certificate.serial, at: provenAt - 60_000 }];
    expect(await brief(judgeWith({ fetch: fetchFrom(listLine({ revoked })) }), question)).toBe(
      'invalid revoked crl',
    );
  });

  it('does not take silence of a list about an expired certificate for good', async () => {
    const expired = issue(ca, { ...places, to: today - 5 * day });
    const provenAt = today - 10 * day;
    const judge = judgeWith({ fetch: fetchFrom(listLine()) });
    expect(await brief(judge, about(expired, { provenAt }))).toMatch(/^undetermined revocation_old/);
    const enclosed = crlOf(ca, { thisUpdate: provenAt + hour, nextUpdate: provenAt + day });
    expect(await brief(judge, about(expired, { provenAt, crls: [enclosed] }))).toBe('valid crl');
  });

  it('says of a certificate that expired, without a proven time, that nobody can tell', async () => {
    const expired = issue(ca, { ...places, to: today - 5 * day });
    expect(await brief(judgeWith({ fetch: fetchFrom(listLine()) }), about(expired))).toMatch(
      /^undetermined .*time_unproven_expired/,
    );
    expect(await brief(judgeWith(), about(expired, { provenAt: today }))).toBe(
      'invalid expired_at_signing -',
    );
    expect(await brief(judgeWith(), about(issue(ca, { from: today + day })))).toBe(
      'invalid not_yet_valid_at_signing -',
    );
  });

  it('wants to know of every CA on the way', async () => {
    const middle = issue(ca, { name: 'CA dưới', ca: true, crl: 'http://crl.test/ca.crl' });
    const low = issue(middle, { crl: 'http://crl.test/middle.crl' });
    const lists = (revoked: CrlForm['revoked']): Line => ({
      'http://crl.test/middle.crl': () => crlOf(middle),
      [places.crl]: () => crlOf(ca, { revoked }),
    });
    const question = about(low, { others: [middle.certificate.der] });
    expect(await brief(judgeWith({ fetch: fetchFrom(lists([])) }), question)).toBe('valid crl');
    const gone = lists([{ serial: middle.certificate.serial, at: today - day }]);
    expect(await brief(judgeWith({ fetch: fetchFrom(gone) }), question)).toBe('invalid revoked crl');
    const half = { 'http://crl.test/middle.crl': () => crlOf(middle) };
    expect(await brief(judgeWith({ fetch: fetchFrom(half) }), question)).toBe(
      'undetermined revocation_unknown crl',
    );
  });

  it('asks whether a responder was itself revoked, unless its CA says that nobody need ask', async () => {
    const eku = extendedUsage(['1.3.6.1.5.5.7.3.9']);
    const free = issue(ca, {
      name: 'OCSP',
      extensions: { eku, free: extension('1.3.6.1.5.5.7.48.1.5', nul()) },
    });
    const bound = issue(ca, { name: 'OCSP', crl: places.crl, extensions: { eku } });
    const by = (responder: Holder, more: Line = {}) =>
      brief(judgeWith({ fetch: fetchFrom({ ...ocspLine({ responder }), ...more }) }), about(person));
    expect(await by(free)).toBe('valid ocsp');
    expect(await by(bound)).toBe('undetermined revocation_unknown none');
    expect(await by(bound, listLine())).toBe('valid ocsp');
    const revoked = [{ serial: bound.certificate.serial, at: today - day }];
    // its word is worth nothing; the list itself still is
    expect(await by(bound, listLine({ revoked }))).toBe('valid crl');
  });
});

describe('the line', () => {
  it('is not troubled for a certificate that leads to no anchor', async () => {
    const fetch = fetchFrom({});
    await judgeWith({ fetch }).judge(about(issue(root(), places)));
    expect(fetch.asked).toEqual([]);
  });

  it('is never asked for anything but http', async () => {
    const fetch = fetchFrom({});
    const odd = issue(ca, { ocsp: 'ldap://x/', crl: 'file:///etc/passwd' });
    await judgeWith({ fetch }).judge(about(odd));
    expect(fetch.asked).toEqual([]);
  });

  it('is left alone for a minute after it did not answer, so that fifty papers wait once', async () => {
    let now = today;
    const fetch = fetchFrom({});
    const judge = judgeWith({ fetch, now: () => now });
    for (let paper = 0; paper < 50; paper++) await judge.judge(about(person));
    expect(fetch.asked).toEqual([places.ocsp, places.crl]);
    now += 61_000;
    await judge.judge(about(person));
    expect(fetch.asked.length).toBe(4);
  });

  it('is asked once for a list that two wait for', async () => {
    const fetch = fetchFrom(listLine());
    const judge = judgeWith({ fetch });
    const [a, b] = [issue(ca, { crl: places.crl }), issue(ca, { crl: places.crl })];
    const states = await Promise.all([a, b].map((holder) => brief(judge, about(holder))));
    expect(states).toEqual(['valid crl', 'valid crl']);
    expect(fetch.asked).toEqual([places.crl]);
  });
});

describe('what was fetched', () => {
  it('is used again for an hour, then asked for again, and keeps its age when the line is down', async () => {
    let now = today;
    const line = listLine({ thisUpdate: today - hour });
    const fetch = fetchFrom(line);
    const judge = judgeWith({ fetch, now: () => now });
    const lists = () => fetch.asked.filter((url) => url === places.crl).length;
    expect(await brief(judge, about(person))).toBe('valid crl');
    expect(await brief(judge, about(person))).toBe('valid cached');
    expect(lists()).toBe(1);
    now += 2 * hour;
    expect(await brief(judge, about(person))).toBe('valid crl');
    expect(lists()).toBe(2);
    delete line[places.crl];
    now += 2 * hour;
    expect((await judge.judge(about(person))).revocation).toEqual({ how: 'cached', asOf: today - hour });
    now += 2 * day;
    expect(await brief(judge, about(person))).toBe('undetermined revocation_old cached');
  });

  it('lies in a folder and outlives the program', async () => {
    const cache = () => folderCache(join(folder, 'kept'));
    await judgeWith({ fetch: fetchFrom(listLine()), cache: cache() }).refresh([about(person)]);
    expect(await brief(judgeWith({ cache: cache() }), about(person))).toBe('valid cached');
  });

  it('is believed for its signature, not for lying there', async () => {
    const at = join(folder, 'bent');
    await judgeWith({ fetch: fetchFrom(listLine()), cache: folderCache(at) }).refresh([about(person)]);
    for (const file of readdirSync(at)) writeFileSync(join(at, file), Buffer.alloc(300, 0x30));
    expect(await brief(judgeWith({ cache: folderCache(at) }), about(person))).toBe(
      'undetermined revocation_unknown none',
    );
  });

  it('is not pushed out by an older list played back', async () => {
    const revoked = [{ serial: person.certificate.serial, at: today - hour }];
    const cache: EvidenceCache = memoryCache();
    const newer = listLine({ thisUpdate: today - hour, revoked });
    const older = listLine({ thisUpdate: today - 12 * hour });
    let now = today;
    const judge = (line: Line) => judgeWith({ fetch: fetchFrom(line), cache, now: () => now });
    expect(await brief(judge(newer), about(person))).toBe('invalid revoked crl');
    now += 2 * hour;
    await judge(older).judge(about(person));
    expect(await brief(judgeWith({ cache }), about(person))).toBe('invalid revoked cached');
  });
});

describe('training', () => {
  const trainer = root({ name: nameDer('CA tập huấn', trainingOrganization) });
  const trainee = issue(trainer, { ...places, name: nameDer('BS An', trainingOrganization) });
  const line: Line = { [places.crl]: () => crlOf(trainer) };
  const options = { trainingAnchors: [trainer.certificate.der], fetch: fetchFrom(line) };

  it('believes its own CA and says that it is only training', async () => {
    expect(await brief(judgeWith({ ...options, training: true }), about(trainee))).toBe(
      'valid training_certificate crl',
    );
  });

  it('counts for nothing in a real record, not even when its CA is among the anchors', async () => {
    const trust = { anchors: [ca.certificate, trainer.certificate], intermediates: [] };
    expect(await brief(judgeWith({ ...options, trust }), about(trainee))).toBe(
      'invalid training_certificate -',
    );
  });
});

describe('tampering', () => {
  it('with any bit of the certificate or of its CA’s never leaves it valid', async () => {
    const middle = issue(ca, { name: 'CA dưới', ca: true, crl: places.crl });
    const low = issue(middle, { crl: 'http://crl.test/middle.crl' });
    const line = { ...listLine(), 'http://crl.test/middle.crl': () => crlOf(middle) };
    const judge = judgeWith({ fetch: fetchFrom(line) });
    const question = about(low, { others: [middle.certificate.der] });
    expect(await brief(judge, question)).toBe('valid crl');
    const flips = (der: Buffer) =>
      Array.from({ length: der.length }, (_, at) => {
        const bent = Buffer.from(der);
        bent[at]! ^= 1 << (at % 8);
        return { at, bent };
      });
    for (const { at, bent } of flips(low.certificate.der)) {
      const { state } = await judge.judge({ ...question, certificate: bent });
      expect({ at, state }).not.toEqual({ at, state: 'valid' });
    }
    for (const { at, bent } of flips(middle.certificate.der)) {
      const { state } = await judge.judge({ ...question, others: [bent] });
      expect({ at, state }).not.toEqual({ at, state: 'valid' });
    }
  });
});
