// What came after a signature: the same container with a time-stamp in it, and answers about its certificate. Taken apart
// and looked at by OpenSSL; whatever is not exactly that is wrong, because a station would show the time in it as proven.
import { createHash, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../bytes.ts';
import type { Finding, Unasked } from './openssl.ts';
import { lastWords, type Ran, revokedSince, run } from './program.ts';

export interface Later {
  /** As first written, DER; its signature has been looked at. */
  readonly original: Uint8Array;
  /** SHA-256 of the signer's certificate, hex. */
  readonly certificate: string;
  readonly stamped: Uint8Array | null;
  /** OCSP answers and revocation lists, DER. */
  readonly ocsp: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  /** When the signature, and when this, was here, ms since 1970 UTC. */
  readonly signedAt: number;
  readonly at: number;
}

interface Place {
  readonly program: string;
  readonly deadline: number;
  readonly folder: string;
  /** PEM; empty: none are trusted. */
  readonly anchors: Buffer;
}

export async function lookAtLater(place: Place, later: Later): Promise<Finding> {
  const { folder, anchors } = place;
  const trusted = join(folder, 'anchors.pem');
  await writeFile(trusted, anchors, { mode: 0o600 });
  const findings: Finding[] = [];
  if (later.stamped !== null)
    findings.push(await stamp(place, trusted, later.original, later.stamped, later.at));
  const own = await certificatesOf(place, later.original, later.certificate);
  if (own === null) return wrong('the certificates of the signature cannot be read');
  if ('state' in own) return own;
  for (const answer of later.ocsp) findings.push(await status(place, trusted, own, answer, later.signedAt));
  for (const list of later.crls) findings.push(await listed(place, trusted, own, list, later.signedAt));
  return (
    (['rejected', 'unasked', 'unproven'] as const)
      .map((state) => findings.find((finding) => finding.state === state))
      .find((finding) => finding !== undefined) ?? { state: 'good' }
  );
}

const wrong = (detail: string): Finding => ({ state: 'rejected', reason: 'evidence_wrong', detail });
const unproven = (place: Place, said: string): Finding =>
  place.anchors.length === 0
    ? { state: 'unproven', reason: 'no_anchors', detail: '' }
    : { state: 'unproven', reason: 'path', detail: lastWords(said) };
/** Null when it ran to its end, well or badly. */
const unasked = ({ ended, said }: Ran): Unasked | null =>
  ended === 'late' || ended === 'not at all'
    ? { state: 'unasked', reason: ended === 'late' ? 'timeout' : 'failed', detail: lastWords(said) }
    : null;

async function stamp(
  place: Place,
  trusted: string,
  original: Uint8Array,
  stamped: Uint8Array,
  at: number,
): Promise<Finding> {
  const [before, after] = [await partsOf(place, original), await partsOf(place, stamped)];
  if (before === null || after === null) return wrong('no signature of one signer');
  if ('state' in before) return before;
  if ('state' in after) return after;
  const same = (a: readonly Buffer[], b: readonly Buffer[]): boolean =>
    a.length === b.length && a.every((part, i) => b[i]?.equals(part));
  if (!same(before.around, after.around) || !same(before.signer, after.signer))
    return wrong('another signature than the one it belongs to');
  if (after.tokens === null || after.tokens.length === 0)
    return wrong('no time-stamp, or something else beside it');
  for (const token of after.tokens) {
    const finding = await stampOver(place, trusted, token, after.signature, at);
    if (finding.state !== 'good') return finding;
  }
  return { state: 'good' };
}

async function stampOver(
  place: Place,
  trusted: string,
  token: Buffer,
  signature: Buffer,
  at: number,
): Promise<Finding> {
  const { program, deadline, folder } = place;
  const [file, signed] = [join(folder, 'token.der'), join(folder, 'signature')];
  await writeFile(file, token, { mode: 0o600 });
  await writeFile(signed, signature, { mode: 0o600 });
  const inside = ['-inform', 'DER', '-in', file, '-out', join(folder, 'stamp')];
  const sum = await run(program, ['cms', '-verify', '-binary', '-noverify', ...inside], deadline);
  if (sum.ended !== 'well') return unasked(sum) ?? wrong(lastWords(sum.said));
  const told = await run(program, ['ts', '-reply', '-token_in', '-in', file, '-text'], deadline);
  if (told.ended !== 'well') return unasked(told) ?? wrong(lastWords(told.said));
  const hash = /^Hash Algorithm: (sha256|sha384|sha512)$/m.exec(told.said)?.[1];
  const [dump = ''] = /^Message data:$[\s\S]*?^Serial number:/m.exec(told.said) ?? [];
  const imprint = [...dump.matchAll(/^ {4}[0-9a-f]{4} - ([0-9a-f -]{47,48})/gm)]
    .map(([, bytes = '']) => bytes.replaceAll(/[ -]/g, ''))
    .join('');
  if (hash === undefined || createHash(hash).update(signature).digest('hex') !== imprint)
    return wrong('a time-stamp over something else');
  if (place.anchors.length === 0) return unproven(place, '');
  const verified = await run(
    program,
    [
      ...['ts', '-verify', '-token_in', '-in', file, '-data', signed, '-CAfile', trusted],
      ...['-attime', String(Math.floor(at / 1000))],
    ],
    deadline,
  );
  return verified.ended === 'well'
    ? { state: 'good' }
    : (unasked(verified) ?? unproven(place, verified.said));
}

interface Parts {
  /** What stands beside the signer. */
  readonly around: readonly Buffer[];
  /** The signer, without what is not signed. */
  readonly signer: readonly Buffer[];
  readonly signature: Buffer;
  /** Time-stamps; null: there are other things that are not signed. */
  readonly tokens: readonly Buffer[] | null;
}

interface Node {
  readonly depth: number;
  readonly what: string;
  readonly bytes: Buffer;
}

/**
 * What `asn1parse` listed, in its order. It prints strings as they are, and one may hold lines that look like its own: so each
 * element must begin where the one before says, and the last end where the bytes do; else null.
 */
export function nodesIn(listed: string, bytes: Uint8Array): Node[] | null {
  const nodes: Node[] = [];
  let next = 0;
  for (const line of listed.matchAll(/^ *(\d+):d=(\d+) +hl=(\d+) +l= *(\d+) +(cons|prim): (.*)$/gm)) {
    const [from = 0, depth = 0, head = 0, length = 0] = line.slice(1, 5).map(Number);
    if (from !== next || head < 2 || from + head + length > bytes.length) return null;
    next = from + head + (line[5] === 'cons' ? 0 : length);
    const element = Buffer.from(bytes.subarray(from, from + head + length));
    nodes.push({ depth, what: (line[6] ?? '').trim(), bytes: element });
  }
  return next === bytes.length ? nodes : null;
}

/** Of a SignedData with one signer, by the places that OpenSSL finds in it; null: it is none. */
async function partsOf(place: Place, container: Uint8Array): Promise<Parts | Unasked | null> {
  const file = join(place.folder, 'parts.der');
  await writeFile(file, container, { mode: 0o600 });
  const listed = await run(place.program, ['asn1parse', '-inform', 'DER', '-in', file], place.deadline);
  if (listed.ended !== 'well') return unasked(listed);
  const nodes = nodesIn(listed.said, container);
  if (nodes === null) return null;
  const around = nodes.filter(({ depth }) => depth === 3);
  const signers = around.pop();
  if (signers === undefined || !signers.what.startsWith('SET')) return null;
  const below = nodes.slice(nodes.indexOf(signers) + 1);
  const one = below.filter(({ depth }) => depth === 4);
  const signer = below.filter(({ depth }) => depth === 5);
  const last = signer.at(-1);
  const unsigned = last?.what.startsWith('cont [ 1 ]') ? signer.pop() : undefined;
  const signature = signer.at(-1);
  if (one.length !== 1 || !signature?.what.startsWith('OCTET STRING')) return null;
  const later = unsigned === undefined ? [] : below.slice(below.indexOf(unsigned) + 1);
  const kinds = later.filter(({ depth, what }) => depth === 7 && what.startsWith('OBJECT'));
  const others = kinds.some(({ what }) => !what.endsWith(':id-smime-aa-timeStampToken'));
  return {
    around: around.map(({ bytes }) => bytes),
    signer: signer.map(({ bytes }) => bytes),
    // short lengths only below 128 octets: the contents are what follows the head
    signature: contentsOf(signature.bytes),
    tokens: others ? null : later.filter(({ depth }) => depth === 8).map(({ bytes }) => bytes),
  };
}

const contentsOf = (element: Buffer): Buffer => {
  const first = element[1] ?? 0;
  return element.subarray(2 + (first < 0x80 ? 0 : first & 0x7f));
};

interface Own {
  /** PEM files. */
  readonly signer: string;
  readonly issuer: string | null;
  readonly serialNumber: string;
}

/** The signer's certificate and its issuer's, from the container or the anchors. */
async function certificatesOf(
  place: Place,
  container: Uint8Array,
  certificate: string,
): Promise<Own | Unasked | null> {
  const { program, deadline, folder, anchors } = place;
  const [file, all, signer] = ['own.p7s', 'own.pem', 'own-signer.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(file, container, { mode: 0o600 });
  const printed = await run(
    program,
    ['cms', '-cmsout', '-noout', '-inform', 'DER', '-in', file, '-certsout', all],
    deadline,
  );
  if (printed.ended !== 'well') return unasked(printed);
  const read = (text: string): X509Certificate[] =>
    (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
      (pem) => new X509Certificate(pem),
    );
  const inside = read(await readFile(all, 'utf8').catch(() => ''));
  const leaf = inside.find((one) => sha256(one.raw).toString('hex') === certificate);
  if (leaf === undefined) return null;
  const issuer = [...inside, ...read(anchors.toString('utf8'))].find(
    (one) => one !== leaf && leaf.checkIssued(one) && leaf.verify(one.publicKey),
  );
  await writeFile(signer, leaf.toString());
  const issuerFile = join(folder, 'own-issuer.pem');
  if (issuer) await writeFile(issuerFile, issuer.toString());
  return { signer, issuer: issuer ? issuerFile : null, serialNumber: leaf.serialNumber };
}

async function status(
  place: Place,
  trusted: string,
  { signer, issuer }: Own,
  answer: Uint8Array,
  signedAt: number,
): Promise<Finding> {
  const { program, deadline, folder } = place;
  const file = join(folder, 'answer.der');
  await writeFile(file, answer, { mode: 0o600 });
  const told = await run(program, ['ocsp', '-respin', file, '-noverify', '-resp_text'], deadline);
  if (told.ended !== 'well') return unasked(told) ?? wrong(`no answer: ${lastWords(told.said)}`);
  if (issuer === null || place.anchors.length === 0) return unproven(place, 'nobody to believe it from');
  const asked = ['-respin', file, '-issuer', issuer, '-cert', signer, '-CAfile', trusted, '-no_nonce'];
  const verified = await run(program, ['ocsp', ...asked], deadline);
  if (verified.ended !== 'well' || !/Response verify OK/i.test(verified.said))
    return unasked(verified) ?? unproven(place, verified.said);
  const said = statusIn(verified.said);
  if (said === null) return unproven(place, verified.said);
  return said.since !== null && Date.parse(said.since) <= signedAt
    ? { state: 'rejected', reason: 'signer_revoked', detail: said.since }
    : { state: 'good' };
}

/** Behind the file's name; below it where the answer has run out since. Null: it says nothing of this certificate. */
export function statusIn(said: string): { since: string | null } | null {
  const status = /(?:: |^)(good|revoked|unknown)$/m.exec(said);
  if (status?.[1] !== 'revoked') return status && { since: null };
  const since = /Revocation Time: (.+ GMT)/.exec(said.slice(status.index))?.[1];
  return since === undefined ? null : { since };
}

async function listed(
  place: Place,
  trusted: string,
  { serialNumber }: Own,
  list: Uint8Array,
  signedAt: number,
): Promise<Finding> {
  const { program, deadline, folder } = place;
  const file = join(folder, 'list.der');
  await writeFile(file, list, { mode: 0o600 });
  const read = ['crl', '-inform', 'DER', '-in', file, '-noout'];
  const told = await run(program, [...read, '-text'], deadline);
  if (told.ended !== 'well') return unasked(told) ?? wrong(`no list: ${lastWords(told.said)}`);
  if (place.anchors.length === 0) return unproven(place, '');
  const verified = await run(program, [...read, '-CAfile', trusted], deadline);
  if (!/verify OK/i.test(verified.said)) return unasked(verified) ?? unproven(place, verified.said);
  const since = revokedSince(told.said, serialNumber);
  return since !== null && since <= signedAt
    ? { state: 'rejected', reason: 'signer_revoked', detail: new Date(since).toISOString() }
    : { state: 'good' };
}
