// Every form filled with an invented stay: good enough to be frozen, long enough to break over pages.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleBody, sampleValues } from '../../../electron/clinic/documents/sample.ts';
import { templates } from '../../../electron/clinic/documents/templates.ts';
import { faultsOf, missingIn } from '../../../electron/clinic/documents/values.ts';
import type { FormValue } from '../../../shared/model/form-template.ts';

describe('the invented stay', () => {
  it('is there for every form', () => {
    const files = readdirSync(join(import.meta.dirname, '../../../resources/forms/samples'));
    expect(files.sort()).toEqual(
      templates()
        .map(({ id, version }) => `${id}.v${version}.json`)
        .sort(),
    );
  });

  it.each(templates().map((one) => [one.id, one] as const))('fills %s as a person could', (_id, one) => {
    const values = sampleValues(one);
    expect(faultsOf(one, values)).toEqual({});
    expect(missingIn(one, values)).toEqual({});
  });

  it('fills tables over several pages and paragraphs over several lines', () => {
    const all = templates().map(sampleValues);
    const tables = all.flatMap((values) => Object.values(values).flatMap(tableOf));
    expect(Math.max(...tables.map((rows) => rows.length))).toBeGreaterThan(40);
    const words = all.flatMap((values) => Object.values(values)).filter((v) => typeof v === 'string');
    expect(Math.max(...words.map((text) => text.length))).toBeGreaterThan(900);
  });

  it('is the same every time and marked as training, so that nobody takes it for somebody’s paper', () => {
    for (const one of templates()) {
      expect(sampleBody(one)).toEqual(sampleBody(one));
      expect(sampleBody(one).training).toBe(true);
      expect(sampleBody(one).steps).toEqual(one.steps);
    }
  });

  it('is empty for a form nobody invented one for', () => {
    expect(sampleValues({ id: 'khong-co', version: 1 })).toEqual({});
  });
});

const tableOf = (value: FormValue): readonly unknown[][] =>
  Array.isArray(value) && typeof value[0] === 'object' ? [value] : [];
