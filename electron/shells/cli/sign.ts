// `tram sign FILE`: a signature beside the file (CAdES) or inside it (PDF, XML), made with a USB token. With --training by
// a simulated one, or with a training key from files; never with a real one, because a key that can be copied proves
// nothing.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { ErrorCode } from '../../../shared/api/errors.ts';
import {
  openTokens,
  type SignatureForm,
  type SignedFile,
  signFile,
  type TokenChoice,
  trainingFileKey,
  trainingKey,
  trainingP12Key,
} from '../../core/signed-files.ts';
import { tokenHelperFile } from '../places.ts';
import { exitCodes } from './exit-codes.ts';
import type { Job } from './job.ts';
import { type SigningWords, signingWordsIn } from './signing-words.ts';

type Signed = Result<{ readonly file: SignedFile; readonly name: string }>;

/** What is asked of a signature, whoever makes it. */
interface Order {
  readonly content: Buffer;
  readonly form: SignatureForm;
  readonly stampUrl: string | null;
}

export async function sign(job: Job): Promise<number> {
  const { asked, print, complain } = job;
  const words = signingWordsIn(asked.language);
  const [path, ...more] = asked.rest;
  const { key, cert, p12, enveloping, inside, stamp } = asked.files;
  if (path === undefined || more.length > 0 || (key === null) !== (cert === null) || (enveloping && inside)) {
    complain(words.word('whichFile'));
    return exitCodes.usage;
  }
  if ((key ?? p12) !== null && asked.mode !== 'training') {
    complain(words.word('keyOnlyTraining'));
    return exitCodes.problem;
  }
  const form: SignatureForm = inside ? 'inside' : enveloping ? 'around' : 'beside';
  const out = asked.files.out ?? nameOf(path, form);
  const content = readOrNull(path);
  if (content === null || existsSync(out)) {
    complain(content === null ? words.word('noFile', { file: path }) : words.word('exists', { file: out }));
    return exitCodes.notOpened;
  }

  const order: Order = { content, form, stampUrl: stamp };
  const signed =
    key !== null && cert !== null
      ? await withFileKey(order, key, cert)
      : p12 !== null
        ? await withP12(job, words, order, p12)
        : asked.mode === 'training'
          ? await withTrainingToken(order, asked.user ?? words.word('trainee'))
          : await withToken(job, words, order);
  if (typeof signed === 'number') return signed;
  if (!signed.ok) return refused(job, words, signed.error.code);
  const { file, name } = signed.value;
  try {
    writeFileSync(out, file.bytes, { flag: 'wx' });
  } catch {
    complain(words.word('cannotWrite', { file: out }));
    return exitCodes.problem;
  }
  print(
    asked.json
      ? JSON.stringify({ file: out, name, stamped: stamp !== null && file.stampFault === null })
      : words.word('signed', { name, file: out }),
  );
  if (file.stampFault === null) return exitCodes.good;
  complain(words.word('stampMissing'));
  return refused(job, words, file.stampFault);
}

/** `paper.pdf` → `paper.pdf.p7s`, `paper.pdf.p7m`, `paper.signed.pdf`. */
function nameOf(path: string, form: SignatureForm): string {
  const ending = extname(path);
  if (form === 'inside') return `${path.slice(0, path.length - ending.length)}.signed${ending}`;
  return `${path}.${form === 'around' ? 'p7m' : 'p7s'}`;
}

async function withFileKey(order: Order, keyFile: string, certFile: string): Promise<Signed> {
  const [keyPem, certificatePem] = [readOrNull(keyFile), readOrNull(certFile)];
  if (keyPem === null || certificatePem === null) return fail('no_such_folder');
  const key = trainingFileKey(keyPem.toString('utf8'), certificatePem.toString('latin1'));
  if (!key.ok) return key;
  const signed = await signFile({ ...order, key: key.value, at: Date.now() });
  return signed.ok ? ok({ file: signed.value, name: certFile }) : signed;
}

async function withP12({ secrets }: Job, words: SigningWords, order: Order, path: string): Promise<Signed> {
  const file = readOrNull(path);
  if (file === null) return fail('no_such_folder');
  const key = trainingP12Key(file, (await secrets.secret(words.word('p12Password', { file: path }))) ?? '');
  if (!key.ok) return key;
  const signed = await signFile({ ...order, key: key.value, at: Date.now() });
  return signed.ok ? ok({ file: signed.value, name: path }) : signed;
}

/** In training no real token is ever asked. */
async function withTrainingToken(order: Order, name: string): Promise<Signed> {
  const key = await trainingKey(name);
  const signed = await signFile({ ...order, key, at: Date.now() });
  return signed.ok ? ok({ file: signed.value, name }) : signed;
}

/** A number: it was said already. */
async function withToken(
  { asked, secrets, complain }: Job,
  words: SigningWords,
  order: Order,
): Promise<Signed | number> {
  const { module, certificate: wanted } = asked.files;
  const { forkHelper } = await import('../../core.ts');
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
    const signed = await signFile({ ...order, key: key.value, at: Date.now() });
    return signed.ok ? ok({ file: signed.value, name: choice.name }) : signed;
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
