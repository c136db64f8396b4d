// One bed: who lies in it and what about them needs attention, or what state it is in and what to do with it.
import { memo } from 'react';
import { age } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { AllergyTag } from '../../parts/AllergyTag.tsx';
import { News2Badge } from '../../parts/News2Badge.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { BedMenu } from './BedMenu.tsx';
import type { Step } from './BedSteps.tsx';
import styles from './Board.module.css';
import { type Bed, isDouble, type Patient } from './filters.ts';

interface Props {
  readonly bed: Bed;
  /** `Giường 4`, or that there is none. */
  readonly label: string;
  readonly inOrder: boolean;
  readonly menuOpen: boolean;
  readonly now: number;
  readonly onFocus: (bedId: string) => void;
  readonly onMenu: (bedId: string | null) => void;
  readonly onOpen: (bed: Bed, patient: Patient | undefined) => void;
  readonly onStep: (step: Step) => void;
}

export const BedCard = memo(function BedCard(props: Props) {
  const { bed, label, inOrder, menuOpen, onMenu, onOpen, onStep } = props;
  const t = useText();
  const state = bed.patients.length > 0 ? 'taken' : bed.state;
  return (
    <article
      className={styles.card}
      data-bed={bed.bedId}
      data-state={state}
      data-risk={worstRisk(bed)}
      onFocus={() => props.onFocus(bed.bedId)}
    >
      <div className={styles.cardHead}>
        <b className={styles.bedName}>{label}</b>
        {menuOpen ? (
          <BedMenu bed={bed} label={label} onClose={() => onMenu(null)} onStep={onStep} />
        ) : (
          <button
            type="button"
            className={styles.more}
            aria-haspopup="menu"
            aria-label={t('board.menuOf', { bed: label })}
            tabIndex={inOrder ? 0 : -1}
            onClick={() => onMenu(bed.bedId)}
          >
            {t('board.menu')} <span aria-hidden="true">▼</span>
          </button>
        )}
      </div>
      {(bed.shared || isDouble(bed)) && (
        <div className={styles.bedTags}>
          {bed.shared && <Tag>{t('board.shared')}</Tag>}
          {isDouble(bed) && <Tag tone="danger">{t('board.doubleBed')}</Tag>}
        </div>
      )}
      {bed.patients.map((patient, index) => (
        <button
          key={patient.patientId}
          type="button"
          data-main=""
          className={styles.person}
          tabIndex={inOrder && index === 0 ? 0 : -1}
          onClick={() => onOpen(bed, patient)}
        >
          <PatientLines patient={patient} now={props.now} />
        </button>
      ))}
      {bed.patients.length === 0 && (
        <button
          type="button"
          data-main=""
          className={styles.vacant}
          tabIndex={inOrder ? 0 : -1}
          onClick={() => onOpen(bed, undefined)}
        >
          <b>{t(`board.state.${bed.state}`)}</b>
          <span>{bed.stateReason ?? t(`board.stateHint.${bed.state}`)}</span>
        </button>
      )}
    </article>
  );
});

function PatientLines({ patient, now }: { readonly patient: Patient; readonly now: number }) {
  const t = useText();
  const { clinical } = patient;
  return (
    <>
      <span className={styles.name}>{patient.fullName}</span>
      <span className={styles.facts}>
        {t(`common.sex${patient.sex}`)}, {age(t, patient.birthDate, now)} · {patient.recordNumber}
      </span>
      <span className={styles.facts}>
        {t('common.dayOfStay', { n: patient.dayOfStay })}
        {patient.diagnosis !== null && ` · ${patient.diagnosis}`}
      </span>
      <span className={styles.tags}>
        {clinical && <News2Badge news2={clinical.news2} size="card" />}
        {clinical?.vitalsOverdue && clinical.lastVitalsAt !== null && (
          <Tag tone="warn">{t('board.overdue')}</Tag>
        )}
        {clinical && <AllergyTag status={clinical.allergyStatus} items={clinical.allergies} size="card" />}
        {patient.similarName && <Tag tone="warn">{t('board.similarName')}</Tag>}
        {patient.conflict && <Tag tone="danger">{t('board.conflict')}</Tag>}
        {patient.unidentified && <Tag tone="warn">{t('common.unidentified')}</Tag>}
      </span>
    </>
  );
}

const order = ['none', 'low', 'low_medium', 'medium', 'high'] as const;
function worstRisk(bed: Bed): string | undefined {
  const risks = bed.patients.map((patient) => order.indexOf(patient.clinical?.news2?.risk ?? 'none'));
  return bed.patients.length === 0 ? undefined : order[Math.max(0, ...risks)];
}
