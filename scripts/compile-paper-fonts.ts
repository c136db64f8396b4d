// Makes electron/print/fonts.gen.ts, the fonts of printed papers as text: node scripts/compile-paper-fonts.ts
// A paper carries its fonts with it, so they must be in every bundle, whatever folder or archive that lies in. Tinos has
// the widths of Times New Roman, which the Ministry's forms are set in; its licence (SIL OFL 1.1) allows embedding.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, type Font } from 'fontkit';

const root = join(import.meta.dirname, '..');
const target = join(root, 'electron', 'print', 'fonts.gen.ts');

interface Source {
  readonly family: 'Paper' | 'Paper More' | 'Paper Signs';
  readonly weight: 400 | 700;
  readonly style: 'normal' | 'italic';
  readonly file: string;
}

const tinos = (subset: string, weight: Source['weight'], style: Source['style']): string =>
  join(root, 'node_modules/@fontsource/tinos/files', `tinos-${subset}-${weight}-${style}.woff2`);

const styles = [
  [400, 'normal'],
  [700, 'normal'],
  [400, 'italic'],
] as const;

// Letters of other tongues and signs are rare: one cut of them. It is used as it is in bold and italic text too, because
// what an engine thickens itself is no font any more in a PDF.
const sources: readonly Source[] = [
  ...styles.flatMap(([weight, style]) =>
    ['latin', 'vietnamese'].map(
      (subset): Source => ({ family: 'Paper', weight, style, file: tinos(subset, weight, style) }),
    ),
  ),
  ...['latin-ext', 'greek'].map(
    (subset): Source => ({
      family: 'Paper More',
      weight: 400,
      style: 'normal',
      file: tinos(subset, 400, 'normal'),
    }),
  ),
  {
    family: 'Paper Signs',
    weight: 400,
    style: 'normal',
    file: join(root, 'resources/fonts/tram-paper-symbols.woff2'),
  },
];

if (import.meta.main) writeFileSync(target, paperFontsModule());

/** What electron/print/fonts.gen.ts has to be; a test compares. */
export function paperFontsModule(): string {
  const taken = new Map<string, Set<number>>();
  const faces = sources.map(({ family, weight, style, file }) => {
    const bytes = readFileSync(file);
    // a sign in two parts is drawn by the first, which has its neighbours too
    const others = taken.get(`${family} ${weight} ${style}`) ?? new Set();
    const covered = (create(bytes) as Font).characterSet.filter(
      (sign) => sign >= 0x20 && sign !== 0xffff && !others.has(sign),
    );
    taken.set(`${family} ${weight} ${style}`, new Set([...others, ...covered]));
    return [
      '  {',
      `    family: '${family}',`,
      `    weight: ${weight},`,
      `    style: '${style}',`,
      `    covers: '${ranges(covered)}',`,
      `    woff2: '${bytes.toString('base64')}',`,
      '  },',
    ].join('\n');
  });
  return [
    '// Made by scripts/compile-paper-fonts.ts from @fontsource/tinos and resources/fonts; not edited by hand.',
    'export const paperFonts = [',
    ...faces,
    '] as const;',
    '',
  ].join('\n');
}

/** `41-5a,61` */
function ranges(signs: readonly number[]): string {
  const sorted = [...new Set(signs)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const sign of sorted) {
    const last = runs.at(-1);
    if (last && last[1] === sign - 1) last[1] = sign;
    else runs.push([sign, sign]);
  }
  const hex = (sign: number): string => sign.toString(16);
  return runs.map(([from, to]) => (from === to ? hex(from) : `${hex(from)}-${hex(to)}`)).join(',');
}
