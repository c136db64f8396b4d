// Whether the bytes a version is named by are this paper's: a freeze may come from any PC, so what it says of pages,
// steps and title counts only as far as the content itself, which is what people sign, says the same.
import * as z from 'zod';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { DocumentContent } from '../../../shared/model/document-body.ts';
import { FormStep, FormValues } from '../../../shared/model/form-template.ts';
import { canonicalJson, type Json } from '../../../shared/text/canonical-json.ts';
import { sha256Hex } from '../../store/crypto.ts';
import { type FrozenVersion, valuesSha256 } from './projection.ts';
import { type DocumentRow, frozenIn } from './rows.ts';

/**
 * What the content says, once it is proven to be the version's: its bytes have that name, it is of this paper and this
 * patient, its PDF, pages, title, values and steps are those of the freeze. not_found: the paper has no such version ·
 * document_altered: something is not the same.
 */
export function provenVersion(
  row: Pick<DocumentRow, 'id' | 'patient_id' | 'frozen'>,
  content: string,
  bytes: Buffer,
): Result<DocumentContent> {
  const version = frozenIn(row).find((one) => one.content === content);
  if (!version) return fail('not_found');
  const said = sha256Hex(bytes) === content ? read(bytes) : null;
  return said && isOf(said, row, version) ? ok(said) : fail('document_altered');
}

function isOf(
  { body, pdf }: DocumentContent,
  row: Pick<DocumentRow, 'id' | 'patient_id'>,
  version: FrozenVersion,
): boolean {
  return (
    body.document === row.id &&
    body.patient.id === row.patient_id &&
    body.form.title === version.title &&
    pdf.sha256 === version.pdf &&
    pdf.pages === version.pages &&
    valuesSha256(body.values) === version.values &&
    stepsText(body.steps) === stepsText(version.steps)
  );
}

const stepsText = (steps: FrozenVersion['steps']): string =>
  canonicalJson(
    steps.map(({ id, label, kind, roles, optional }) => ({ id, label, kind, roles: [...roles], optional })),
  );

/** Null unless it is the one spelling of a content: a member written twice could be read in two ways. */
function read(bytes: Buffer): DocumentContent | null {
  const text = bytes.toString();
  try {
    const value: { readonly body: Json } = JSON.parse(text);
    const found = Content.parse(value);
    const one = canonicalJson(value) === text && sha256Hex(canonicalJson(value.body)) === found.bodySha256;
    return one ? found : null;
  } catch {
    // no JSON, another shape, half a character
    return null;
  }
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Body = z.strictObject({
  type: z.literal('tram.document.body'),
  version: z.literal(1),
  document: z.string(),
  previous: sha256.nullable(),
  reason: z.string().nullable(),
  form: z.strictObject({
    id: z.string(),
    version: z.number().int(),
    title: z.string(),
    number: z.string().nullable(),
  }),
  patient: z.strictObject({
    id: z.string(),
    recordNumber: z.string(),
    name: z.string(),
    birthDate: z.string().nullable(),
    sex: z.string(),
  }),
  admission: z.strictObject({ id: z.string(), number: z.string(), ward: z.string() }).nullable(),
  values: FormValues,
  author: z.strictObject({ id: z.string(), name: z.string(), title: z.string().nullable() }),
  at: z.string(),
  center: z
    .strictObject({ id: z.string(), name: z.string(), facilityCode: z.string().nullable() })
    .nullable(),
  station: z.strictObject({ id: z.string(), name: z.string() }),
  steps: z.array(FormStep),
  training: z.boolean(),
});
const Content: z.ZodType<DocumentContent> = z.strictObject({
  type: z.literal('tram.document'),
  version: z.literal(1),
  body: Body,
  bodySha256: sha256,
  pdf: z.strictObject({
    sha256,
    bytes: z.number().int(),
    pages: z.number().int(),
    boxes: z.array(
      z.strictObject({
        step: z.string(),
        page: z.number().int(),
        x: z.number(),
        y: z.number(),
        width: z.number(),
        height: z.number(),
      }),
    ),
  }),
});
