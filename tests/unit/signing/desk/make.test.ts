// What is handed to a key: only what says of itself what it is, and anew where somebody else's signature came in between.
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signAndKeep, signaturesFor } from '../../../../electron/signing/desk/make.ts';
import type { Papers, PaperToSign } from '../../../../electron/signing/desk/papers-port.ts';
import type { SigningKey } from '../../../../electron/signing/types.ts';
import type { Caller } from '../../../../electron/store/room.ts';
import { fail, ok } from '../../../../shared/api/contract.ts';
import { canonicalJson, type Json } from '../../../../shared/text/canonical-json.ts';
import { type Authority, authority } from '../../support/paper-center.ts';

let ca: Authority;
let key: SigningKey;
let asked = 0;
beforeAll(() => {
  ca = authority();
  const { der, pem } = ca.person('Người bacsi');
  key = {
    ...{ certificate: der, chain: [], algorithms: ['ecdsa-p256-sha256'] },
    async sign(data) {
      asked += 1;
      return ok(sign('sha256', data, createPrivateKey(pem)));
    },
  };
});
afterAll(() => ca.remove());

const bytes = (value: Json): Buffer => Buffer.from(canonicalJson(value));
const content = bytes({ type: 'tram.document', version: 1 });
const confirmed = bytes({
  ...{ type: 'tram.fingerprint.evidence', version: 1 },
  document: { mediaType: 'application/pdf', sha256: 'a'.repeat(64) },
  patient: { id: randomUUID(), name: 'Giàng A Páo' },
  person: { name: 'Giàng A Páo', relation: null },
});
const paper = (more: Partial<PaperToSign> = {}): PaperToSign => ({
  ...{ title: 'Giấy', kind: 'staff', label: 'Bác sĩ', role: 'bac_si_dieu_tri', content },
  ...{ evidence: [], pdf: null, box: null, base: null, ...more },
});
const evidence = (of: Buffer) => [{ bytes: of, digest: '' }];
const signer = () => ({ key, name: 'Người bacsi', revocation: null });
const needs = (papers: Partial<Papers> = {}) => ({
  papers: papers as Papers,
  stamper: () => null,
  now: () => Date.now(),
});

it('seals a confirmation beside the content', async () => {
  const made = await signaturesFor(signer(), paper({ evidence: evidence(confirmed) }), needs());
  expect(made.ok && made.value.map(({ over }) => over)).toEqual(['content', 'evidence']);
});

it('gives a key no content as a confirmation, no confirmation as content, and nothing that says neither', async () => {
  const before = asked;
  for (const wrong of [
    paper({ evidence: evidence(content) }),
    paper({ evidence: evidence(bytes({ type: 'tram.fingerprint.evidence' })) }),
    paper({ evidence: evidence(Buffer.from(` ${confirmed.toString()}`)) }),
    paper({ evidence: evidence(Buffer.from('{}')) }),
    paper({ content: confirmed }),
    paper({ content: Buffer.from('{"type":"x","type":"tram.document"}') }),
    paper({ content: Buffer.from('%PDF-1.7') }),
  ])
    expect(await signaturesFor(signer(), wrong, needs())).toMatchObject({
      ok: false,
      error: { code: 'document_altered' },
    });
  expect(asked).toBe(before);
});

it('signs anew where somebody signed meanwhile, and gives up where that does not end', async () => {
  const item = { documentId: randomUUID(), content: 'a'.repeat(64), step: 'bac_si' };
  const caller = { userId: 'x', sessionId: 'x', fullName: 'x', roles: [], wards: [] } as unknown as Caller;
  const bases: (string | null)[] = [];
  let turns = 0;
  const papers = (standsAfter: number): Partial<Papers> => ({
    async toSign() {
      turns += 1;
      return ok(paper({ base: `base ${turns}` }));
    },
    keep(_one, _caller, _signed, base) {
      bases.push(base);
      return bases.length > standsAfter ? ok(null) : fail('stale');
    },
  });
  expect(await signAndKeep(() => ok(signer()), item, caller, needs(papers(1)))).toEqual(ok(null));
  expect(bases).toEqual(['base 1', 'base 2']);
  const given = await signAndKeep(() => ok(signer()), item, caller, needs(papers(Number.POSITIVE_INFINITY)));
  expect(given).toMatchObject({ ok: false, error: { code: 'stale' } });
  expect(bases.length).toBeLessThan(10);
});
