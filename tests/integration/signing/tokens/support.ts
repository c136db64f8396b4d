// A SoftHSM token with a certificate on it, made with its makers' own tools, and the desk over a real helper process.
import { execFileSync } from 'node:child_process';
import { constants, publicEncrypt, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkHelper } from '../../../../electron/fingerprint/readers/vendor/index.ts';
import { sha256Hex } from '../../../../electron/signing/crypto.ts';
import { namesOf } from '../../../../electron/signing/tokens/certificates.ts';
import {
  type HelperProcess,
  type ListedToken,
  openTokenDesk,
  type TokenDesk,
  type TokenDeskOptions,
} from '../../../../electron/signing/tokens/index.ts';
import { moduleTable } from '../../../../electron/signing/tokens/module-table.ts';

const home = join(import.meta.dirname, '..', '..', '..', '..');
export const helperFile = join(home, 'electron/signing/tokens/helper.ts');
export const softHsm = '/usr/lib/softhsm/libsofthsm2.so';
export const openSc = '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so';

export interface Identity {
  readonly keyFile: string;
  readonly certificateFile: string;
  readonly der: Buffer;
  /** SHA-256 of the DER, hex. */
  readonly id: string;
}

export interface Center {
  readonly folder: string;
  /** A certificate of this center's own authority. */
  person(name: string, key?: readonly string[]): Identity;
  readonly authority: Identity;
}

const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
export const p256 = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
export const p384 = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'];

export function makeCenter(): Center {
  const folder = mkdtempSync(join(tmpdir(), 'tram-tokens-'));
  const authority = identity('authority', 'CA thử nghiệm', rsa, null);
  return { folder, authority, person: (name, key = rsa) => identity(randomUUID(), name, key, authority) };

  function identity(file: string, name: string, key: readonly string[], by: Identity | null): Identity {
    const keyFile = join(folder, `${file}.key`);
    const certificateFile = join(folder, `${file}.der`);
    openssl('genpkey', ...key, '-out', keyFile);
    const usage = by
      ? 'keyUsage=critical,digitalSignature,nonRepudiation'
      : 'keyUsage=critical,keyCertSign,cRLSign';
    openssl(
      ...['req', '-new', '-x509', '-utf8', '-subj', `/C=VN/CN=${name}`, '-days', '365', '-key', keyFile],
      ...(by ? ['-CA', pem(by), '-CAkey', by.keyFile] : []),
      ...['-addext', `basicConstraints=critical,CA:${by ? 'FALSE' : 'TRUE'}`, '-addext', usage],
      ...['-outform', 'DER', '-out', certificateFile],
    );
    const der = readFileSync(certificateFile);
    return { keyFile, certificateFile, der, id: sha256Hex(der) };
  }

  function pem({ certificateFile }: Identity): string {
    const file = `${certificateFile}.pem`;
    openssl('x509', '-inform', 'DER', '-in', certificateFile, '-out', file);
    return file;
  }
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

export interface SoftToken {
  readonly folder: string;
  /** SoftHSM's own serial number. */
  readonly serial: string;
  readonly pin: string;
}

/** A store of SoftHSM's of its own, for this test process and the helpers it starts. */
export function softHsmStore(): { readonly folder: string; readonly config: string } {
  const folder = mkdtempSync(join(tmpdir(), 'tram-softhsm-'));
  const config = join(folder, 'softhsm2.conf');
  mkdirSync(join(folder, 'tokens'));
  writeFileSync(
    config,
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  process.env.SOFTHSM2_CONF = config;
  return { folder, config };
}

/** `keyId`: CKA_ID of key and certificate, hex; null leaves the certificate's empty. */
export function makeSoftToken(
  folder: string,
  label: string,
  pin: string,
  identities: readonly { readonly who: Identity; readonly keyId: string | null }[],
  authorities: readonly Identity[] = [],
): SoftToken {
  softHsmUtil('--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', '12345678');
  for (const [index, { who, keyId }] of identities.entries()) {
    const key = join(folder, `${randomUUID()}.p8`);
    openssl('pkcs8', '-topk8', '-nocrypt', '-in', who.keyFile, '-out', key);
    softHsmUtil(
      ...['--import', key, '--token', label, '--label', `key ${index}`, '--id', keyId ?? 'ee', '--pin', pin],
    );
    writeCertificate(label, pin, who, keyId);
  }
  for (const authority of authorities) writeCertificate(label, pin, authority, null);
  const shown = execFileSync('softhsm2-util', ['--show-slots'], { encoding: 'utf8' });
  const block = shown.split(/^Slot /m).find((each) => each.includes(`Label:            ${label} `)) ?? '';
  return { folder, pin, serial: /Serial number:\s+(\S+)/.exec(block)?.[1] ?? '' };
}

function softHsmUtil(...args: string[]): void {
  execFileSync('softhsm2-util', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function writeCertificate(
  label: string,
  pin: string,
  { certificateFile }: Identity,
  id: string | null,
): void {
  execFileSync(
    'pkcs11-tool',
    [
      ...['--module', softHsm, '--token-label', label, '--login', '--pin', pin],
      ...['--write-object', certificateFile, '--type', 'cert', ...(id === null ? [] : ['--id', id])],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
}

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly detail: unknown;
}

export interface Bench {
  readonly desk: TokenDesk;
  readonly helpers: HelperProcess[];
  readonly log: Line[];
  /** As the page does it. */
  seal(pin: string): Promise<string>;
  /** The token with this certificate; waits until it is there. */
  tokenWith(certificateId: string): Promise<ListedToken>;
}

export function openBench(modules: readonly string[], options: Partial<TokenDeskOptions> = {}): Bench {
  const helpers: HelperProcess[] = [];
  const log: Line[] = [];
  const start = forkHelper(helperFile);
  const table = moduleTable();
  const desk = openTokenDesk({
    start() {
      const helper = start();
      if (helper) helpers.push(helper);
      return helper;
    },
    modulePaths: () => modules,
    idleMs: () => 60_000,
    now: Date.now,
    log: (level, message, detail) => void log.push({ level, message, detail }),
    // what else is installed on the PC that runs the tests is none of their business
    table: { ...table, modules: [] },
    ...options,
    times: { pollMs: 150, checkMs: 300, deadlineMs: 10_000, ...options.times },
  });
  return { desk, helpers, log, seal: async (pin) => sealTo(await desk.pinKey(), pin), tokenWith };

  async function tokenWith(certificateId: string): Promise<ListedToken> {
    for (let tries = 0; tries < 200; tries++) {
      const { tokens } = await desk.tokens();
      const found = tokens.find(({ certificates }) =>
        certificates.some((der) => sha256Hex(der) === certificateId),
      );
      if (found) return found;
      await new Promise((again) => setTimeout(again, 50));
    }
    throw new Error('the token did not appear');
  }
}

export function sealTo(pinKey: string | null, pin: string): string {
  return publicEncrypt(
    {
      key: `-----BEGIN PUBLIC KEY-----\n${pinKey}\n-----END PUBLIC KEY-----`,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
    },
    Buffer.from(pin),
  ).toString('base64');
}

/** A dead process that nobody has looked after yet is dead all the same. */
export const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

export async function until(holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not happen in time');
    await new Promise((again) => setTimeout(again, 20));
  }
}

export const spkiOf = ({ der }: Identity): Buffer => namesOf(der)!.spki;

export const cleanUp = (...folders: readonly string[]): void => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
};
