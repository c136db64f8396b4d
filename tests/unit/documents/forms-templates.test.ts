// The forms themselves: those of the program, and that a faulty one is refused with every fault named.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkTemplate } from '../../../electron/clinic/documents/check-template.ts';
import { readTemplates, template, templates } from '../../../electron/clinic/documents/templates.ts';
import { isRole } from '../../../shared/codes/roles.ts';

const folder = join(import.meta.dirname, '../../../resources/forms');

describe('the forms of the program', () => {
  it('are those in resources/forms, each named after what is in it', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(
      templates()
        .map(({ id, version }) => `${id}.v${version}.json`)
        .sort(),
    ).toEqual(files.sort());
  });

  it('hold the first set whole', () => {
    const ids = templates().map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        'benh-an-noi-khoa-vao',
        'benh-an-noi-khoa-tong-ket',
        'to-dieu-tri',
        'phieu-cham-soc',
        'phieu-cham-soc-cap-1',
        'phieu-theo-doi-chuc-nang-song',
        'cam-ket-phau-thuat-thu-thuat',
        'giay-ra-vien',
        'giay-chuyen-co-so-kcb',
        'tom-tat-ho-so-benh-an',
        'bien-ban-hoi-chan',
      ]),
    );
  });

  it('each name the regulation they stand on, and none claims a drawn form nobody saw', () => {
    for (const one of templates()) {
      expect(one.basis).toMatch(/TT \d+\/20\d\d|QĐ 4069\/2001/);
      expect([one.id, one.drawnFormSeen]).toEqual([one.id, false]);
    }
  });

  it('name the patient and print whose paper it is at the top left', () => {
    for (const one of templates()) {
      const sources = one.sections.flatMap(({ fields }) => fields.map(({ source }) => source));
      expect(sources).toContain('patient.fullName');
      expect(one.head.left.slice(0, 2)).toEqual(['co_quan_chu_quan', 'co_so']);
    }
  });

  it('leave no heading above fields that are all printed in the head of the page', () => {
    for (const one of templates()) {
      const inHead = new Set([...one.head.left, ...one.head.right]);
      for (const { id, fields } of one.sections) {
        const some = fields.some((field) => inHead.has(field.id));
        const all = fields.every((field) => inHead.has(field.id));
        expect([one.id, id, some && !all]).toEqual([one.id, id, false]);
      }
    }
  });

  it('let only people of the house’s roles sign, in an order where a finger is sealed by staff', () => {
    for (const { steps } of templates())
      for (const step of steps) expect(step.roles.every(isRole)).toBe(true);
    const consent = template('cam-ket-phau-thuat-thu-thuat');
    expect(consent?.steps.map(({ kind }) => kind)).toEqual(['person', 'staff', 'staff']);
  });

  it('have the PDF itself signed where the paper leaves the house', () => {
    const leaving = templates().filter(({ signedPdf }) => signedPdf);
    expect(leaving.map(({ id }) => id).sort()).toEqual([
      'giay-chuyen-co-so-kcb',
      'giay-ra-vien',
      'tom-tat-ho-so-benh-an',
    ]);
  });

  it('are found by id and version, the newest without one', () => {
    expect(template('giay-ra-vien')?.version).toBe(1);
    expect(template('giay-ra-vien', 1)?.id).toBe('giay-ra-vien');
    expect(template('giay-ra-vien', 2)).toBeNull();
    expect(template('khong-co')).toBeNull();
  });
});

const good = {
  id: 'thu',
  version: 1,
  title: 'Phiếu thử',
  number: null,
  basis: 'ours',
  drawnFormSeen: false,
  scope: 'stay',
  paper: 'A4',
  writtenBy: 'notes.write',
  signedPdf: false,
  steps: [{ id: 'bs', label: 'Bác sĩ', kind: 'staff', roles: ['bac_si_dieu_tri'] }],
  sections: [
    {
      id: 'a',
      title: null,
      fields: [{ id: 'ten', label: 'Tên', kind: 'text', source: 'patient.fullName' }],
    },
  ],
};

const withField = (...fields: object[]) => ({ ...good, sections: [{ id: 'a', title: null, fields }] });
const withSteps = (...steps: object[]) => ({ ...good, steps });
const faultsOf = (raw: unknown): string => {
  const checked = checkTemplate(raw);
  return checked.ok ? '' : checked.faults.join('; ');
};
const at = { id: 'at', label: 'Giờ', kind: 'moment', width: 2 };
const pulse = { id: 'pulse', label: 'Mạch', kind: 'number', width: 10 };
const rows = { id: 'r', label: 'r', kind: 'rows' };
const staff = { id: 'bs', label: 'Bác sĩ', kind: 'staff', roles: ['bac_si_dieu_tri'] };

describe('a faulty form is refused', () => {
  it('unlike a good one', () => {
    expect(faultsOf(good)).toBe('');
  });

  it.each<[string, unknown, string]>([
    ['without a title', { ...good, title: undefined }, 'title'],
    ['with a word nobody knows', { ...good, printable: true }, 'printable'],
    ['with an id that is no id', { ...good, id: 'Phiếu thử' }, 'id'],
    ['without sections', { ...good, sections: [] }, 'sections'],
    [
      'with a field twice',
      withField({ id: 'f', label: 'f', kind: 'text' }, { id: 'f', label: 'f', kind: 'long' }),
      'field f is there twice',
    ],
    [
      'with a source that does not exist',
      withField({ id: 'f', label: 'f', kind: 'text', source: 'patient.horoscope' }),
      'source',
    ],
    [
      'with a source that cannot fill the field',
      withField({ id: 'f', label: 'f', kind: 'number', source: 'patient.fullName' }),
      'field f is a number, which patient.fullName cannot fill',
    ],
    [
      'with a choice its source never gives',
      withField({
        id: 'f',
        label: 'f',
        kind: 'choice',
        source: 'patient.sex',
        choices: [
          { code: '1', label: 'Nam' },
          { code: 'nu', label: 'Nữ' },
        ],
      }),
      'has choice nu, which patient.sex never gives',
    ],
    ['with a choice without choices', withField({ id: 'f', label: 'f', kind: 'choice' }), 'without choices'],
    [
      'that leaves no choice',
      withField({ id: 'f', label: 'f', kind: 'choice', choices: [{ code: '1', label: 'Có' }] }),
      'leaves no choice',
    ],
    [
      'with choices where none can be made',
      withField({
        id: 'f',
        label: 'f',
        kind: 'text',
        choices: [
          { code: '1', label: 'Có' },
          { code: '2', label: 'Không' },
        ],
      }),
      'is a text and has choices',
    ],
    ['with a table without columns', withField(rows), 'without columns'],
    ['with a table too narrow', withField({ ...rows, columns: [at] }), 'columns of 2 twelfths'],
    [
      'with a column its source does not give',
      withField({ ...rows, source: 'vitals.rows[]', columns: [at, { ...pulse, id: 'stars' }] }),
      'has column stars (number), which vitals.rows[] does not give',
    ],
    [
      'with a curve over words',
      withField({
        ...rows,
        columns: [at, pulse],
        chart: {
          x: 'pulse',
          lines: [{ column: 'at', label: 'Mạch', min: 160, max: 40, step: 20, style: 'solid' }],
        },
      }),
      'draws over pulse, which is no column of moments; field r draws at, which is no column of numbers; field r draws at on no scale',
    ],
    ['with a statement without words', withField({ id: 'f', label: 'f', kind: 'statement' }), 'without text'],
    [
      'with a heading that asks for a value',
      withField({ id: 'f', label: 'f', kind: 'heading', required: true }),
      'is a heading and asks for a value',
    ],
    [
      'with a head that names no field',
      { ...good, head: { motto: false, left: ['khoa'], right: [] } },
      'the head names khoa, which is no field',
    ],
    [
      'with a field in the head twice',
      { ...good, head: { motto: false, left: ['ten'], right: ['ten'] } },
      'the head names ten twice',
    ],
    ['that a role unknown here may sign', withSteps({ ...staff, roles: ['thay_lang'] }), 'no role thay_lang'],
    ['that nobody may sign', withSteps({ ...staff, roles: [] }), 'nobody may sign'],
    ['that only has to be signed by nobody', withSteps({ ...staff, optional: true }), 'no staff has to sign'],
    ['with a step twice', withSteps(staff, staff), 'step bs is there twice'],
    [
      'where no signature of staff seals a finger',
      withSteps(staff, { id: 'nb', label: 'Người bệnh', kind: 'person' }),
      'step nb: no signature of staff seals it',
    ],
    [
      'where a patient has a role',
      withSteps({ id: 'nb', label: 'Người bệnh', kind: 'person', roles: ['giam_doc'] }, staff),
      'a person has no roles',
    ],
  ])('%s', (_name, raw, fault) => {
    expect(faultsOf(raw)).toContain(fault);
  });

  it('with every fault named, not only the first', () => {
    const bad = withField(
      { id: 'f', label: 'f', kind: 'choice' },
      { id: 'g', label: 'g', kind: 'number', source: 'today' },
    );
    expect(checkTemplate(bad)).toEqual({
      ok: false,
      faults: ['field f is a choice without choices', 'field g is a number, which today cannot fill'],
    });
  });

  it('before the program does anything with it, and so are two of one version', () => {
    expect(() => readTemplates([good, good])).toThrow('forms there twice: thu.v1');
    expect(() => readTemplates([{ ...good, sections: [] }])).toThrow('form thu: sections');
    expect(readTemplates([good, { ...good, version: 2 }])).toHaveLength(2);
  });
});
