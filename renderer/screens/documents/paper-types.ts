// Short names for the shapes the screens about papers hand each other.
import type { Output } from '../../../shared/api/index.ts';

export type PaperHead = Output<'documents.ofPatient'>['documents'][number];
export type Paper = Output<'documents.open'>;
export type Step = PaperHead['steps'][number];
export type Template = Output<'documents.forms'>['forms'][number];
export type Field = Template['sections'][number]['fields'][number];
export type Column = NonNullable<Field['columns']>[number];
export type Values = Paper['values'];
export type Value = Values[string];
export type Row = Extract<Value, readonly Record<string, unknown>[]>[number];
