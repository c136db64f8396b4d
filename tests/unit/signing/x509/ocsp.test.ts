import { describe, expect, it } from 'vitest';
import { enumerated, octets, seq } from '../../../../electron/signing/der/write.ts';
import { answerOf, askOcsp, readOcsp } from '../../../../electron/signing/x509/ocsp.ts';
import type { CertificateForm, OcspForm } from './authority.ts';
import { day, extendedUsage, issue, keyUsage, nonceOf, ocspOf, root, today } from './authority.ts';

const ca = root();
const { certificate } = issue(ca);
const responding = { extensions: { eku: extendedUsage(['1.3.6.1.5.5.7.3.9']) } };

function said(form: OcspForm, nonce: Buffer | null = null, about = certificate, issuer = ca): string {
  const answers = readOcsp(ocspOf(about, issuer, form));
  if (answers === null) return 'malformed';
  const answer = answerOf(answers, about, ca.certificate, nonce);
  return answer.status === 'unusable' ? answer.why : answer.status;
}

describe('an answer of a responder', () => {
  it('signed by the issuer counts, by name or by key', () => {
    expect(said({})).toBe('good');
    expect(said({ byKey: true })).toBe('good');
    expect(said({ status: 'unknown' })).toBe('unknown');
    expect(said({ status: { at: today - day, reason: 4 } })).toBe('revoked');
  });

  it('signed by one whom the issuer gave the job counts', () => {
    expect(said({ responder: issue(ca, { name: 'OCSP', ...responding }) })).toBe('good');
  });

  it.each<[string, CertificateForm, string]>([
    ['has not the job', {}, 'its signer has not this job'],
    ['had expired', { ...responding, to: today - day }, 'its signer was not valid then'],
    [
      'is itself a CA',
      { ca: true, extensions: { ...responding.extensions, '2.5.29.15': keyUsage(0, 5) } },
      'its signer is unfit: is no CA when it signs other things',
    ],
  ])('signed by one who %s does not count', (_, form, why) => {
    expect(said({ responder: issue(ca, { name: 'OCSP', ...form }) })).toBe(why);
  });

  it('signed by the responder of another CA, even one of the same name, does not count', () => {
    const impostor = root();
    const responder = issue(impostor, { name: 'OCSP', ...responding });
    expect(said({ responder })).toBe('its signer is of another issuer');
  });

  it('by a responder who is not enclosed does not count', () => {
    expect(said({ responder: issue(ca, { name: 'OCSP', ...responding }), enclosed: [] })).toBe(
      'its signer is not known',
    );
  });

  it('about another certificate does not count', () => {
    expect(said({ serial: 4n })).toBe('about another certificate');
    // the same serial number of another CA with the same name
    expect(said({}, null, certificate, root())).toBe('about another certificate');
  });

  it('to another question does not count', () => {
    const question = askOcsp(certificate, ca.certificate);
    expect(nonceOf(question.der)).toEqual(question.nonce);
    expect(said({ nonce: question.nonce }, question.nonce)).toBe('good');
    expect(said({ nonce: Buffer.alloc(32, 1) }, question.nonce)).toBe('to another question');
    // responders that prepare their answers leave it out (RFC 5019, 4)
    expect(said({ nonce: null }, question.nonce)).toBe('good');
  });

  it('that is a refusal is none', () => {
    for (const refusal of [1, 2, 3, 5, 6]) expect(readOcsp(seq(enumerated(refusal)))).toBeNull();
    expect(readOcsp(octets(Buffer.from('no')))).toBeNull();
  });

  it('counts no more once a single bit of it is changed', () => {
    const responder = issue(ca, { name: 'OCSP', ...responding });
    const der = ocspOf(certificate, ca, { responder });
    for (let at = 0; at < der.length; at++) {
      const bent = Buffer.from(der);
      bent[at]! ^= 1 << (at % 8);
      const answers = readOcsp(bent);
      const status = answers && answerOf(answers, certificate, ca.certificate, null).status;
      expect({ at, status }).not.toEqual({ at, status: 'good' });
    }
  });
});
