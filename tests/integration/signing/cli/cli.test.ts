// `tram sign` and `tram verify` as a person types them, with OpenSSL's certificates, revocation lists and time-stamps on
// loopback.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opensslWorld, type World } from '../../../unit/signing/cms/openssl-world.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
let server: Server;
let base: string;
let world: World;
let training: World;

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const [, which, file] = /^\/(real|training)\/([\w.]+)$/.exec(request.url ?? '') ?? [];
      const from = which === 'training' ? training : world;
      if (file === 'tsa') response.end(from.stampResponse(Buffer.concat(parts)));
      else if (file?.endsWith('.crl')) response.end(readFileSync(from.path(file)));
      else response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  world = opensslWorld({ base: `${base}/real` });
  training = opensslWorld({ base: `${base}/training`, organization: 'TẬP HUẤN - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ' });
  for (const one of [world, training]) {
    mkdirSync(one.path('anchors'));
    writeFileSync(join(one.path('anchors'), 'root.pem'), readFileSync(one.path('root.pem')));
    one.write('paper.json', '{"giấy":"ra viện"}');
    one.write(
      'doctor-chain.pem',
      readFileSync(one.path('doctor.pem'), 'utf8') + readFileSync(one.path('ca.pem'), 'utf8'),
    );
  }
}, 120_000);
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  world.remove();
  training.remove();
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const tram = (from: World, ...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(root, 'bin', 'tram.mjs'), ...args],
      { cwd: from.folder },
      (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
    child.stdin?.end();
  });

function opensslSigns(name: string, ...more: string[]): string {
  world.openssl([
    'cms',
    '-sign',
    '-cades',
    '-binary',
    '-in',
    'paper.json',
    '-signer',
    'doctor.pem',
    '-inkey',
    'doctor.key',
    '-certfile',
    'ca.pem',
    '-outform',
    'DER',
    '-out',
    name,
    ...more,
  ]);
  return name;
}

const verify = (...args: string[]): Promise<Ran> => tram(world, 'verify', ...args, '--anchors', 'anchors');

describe('tram verify', () => {
  it('says in Vietnamese that a signature is valid, who made it and how it is known', async () => {
    const ran = await verify(opensslSigns('a.p7s'), '--content', 'paper.json');
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatch(
      /^HỢP LỆ\n1\. CAdES: HỢP LỆ\n {3}Người ký: Nguyễn Thị doctor\n {3}Nơi cấp chứng thư: CA công cộng thử nghiệm\n/,
    );
    expect(ran.out).toContain('Thu hồi: theo danh sách của nơi cấp (CRL)');
    expect(ran.out).toContain('Giờ ký chưa có dấu thời gian chứng minh.');
  });

  it('goes by what is in the file, never by its name', async () => {
    world.write('b.pdf', readFileSync(world.path(opensslSigns('b.p7s', '-nodetach'))));
    expect(await verify('b.pdf')).toMatchObject({ code: 0 });
  });

  it('answers 1 when the content was changed, and 2 when it is not at hand', async () => {
    world.write('changed.json', '{"giấy":"ra viện."}');
    opensslSigns('c.p7s');
    const changed = await verify('c.p7s', '--content', 'changed.json');
    expect(changed).toMatchObject({ code: 1 });
    expect(changed.out).toMatch(/^KHÔNG HỢP LỆ\n[\s\S]*Nội dung không còn là nội dung đã ký\./);
    expect(await verify('c.p7s')).toMatchObject({
      code: 2,
      out: expect.stringMatching(/^CHƯA XÁC THỰC ĐƯỢC\n[\s\S]*--content/),
    });
  });

  it('answers 2 when the roots are others, and when there are none', async () => {
    opensslSigns('d.p7s');
    expect(
      await tram(world, 'verify', 'd.p7s', '--content', 'paper.json', '--anchors', training.path('anchors')),
    ).toMatchObject({ code: 2 });
    expect(await tram(world, 'verify', 'd.p7s', '--content', 'paper.json')).toMatchObject({ code: 2 });
    expect(
      await tram(world, 'verify', 'd.p7s', '--content', 'paper.json', '--anchors', 'nowhere'),
    ).toMatchObject({ code: 3 });
  });

  it('answers for another time with --at', async () => {
    opensslSigns('e.p7s');
    const at = (time: string) => verify('e.p7s', '--content', 'paper.json', '--at', time);
    expect((await at('2020-01-01')).code).toBe(1);
    expect((await at('2099-01-01')).code).not.toBe(0);
    expect((await at('yesterday')).code).toBe(64);
  });

  it('gives the whole verdict with --json', async () => {
    const ran = await verify(opensslSigns('f.p7s', '-nodetach'), '--json');
    expect(JSON.parse(ran.out)).toMatchObject({
      state: 'valid',
      signatures: [{ kind: 'CAdES', signer: 'Nguyễn Thị doctor', revocation: { how: 'crl' } }],
    });
  });

  it('answers 2 for files that are no signatures, and 3 for files that are not there', async () => {
    world.write('letter.p7s', 'a letter');
    expect(await verify('letter.p7s')).toMatchObject({ code: 2 });
    expect(await verify('none.p7s')).toMatchObject({ code: 3 });
    expect(await tram(world, 'verify')).toMatchObject({ code: 64, out: '' });
  });

  it('answers 1 once the certificate was revoked', async () => {
    world.openssl([
      'cms',
      '-sign',
      '-cades',
      '-binary',
      '-nodetach',
      '-in',
      'paper.json',
      '-signer',
      'nurse.pem',
      '-inkey',
      'nurse.key',
      '-certfile',
      'ca.pem',
      '-outform',
      'DER',
      '-out',
      'nurse.p7m',
    ]);
    expect(await verify('nurse.p7m')).toMatchObject({ code: 0 });
    world.revoke('nurse');
    expect(await verify('nurse.p7m')).toMatchObject({
      code: 1,
      out: expect.stringContaining('đã bị thu hồi'),
    });
  });
});

describe('tram sign', () => {
  const keyOf = (from: World): string[] => [
    '--key',
    from.path('doctor.key'),
    '--cert',
    from.path('doctor-chain.pem'),
  ];

  it('takes keys from files in training only, and training’s certificates only', async () => {
    const real = await tram(training, 'sign', 'paper.json', ...keyOf(training));
    expect(real).toMatchObject({ code: 1, err: expect.stringContaining('chỉ dùng khi tập huấn') });
    const notTraining = await tram(world, 'sign', 'paper.json', '--training', ...keyOf(world));
    expect(notTraining).toMatchObject({
      code: 1,
      err: expect.stringContaining('Chứng thư này không dùng để ký ở đây được'),
    });
    expect(existsSync(world.path('paper.json.p7s'))).toBe(false);
  });

  it('writes a CAdES signature beside the file, with a time-stamp, that OpenSSL accepts', async () => {
    const ran = await tram(
      training,
      'sign',
      'paper.json',
      '--training',
      ...keyOf(training),
      '--stamp',
      `${base}/training/tsa`,
    );
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(
      training.tries([
        'cms',
        '-verify',
        '-cades',
        '-binary',
        '-inform',
        'DER',
        '-in',
        'paper.json.p7s',
        '-content',
        'paper.json',
        '-CAfile',
        'root.pem',
        '-out',
        'out.bin',
      ]),
    ).toMatchObject({ code: 0 });
    const inTraining = await tram(
      training,
      'verify',
      'paper.json.p7s',
      '--content',
      'paper.json',
      '--training',
      '--anchors',
      'anchors',
    );
    expect(inTraining).toMatchObject({ code: 0, out: expect.stringContaining('TẬP HUẤN') });
    expect(inTraining.out).toContain('Dấu thời gian: ');
  });

  it('signs in training with a simulated token, which only training believes', async () => {
    const ran = await tram(world, 'sign', 'paper.json', '--training', '--user', 'Lê Thị Tập', '--enveloping');
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('Lê Thị Tập') });
    expect(await tram(world, 'verify', 'paper.json.p7m', '--training')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Người ký: Lê Thị Tập'),
    });
    expect(await tram(world, 'verify', 'paper.json.p7m')).toMatchObject({
      code: 1,
      out: expect.stringContaining('Chứng thư TẬP HUẤN'),
    });
  });

  it('takes PKCS#12 in training, its password from standard input', async () => {
    training.openssl([
      'pkcs12',
      '-export',
      '-inkey',
      'head.key',
      '-in',
      'head.pem',
      '-certfile',
      'ca.pem',
      '-passout',
      'pass:bi-mat',
      '-out',
      'head.p12',
    ]);
    training.write('password', 'bi-mat\n');
    const order = ['sign', 'paper.json', '--training', '--p12', 'head.p12', '--out', 'p12.p7s'];
    process.env.TRAM_PASSWORD_FILE = training.path('password');
    try {
      expect(await tram(training, ...order)).toMatchObject({ code: 0 });
    } finally {
      delete process.env.TRAM_PASSWORD_FILE;
    }
    expect(
      training.tries([
        'cms',
        '-verify',
        '-cades',
        '-binary',
        '-inform',
        'DER',
        '-in',
        'p12.p7s',
        '-content',
        'paper.json',
        '-CAfile',
        'root.pem',
        '-out',
        'out.bin',
      ]),
    ).toMatchObject({ code: 0 });
    expect(await tram(training, 'sign', 'paper.json', '--p12', 'head.p12', '--out', 'x.p7s')).toMatchObject({
      code: 1,
    });
  });

  it('signs inside a PDF or XML file, with a time-stamp where there is a place for it', async () => {
    training.write('paper.pdf', readFileSync(join(root, 'tests', 'fixtures', 'pdf', 'paper-a5.pdf')));
    training.write('hoso.xml', '<GIAMDINHHS><THONGTINHOSO>1</THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>');
    const sign = (file: string, ...more: string[]) =>
      tram(training, 'sign', file, '--inside', '--training', ...keyOf(training), ...more);
    expect(await sign('paper.pdf', '--stamp', `${base}/training/tsa`)).toMatchObject({ code: 0 });
    expect(await sign('hoso.xml')).toMatchObject({ code: 0 });
    const check = (file: string) => tram(training, 'verify', file, '--training', '--anchors', 'anchors');
    const pdf = await check('paper.signed.pdf');
    expect(pdf).toMatchObject({ code: 0, out: expect.stringContaining('Dấu thời gian: ') });
    expect(pdf.out).toContain('PAdES');
    expect(await check('hoso.signed.xml')).toMatchObject({ code: 0, out: expect.stringContaining('XAdES') });
    training.write('moved.xml', readFileSync(training.path('hoso.signed.xml'), 'utf8').replace('>1<', '>2<'));
    expect(await check('moved.xml')).toMatchObject({ code: 1 });
    expect(await sign('paper.json')).toMatchObject({
      code: 1,
      err: expect.stringContaining('không phải PDF'),
    });
  });

  it('is never valid outside training, whatever roots are given', async () => {
    await tram(
      training,
      'sign',
      'paper.json',
      '--training',
      ...keyOf(training),
      '--enveloping',
      '--out',
      'real.p7m',
    );
    const ran = await tram(training, 'verify', 'real.p7m', '--anchors', 'anchors');
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('Chứng thư TẬP HUẤN, không có giá trị pháp lý.');
  });

  it('keeps the signature when the time-stamp cannot be had, and says so', async () => {
    const ran = await tram(
      training,
      'sign',
      'paper.json',
      '--training',
      ...keyOf(training),
      '--out',
      'b.p7s',
      '--stamp',
      `${base}/nothing`,
    );
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('Chưa có dấu thời gian') });
    expect(
      await tram(
        training,
        'verify',
        'b.p7s',
        '--content',
        'paper.json',
        '--training',
        '--anchors',
        'anchors',
      ),
    ).toMatchObject({ code: 0 });
  });

  it('overwrites nothing', async () => {
    training.write('kept.p7s', 'kept');
    expect(
      await tram(training, 'sign', 'paper.json', '--training', ...keyOf(training), '--out', 'kept.p7s'),
    ).toMatchObject({ code: 3 });
    expect(readFileSync(training.path('kept.p7s'), 'utf8')).toBe('kept');
  });

  it('says so when no token is plugged in', async () => {
    const ran = await tram(world, 'sign', 'paper.json', '--out', 'token.p7s');
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('Không thấy chứng thư') });
  }, 60_000);
});
