// One field of the editor with where its value comes from. Memoised: a long form must not be drawn anew at every key.
import { Button } from '@mantine/core';
import { memo } from 'react';
import { birth, moment, number } from '../../i18n/format.ts';
import { type Text, useText } from '../../i18n/index.ts';
import styles from './Documents.module.css';
import { FieldInput } from './fields/FieldInput.tsx';
import './fields/twelfths.css';
import type { Field, Value } from './paper-types.ts';
import type { Origin } from './values.ts';

interface Props {
  readonly field: Field;
  readonly value: Value | undefined;
  readonly origin: Origin;
  /** What the record gives. */
  readonly given: Value | undefined;
  readonly error: string | undefined;
  readonly onChange: (field: string, value: Value) => void;
}

export const FieldLine = memo(function FieldLine({ field, value, origin, given, error, onChange }: Props) {
  const t = useText();
  if (field.kind === 'heading') return <h3 className={styles.heading}>{field.label}</h3>;
  if (field.kind === 'statement') return <p className={styles.statement}>{field.text}</p>;
  return (
    <div className={styles.cell} data-width={field.width}>
      <FieldInput
        field={field}
        value={value}
        error={error}
        onChange={(changed) => onChange(field.id, changed)}
      />
      {origin === 'record' && <div className={styles.origin}>{t('documents.fromRecord')}</div>}
      {origin === 'differs' && given !== undefined && (
        <div className={styles.differs}>
          <span>{t('documents.recordSays', { value: valueWords(t, field, given) })}</span>
          <Button
            variant="default"
            size="compact-md"
            aria-label={t('documents.takeRecordOf', { field: field.label })}
            onClick={() => onChange(field.id, given)}
          >
            {t('documents.takeRecord')}
          </Button>
        </div>
      )}
    </div>
  );
});

/** A value in one short line. */
function valueWords(t: Text, field: Field, value: Value): string {
  if (Array.isArray(value)) {
    const codes = value.filter((code) => typeof code === 'string');
    return codes.length > 0
      ? codes.map((code) => labelOf(field, code)).join(', ')
      : t('documents.rowCount', { n: value.length });
  }
  if (typeof value === 'number') return field.kind === 'moment' ? moment(value) : number(t, value);
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no');
  if (typeof value === 'object')
    return value === null ? '' : [value.code, value.text].filter(Boolean).join(' – ');
  if (field.kind === 'date') return birth(value) ?? '';
  return shorten(labelOf(field, value));
}

const labelOf = (field: Field, code: string): string =>
  field.choices?.find((choice) => choice.code === code)?.label ?? code;

const longestLine = 160;
const shorten = (text: string): string =>
  text.length > longestLine ? `${text.slice(0, longestLine).trimEnd()}…` : text;
