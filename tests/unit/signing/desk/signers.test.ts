// What a judge may say of a certificate that signs all the same: an allow-list, so that a reason nobody thought of is a
// fault.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judged } from '../../../../electron/signing/desk/signers.ts';
import { issueTraining } from '../../../../electron/signing/training/authority.ts';
import { type VerdictReason, type VerdictState, verdictReasons } from '../../../../electron/signing/types.ts';
import { stateOf } from '../../../../electron/signing/verdict.ts';
import { type Certificate, readCertificate } from '../../../../electron/signing/x509/certificate.ts';

const now = Date.UTC(2026, 10, 22);
const { publicKey: spki } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const certificate: Certificate = readCertificate(
  issueTraining({ name: 'Nguyễn Văn An', number: '001085000101', spki }, now),
)!;

const faultWhen = async (
  reasons: readonly VerdictReason[],
  { training = false, state = stateOf(reasons) }: { training?: boolean; state?: VerdictState } = {},
) => {
  const answer = { state, reasons, path: [], revocation: null };
  const judge = { now: () => now, judge: async () => answer };
  return (await judged(certificate, [], { judge, training })).fault;
};

describe('a certificate signs', () => {
  const waits: readonly VerdictReason[] = ['revocation_unknown', 'revocation_old', 'time_unproven'];

  it('when nothing is said of it, or only what cannot be found out without a line', async () => {
    expect(await faultWhen([])).toBeNull();
    for (const reason of waits) expect(await faultWhen([reason])).toBeNull();
    expect(await faultWhen(waits)).toBeNull();
  });

  it.each(verdictReasons.filter((reason) => !waits.includes(reason)))('not when it is %s', async (reason) => {
    expect(await faultWhen([reason])).not.toBeNull();
    expect(await faultWhen(['revocation_unknown', reason])).not.toBeNull();
  });

  it('not when the judge calls it invalid without a word', async () => {
    expect(await faultWhen([], { state: 'invalid' })).toBe('unknown_issuer');
    expect(await faultWhen(['training_certificate'], { state: 'invalid', training: true })).not.toBeNull();
  });

  it('made for training in training only', async () => {
    expect(await faultWhen(['training_certificate'])).toBe('training');
    expect(await faultWhen(['training_certificate', 'revocation_unknown'], { training: true })).toBeNull();
    expect(await faultWhen(['training_certificate', 'revoked'], { training: true })).toBe('revoked');
  });
});
