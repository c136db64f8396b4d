// One box of a vital set, in the form and in the round grid alike: text stays as typed, the note stands below.
import { NativeSelect, TextInput } from '@mantine/core';
import { memo, useId, useState } from 'react';
import { vitalSpecs } from '../../shared/codes/vitals.ts';
import { useText } from '../i18n/index.ts';
import styles from './VitalBoxField.module.css';
import { type BoxNote, levels, noteWhileTyping, type VitalBox } from './vital-set.ts';

interface Props {
  readonly box: VitalBox;
  readonly value: string;
  readonly note: BoxNote | undefined;
  readonly onType: (box: VitalBox, value: string) => void;
  readonly autofocus?: boolean;
  /** In a grid the column head and the row name label the box; given as the whole label, not shown. */
  readonly gridLabel?: string;
}

export const VitalBoxField = memo(function VitalBoxField({
  box,
  value,
  note,
  onType,
  autofocus = false,
  gridLabel,
}: Props) {
  const t = useText();
  const [typing, setTyping] = useState(false);
  const noteId = useId();
  const shown = typing ? noteWhileTyping(box, value, note) : note;
  const label = gridLabel === undefined ? { label: t(`vitals.${box}`) } : { 'aria-label': gridLabel };
  const said = shown && (
    <p id={noteId} className={styles.note} data-level={shown.level}>
      {shown.level === 'block' ? '■' : '▲'} {t.of(shown.key, shown.blanks)}
    </p>
  );
  if (box === 'consciousness')
    return (
      <div>
        <NativeSelect {...label} value={value} onChange={(event) => onType(box, event.currentTarget.value)}>
          <option value="">–</option>
          {levels.map((level) => (
            <option key={level} value={level}>
              {gridLabel === undefined ? t(`vitals.level.${level}`) : t(`vitals.levelShort.${level}`)}
            </option>
          ))}
        </NativeSelect>
        {said}
      </div>
    );
  return (
    <div>
      <TextInput
        {...label}
        value={value}
        inputMode="decimal"
        autoComplete="off"
        maxLength={12}
        aria-invalid={shown?.level === 'block' || undefined}
        aria-describedby={shown ? noteId : undefined}
        {...(autofocus ? { autoFocus: true } : {})}
        {...(gridLabel === undefined
          ? {
              rightSection: <span className={styles.unit}>{t.of(unitOf(box))}</span>,
              rightSectionWidth: '3.75rem',
              rightSectionPointerEvents: 'none' as const,
            }
          : {})}
        onChange={(event) => onType(box, event.currentTarget.value)}
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
      />
      {said}
    </div>
  );
});

const unitOf = (box: Exclude<VitalBox, 'consciousness'>): string =>
  vitalSpecs[box === 'pressure' ? 'systolic' : box].unitKey;
