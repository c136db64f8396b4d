// Code lists for the screens. The two long ones are read from their files when first asked for, and kept as one
// string each: thousands of small objects would cost ten times the memory.
import { ok } from '../../../shared/api/contract.ts';
import type { Code } from '../../../shared/codes/code.ts';
import { departments } from '../../../shared/codes/departments.ts';
import { ethnicGroups } from '../../../shared/codes/ethnic-groups.ts';
import { occupations } from '../../../shared/codes/occupations.ts';
import { addressListVersion, provinces } from '../../../shared/codes/provinces.ts';
import { fold } from '../../../shared/text/fold.ts';
import type { HandlersOf } from '../../store/room.ts';
import { searchIcd } from './icd10.ts';

export function handlers(): HandlersOf<'catalogues.small' | 'catalogues.communes' | 'catalogues.icd10'> {
  return {
    'catalogues.small': () => ok(small),
    'catalogues.communes': async (input) => ok(await communesOf(input.provinceCode, input.text)),
    'catalogues.icd10': async (input) => ok(await searchIcd(input.text, input.limit)),
  };
}

const rows = (list: readonly Code[]): Code[] => list.map(({ code, name }) => ({ code, name }));

const small = {
  provinces: rows(provinces),
  ethnicGroups: rows(ethnicGroups),
  occupations: rows(occupations),
  departments: rows(departments),
  addressListVersion,
};

/**
 * Communes with a word that begins as typed, names that begin so first. Typing marks narrows the list to them:
 * eight pairs within one province differ by marks alone.
 */
export async function communesOf(provinceCode: string, typed: string): Promise<Code[]> {
  const { default: list } = await import('../../../resources/catalogues/communes-2025-07-01.json', {
    with: { type: 'json' },
  });
  const lines = Object.entries(list.provinces).find(([code]) => code === provinceCode)?.[1] ?? '';
  const wanted = fold(typed);
  const found = lines.split('\n').flatMap((line) => {
    const [code = '', name = ''] = line.split('\t');
    // the folded name behind a space, so that every word begins behind one
    const folded = ` ${fold(name)}`;
    return code !== '' && folded.includes(` ${wanted}`)
      ? [{ code, name, starts: nameStarts(folded, wanted) }]
      : [];
  });
  const marked = typed.normalize('NFC').toLowerCase().trim();
  const exact = marked === wanted ? [] : found.filter((c) => c.name.toLowerCase().includes(marked));
  return (exact.length > 0 ? exact : found)
    .sort((a, b) => Number(b.starts) - Number(a.starts) || collator.compare(a.name, b.name))
    .map(({ code, name }) => ({ code, name }));
}

/** Behind `phường`, `xã` or `đặc khu`. */
const nameStarts = (folded: string, wanted: string): boolean =>
  folded.replace(/^ (?:phuong|xa|dac khu)(?= )/, '').startsWith(` ${wanted}`);

const collator = new Intl.Collator('vi');
