// OpenSSL's list of what is in a container is text, and texts in a container stand in it as they are.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { int, seq, set, utf8 } from '../../../electron/signing/der/write.ts';
import { lookAtLater, nodesIn, statusIn } from '../../../province/signatures/later.ts';
import { revokedSince } from '../../../province/signatures/program.ts';

const listed = (bytes: Buffer): string =>
  execFileSync('openssl', ['asn1parse', '-inform', 'DER'], { input: bytes, encoding: 'utf8' });

it('takes the elements from where they are', () => {
  const bytes = seq(int(1), set(utf8('Nguyễn\nVăn An')), seq());
  const found = nodesIn(listed(bytes), bytes);
  expect(found?.map(({ depth, what }) => [depth, what.split(/ *:/)[0]])).toEqual([
    [0, 'SEQUENCE'],
    [1, 'INTEGER'],
    [1, 'SET'],
    [2, 'UTF8STRING'],
    [1, 'SEQUENCE'],
  ]);
  expect(found?.[1]?.bytes).toEqual(int(1));
});

it('takes no lines that a text makes up', () => {
  for (const line of [
    '    0:d=1  hl=2 l=   3 cons: SET',
    '    2:d=1  hl=2 l=   1 prim: INTEGER           :07',
    '   99:d=1  hl=2 l=   1 prim: INTEGER           :07',
  ]) {
    const bytes = seq(int(1), utf8(`x\n${line}`), int(2));
    expect(nodesIn(listed(bytes), bytes), line).toBeNull();
  }
  // right behind the text, and of no length
  const text = (at: number): Buffer => utf8(`x\n${String(at).padStart(5)}:d=1  hl=0 l=   0 cons: SET`);
  const end = 2 + 3 + text(10).length;
  const bytes = seq(int(1), text(end), int(2));
  expect(nodesIn(listed(bytes), bytes)).toBeNull();
  expect(nodesIn('', bytes)).toBeNull();
});

it('finds a number in lists of revocations, below zero too', () => {
  const entry = (number: string, day: number): string =>
    `    Serial Number: ${number}\n        Revocation Date: Nov ${day} 10:00:00 2026 GMT\n`;
  const lists = `${entry('05', 9)}${entry('-05', 8)}${entry('0A', 7)}${entry('0A', 6)}`;
  const at = (day: number): number => Date.UTC(2026, 10, day, 10);
  expect(['05', '-05', '-5', '0A', '06', '-0A'].map((number) => revokedSince(lists, number))).toEqual([
    ...[at(9), at(8), at(8), at(6)],
    ...[null, null],
  ]);
});

it('finds what an answer says of the certificate, one that has run out too', () => {
  const update = '\tThis Update: Nov  1 10:00:00 2026 GMT\n';
  const revoked = `revoked\n${update}\tReason: keyCompromise\n\tRevocation Time: Oct  3 10:00:00 2026 GMT\n`;
  const since = 'Oct  3 10:00:00 2026 GMT';
  const verified = 'Response verify OK\n';
  for (const [said, status] of [
    [`signer.pem: good\n${update}`, { since: null }],
    [`signer.pem: ${revoked}`, { since }],
    [`signer.pem: WARNING: Status times invalid.\n80:error:1:status expired\n${revoked}`, { since }],
    [`signer.pem: WARNING: Status times invalid.\ngood\n${update}`, { since: null }],
    ['signer.pem: revoked\n', null],
    ['signer.pem: ERROR: No Status found.\n', null],
  ] as const)
    expect(statusIn(`${said}${verified}`), said).toEqual(status);
});

it('asks again where OpenSSL did not answer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tram-parts-'));
  try {
    const place = { program: join(folder, 'none'), deadline: 1_000, folder, anchors: Buffer.alloc(0) };
    const later = { original: seq(), certificate: '', ocsp: [], crls: [], signedAt: 0, at: 0 };
    for (const stamped of [null, seq(int(1))])
      expect(await lookAtLater(place, { ...later, stamped })).toMatchObject({
        ...{ state: 'unasked', reason: 'failed' },
      });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
