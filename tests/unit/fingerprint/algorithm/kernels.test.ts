import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compileKernels } from '../../../../scripts/compile-kernels.ts';

it('the committed kernels are what their sources compile to', { timeout: 120_000 }, async () => {
  const folder = join(import.meta.dirname, '..', '..', '..', '..', 'electron', 'fingerprint', 'kernels');
  expect(await compileKernels()).toBe(readFileSync(join(folder, 'kernels.gen.ts'), 'utf8'));
});
