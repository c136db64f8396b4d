// A form that would fail in somebody's hands is refused when it is loaded: every fault is named, not only the first.
import { isRole } from '../../../shared/codes/roles.ts';
import { type FormField, type FormStep, FormTemplate } from '../../../shared/model/form-template.ts';
import { sourceKinds } from './source-kinds.ts';

export type Checked =
  | { readonly ok: true; readonly template: FormTemplate }
  | { readonly ok: false; readonly faults: readonly string[] };

/** `raw` as it stands in its file. Faults are for whoever writes forms, in English. */
export function checkTemplate(raw: unknown): Checked {
  const parsed = FormTemplate.safeParse(raw);
  if (!parsed.success)
    return { ok: false, faults: parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`) };
  const template = parsed.data;
  const faults = [...sectionFaults(template), ...headFaults(template), ...stepFaults(template.steps)];
  return faults.length === 0 ? { ok: true, template } : { ok: false, faults };
}

/** No two may share id and version. */
export const clashing = (templates: readonly FormTemplate[]): string[] =>
  repeated(templates.map(({ id, version }) => `${id}.v${version}`));

function sectionFaults(template: FormTemplate): string[] {
  const fields = template.sections.flatMap((section) => section.fields);
  return [
    ...repeated(template.sections.map(({ id }) => id)).map((id) => `section ${id} is there twice`),
    ...repeated(fields.map(({ id }) => id)).map((id) => `field ${id} is there twice`),
    ...fields.flatMap((field) => fieldFaults(field).map((fault) => `field ${field.id} ${fault}`)),
  ];
}

/** Which extras belong to which kind. */
const extras = {
  choices: ['choice', 'choices'],
  columns: ['rows'],
  chart: ['rows'],
  text: ['statement'],
} as const satisfies Partial<Record<keyof FormField, readonly FormField['kind'][]>>;

function fieldFaults(field: FormField): string[] {
  const silent = field.kind === 'heading' || field.kind === 'statement';
  const faults: string[] = [];
  for (const [extra, kinds] of Object.entries(extras)) {
    const given = field[extra as keyof typeof extras] !== undefined;
    const belongs = (kinds as readonly string[]).includes(field.kind);
    if (given && !belongs) faults.push(`is a ${field.kind} and has ${extra}`);
    if (belongs && !given && extra !== 'chart') faults.push(`is a ${field.kind} without ${extra}`);
  }
  if (silent && (field.required || field.source)) faults.push(`is a ${field.kind} and asks for a value`);
  const codes = field.choices?.map(({ code }) => code) ?? [];
  if (field.choices && codes.length < 2) faults.push('leaves no choice');
  faults.push(...repeated(codes).map((code) => `has choice ${code} twice`));
  return [...faults, ...columnFaults(field), ...sourceFaults(field)];
}

function columnFaults({ columns, chart }: FormField): string[] {
  if (!columns) return [];
  const faults = repeated(columns.map(({ id }) => id)).map((id) => `has column ${id} twice`);
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  if (width !== 12) faults.push(`has columns of ${width} twelfths`);
  if (!chart) return faults;
  const kindOf = (id: string) => columns.find((column) => column.id === id)?.kind;
  if (kindOf(chart.x) !== 'moment') faults.push(`draws over ${chart.x}, which is no column of moments`);
  for (const { column, min, max, step } of chart.lines) {
    if (kindOf(column) !== 'number') faults.push(`draws ${column}, which is no column of numbers`);
    if (min >= max || step > max - min) faults.push(`draws ${column} on no scale`);
  }
  return faults;
}

function sourceFaults({ kind, source, choices, columns }: FormField): string[] {
  if (source === undefined) return [];
  const fits = sourceKinds[source];
  if (!fits.kinds.includes(kind)) return [`is a ${kind}, which ${source} cannot fill`];
  if (kind === 'choice')
    return (choices ?? [])
      .filter(({ code }) => !fits.codes?.includes(code))
      .map(({ code }) => `has choice ${code}, which ${source} never gives`);
  return (columns ?? [])
    .filter((column) => !fits.columns?.[column.id]?.includes(column.kind))
    .map((column) => `has column ${column.id} (${column.kind}), which ${source} does not give`);
}

function headFaults({ head, sections }: FormTemplate): string[] {
  const fields = new Map(sections.flatMap((section) => section.fields).map((field) => [field.id, field]));
  const named = [...head.left, ...head.right];
  return [
    ...repeated(named).map((id) => `the head names ${id} twice`),
    ...named.flatMap((id) => {
      const kind = fields.get(id)?.kind;
      if (kind === undefined) return [`the head names ${id}, which is no field`];
      return kind === 'text' || kind === 'number' || kind === 'date'
        ? []
        : [`the head names ${id}, a ${kind}`];
    }),
  ];
}

function stepFaults(steps: readonly FormStep[]): string[] {
  return [
    ...repeated(steps.map(({ id }) => id)).map((id) => `step ${id} is there twice`),
    ...steps.flatMap((step, i) => {
      const { id, kind, roles } = step;
      const faults = roles.filter((role) => !isRole(role)).map((role) => `step ${id}: no role ${role}`);
      if (kind === 'staff' && roles.length === 0) faults.push(`step ${id}: nobody may sign`);
      if (kind !== 'staff' && roles.length > 0) faults.push(`step ${id}: a ${kind} has no roles`);
      // a finger or a paper confirmation is sealed by the next signature of staff
      if (kind === 'person' && !steps.slice(i + 1).some((next) => next.kind === 'staff' && !next.optional))
        faults.push(`step ${id}: no signature of staff seals it`);
      return faults;
    }),
    ...(steps.some((step) => step.kind === 'staff' && !step.optional) ? [] : ['no staff has to sign']),
  ];
}

const repeated = (ids: readonly string[]): string[] => [
  ...new Set(ids.filter((id, i) => ids.indexOf(id) !== i)),
];
