// Every form filled with an invented stay, for the page that shows what forms there are and for looking at their print:
// long names, long courses and tables over several pages, so that what breaks in print breaks here.
import * as z from 'zod';
import closing from '../../../resources/forms/samples/benh-an-noi-khoa-tong-ket.v1.json' with {
  type: 'json',
};
import admission from '../../../resources/forms/samples/benh-an-noi-khoa-vao.v1.json' with { type: 'json' };
import consultation from '../../../resources/forms/samples/bien-ban-hoi-chan.v1.json' with { type: 'json' };
import consent from '../../../resources/forms/samples/cam-ket-phau-thuat-thu-thuat.v1.json' with {
  type: 'json',
};
import transfer from '../../../resources/forms/samples/giay-chuyen-co-so-kcb.v1.json' with { type: 'json' };
import discharge from '../../../resources/forms/samples/giay-ra-vien.v1.json' with { type: 'json' };
import care from '../../../resources/forms/samples/phieu-cham-soc.v1.json' with { type: 'json' };
import intensiveCare from '../../../resources/forms/samples/phieu-cham-soc-cap-1.v1.json' with {
  type: 'json',
};
import vitals from '../../../resources/forms/samples/phieu-theo-doi-chuc-nang-song.v1.json' with {
  type: 'json',
};
import treatment from '../../../resources/forms/samples/to-dieu-tri.v1.json' with { type: 'json' };
import summary from '../../../resources/forms/samples/tom-tat-ho-so-benh-an.v1.json' with { type: 'json' };
import type { DocumentBody } from '../../../shared/model/document-body.ts';
import { type FormTemplate, FormValues } from '../../../shared/model/form-template.ts';

const Sample = z.strictObject({ form: z.string(), version: z.number().int(), values: FormValues });

const files: readonly unknown[] = [
  admission,
  treatment,
  vitals,
  care,
  intensiveCare,
  consultation,
  consent,
  closing,
  discharge,
  transfer,
  summary,
];

let loaded: ReadonlyMap<string, FormValues> | null = null;

/** Empty for a form nobody invented a stay for. */
export function sampleValues({ id, version }: Pick<FormTemplate, 'id' | 'version'>): FormValues {
  loaded ??= new Map(
    files
      .map((file) => Sample.parse(file))
      .map((sample) => [`${sample.form}.v${sample.version}`, sample.values]),
  );
  return loaded.get(`${id}.v${version}`) ?? {};
}

/** The same every time, and marked as training on every page: nobody may take it for somebody's paper. */
export function sampleBody(template: FormTemplate): DocumentBody {
  const { id, version, title, number } = template;
  return {
    type: 'tram.document.body',
    version: 1,
    document: '00000000-0000-4000-8000-000000000000',
    previous: null,
    reason: null,
    form: { id, version, title, number },
    patient: {
      id: '00000000-0000-4000-8000-000000000001',
      recordNumber: '2601A01293',
      name: 'Nguyễn Thị Quỳnh Trường Giang',
      birthDate: '1959-03-09',
      sex: '2',
    },
    admission: {
      id: '00000000-0000-4000-8000-000000000002',
      number: '2601A00417',
      ward: 'Nội tổng hợp',
    },
    values: sampleValues(template),
    author: {
      id: '00000000-0000-4000-8000-000000000003',
      name: 'Trần Văn Bình',
      title: 'Bác sĩ chuyên khoa I',
    },
    at: '2026-11-14T03:00:00.000Z',
    center: {
      id: '00000000-0000-4000-8000-000000000004',
      name: 'Trung tâm Y tế khu vực Kỳ Sơn',
      facilityCode: null,
    },
    station: { id: '0'.repeat(32), name: 'Máy mẫu' },
    steps: template.steps,
    training: true,
  };
}
