// The province reads who signs at which step from the very bytes that stations freeze: each form's, as the program makes
// them, or every signature would be set aside there.
import { expect, it } from 'vitest';
import { contentOf } from '../../../electron/clinic/documents/body.ts';
import { sampleBody } from '../../../electron/clinic/documents/sample.ts';
import { templates } from '../../../electron/clinic/documents/templates.ts';
import { placeIn } from '../../../province/signatures/entitled.ts';

it.each(templates().map((form) => [form.id, form] as const))('finds each step of %s', (_, form) => {
  const body = sampleBody(form);
  const { bytes } = contentOf(body, { pdf: Buffer.from('%PDF'), pages: 1, boxes: [] });
  for (const { id, kind, roles } of form.steps) {
    const found = placeIn(bytes, { document: body.document, step: id });
    if (kind === 'person') expect(found).toMatch(/no signature/);
    else expect(found).toMatchObject({ kind, roles });
  }
  expect(placeIn(bytes, { document: 'another', step: form.steps[0]!.id })).toMatch(/another paper/);
  expect(placeIn(Buffer.from('không phải JSON'), { document: body.document, step: 'x' })).toMatch(/not over/);
});
