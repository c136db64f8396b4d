// The proof of a paper as files: nothing another PC wrote decides what they are called or what a shell is told to do.
import { expect, it } from 'vitest';
import type { FrozenBytes, KeptSignature } from '../../../../electron/signing/desk/papers-port.ts';
import { proofOf } from '../../../../electron/signing/desk/proof.ts';

const content = 'c'.repeat(64);
const frozen = {
  content,
  bytes: Buffer.from('{}'),
  pdf: Buffer.from('%PDF'),
  signedPdf: null,
} as unknown as FrozenBytes;
const signature = (step: string) =>
  ({
    step,
    content,
    over: 'evidence',
    covers: Buffer.from('{}'),
    container: Buffer.from([0x30]),
    ocsp: [Buffer.from([0x30])],
    crls: [],
  }) as unknown as KeptSignature;

const namesFor = (...steps: string[]) => {
  const proof = proofOf(frozen, steps.map(signature));
  if (!proof.ok) throw new Error(proof.error.code);
  const said = proof.value.find(({ name }) => name === 'README.txt')?.bytes.toString() ?? '';
  return { names: proof.value.map(({ name }) => name), said };
};

it('names files by number and step', () => {
  expect(namesFor('bac_si', 'dai_dien').names).toEqual([
    ...['content.json', 'paper.pdf'],
    ...['01-bac_si-confirmed.json', '01-bac_si.p7s', '01-bac_si-ocsp-1.der'],
    ...['02-dai_dien-confirmed.json', '02-dai_dien.p7s', '02-dai_dien-ocsp-1.der'],
    'README.txt',
  ]);
});

it('takes nothing of a step that could lead out of the folder or into a command', () => {
  const steps = ['../../.ssh/id', '$(rm -rf ~)', 'a; curl x|sh', '`id`', '\n   rm x\n', 'CON', '‮fdp'];
  const { names, said } = namesFor(...steps);
  expect(names.every((name) => /^[\w-]+(?:\.\w+)+$/.test(name))).toBe(true);
  expect(new Set(names).size).toBe(names.length);
  const commands = said.split('\n').filter((line) => line.includes('openssl'));
  expect(commands).toHaveLength(steps.length);
  for (const command of commands) expect(command).toMatch(/^ {3}openssl [\w ./-]+$/);
  expect(said).not.toMatch(/[$`;|~]/);
});
