// A table to type in: Enter goes from cell to cell and, after the last, into a new row.
import { ActionIcon, Button, Input } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useRef } from 'react';
import { useText } from '../../../i18n/index.ts';
import { NumberField } from '../../../parts/NumberField.tsx';
import { TimeField } from '../../../parts/TimeField.tsx';
import { VietDateField } from '../../../parts/VietDateField.tsx';
import type { Column, Row } from '../paper-types.ts';
import styles from './Fields.module.css';
import './twelfths.css';

type Cell = Row[string];

interface Props {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly required: boolean;
  readonly error?: string | undefined;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly addLabel: string;
  readonly onChange: (rows: Row[]) => void;
}

export function RowsField({ id, label, hint, required, error, columns, rows, addLabel, onChange }: Props) {
  const t = useText();
  const table = useRef<HTMLTableElement>(null);

  const set = (at: number, column: string, cell: Cell) =>
    onChange(rows.map((row, index) => (index === at ? { ...row, [column]: cell } : row)));
  function add(): void {
    onChange([...rows, {}]);
    // The row is there after the next rendering.
    requestAnimationFrame(() =>
      table.current
        ?.querySelector<HTMLElement>('tbody tr:last-child input, tbody tr:last-child textarea')
        ?.focus(),
    );
  }
  function remove(at: number): void {
    onChange(rows.filter((_, index) => index !== at));
    document.getElementById(id)?.focus();
  }
  function onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (!(event.target instanceof HTMLInputElement)) return;
    const cells = [...(table.current?.querySelectorAll<HTMLElement>('input, textarea') ?? [])];
    if (cells.at(-1) !== event.target) return;
    event.preventDefault();
    event.stopPropagation();
    add();
  }

  return (
    <Input.Wrapper label={label} description={hint} withAsterisk={required} error={error} labelElement="div">
      <div className={styles.scroll}>
        <table className={styles.rows} ref={table} onKeyDown={onKey} aria-label={label}>
          <colgroup>
            {columns.map((column) => (
              <col key={column.id} data-width={column.width} />
            ))}
            <col className={styles.removeColumn} />
          </colgroup>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.id} scope="col">
                  {column.label}
                </th>
              ))}
              <th scope="col">
                <span className={styles.spoken}>{t('documents.removeRow')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity but its place
              <tr key={at}>
                {columns.map((column) => (
                  <td key={column.id}>
                    <CellInput
                      column={column}
                      label={t('documents.cell', { column: column.label, n: at + 1 })}
                      cell={row[column.id] ?? null}
                      onChange={(cell) => set(at, column.id, cell)}
                    />
                  </td>
                ))}
                <td>
                  <ActionIcon
                    variant="default"
                    size="2.25rem"
                    aria-label={t('documents.removeRowN', { n: at + 1 })}
                    onClick={() => remove(at)}
                  >
                    <IconX size="1.125rem" aria-hidden="true" />
                  </ActionIcon>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Button id={id} variant="default" size="compact-md" mt="xs" onClick={add}>
        + {addLabel}
      </Button>
    </Input.Wrapper>
  );
}

function CellInput({
  column,
  label,
  cell,
  onChange,
}: {
  readonly column: Column;
  readonly label: string;
  readonly cell: Cell;
  readonly onChange: (cell: Cell) => void;
}) {
  const named = { 'aria-label': label };
  switch (column.kind) {
    case 'number':
      return (
        <NumberField
          {...named}
          decimals={2}
          value={typeof cell === 'number' ? cell : null}
          onChange={onChange}
        />
      );
    case 'moment':
      return <TimeField {...named} value={typeof cell === 'number' ? cell : null} onChange={onChange} />;
    case 'date':
      return (
        <VietDateField
          {...named}
          partial
          value={typeof cell === 'string' && cell !== '' ? cell : null}
          onChange={onChange}
        />
      );
    case 'long':
      return (
        <textarea
          {...named}
          className={styles.cell}
          maxLength={longest}
          value={String(cell ?? '')}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'text':
      return (
        <input
          {...named}
          className={styles.cell}
          autoComplete="off"
          maxLength={longest}
          value={String(cell ?? '')}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
const longest = 4000;
