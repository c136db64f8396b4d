// `npm run conformance`: what it prints and how it ends, on the sets of tests/fixtures/pki.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-vectors-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (name: string): Record<string, unknown>[] =>
  readFileSync(join(root, 'tests/fixtures/pki', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
function file(name: string, value: unknown): string {
  writeFileSync(join(folder, name), JSON.stringify(value));
  return join(folder, name);
}
const run = (...args: string[]) =>
  new Promise<{ code: unknown; out: string[] }>((resolve) =>
    execFile(process.execPath, ['scripts/conformance.ts', ...args], { cwd: root }, (error, stdout) =>
      resolve({ code: error === null ? 0 : error.code, out: stdout.trim().split('\n') }),
    ),
  );

describe('npm run conformance', () => {
  it('prints each case and the totals, and ends well when nothing is wrongly accepted', async () => {
    const { code, out } = await run(
      'limbo',
      file('limbo.json', { version: 1, testcases: lines('x509-limbo.jsonl') }),
    );
    expect(code).toBe(0);
    expect(out.filter((line) => line.startsWith('ok  ')).length).toBe(132);
    expect(out.filter((line) => line.startsWith('MISS')).length).toBe(3);
    expect(out.at(-1)).toMatch(/^TOTAL limbo: 135 cases, 132 right, 0 wrongly accepted, 3 wrongly refused/);
  });

  it('ends badly when something is, and names it', async () => {
    const testcases = lines('x509-limbo.jsonl').filter(({ id }) => id === 'webpki::san::exact-san');
    const turned = testcases.map((one) => ({ ...one, expected_result: 'FAILURE' }));
    const { code, out } = await run('limbo', file('turned.json', { testcases: turned }), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out[0]!)).toMatchObject({ verdict: 'wrongly accepted', id: 'webpki::san::exact-san' });
    expect(JSON.parse(out[1]!)).toMatchObject({ set: 'limbo', totals: { cases: 1, wronglyAccepted: 1 } });
  });

  it('takes several files of signatures, and calls what the policy has not by its name', async () => {
    const groups = lines('wycheproof-ecdsa-p256.jsonl').slice(0, 2);
    const old = groups.map((group) => ({ ...group, sha: 'SHA-1' }));
    const { code, out } = await run(
      'wycheproof',
      file('a.json', { testGroups: groups }),
      file('b.json', { testGroups: old }),
      '--json',
    );
    expect(code).toBe(0);
    const { totals } = JSON.parse(out.at(-1)!);
    expect(totals).toMatchObject({ wronglyAccepted: 0, wronglyRefused: 0 });
    expect(totals.outsidePolicy).toBeGreaterThan(0);
    expect(totals.right + totals.outsidePolicy).toBe(totals.cases);
  });

  it('says how it is called', async () => {
    expect((await run('something')).code).toBe(2);
    expect((await run('limbo', file('none.json', { testGroups: [] }))).code).toBe(2);
    expect((await run('wycheproof', file('none.json', []))).code).toBe(2);
    expect((await run('limbo', join(folder, 'nowhere.json'))).code).toBe(2);
  });
});
