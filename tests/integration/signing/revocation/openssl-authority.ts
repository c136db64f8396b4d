// A certification authority that is OpenSSL's alone: `openssl ca` issues and revokes, `openssl ocsp` answers on a port,
// lists are made by `-gencrl` and given out over HTTP. All on the loopback, in a folder of its own.

import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from '../../../../electron/signing/x509/certificate.ts';
import { readCertificate } from '../../../../electron/signing/x509/certificate.ts';

export type KeyKind = keyof typeof keyOptions;
const keyOptions = {
  ec256: ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  ec384: ['EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  rsa2048: ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  pss2048: [
    'RSA-PSS',
    '-pkeyopt',
    'rsa_keygen_bits:2048',
    '-pkeyopt',
    'rsa_pss_keygen_md:sha256',
    '-pkeyopt',
    'rsa_pss_keygen_mgf1_md:sha256',
    '-pkeyopt',
    'rsa_pss_keygen_saltlen:32',
  ],
  rsa1024: ['RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
} as const;

export interface Authority {
  readonly root: Certificate;
  readonly issuing: Certificate;
  issue(name: string, extensions: Extensions, options?: { key?: KeyKind; more?: string[] }): Certificate;
  revoke(name: string, reason: string): void;
  /** Makes the lists anew. */
  list(): void;
  /** Responder of the issuing CA, signing as `signer`. */
  startResponder(signer: string, options?: string[]): Promise<void>;
  stopResponder(): Promise<void>;
  /** Lists are given out, or the server is silent. */
  readonly lists: { served: boolean; requests: number };
  run(...args: string[]): string;
  path(name: string): string;
  close(): Promise<void>;
}
type Extensions = 'person' | 'responder' | 'bound_responder' | 'stamper';

export async function openAuthority(): Promise<Authority> {
  const folder = mkdtempSync(join(tmpdir(), 'tram-ca-'));
  const path = (name: string) => join(folder, name);
  const run = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], encoding: 'utf8' });
  const lists = { served: true, requests: 0 };

  const web = createServer((request, response) => {
    lists.requests++;
    if (!lists.served) return void request.destroy();
    const name = request.url?.slice(1) ?? '';
    if (!/^\w+\.crl$/.test(name)) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'application/pkix-crl' }).end(readFileSync(path(name)));
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const webPort = (web.address() as AddressInfo).port;
  const ocspPort = await freePort();

  writeFileSync(path('ca.cnf'), configuration(webPort, ocspPort));
  for (const ca of ['root', 'issuing']) {
    writeFileSync(path(`${ca}.db`), '');
    writeFileSync(path(`${ca}.db.attr`), 'unique_subject = no\n');
    writeFileSync(path(`${ca}.serial`), '1000\n');
    writeFileSync(path(`${ca}.number`), '01\n');
  }
  // all begin an hour before, so that there is a time before a revocation
  const anHourAgo = `${new Date(Date.now() - 3_600_000).toISOString().replaceAll(/[-:T]|\.\d+Z/g, '')}Z`;
  const subject = (common: string) => `/C=VN/O=Cơ quan thử/CN=${common}`;
  const request = (name: string, key: KeyKind, common = name) => {
    run('genpkey', '-algorithm', ...keyOptions[key], '-out', `${name}.key`);
    run(
      'req',
      '-new',
      '-utf8',
      '-key',
      `${name}.key`,
      '-subj',
      subject(common),
      '-config',
      'ca.cnf',
      '-out',
      `${name}.csr`,
    );
  };
  const sign = (ca: string, name: string, extensions: string, more: string[] = []) => {
    run(
      'ca',
      '-batch',
      '-startdate',
      anHourAgo,
      '-notext',
      '-utf8',
      '-config',
      'ca.cnf',
      '-name',
      ca,
      '-extensions',
      extensions,
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
      ...more,
    );
    run('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`);
    return read(name);
  };
  const read = (name: string): Certificate => {
    const certificate = readCertificate(readFileSync(path(`${name}.der`)));
    if (certificate === null) throw new Error(`OpenSSL's certificate ${name} cannot be read`);
    return certificate;
  };
  const list = () => {
    for (const ca of ['root', 'issuing']) {
      run('ca', '-gencrl', '-config', 'ca.cnf', '-name', ca, '-out', `${ca}.crl.pem`);
      run('crl', '-in', `${ca}.crl.pem`, '-outform', 'DER', '-out', `${ca}.crl`);
    }
  };

  request('root', 'rsa2048', 'Gốc thử');
  const root = sign('root', 'root', 'root_ca', ['-selfsign']);
  request('issuing', 'ec256', 'CA phát hành thử');
  const issuing = sign('root', 'issuing', 'issuing_ca');
  list();

  let responder: ChildProcess | null = null;
  const stopResponder = async () => {
    const running = responder;
    responder = null;
    if (running === null || running.exitCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill();
    await gone;
  };
  return {
    root,
    issuing,
    lists,
    list,
    run,
    path,
    issue(name, extensions, { key = 'ec256', more = [] } = {}) {
      request(name, key);
      return sign('issuing', name, extensions, more);
    },
    revoke(name, reason) {
      run(
        'ca',
        '-config',
        'ca.cnf',
        '-name',
        name === 'issuing' ? 'root' : 'issuing',
        '-revoke',
        `${name}.pem`,
        '-crl_reason',
        reason,
      );
    },
    async startResponder(signer, options = ['-nmin', '60']) {
      await stopResponder();
      const child = spawn(
        'openssl',
        [
          'ocsp',
          '-port',
          String(ocspPort),
          '-index',
          'issuing.db',
          '-CA',
          'issuing.pem',
          '-rsigner',
          `${signer}.pem`,
          '-rkey',
          `${signer}.key`,
          '-ignore_err',
          ...options,
        ],
        { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      responder = child;
      await new Promise<void>((resolve, reject) => {
        child.once('exit', () => reject(new Error('the responder did not start')));
        const listen = (part: Buffer) =>
          void (part.includes('ACCEPT') || part.includes('waiting') ? resolve() : 0);
        child.stdout.on('data', listen);
        child.stderr.on('data', listen);
      });
    },
    stopResponder,
    async close() {
      await stopResponder();
      await new Promise((resolve) => web.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const authority = (name: string) => `
[${name}]
database = ${name}.db
serial = ${name}.serial
crlnumber = ${name}.number
new_certs_dir = .
certificate = ${name}.pem
private_key = ${name}.key
default_md = sha256
default_days = 30
default_crl_days = 1
policy = any
crl_extensions = list
`;

const configuration = (webPort: number, ocspPort: number): string => `
${authority('root')}
${authority('issuing')}
[any]
C = optional
O = optional
CN = supplied
[req]
distinguished_name = empty
string_mask = utf8only
[empty]
[list]
authorityKeyIdentifier = keyid
[root_ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[issuing_ca]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://127.0.0.1:${webPort}/root.crl
[person]
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = clientAuth,emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:http://127.0.0.1:${ocspPort}/
crlDistributionPoints = URI:http://127.0.0.1:${webPort}/issuing.crl
[stamper]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://127.0.0.1:${webPort}/issuing.crl
[responder]
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[bound_responder]
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://127.0.0.1:${webPort}/issuing.crl
`;
