// Picks one row of a list by typing part of it, with or without accents; the list stands below the field and
// nothing is ever completed inside it, because that breaks Vietnamese input methods.
import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { fold } from '../../shared/text/fold.ts';
import { useText } from '../i18n/index.ts';
import styles from './PickField.module.css';

export interface PickRow {
  readonly code: string;
  readonly name: string;
}

interface Props {
  readonly label: string;
  readonly rows: readonly PickRow[] | undefined;
  readonly value: string | null;
  readonly onPick: (code: string | null, row: PickRow | null) => void;
  /** The core does the searching; without it the rows are searched here. */
  readonly onSearch?: (text: string) => void;
  readonly placeholder?: string;
  readonly description?: string;
  readonly error?: string | undefined;
  readonly disabled?: boolean;
  readonly showCode?: boolean;
  readonly required?: boolean;
  readonly autofocus?: boolean;
}

const mostShown = 60;

export function PickField({
  label,
  rows,
  value,
  onPick,
  onSearch,
  showCode = false,
  autofocus = false,
  error,
  ...rest
}: Props) {
  const t = useText();
  const data = useMemo(
    () =>
      (rows ?? []).map((row) => ({
        value: row.code,
        label: showCode ? `${row.code} – ${row.name}` : row.name,
        folded: fold(`${row.code} ${row.name}`),
      })),
    [rows, showCode],
  );
  const folded = useMemo(() => new Map(data.map((d) => [d.value, d.folded])), [data]);
  return (
    <Select
      {...rest}
      label={label}
      data={data}
      value={value}
      error={error}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      limit={mostShown}
      withScrollArea={false}
      classNames={{ options: styles.options }}
      autoComplete="off"
      // Rows that arrive later must not be taken by an Enter that came before them.
      selectFirstOptionOnChange={onSearch === undefined}
      nothingFoundMessage={rows ? t('common.nothingFound') : t('common.loading')}
      {...(autofocus ? { 'data-autofocus': true, autoFocus: true } : {})}
      {...(onSearch ? { onSearchChange: onSearch } : {})}
      comboboxProps={{ transitionProps: { duration: 0 }, withinPortal: true }}
      filter={({ options, search, limit }) => {
        if (onSearch) return options;
        const words = fold(search).split(' ').filter(Boolean);
        return options
          .filter((o) => 'value' in o && words.every((w) => folded.get(o.value)?.includes(w)))
          .slice(0, limit);
      }}
      onChange={(code) => onPick(code, rows?.find((row) => row.code === code) ?? null)}
    />
  );
}
