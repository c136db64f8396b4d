// One patient of the round. Memoised: a key pressed in one row must not repaint forty others.
import { memo, useCallback } from 'react';
import { Link } from 'wouter';
import { vitalText } from '../../../shared/codes/vital-typing.ts';
import { to } from '../../app/routes.tsx';
import { birth, shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { News2Badge } from '../../parts/News2Badge.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { VitalBoxField } from '../../parts/VitalBoxField.tsx';
import { emptySet, pressureText, readSet, type TypedSet, type VitalBox } from '../../parts/vital-set.ts';
import styles from './Round.module.css';
import { type RoundAnswer, type RoundRow, roundBoxes } from './round.ts';

interface Props {
  readonly row: RoundRow;
  readonly typed: TypedSet | undefined;
  readonly asked: boolean;
  readonly error: NonNullable<RoundAnswer['error']> | undefined;
  readonly onType: (admissionId: string, box: VitalBox, value: string) => void;
}

export const RoundLine = memo(function RoundLine({ row, typed = emptySet, asked, error, onType }: Props) {
  const t = useText();
  const { admissionId, last } = row;
  const { notes } = readSet(typed);
  const type = useCallback(
    (box: VitalBox, value: string) => onType(admissionId, box, value),
    [onType, admissionId],
  );
  return (
    <>
      <tr data-asked={asked || undefined} data-error={error !== undefined || undefined}>
        <th scope="row" className={styles.patient}>
          <Link href={to.chart(row.patientId, 'vitals')}>{row.fullName}</Link>{' '}
          <span className={styles.sub}>{row.recordNumber}</span>
          <div className={styles.sub}>
            <b>{row.bedLabel ?? t('admission.noBed')}</b> · {birth(row.birthDate) ?? t('common.ageUnknown')}
          </div>
        </th>
        <td className={styles.last}>
          {last ? (
            <>
              <div className={styles.sub}>
                {shortMoment(last.at, Date.now())} <News2Badge news2={last.news2} />{' '}
                {row.overdue && <Tag tone="danger">{t('chart.overdue')}</Tag>}
              </div>
              <div className={styles.values}>{lastText(last.values)}</div>
            </>
          ) : (
            <>
              {t('vitals.neverMeasured')} {row.overdue && <Tag tone="danger">{t('chart.overdue')}</Tag>}
            </>
          )}
        </td>
        {roundBoxes.map((box) => (
          <td key={box} className={styles.box}>
            <VitalBoxField
              box={box}
              value={typed[box]}
              note={notes[box]}
              gridLabel={t('vitals.gridLabel', { sign: t(`vitals.${box}`), name: row.fullName })}
              onType={type}
            />
          </td>
        ))}
      </tr>
      {error && (
        <tr className={styles.error}>
          <td colSpan={2 + roundBoxes.length} role="alert">
            ■ {t.of(error.messageKey, error.params)}{' '}
            {Object.values(error.fields ?? {})
              .map((key) => t.of(key))
              .join(' ')}
          </td>
        </tr>
      )}
    </>
  );
});

function lastText(values: NonNullable<RoundRow['last']>['values']): string {
  const of = (vital: 'pulse' | 'temperature' | 'spo2') => {
    const value = values[vital];
    return value === null ? '–' : vitalText(value, vital);
  };
  return `M ${of('pulse')} · T° ${of('temperature')} · HA ${pressureText(values) || '–'} · SpO₂ ${of('spo2')}`;
}
