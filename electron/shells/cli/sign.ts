// `tram sign FILE`: a CAdES signature beside the file, made with a USB token. With --training by a simulated one, or with
// a training key from files; never with a real one, because a key that can be copied proves nothing.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { ErrorCode } from '../../../shared/api/errors.ts';
import {
  openTokens,
  signFile,
  stampFile,
  type TokenChoice,
  trainingFileKey,
  trainingKey,
} from '../../core/signed-files.ts';
import { forkHelper } from '../../core.ts';
import { tokenHelperFile } from '../places.ts';
import { exitCodes, type Job } from './job.ts';
import { type SigningWords, signingWordsIn } from './signing-words.ts';

type Signed = Result<{ readonly container: Buffer; readonly name: string }>;

export async function sign(job: Job): Promise<number> {
  const { asked, print, complain } = job;
  const words = signingWordsIn(asked.language);
  const [path, ...more] = asked.rest;
  const { key, cert, enveloping, stamp } = asked.files;
  if (path === undefined || more.length > 0 || (key === null) !== (cert === null)) {
    complain(words.word('whichFile'));
    return exitCodes.usage;
  }
  if (key !== null && asked.mode !== 'training') {
    complain(words.word('keyOnlyTraining'));
    return exitCodes.problem;
  }
  const out = asked.files.out ?? `${path}.${enveloping ? 'p7m' : 'p7s'}`;
  const content = readOrNull(path);
  if (content === null || existsSync(out)) {
    complain(content === null ? words.word('noFile', { file: path }) : words.word('exists', { file: out }));
    return exitCodes.notOpened;
  }

  const signed =
    key !== null && cert !== null
      ? await withFileKey(content, enveloping, key, cert)
      : asked.mode === 'training'
        ? await withTrainingToken(content, enveloping, asked.user ?? words.word('trainee'))
        : await withToken(job, words, content, enveloping);
  if (typeof signed === 'number') return signed;
  if (!signed.ok) return refused(job, words, signed.error.code);
  const { container, name } = signed.value;
  const stamped = stamp === null ? ok(container) : await stampFile(container, stamp);
  // what was signed is kept whatever the stamp does: the token may be gone by the next try
  try {
    writeFileSync(out, stamped.ok ? stamped.value : container, { flag: 'wx' });
  } catch {
    complain(words.word('cannotWrite', { file: out }));
    return exitCodes.problem;
  }
  print(
    asked.json
      ? JSON.stringify({ file: out, name, stamped: stamp !== null && stamped.ok })
      : words.word('signed', { name, file: out }),
  );
  if (stamped.ok) return exitCodes.good;
  complain(words.word('stampMissing'));
  return refused(job, words, stamped.error.code);
}

async function withFileKey(
  content: Buffer,
  enveloping: boolean,
  keyFile: string,
  certFile: string,
): Promise<Signed> {
  const [keyPem, certificatePem] = [readOrNull(keyFile), readOrNull(certFile)];
  if (keyPem === null || certificatePem === null) return fail('no_such_folder');
  const key = trainingFileKey(keyPem.toString('utf8'), certificatePem.toString('latin1'));
  if (!key.ok) return key;
  const signed = await signFile({ content, key: key.value, enveloping, at: Date.now() });
  return signed.ok ? ok({ container: signed.value, name: certFile }) : signed;
}

/** In training no real token is ever asked. */
async function withTrainingToken(content: Buffer, enveloping: boolean, name: string): Promise<Signed> {
  const key = await trainingKey(name);
  const signed = await signFile({ content, key, enveloping, at: Date.now() });
  return signed.ok ? ok({ container: signed.value, name }) : signed;
}

/** A number: it was said already. */
async function withToken(
  { asked, secrets, complain }: Job,
  words: SigningWords,
  content: Buffer,
  enveloping: boolean,
): Promise<Signed | number> {
  const { module, certificate: wanted } = asked.files;
  const tokens = openTokens(forkHelper(tokenHelperFile()), module === null ? [] : [module]);
  try {
    const all = await tokens.choices();
    const fitting = all.filter(
      ({ certificateId }) => wanted === null || certificateId.startsWith(wanted.toLowerCase()),
    );
    const [choice, ...others] = fitting;
    if (choice === undefined || others.length > 0) {
      complain(words.word(choice === undefined ? 'noCertificate' : 'whichCertificate'));
      for (const one of all) complain(choiceLine(one, words));
      return exitCodes.problem;
    }
    if (choice.lastTry && (await secrets.line(words.word('lastTry')))?.trim() !== words.word('lastTryWord'))
      return exitCodes.problem;
    const pin = await secrets.secret(words.word('pin', { name: choice.name }));
    if (pin === null) {
      complain(words.word('noPin'));
      return exitCodes.notOpened;
    }
    const key = await tokens.unlock(choice, pin, choice.lastTry);
    if (!key.ok) return key;
    const signed = await signFile({ content, key: key.value, enveloping, at: Date.now() });
    return signed.ok ? ok({ container: signed.value, name: choice.name }) : signed;
  } finally {
    await tokens.close();
  }
}

const choiceLine = ({ certificateId, name, issuer, validTo }: TokenChoice, words: SigningWords): string =>
  words.word('certificate', { id: certificateId.slice(0, 12), name, issuer, when: words.when(validTo) });

function refused({ complain, failure }: Job, words: SigningWords, code: ErrorCode): number {
  complain(words.failure(code) ?? failure(code));
  return exitCodes.problem;
}

function readOrNull(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
