// What of a form and a body comes onto the sheet, and in which order.
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../../electron/print/layout/fields.ts';
import { layout } from '../../../electron/print/layout/layout.ts';
import { fromLeftToRight } from '../../../electron/print/layout/signatures.ts';
import { lookupCode } from '../../../electron/print/lookup.ts';
import type { DocumentBody } from '../../../shared/model/document-body.ts';
import { bodyOf, type Draft, type Field, formOf, hash } from './papers.ts';

function sheetOf(draft: Draft = {}, changes: Partial<DocumentBody> = {}, asDraft = false) {
  const form = formOf(draft);
  return layout(form, bodyOf(form, changes), { bodySha256: hash, draft: asDraft });
}
/** What is on the sheet, one piece of text after the other. */
function wordsOn(html: string): string {
  return html
    .slice(html.indexOf('<body>'))
    .replaceAll(/<[^>]*>/g, '|')
    .replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/[|\s]*\|[|\s]*/g, '|');
}
const on = (...args: Parameters<typeof sheetOf>): string => wordsOn(sheetOf(...args).html);
const marginsOf = (html: string): string => /@page \{.*?\n\}/s.exec(html)?.[0] ?? '';

describe('a sheet', () => {
  it('is the same bytes for the same form, body and hash', () => {
    expect(sheetOf({}, { values: { x: 'một' } })).toEqual(sheetOf({}, { values: { x: 'một' } }));
    expect(sheetOf({}, { values: { x: 'hai' } })).not.toEqual(sheetOf({}, { values: { x: 'một' } }));
  });

  it('asks nothing of any other place and runs nothing', () => {
    const { html } = sheetOf();
    expect(html.match(/<(script|iframe|img|link|object|form)\b/gi)).toBeNull();
    expect(html.includes('content="default-src &#39;none&#39;; style-src')).toBe(true);
    expect(html.match(/@import|\bon[a-z]+=/g)).toBeNull();
    expect([...html.matchAll(/ (?:src|href)="([a-z-]*)/g)].map(([, scheme]) => scheme)).toEqual([
      'tram-box',
      'tram-box',
    ]);
    const addresses = [...html.matchAll(/url\("?([a-z]+):/g)].map(([, scheme]) => scheme);
    expect(new Set(addresses)).toEqual(new Set(['data']));
  });

  it.each(['<b>x</b>', '"><script>alert(1)</script>', "' onmouseover=x", '&amp;', '</style></body>'])(
    'shows %s as it was typed, in the page and in its margins',
    (typed) => {
      const form = formOf({ title: typed });
      const { html } = layout(
        form,
        bodyOf(form, { values: { x: typed }, patient: { ...bodyOf(form).patient, name: typed } }),
        { bodySha256: hash, draft: false },
      );
      expect(wordsOn(html)).toContain(typed);
      expect(html.match(/<script/g)).toBeNull();
      expect(html.match(/<\/style>/g)).toHaveLength(1);
      expect(html.match(/<\/body>/g)).toHaveLength(1);
    },
  );

  it('has its code, its hash and its QR below every page', () => {
    const margins = marginsOf(sheetOf().html);
    expect(margins).toContain(`Mã tra cứu: ${lookupCode(hash)}`);
    expect(margins).toContain(hash.slice(0, 16));
    expect(margins).toContain('data:image/svg+xml;base64,');
    expect(margins).toContain('"Trang " counter(page) "/" counter(pages)');
  });

  it('says whose it is above every page but the first', () => {
    const { html } = sheetOf();
    expect(marginsOf(html)).toContain(
      'Phiếu thử (tiếp theo) – NGUYỄN THỊ HOÀI THƯƠNG – Số vào viện: 2601A00123',
    );
    expect(html).toContain('@page :first { @top-right { content: none } }');
    const long = sheetOf({ title: 'Giấy cam kết chấp thuận phẫu thuật, thủ thuật và gây mê hồi sức' }).html;
    expect(marginsOf(long), 'in one line').toContain(
      'Giấy cam kết chấp thuận phẫu thuật, thủ thuật… (tiếp theo) – NGUYỄN THỊ HOÀI THƯƠNG – Số vào viện: 2601A00123',
    );
    const patientOnly = sheetOf({ scope: 'patient' }, { admission: null }).html;
    expect(marginsOf(patientOnly)).toContain('Mã người bệnh: 2601A00077');
  });

  it('is marked as a draft and has no code to be found by while it is one', () => {
    const sheet = sheetOf({}, {}, true);
    expect(wordsOn(sheet.html)).toContain('|BẢN NHÁP|');
    expect(sheet.html).not.toContain(lookupCode(hash));
    expect(marginsOf(sheet.html)).not.toContain('data:image');
    expect(sheet.bodySha256).toBeNull();
    expect(wordsOn(sheet.html)).toContain('Ngày …… tháng …… năm');
  });

  it('is marked as training when its body is', () => {
    expect(on({}, { training: true })).toContain('|TẬP HUẤN|');
    expect(on({}, { training: true }, true)).toContain('|TẬP HUẤN|BẢN NHÁP|');
    expect(on()).not.toMatch(/TẬP HUẤN|BẢN NHÁP/);
  });

  it('says on its face that it takes the place of another, and why', () => {
    const words = on({}, { previous: 'f'.repeat(64), reason: 'Sai chẩn đoán' });
    expect(words).toContain(
      'Bản sửa đổi, thay bản trước (mã nội dung ffffffffffffffff). Lý do: Sai chẩn đoán.',
    );
    expect(on()).not.toContain('Bản sửa đổi');
  });

  it('bears the day it was frozen, by the calendar of Vietnam', () => {
    // 18:30 UTC on the 21st is past midnight in Vietnam
    expect(on()).toContain('Ngày 22 tháng 11 năm 2026');
  });
});

describe('the head', () => {
  const fields: Field[] = [
    { id: 'chu_quan', label: 'Cơ quan chủ quản', kind: 'text', source: 'center.parent' },
    { id: 'co_so', label: 'Cơ sở', kind: 'text', source: 'center.name' },
    { id: 'khoa', label: 'Khoa', kind: 'text', source: 'stay.ward' },
    { id: 'so', label: 'Số vào viện', kind: 'text', source: 'stay.number' },
    { id: 'x', label: 'Lý do', kind: 'text' },
  ];
  const head = { left: ['chu_quan', 'co_so', 'khoa'], right: ['so'] };
  const values = { chu_quan: 'Sở Y tế Nghệ An', co_so: 'Trung tâm Y tế Thử', khoa: 'Khoa Nội', so: '12' };

  it('names the house in capitals at the left and the numbers at the right, then the title in capitals', () => {
    expect(on({ fields, head }, { values })).toContain(
      '|SỞ Y TẾ NGHỆ AN|TRUNG TÂM Y TẾ THỬ|Khoa Nội|MS: 99/BV2|Số vào viện: 12|PHIẾU THỬ|',
    );
  });

  it('does not say again below what stands in it', () => {
    const words = on({ fields, head }, { values });
    expect(words.split('TRUNG TÂM Y TẾ THỬ')).toHaveLength(2);
    expect(words).not.toContain('Cơ quan chủ quản');
  });

  it('breaks off no line of the title inside a word', () => {
    const { html } = sheetOf({ title: 'Cam kết phẫu thuật' });
    expect(html).toContain('<h1>CAM KẾT <span class="whole">PHẪU THUẬT</span></h1>');
  });

  it('leaves dots for what is not known', () => {
    expect(on({ fields, head })).toContain('|Cơ quan chủ quản:|Cơ sở:|Khoa:|MS: 99/BV2|Số vào viện:|');
  });

  it('has the motto where the form asks for it, and a number only where one is confirmed', () => {
    const words = on({ fields, head: { ...head, motto: true }, number: null });
    expect(words).toContain('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM|Độc lập - Tự do - Hạnh phúc');
    expect(words).not.toContain('MS:');
    expect(on({ fields, head })).not.toContain('CỘNG HÒA');
  });
});

describe('fields', () => {
  const one = (field: Field, value?: DocumentBody['values'][string]): string =>
    on({ fields: [field] }, { values: value === undefined ? {} : { [field.id]: value } });

  it.each([
    ['text', 'Ho, sốt', 'Lý do:|Ho, sốt|'],
    ['number', 37.5, 'Lý do:|37,5|độ|'],
    ['number', -2, 'Lý do:|−2|độ|'],
    ['number', 0, 'Lý do:|0|độ|'],
    ['date', '2026-11-22', 'Lý do:|22/11/2026|'],
    ['date', '1959-03', 'Lý do:|03/1959|'],
    ['date', '1959', 'Lý do:|1959|'],
    ['date', 'không rõ', 'Lý do:|không rõ|'],
    ['moment', Date.parse('2026-11-21T18:05:00Z'), 'Lý do:|01 giờ 05 phút, ngày 22/11/2026|'],
  ] as const)('prints a %s of %s', (kind, value, expected) => {
    const unit = kind === 'number' ? { unit: 'độ' } : {};
    expect(one({ id: 'x', label: 'Lý do', kind, ...unit }, value)).toContain(expected);
  });

  it('prints the name of a patient in capitals', () => {
    const field = { id: 'x', label: 'Họ và tên', kind: 'text', source: 'patient.fullName' } as const;
    expect(one(field, 'Nguyễn Thị Hường')).toContain('|NGUYỄN THỊ HƯỜNG|');
  });

  const choices = [
    { code: '1', label: 'Nam' },
    { code: '2', label: 'Nữ' },
  ];
  it('crosses the box of what was chosen, and only that', () => {
    expect(one({ id: 'x', label: 'Giới', kind: 'choice', choices }, '2')).toContain('Giới:|Nam|Nữ|×|');
    expect(one({ id: 'x', label: 'Giới', kind: 'choices', choices }, ['1', '2'])).toContain('Nam|×|Nữ|×|');
    expect(one({ id: 'x', label: 'Giới', kind: 'choice', choices })).toContain('Giới:|Nam|Nữ|');
    expect(one({ id: 'x', label: 'Đã hỏi', kind: 'flag' }, true)).toContain('Đã hỏi|×|');
  });

  it('does not lose a choice the form no longer offers', () => {
    expect(one({ id: 'x', label: 'Giới', kind: 'choice', choices }, '9')).toContain('Nam|Nữ|9|');
  });

  it('prints a diagnosis with its code in a box', () => {
    const field = { id: 'x', label: 'Chẩn đoán', kind: 'diagnosis' } as const;
    expect(one(field, { text: 'Viêm phổi', code: 'J18.9' })).toContain('Chẩn đoán:|Viêm phổi|J18.9|');
    expect(one(field, { text: 'Viêm phổi', code: null })).toContain('Chẩn đoán:|Viêm phổi|');
  });

  it('prints what a person declares word for word, and hints behind the label', () => {
    expect(one({ id: 'x', label: '', kind: 'statement', text: 'Tôi đồng ý.' })).toContain('|Tôi đồng ý.|');
    expect(one({ id: 'x', label: 'Họ tên', kind: 'text', hint: '(in hoa)' })).toContain('Họ tên|(in hoa)|:|');
  });

  it('leaves as many ruled lines as the form asks for when there is nothing to print', () => {
    const field = { id: 'x', label: 'Diễn biến', kind: 'long', lines: 3 } as const;
    const ruled = (value?: string) =>
      sheetOf({ fields: [field] }, { values: value === undefined ? {} : { x: value } }).html.match(
        /class="ruled"/g,
      );
    expect(ruled()).toHaveLength(3);
    expect(ruled('Ổn')).toBeNull();
  });

  it('puts side by side what fits into twelve twelfths', () => {
    const fields = [6, 6, 4, 4, 5, 12, 3].map((width, n) => ({
      id: `f${n}`,
      label: 'x',
      kind: 'text' as const,
      width,
    }));
    const { sections } = formOf({ fields });
    expect(rowsOf(sections[0]!.fields).map((row) => row.map(({ width }) => width))).toEqual([
      [6, 6],
      [4, 4],
      [5],
      [12],
      [3],
    ]);
  });

  it('repeats a table’s head on every page and has empty rows to write on', () => {
    const columns = [
      { id: 'at', label: 'Giờ', kind: 'moment', width: 2 },
      { id: 'n', label: 'Mạch', kind: 'number', width: 10 },
    ] satisfies Field['columns'];
    const field: Field = { id: 'x', label: 'Bảng', kind: 'rows', columns, lines: 5 };
    const filled = one(field, [{ at: Date.parse('2026-11-21T18:05:00Z'), n: 88.5 }]);
    expect(filled).toContain('|Bảng|Giờ|Mạch|01:05 22/11/2026|88,5|');
    const { html } = sheetOf({ fields: [field] });
    expect(html.match(/<tr class="empty">/g)).toHaveLength(5);
    expect(html).toContain('thead { display: table-header-group }');
  });

  it('draws curves for measurements, what lies outside the scale at its edge', () => {
    const field = {
      id: 'x',
      label: 'Bảng',
      kind: 'rows',
      columns: [
        { id: 'at', label: 'Giờ', kind: 'moment', width: 6 },
        { id: 't', label: 'Nhiệt độ', kind: 'number', width: 6 },
      ],
      chart: { x: 'at', lines: [{ column: 't', label: '°C', min: 35, max: 41, step: 1, style: 'solid' }] },
    } as const;
    const at = Date.parse('2026-11-22T00:00:00Z');
    const draft = {
      fields: [
        { ...field, columns: [...field.columns], chart: { ...field.chart, lines: [...field.chart.lines] } },
      ],
    };
    const { html } = sheetOf(draft, {
      values: {
        x: [
          { at, t: 41 },
          { at: at + 3_600_000, t: 55 },
          { at: at + 7_200_000, t: 'mê' },
        ],
      },
    });
    const points = /<polyline points="([^"]*)"/.exec(html)?.[1]?.split(' ') ?? [];
    expect(points).toHaveLength(2);
    expect(points.map((point) => point.split(',')[1])).toEqual(['120', '120']);
    expect(sheetOf(draft).html).toContain('<polyline points=""');
  });

  it('leaves out a section of which everything stands in the head', () => {
    const words = on({
      head: { left: ['a'] },
      sections: [
        { id: 'dau', title: 'Đầu phiếu', fields: [{ id: 'a', label: 'A', kind: 'text' }] },
        { id: 'hai', title: 'II. BỆNH ÁN', fields: [{ id: 'b', label: 'B', kind: 'text' }], newPage: true },
      ],
    });
    expect(words).not.toContain('Đầu phiếu');
    expect(words).toContain('II. BỆNH ÁN');
  });
});

describe('signatures', () => {
  it('stand in the order of the form, else who signs later further left', () => {
    const [first, second] = formOf().steps;
    expect(fromLeftToRight([first!, second!]).map(({ id }) => id)).toEqual(['truong_khoa', 'bac_si']);
    expect(
      fromLeftToRight([
        { ...first!, place: 1 },
        { ...second!, place: 2 },
      ]).map(({ id }) => id),
    ).toEqual(['bac_si', 'truong_khoa']);
  });

  it('have a box to be found by for each step, told in the order of signing', () => {
    const sheet = sheetOf();
    expect(sheet.steps).toEqual(['bac_si', 'truong_khoa']);
    for (const step of sheet.steps) expect(sheet.html).toContain(`href="tram-box:${step}"`);
  });

  it('ask of each kind of signer what paper asks', () => {
    const words = on({
      steps: [
        { id: 'a', label: 'Bác sĩ', kind: 'staff', roles: ['x'] },
        { id: 'b', label: 'Người bệnh', kind: 'person' },
        { id: 'c', label: 'Cơ sở', kind: 'facility' },
      ],
    });
    expect(words).toContain('CƠ SỞ|(Ký tên, đóng dấu)');
    expect(words).toContain('NGƯỜI BỆNH|(Ký, ghi rõ họ tên hoặc điểm chỉ)');
    expect(words).toContain('BÁC SĨ|(Ký, ghi rõ họ tên)');
  });
});
