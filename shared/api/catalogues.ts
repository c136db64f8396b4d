// Code lists the screens offer. Each row's source is named where the list lives (shared/codes, resources/catalogues).
import * as z from 'zod';
import { query } from './contract.ts';
import { Empty } from './ids.ts';

const Row = z.object({ code: z.string(), name: z.string() });

export const catalogues = {
  'catalogues.small': query(
    'public',
    Empty,
    z.object({
      provinces: z.array(Row),
      ethnicGroups: z.array(Row),
      occupations: z.array(Row),
      departments: z.array(Row),
      addressListVersion: z.string(),
    }),
  ),
  /** Communes of a province, unaccented typing welcome; both names of an alike pair are shown. */
  'catalogues.communes': query(
    'public',
    z.object({ provinceCode: z.string().max(4), text: z.string().max(60).default('') }),
    z.array(Row),
  ),
  /** Vietnamese ICD-10 list by code or words; QD 4469/QD-BYT, superseded 2026-07-01 by TT 06/2026 (data not published openly). */
  'catalogues.icd10': query(
    'session',
    z.object({ text: z.string().max(80), limit: z.number().int().min(1).max(50).default(15) }),
    z.array(Row),
  ),
};
