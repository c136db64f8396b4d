// Signatures looked at by OpenSSL's own program, in a process of its own with a deadline: another implementation than
// the stations', so that one mistake does not pass in both places.
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../bytes.ts';
import { type Holder, holderOf } from './holder.ts';
import { type Later, lookAtLater } from './later.ts';
import { lastWords, type Ran, revokedSince, run } from './program.ts';

export interface Question {
  /** CAdES, DER, detached. */
  readonly container: Uint8Array;
  readonly content: Uint8Array;
  /** SHA-256 of the signer's certificate as the change names it, hex. */
  readonly certificate: string;
  /** When it was here at the latest, ms since 1970 UTC by the province's clock. */
  readonly at: number;
}

export type Finding =
  /** `holder`: whose certificate it is, of a signature. */
  | { readonly state: 'good'; readonly holder?: Holder }
  | {
      readonly state: 'unproven';
      /** unclaimed · contested: whose certificate it is, the log does not say, or says of several · account: unknown there */
      readonly reason: 'no_anchors' | 'path' | 'unclaimed' | 'contested' | 'account';
      readonly detail: string;
      readonly holder?: Holder;
    }
  | { readonly state: 'rejected'; readonly reason: RejectReason; readonly detail: string }
  /** It could not be asked: not there, no answer in time, no disk. */
  | { readonly state: 'unasked'; readonly reason: 'missing' | 'timeout' | 'failed'; readonly detail: string };

export type Unasked = Extract<Finding, { state: 'unasked' }>;

/**
 * signature_wrong: does not add up over these bytes · signature_of_other: another signer than the change says, or none
 * or several · signer_revoked · other_person: not the certificate of who is said to have signed · not_entitled: they have
 * no role of that step, or there is no such step · used_elsewhere: the same container stands at another place before ·
 * evidence_wrong: not the same signature with a time-stamp over it, or an answer that is none
 */
export type RejectReason =
  | 'signature_wrong'
  | 'signature_of_other'
  | 'signer_revoked'
  | 'other_person'
  | 'not_entitled'
  | 'used_elsewhere'
  | 'evidence_wrong';

export interface Openssl {
  /** `OpenSSL 3.0.19 …`; null: there is none. */
  readonly version: string | null;
  /** Of the anchors, hex; changes when they do. */
  readonly anchors: string;
  look(question: Question): Promise<Finding>;
  /** Whose key signed these bytes, whoever vouches for it; null: nobody's, or several. */
  signerOf(container: Uint8Array, content: Uint8Array): Promise<Holder | Unasked | null>;
  /** What came after a signature. */
  lookAtLater(later: Later): Promise<Finding>;
}

export interface OpensslOptions {
  /** The program; default `openssl` on the path. */
  readonly program?: string;
  /** Folder of PEM files with roots, issuers and revocation lists; null: none are trusted. */
  readonly anchors: string | null;
  /** Where it may put its files for the moment: papers of patients, so not everybody's temporary folder. */
  readonly folder: string;
  /** ms for one run. */
  readonly deadline?: number;
}

export async function openOpenssl(options: OpensslOptions): Promise<Openssl> {
  const { program = 'openssl', deadline = 10_000 } = options;
  const missing: Unasked = { state: 'unasked', reason: 'missing', detail: program };
  const anchors = await anchorsIn(options.anchors);
  const hasLists = anchors.includes('BEGIN X509 CRL');
  const asked = await run(program, ['version'], deadline);
  const version = asked.ended === 'well' ? asked.said.trim() : null;
  await mkdir(options.folder, { recursive: true, mode: 0o700 });

  return {
    version,
    anchors: sha256(anchors).toString('hex'),
    look: (question) => inFolder((folder) => lookIn(folder, question), missing),
    signerOf: (container, content) =>
      inFolder<Holder | Unasked | null>(async (folder) => {
        const { sum, signer } = await addUp(folder, container, content);
        if (sum.ended === 'late' || sum.ended === 'not at all') return unasked(sum);
        return sum.ended === 'well' ? await holderOf(signer) : null;
      }, missing),
    lookAtLater: (later) =>
      inFolder((folder) => lookAtLater({ program, deadline, folder, anchors }, later), missing),
  };

  async function inFolder<T>(work: (folder: string) => Promise<T>, without: T): Promise<T> {
    if (version === null) return without;
    const folder = await mkdtemp(join(options.folder, 'check-'));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** What depends on nobody's trust: does it add up, and whose does it say it is. */
  async function addUp(folder: string, container: Uint8Array, content: Uint8Array) {
    const signed = join(folder, 'signed.p7s');
    const covered = join(folder, 'content');
    const signer = join(folder, 'signer.pem');
    await writeFile(signed, container, { mode: 0o600 });
    await writeFile(covered, content, { mode: 0o600 });
    const verify = [
      'cms',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      signed,
      '-content',
      covered,
      '-out',
      devNull,
    ];
    const sum = await run(program, [...verify, '-noverify', '-signer', signer], deadline);
    return { sum, signer, verify };
  }

  async function lookIn(folder: string, { container, content, certificate, at }: Question): Promise<Finding> {
    const { sum, signer, verify } = await addUp(folder, container, content);
    if (sum.ended === 'late' || sum.ended === 'not at all') return unasked(sum);
    if (sum.ended === 'badly')
      return { state: 'rejected', reason: 'signature_wrong', detail: lastWords(sum.said) };
    const holder = await holderOf(signer);
    if (holder === null || holder.certificate !== certificate)
      return { state: 'rejected', reason: 'signature_of_other', detail: holder?.certificate ?? 'not of one' };

    if (anchors.length === 0) return { state: 'unproven', reason: 'no_anchors', detail: '', holder };
    const trusted = join(folder, 'anchors.pem');
    await writeFile(trusted, anchors);
    const path = [
      ...verify,
      '-cades',
      '-CAfile',
      trusted,
      '-no-CApath',
      '-no-CAstore',
      '-purpose',
      'any',
      '-x509_strict',
    ];
    const then = await run(program, [...path, '-attime', String(Math.floor(at / 1000))], deadline);
    if (then.ended === 'late' || then.ended === 'not at all') return unasked(then);
    if (then.ended === 'badly')
      return { state: 'unproven', reason: 'path', detail: lastWords(then.said), holder };
    const finding: Finding = hasLists ? await revoked(path, trusted, signer, at) : { state: 'good' };
    return finding.state === 'good' || finding.state === 'unproven' ? { ...finding, holder } : finding;
  }

  /** Lists are of today, so they are asked about today: OpenSSL takes none that is younger than the time asked for. */
  async function revoked(
    path: readonly string[],
    trusted: string,
    signer: string,
    at: number,
  ): Promise<Finding> {
    const today = await run(program, [...path, '-crl_check'], deadline);
    if (today.ended === 'late' || today.ended === 'not at all') return unasked(today);
    // OpenSSL looks at revocation before it looks at the clock: one that ran out since was not revoked
    if (today.ended === 'well' || /certificate has expired/.test(today.said)) return { state: 'good' };
    const detail = lastWords(today.said);
    if (!/certificate revoked/.test(today.said)) return { state: 'unproven', reason: 'path', detail };
    const lists = await run(program, ['storeutl', '-noout', '-text', '-crls', trusted], deadline);
    if (lists.ended !== 'well') return unasked(lists);
    const { serialNumber } = new X509Certificate(await readFile(signer));
    const since = revokedSince(lists.said, serialNumber);
    // one that was revoked after the signature was here has signed well
    return since !== null && since > at
      ? { state: 'good' }
      : { state: 'rejected', reason: 'signer_revoked', detail };
  }
}

const unasked = ({ ended, said }: Ran): Unasked => ({
  state: 'unasked',
  reason: ended === 'late' ? 'timeout' : 'failed',
  detail: lastWords(said),
});

/** All PEM of the folder's files, by name. */
async function anchorsIn(folder: string | null): Promise<Buffer> {
  if (folder === null) return Buffer.alloc(0);
  const names = (await readdir(folder)).filter((name) => /\.(pem|crt|cer|crl)$/i.test(name)).sort();
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return Buffer.from(files.filter((text) => text.includes('-----BEGIN ')).join('\n'));
}
