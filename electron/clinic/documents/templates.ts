// The forms this program knows: data in resources/forms, one file for each version, put into the program when it is
// built. A version that was ever used stays here for good, because papers are drawn with the form they were written on.
import closing from '../../../resources/forms/benh-an-noi-khoa-tong-ket.v1.json' with { type: 'json' };
import admission from '../../../resources/forms/benh-an-noi-khoa-vao.v1.json' with { type: 'json' };
import consultation from '../../../resources/forms/bien-ban-hoi-chan.v1.json' with { type: 'json' };
import consent from '../../../resources/forms/cam-ket-phau-thuat-thu-thuat.v1.json' with { type: 'json' };
import transfer from '../../../resources/forms/giay-chuyen-co-so-kcb.v1.json' with { type: 'json' };
import discharge from '../../../resources/forms/giay-ra-vien.v1.json' with { type: 'json' };
import care from '../../../resources/forms/phieu-cham-soc.v1.json' with { type: 'json' };
import intensiveCare from '../../../resources/forms/phieu-cham-soc-cap-1.v1.json' with { type: 'json' };
import vitals from '../../../resources/forms/phieu-theo-doi-chuc-nang-song.v1.json' with { type: 'json' };
import treatment from '../../../resources/forms/to-dieu-tri.v1.json' with { type: 'json' };
import summary from '../../../resources/forms/tom-tat-ho-so-benh-an.v1.json' with { type: 'json' };
import type { FormTemplate } from '../../../shared/model/form-template.ts';
import { checkTemplate, clashing } from './check-template.ts';

/** In the order of the list people choose from: as a stay goes. */
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

let loaded: readonly FormTemplate[] | null = null;

/** Every form and every version of it. Throws when one is faulty: then the program was built wrong. */
export function templates(): readonly FormTemplate[] {
  loaded ??= readTemplates(files);
  return loaded;
}

/** The version named, else the newest; null when there is none. */
export function template(id: string, version?: number): FormTemplate | null {
  const versions = templates().filter((one) => one.id === id);
  if (version !== undefined) return versions.find((one) => one.version === version) ?? null;
  return versions.reduce<FormTemplate | null>(
    (newest, one) => (newest === null || one.version > newest.version ? one : newest),
    null,
  );
}

export function readTemplates(raw: readonly unknown[]): readonly FormTemplate[] {
  const read = raw.map((one) => {
    const checked = checkTemplate(one);
    if (!checked.ok) throw new Error(`form ${idOf(one)}: ${checked.faults.join('; ')}`);
    return checked.template;
  });
  const twice = clashing(read);
  if (twice.length > 0) throw new Error(`forms there twice: ${twice.join(', ')}`);
  return read;
}

const idOf = (raw: unknown): string =>
  typeof raw === 'object' && raw !== null && 'id' in raw ? String(raw.id) : 'without id';
