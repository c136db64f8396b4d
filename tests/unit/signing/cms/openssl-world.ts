// A small world of certificates made by OpenSSL for a test run: a root, an issuing CA, people with RSA and EC keys, a
// time-stamping authority and revocation lists. Nothing of the program takes part in making it.
import { execFileSync } from 'node:child_process';
import { constants, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fetch, SignatureAlgorithm, SigningKey } from '../../../../electron/signing/types.ts';
import { ok, type Result } from '../../../../shared/api/contract.ts';

export interface World {
  readonly folder: string;
  /** DER. */
  readonly root: Buffer;
  readonly issuer: Buffer;
  path(name: string): string;
  der(name: string): Buffer;
  openssl(args: readonly string[], input?: Uint8Array): Buffer;
  /** Exit code and everything it said. */
  tries(args: readonly string[], input?: Uint8Array): { code: number; said: string };
  write(name: string, bytes: Uint8Array | string): string;
  /** A key held in a file: what a token would do, by node:crypto. */
  key(name: string, algorithms?: readonly SignatureAlgorithm[]): SigningKey;
  /** A time-stamp response of OpenSSL's authority for a request in DER. */
  stampResponse(request: Uint8Array, name?: string): Buffer;
  /** Gives out the revocation lists and time-stamps under the addresses named in the certificates. */
  readonly fetch: Fetch;
  revoke(name: string): void;
  remove(): void;
}

/** Nobody answers there but `World.fetch`. */
const nowhere = 'http://world.test';
export const stampUrl = `${nowhere}/tsa`;

export interface WorldOptions {
  /** Where its lists are said to be; default: nowhere but in `fetch`. */
  readonly base?: string;
  /** Organisation of everybody in it. */
  readonly organization?: string;
}

const people: Readonly<Record<string, readonly string[]>> = {
  doctor: ['rsa:2048'],
  nurse: ['rsa:2048'],
  head: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  director: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
};

export function opensslWorld({ base = nowhere, organization = 'Thử nghiệm' }: WorldOptions = {}): World {
  const folder = mkdtempSync(join(tmpdir(), 'tram-cms-'));
  const path = (name: string): string => join(folder, name);
  const openssl = (args: readonly string[], input?: Uint8Array): Buffer =>
    execFileSync('openssl', args, { cwd: folder, input, stdio: ['pipe', 'pipe', 'pipe'] });
  const write = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(path(name), bytes);
    return path(name);
  };
  write('world.cnf', configuration(base));
  for (const ca of ['root', 'ca']) {
    write(`${ca}.db`, '');
    write(`${ca}.serial`, '1000\n');
    write(`${ca}.crlnumber`, '01\n');
  }
  write('tsa.serial', '01\n');

  request('root', ['rsa:2048'], `/C=VN/O=${organization}/CN=Gốc thử nghiệm`);
  openssl([
    'ca',
    '-config',
    'world.cnf',
    '-name',
    'root',
    '-batch',
    '-notext',
    '-selfsign',
    '-extensions',
    'root_ext',
    '-in',
    'root.csr',
    '-keyfile',
    'root.key',
    '-out',
    'root.pem',
    '-days',
    '7300',
  ]);
  request('ca', ['rsa:2048'], `/C=VN/O=${organization}/CN=CA công cộng thử nghiệm`);
  openssl([
    'ca',
    '-config',
    'world.cnf',
    '-name',
    'root',
    '-batch',
    '-notext',
    '-extensions',
    'ca_ext',
    '-in',
    'ca.csr',
    '-out',
    'ca.pem',
    '-days',
    '3650',
  ]);
  for (const [name, kind] of Object.entries(people)) {
    request(name, kind, `/C=VN/O=${organization}/CN=Nguyễn Thị ${name}/UID=CCCD:001085000123`);
    issue(name, 'person_ext');
  }
  request('tsa', ['rsa:2048'], `/C=VN/O=${organization}/CN=Dấu thời gian thử nghiệm`);
  issue('tsa', 'tsa_ext');
  request('tsa-lax', ['rsa:2048'], `/C=VN/O=${organization}/CN=Dấu thời gian không critical`);
  issue('tsa-lax', 'tsa_lax_ext');
  lists();

  const der = (name: string): Buffer =>
    Buffer.from(readFileSync(path(`${name}.pem`), 'utf8').replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const stampResponse = (query: Uint8Array, name = 'tsa'): Buffer => {
    write('query.tsq', query);
    openssl([
      'ts',
      '-reply',
      '-config',
      'world.cnf',
      '-section',
      name.replace('-', '_'),
      '-queryfile',
      'query.tsq',
      '-out',
      'answer.tsr',
    ]);
    return readFileSync(path('answer.tsr'));
  };

  return {
    folder,
    root: der('root'),
    issuer: der('ca'),
    path,
    der,
    openssl,
    write,
    stampResponse,
    tries(args, input) {
      try {
        return { code: 0, said: openssl([...args], input).toString() };
      } catch (failed) {
        const { status, stdout, stderr } = failed as { status: number; stdout: Buffer; stderr: Buffer };
        return { code: status, said: `${stdout}${stderr}` };
      }
    },
    key: (name, algorithms) =>
      fileKey(readFileSync(path(`${name}.key`), 'utf8'), der(name), [der('ca')], algorithms),
    fetch: async ({ url, body }): Promise<Result<Buffer>> => {
      if (url === `${base}/tsa` && body) return ok(stampResponse(body));
      const list = ['root', 'ca'].find((name) => url === `${base}/${name}.crl`);
      if (list) return ok(readFileSync(path(`${list}.crl`)));
      return {
        ok: false,
        error: { code: 'revocation_unreachable', messageKey: 'error.revocation_unreachable' },
      };
    },
    revoke(name) {
      openssl(['ca', '-config', 'world.cnf', '-name', 'ca', '-revoke', `${name}.pem`]);
      lists();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };

  function request(name: string, kind: readonly string[], subject: string): void {
    openssl([
      'req',
      '-config',
      'world.cnf',
      '-utf8',
      '-new',
      '-newkey',
      ...kind,
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      subject,
    ]);
  }

  function issue(name: string, extensions: string): void {
    openssl([
      'ca',
      '-config',
      'world.cnf',
      '-name',
      'ca',
      '-batch',
      '-notext',
      '-extensions',
      extensions,
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
      '-days',
      '1000',
    ]);
  }

  function lists(): void {
    for (const ca of ['root', 'ca']) {
      openssl([
        'ca',
        '-config',
        'world.cnf',
        '-name',
        ca,
        '-gencrl',
        '-crldays',
        '30',
        '-out',
        `${ca}.crl.pem`,
      ]);
      openssl(['crl', '-in', `${ca}.crl.pem`, '-outform', 'DER', '-out', `${ca}.crl`]);
    }
  }
}

const hashes: Record<SignatureAlgorithm, string> = {
  'rsa-pkcs1-sha256': 'sha256',
  'rsa-pss-sha256': 'sha256',
  'ecdsa-p256-sha256': 'sha256',
  'ecdsa-p384-sha384': 'sha384',
};

export function fileKey(
  pem: string,
  certificate: Buffer,
  chain: readonly Buffer[],
  algorithms?: readonly SignatureAlgorithm[],
): SigningKey {
  const key = createPrivateKey(pem);
  const own: readonly SignatureAlgorithm[] =
    key.asymmetricKeyType === 'rsa'
      ? ['rsa-pkcs1-sha256', 'rsa-pss-sha256']
      : key.asymmetricKeyDetails?.namedCurve === 'secp384r1'
        ? ['ecdsa-p384-sha384']
        : ['ecdsa-p256-sha256'];
  return {
    certificate,
    chain,
    algorithms: algorithms ?? own,
    sign: async (data, algorithm) =>
      ok(
        sign(
          hashes[algorithm],
          data,
          algorithm === 'rsa-pss-sha256'
            ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
            : key,
        ),
      ),
  };
}

/** Whether node:crypto says that the file is a certificate: for tests of tests. */
export const isCertificate = (der: Buffer): boolean => new X509Certificate(der).subject.length > 0;

const authority = (name: string, base: string): string => `
[${name}_ext]
basicConstraints = critical, CA:TRUE${name === 'ca' ? ', pathlen:0' : ''}
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
${name === 'ca' ? `authorityKeyIdentifier = keyid:always\ncrlDistributionPoints = URI:${base}/root.crl` : ''}
[${name}]
database = ${name}.db
serial = ${name}.serial
crlnumber = ${name}.crlnumber
new_certs_dir = .
certificate = ${name}.pem
private_key = ${name}.key
default_md = sha256
policy = any
unique_subject = no
copy_extensions = none
crl_extensions = list
string_mask = utf8only
`;

const stamping = (name: string, file: string): string => `
[${name}]
serial = tsa.serial
crypto_device = builtin
signer_cert = ${file}.pem
certs = ca.pem
signer_key = ${file}.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
other_policies = 1.3.6.1.4.1.99999.2
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;

const configuration = (base: string): string => `
[req]
distinguished_name = name
string_mask = utf8only
[name]
[any]
commonName = supplied
countryName = optional
organizationName = optional
userId = optional
[list]
authorityKeyIdentifier = keyid:always
${authority('root', base)}
${authority('ca', base)}
[person_ext]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
crlDistributionPoints = URI:${base}/ca.crl
[tsa_ext]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
crlDistributionPoints = URI:${base}/ca.crl
[tsa_lax_ext]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
crlDistributionPoints = URI:${base}/ca.crl
${stamping('tsa', 'tsa')}
${stamping('tsa_lax', 'tsa-lax')}
`;
