// `tram verify FILE`: whether a signed file holds. Opens no store and asks for no password, so that anybody may check.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkFile, type SignatureVerdict, type Verdict } from '../../core/signed-files.ts';
import { exitCodes, verdictCodes } from './exit-codes.ts';
import type { Job } from './job.ts';
import { type SigningWords, signingWordsIn } from './signing-words.ts';

export async function verify({ asked, print, complain }: Job): Promise<number> {
  const words = signingWordsIn(asked.language);
  const [path, ...more] = asked.rest;
  if (path === undefined || more.length > 0) {
    complain(words.word('whichFile'));
    return exitCodes.usage;
  }
  const { content: contentPath, anchors, at } = asked.files;
  const file = readOrNull(path);
  const content = contentPath === null ? null : readOrNull(contentPath);
  if (file === null || (contentPath !== null && content === null)) {
    complain(words.word('noFile', { file: file === null ? path : (contentPath ?? '') }));
    return exitCodes.notOpened;
  }
  if (anchors !== null && !isFolder(anchors)) {
    complain(words.word('noFolder', { folder: anchors }));
    return exitCodes.notOpened;
  }
  const verdict = await checkFile({
    file,
    content,
    anchors,
    ownAnchors: join(asked.dataDir, 'trust'),
    training: asked.mode === 'training',
    at,
  });
  if (asked.json) print(JSON.stringify(verdict));
  else for (const line of linesOf(verdict, words)) print(line);
  return verdictCodes[verdict.state];
}

function linesOf(verdict: Verdict, words: SigningWords): string[] {
  const ofSignatures = new Set(verdict.signatures.flatMap(({ reasons }) => reasons));
  const ofFile = verdict.reasons.filter((reason) => !ofSignatures.has(reason));
  return [
    words.state(verdict.state),
    ...ofFile.map((reason) => words.word('reason', { reason: words.reason(reason) })),
    ...verdict.signatures.flatMap((signature, i) => signatureLines(signature, i + 1, words)),
  ];
}

function signatureLines(signature: SignatureVerdict, number: number, words: SigningWords): string[] {
  const { kind, state, signer, issuer, algorithm, claimedAt, stampedAt, reasons } = signature;
  return [
    words.word('signature', { number, kind, state: words.state(state) }),
    ...(signer === '' ? [] : [words.word('signer', { signer: plain(signer) })]),
    ...(issuer === '' ? [] : [words.word('issuer', { issuer: plain(issuer) })]),
    ...(algorithm === '' ? [] : [words.word('algorithm', { algorithm })]),
    ...(claimedAt === null ? [] : [words.word('claimedAt', { when: words.when(claimedAt) })]),
    ...(stampedAt === null ? [] : [words.word('stampedAt', { when: words.when(stampedAt) })]),
    ...[words.revocation(signature.revocation)].filter((line) => line !== null),
    ...reasons.map((reason) => words.word('reason', { reason: words.reason(reason) })),
  ];
}

/** A name from a certificate is somebody else's text: on a terminal it may not move the cursor or hide a line. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');

function readOrNull(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
