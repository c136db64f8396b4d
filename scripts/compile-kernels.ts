// Compiles the AssemblyScript kernels of electron/fingerprint/kernels into kernels.gen.ts, which is committed: a build
// needs no compiler, and a test compiles anew and compares. Run it after every change of an `.as.ts` file.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main } from 'assemblyscript/asc';

const folder = join(import.meta.dirname, '..', 'electron', 'fingerprint', 'kernels');
const names = ['ridges', 'cylinders'] as const;

/** The text of kernels.gen.ts as the sources are now. */
export async function compileKernels(): Promise<string> {
  const parts = ['// Made by scripts/compile-kernels.ts from the .as.ts files; do not edit.'];
  for (const name of names) {
    const base64 = Buffer.from(await compile(`${name}.as.ts`)).toString('base64');
    const lines = base64.match(/.{1,100}/g) ?? [];
    parts.push(`export const ${name} =\n${lines.map((line) => `  '${line}'`).join(' +\n')};`);
  }
  return `${parts.join('\n\n')}\n`;
}

async function compile(file: string): Promise<Uint8Array> {
  const made: Uint8Array[] = [];
  const { error, stderr } = await main(
    [
      file,
      '--outFile',
      'kernel.wasm',
      '--runtime',
      'stub',
      '-O3',
      '--noAssert',
      '--enable',
      'simd',
      '--use',
      'abort=',
      '--baseDir',
      folder,
    ],
    {
      writeFile: (_name: string, contents: Uint8Array | string) => {
        if (typeof contents !== 'string') made.push(contents);
      },
    },
  );
  if (error) throw new Error(`${file}: ${error.message}\n${stderr.toString()}`);
  const [wasm] = made;
  if (wasm === undefined) throw new Error(`${file}: the compiler wrote nothing`);
  return wasm;
}

if (import.meta.main) await writeFile(join(folder, 'kernels.gen.ts'), await compileKernels());
