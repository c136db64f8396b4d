// A small form and a body for it, to be changed by the test that uses them.

import type * as z from 'zod';
import type { DocumentBody } from '../../../shared/model/document-body.ts';
import { FormTemplate } from '../../../shared/model/form-template.ts';

type Input = z.input<typeof FormTemplate>;
export type Field = Input['sections'][number]['fields'][number];
/** `fields`: of a form with one section. */
export type Draft = Partial<Input> & { fields?: Field[] };

export function formOf({ fields, sections, ...rest }: Draft = {}): FormTemplate {
  return FormTemplate.parse({
    id: 'phieu-thu',
    version: 1,
    title: 'Phiếu thử',
    number: 'MS: 99/BV2',
    basis: 'Bịa ra để thử',
    drawnFormSeen: false,
    scope: 'stay',
    paper: 'A4',
    writtenBy: 'notes.write',
    signedPdf: true,
    steps: [
      { id: 'bac_si', label: 'Bác sĩ điều trị', kind: 'staff', roles: ['bac_si_dieu_tri'] },
      { id: 'truong_khoa', label: 'Trưởng khoa', kind: 'staff', roles: ['truong_khoa'] },
    ],
    sections: sections ?? [
      { id: 'mot', title: null, fields: fields ?? [{ id: 'x', label: 'X', kind: 'text' }] },
    ],
    ...rest,
  });
}

export function bodyOf(form: FormTemplate, changes: Partial<DocumentBody> = {}): DocumentBody {
  return {
    type: 'tram.document.body',
    version: 1,
    document: '00000000-0000-4000-8000-000000000001',
    previous: null,
    reason: null,
    form: { id: form.id, version: form.version, title: form.title, number: form.number },
    patient: {
      id: '00000000-0000-4000-8000-000000000002',
      recordNumber: '2601A00077',
      name: 'Nguyễn Thị Hoài Thương',
      birthDate: '1959-03-02',
      sex: 'female',
    },
    admission: { id: '00000000-0000-4000-8000-000000000003', number: '2601A00123', ward: 'Khoa Nội' },
    values: {},
    author: { id: '00000000-0000-4000-8000-000000000004', name: 'Trần Văn Bình', title: 'Bác sĩ' },
    at: '2026-11-21T18:30:00.000Z',
    center: { id: 'c', name: 'Trung tâm Y tế huyện Thử', facilityCode: '40123' },
    station: { id: 's', name: 'Máy 1' },
    steps: form.steps,
    training: false,
    ...changes,
  };
}

export const hash = 'ab12cd34'.repeat(8);

const vowels = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y'];
const tones = ['', '\u0300', '\u0309', '\u0303', '\u0301', '\u0323'];
const small = [...vowels.flatMap((vowel) => tones.map((tone) => (vowel + tone).normalize('NFC'))), 'đ'];
/** All 134 letters of Vietnamese that ASCII lacks, and their plain vowels. */
export const vietnameseLetters = [...small, ...small.map((letter) => letter.toUpperCase())];
/** What clinical texts write beside letters. */
export const clinicalSigns = '≥≤≈≠→←↑↓±×÷°²³½¼µαβγΔ☐☑✓…–—“”‘’•₂⁺⁻⁹®™Ø‰√∞';
