// One field of a form as its kind wants to be typed in. Labels and order are the paper form's own.
import { Checkbox, NativeSelect, Radio, Textarea, TextInput } from '@mantine/core';
import { useText } from '../../../i18n/index.ts';
import { IcdPick } from '../../../parts/IcdPick.tsx';
import { NumberField } from '../../../parts/NumberField.tsx';
import { TimeField } from '../../../parts/TimeField.tsx';
import { VietDateField } from '../../../parts/VietDateField.tsx';
import type { Field, Value } from '../paper-types.ts';
import styles from './Fields.module.css';
import { RowsField } from './RowsField.tsx';

interface Props {
  readonly field: Field;
  readonly value: Value | undefined;
  /** Sentence under the field. */
  readonly error?: string | undefined;
  readonly onChange: (value: Value) => void;
}

/** More than this many choices go into a list that opens. */
const mostInARow = 6;
const longestLine = 500;
const longestText = 8000;

export function FieldInput({ field, value, error, onChange }: Props) {
  const t = useText();
  const common = {
    id: fieldId(field.id),
    label: field.label,
    description: field.hint,
    withAsterisk: field.required,
    error,
  };
  const choices = field.choices ?? [];
  switch (field.kind) {
    case 'heading':
    case 'statement':
      return null;
    case 'text':
      return (
        <TextInput
          {...common}
          autoComplete="off"
          maxLength={field.max ?? longestLine}
          value={textOf(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'long':
      return (
        <Textarea
          {...common}
          classNames={{ input: styles.long ?? '' }}
          maxLength={field.max ?? longestText}
          value={textOf(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'number':
      return (
        <NumberField
          {...common}
          {...(field.unit === undefined ? {} : { unit: field.unit })}
          decimals={2}
          value={typeof value === 'number' ? value : null}
          onChange={onChange}
        />
      );
    case 'date':
      return (
        <VietDateField
          {...common}
          partial
          value={typeof value === 'string' && value !== '' ? value : null}
          onChange={onChange}
        />
      );
    case 'moment':
      return <TimeField {...common} value={typeof value === 'number' ? value : null} onChange={onChange} />;
    case 'choice':
      return choices.length > mostInARow ? (
        <NativeSelect
          {...common}
          value={textOf(value)}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        >
          <option value="">–</option>
          {choices.map(({ code, label }) => (
            <option key={code} value={code}>
              {label}
            </option>
          ))}
        </NativeSelect>
      ) : (
        <Radio.Group {...common} value={textOf(value)} onChange={onChange}>
          <div className={styles.across}>
            {choices.map(({ code, label }) => (
              <Radio key={code} value={code} label={label} />
            ))}
          </div>
        </Radio.Group>
      );
    case 'choices':
      return (
        <Checkbox.Group {...common} value={codesOf(value)} onChange={onChange}>
          <div className={styles.across}>
            {choices.map(({ code, label }) => (
              <Checkbox key={code} value={code} label={label} />
            ))}
          </div>
        </Checkbox.Group>
      );
    case 'flag':
      return (
        <Checkbox
          id={common.id}
          label={field.label}
          description={field.hint}
          error={error}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'diagnosis': {
      const diagnosis = diagnosisOf(value);
      return (
        <div className={styles.diagnosis}>
          <TextInput
            {...common}
            autoComplete="off"
            maxLength={1000}
            value={diagnosis.text}
            onChange={(event) => onChange({ ...diagnosis, text: event.currentTarget.value })}
          />
          <IcdPick
            key={diagnosis.code ?? ''}
            code={diagnosis.code}
            onPick={(row) =>
              onChange({
                code: row?.code ?? null,
                // the catalogue's words only where the doctor has written none
                text: diagnosis.text.trim() === '' ? (row?.name ?? '') : diagnosis.text,
              })
            }
          />
        </div>
      );
    }
    case 'rows':
      return (
        <RowsField
          id={common.id}
          label={field.label}
          hint={field.hint}
          required={field.required}
          error={error}
          columns={field.columns ?? []}
          rows={rowsOf(value)}
          addLabel={t('documents.addRow')}
          onChange={onChange}
        />
      );
  }
}

/** Where the focus goes when the field is at fault. */
export const fieldId = (id: string): string => `paper-field-${id}`;

const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

const codesOf = (value: Value | undefined): string[] =>
  Array.isArray(value) ? value.filter((code) => typeof code === 'string') : [];

const rowsOf = (value: Value | undefined) =>
  Array.isArray(value) ? value.filter((row) => typeof row !== 'string') : [];

const diagnosisOf = (value: Value | undefined): { text: string; code: string | null } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value
    : { text: textOf(value), code: null };
