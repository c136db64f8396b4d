// Signatures looked at by OpenSSL's own program, in a process of its own with a deadline: another implementation than
// the stations', so that one mistake does not pass in both places.
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../bytes.ts';

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
  | { readonly state: 'good' }
  | { readonly state: 'unproven'; readonly reason: 'no_anchors' | 'path'; readonly detail: string }
  | { readonly state: 'rejected'; readonly reason: RejectReason; readonly detail: string }
  /** It could not be asked: not there, no answer in time, no disk. */
  | { readonly state: 'unasked'; readonly reason: 'missing' | 'timeout' | 'failed'; readonly detail: string };

/**
 * signature_wrong: does not add up over these bytes · signature_of_other: another signer than the change says, or none
 * or several · signer_revoked
 */
export type RejectReason = 'signature_wrong' | 'signature_of_other' | 'signer_revoked';

export interface Openssl {
  /** `OpenSSL 3.0.19 …`; null: there is none. */
  readonly version: string | null;
  /** Of the anchors, hex; changes when they do. */
  readonly anchors: string;
  look(question: Question): Promise<Finding>;
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
  const anchors = await anchorsIn(options.anchors);
  const hasLists = anchors.includes('BEGIN X509 CRL');
  const asked = await run(program, ['version'], deadline);
  const version = asked.ended === 'well' ? asked.said.trim() : null;
  await mkdir(options.folder, { recursive: true, mode: 0o700 });

  return {
    version,
    anchors: sha256(anchors).toString('hex'),
    async look(question) {
      if (version === null) return { state: 'unasked', reason: 'missing', detail: program };
      const folder = await mkdtemp(join(options.folder, 'check-'));
      try {
        return await lookIn(folder, question);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };

  async function lookIn(folder: string, { container, content, certificate, at }: Question): Promise<Finding> {
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

    // first what depends on nobody's trust: does it add up, and whose does it say it is
    const sum = await run(program, [...verify, '-noverify', '-signer', signer], deadline);
    if (sum.ended === 'late' || sum.ended === 'not at all') return unasked(sum);
    if (sum.ended === 'badly')
      return { state: 'rejected', reason: 'signature_wrong', detail: lastWords(sum.said) };
    const signers = await certificatesIn(signer);
    if (signers.length !== 1 || signers[0] !== certificate)
      return { state: 'rejected', reason: 'signature_of_other', detail: signers.join(' ') };

    if (anchors.length === 0) return { state: 'unproven', reason: 'no_anchors', detail: '' };
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
    if (then.ended === 'badly') return { state: 'unproven', reason: 'path', detail: lastWords(then.said) };
    return hasLists ? await revoked(path, trusted, signer, at) : { state: 'good' };
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

/** By the earliest list that names it; ms since 1970 UTC. */
function revokedSince(lists: string, serialNumber: string): number | null {
  const entries = lists.matchAll(/Serial Number: ([0-9A-F]+)\s+Revocation Date: (.+ GMT)/g);
  const dates = [...entries].flatMap(([, number, date = '']) =>
    BigInt(`0x${number}`) === BigInt(`0x${serialNumber}`) ? [Date.parse(date)] : [],
  );
  return dates.length > 0 ? Math.min(...dates) : null;
}

interface Ran {
  readonly ended: 'well' | 'badly' | 'late' | 'not at all';
  readonly said: string;
}

function run(program: string, args: readonly string[], deadline: number): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: 'C' };
    const options = {
      timeout: deadline,
      killSignal: 'SIGKILL' as const,
      maxBuffer: 1_000_000,
      env,
      windowsHide: true,
    };
    execFile(program, args, options, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`;
      if (error === null) resolve({ ended: 'well', said });
      else if (error.killed === true) resolve({ ended: 'late', said });
      // a number is its exit code; a word says why it did not start
      else if (typeof error.code === 'number') resolve({ ended: 'badly', said });
      else resolve({ ended: 'not at all', said: error.message });
    });
  });
}

const unasked = ({ ended, said }: Ran): Finding => ({
  state: 'unasked',
  reason: ended === 'late' ? 'timeout' : 'failed',
  detail: lastWords(said),
});

/** The line that says why: the last of its errors, without numbers of processes. */
function lastWords(said: string): string {
  const errors = said
    .split('\n')
    .filter((line) => line.includes(':error:'))
    .map((line) => line.slice(line.indexOf(':error:') + 1));
  return (errors.at(-1) ?? said.trim().split('\n').at(-1) ?? '').slice(0, 300);
}

async function certificatesIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((pem) =>
    sha256(new X509Certificate(pem).raw).toString('hex'),
  );
}

/** All PEM of the folder's files, by name. */
async function anchorsIn(folder: string | null): Promise<Buffer> {
  if (folder === null) return Buffer.alloc(0);
  const names = (await readdir(folder)).filter((name) => /\.(pem|crt|cer|crl)$/i.test(name)).sort();
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return Buffer.from(files.filter((text) => text.includes('-----BEGIN ')).join('\n'));
}
