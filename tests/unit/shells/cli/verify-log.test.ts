// What `tram verify-log` says of who has signed what, and how it ends.
import { expect, it } from 'vitest';
import { exitCodes } from '../../../../electron/shells/cli/exit-codes.ts';
import { tell } from '../../../../electron/shells/cli/verify-log.ts';
import { wordsIn } from '../../../../electron/shells/cli/words.ts';
import type { Output } from '../../../../shared/api/index.ts';
import { sentence } from '../../../../shared/api/sync-sentences.ts';

type Author = Output<'sync.authors'>['authors'][number];

const at = Date.UTC(2026, 10, 2, 1);
const ward: Author = {
  stationId: 'a'.repeat(32),
  name: 'Khoa Nội',
  thisPc: false,
  state: 'vouched',
  changes: 12,
  unvouched: 0,
  since: null,
  from: null,
  sentence: null,
  seen: null,
  mark: '',
};
const forged: Author = {
  ...ward,
  state: 'contradicted',
  unvouched: 3,
  since: at,
  from: '1.0.10',
  sentence: sentence('sync.author.contradicted', { name: 'Khoa Nội', count: 3, since: at }),
};
const sound = { ok: true, checked: 12, at } as Output<'station.check'>;

function told(authors: readonly Author[], json = false, checked = sound) {
  const lines: string[] = [];
  const { say } = wordsIn('vi');
  const asked = { json, language: 'vi' } as Parameters<typeof tell>[0]['asked'];
  const code = tell({ asked, say, print: (line) => lines.push(line) }, checked, authors);
  return { code, text: lines.join('\n') };
}

it('ends well where every PC has signed its work, or has not yet', () => {
  expect(told([ward])).toMatchObject({ code: exitCodes.good });
  const late: Author = { ...ward, state: 'unvouched', unvouched: 2, since: at };
  expect(told([ward, late]).code).toBe(exitCodes.good);
  expect(told([late]).text).toContain('2 chưa ký');
});

it('ends with a problem where somebody wrote in the name of a PC, and says from where on', () => {
  const { code, text } = told([ward, forged]);
  expect(code).toBe(exitCodes.problem);
  expect(text).toContain('CHỮ KÝ KHÔNG KHỚP, Khoa Nội: từ 1.0.10');
  expect(text).toContain('có thể có người giả máy ấy');
});

it('names who has looked into it, and ends with a problem all the same', () => {
  const seen = { ...forged, seen: { at, by: 'Lò Thị Mai' } };
  const { code, text } = told([seen]);
  expect(code).toBe(exitCodes.problem);
  expect(text).toContain('Đã xem: Lò Thị Mai');
  const { text: json } = told([seen], true);
  expect(JSON.parse(json).authors[0]).toMatchObject({ state: 'contradicted', seen: { by: 'Lò Thị Mai' } });
});

it('ends with a problem where the record itself is not sound, whoever signed it', () => {
  expect(told([ward], false, { ...sound, ok: false, detail: 'feed 1' })).toMatchObject({
    code: exitCodes.problem,
  });
});
