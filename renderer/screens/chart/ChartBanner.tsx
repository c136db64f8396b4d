// Who this is, on every tab: name with two more identifiers, age and sex, allergies, weight, bed and day of stay.

import { Link } from 'wouter';
import { vitalText } from '../../../shared/codes/vital-typing.ts';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { age, birth, day } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { AllergyTag } from '../../parts/AllergyTag.tsx';
import { PatientPhoto } from '../../parts/photo/PatientPhoto.tsx';
import { Tag } from '../../parts/Tag.tsx';
import styles from './Chart.module.css';
import type { ChartHead } from './chart-types.ts';

const worstFirst = { severe: 0, moderate: 1, unknown: 2, mild: 3 } as const;

export function ChartBanner({ head }: { readonly head: ChartHead }) {
  const t = useText();
  const { can } = useSession();
  const { admission } = head;
  const allergies = head.allergies
    .toSorted((a, b) => worstFirst[a.severity] - worstFirst[b.severity])
    .map((a) => a.substance);
  return (
    <section className={styles.banner} aria-label={t('chart.banner')}>
      <PatientPhoto patientId={head.patientId} name={head.fullName} size="small" />
      <div className={styles.words}>
        <div className={styles.who}>
          <h1 className={styles.name}>{head.fullName}</h1>
          <span>
            {t.of(`common.sex${head.sex}`)} · {age(t, head.birthDate, Date.now())}
            {head.birthDate !== null && ` (${birth(head.birthDate)})`}
          </span>
          <span className={styles.id}>
            {t('common.recordNumber')} <b>{head.recordNumber}</b>
          </span>
          {head.cccd !== null && (
            <span className={styles.id}>
              {t('patient.identifier.cccd')} <b>{head.cccd}</b>
            </span>
          )}
          {head.bhyt !== null && (
            <span className={styles.id}>
              {t('patient.identifier.bhyt')} <b>{head.bhyt}</b>
            </span>
          )}
        </div>
        <div className={styles.facts}>
          <AllergyTag status={head.allergyStatus} items={allergies} />
          {head.unidentified && <Tag tone="warn">{t('common.unidentified')}</Tag>}
          {head.pregnant && <Tag tone="warn">{t('chart.pregnant')}</Tag>}
          {head.deceasedAt !== null && (
            <Tag tone="danger">{t('chart.deceased', { date: day(head.deceasedAt) })}</Tag>
          )}
          {head.access === 'break_glass' && <Tag tone="danger">{t('chart.brokenGlass')}</Tag>}
          {head.openConflicts > 0 &&
            (can('conflict.settle') ? (
              <Link href={to.conflicts} className={styles.conflict ?? ''}>
                {t('chart.conflicts', { n: head.openConflicts })}
              </Link>
            ) : (
              <Tag tone="danger">{t('chart.conflicts', { n: head.openConflicts })}</Tag>
            ))}
          <span>
            {head.weightKg === null
              ? t('chart.weightUnknown')
              : t('chart.weight', {
                  kg: vitalText(head.weightKg, 'weight'),
                  date: head.weightAt === null ? '' : day(head.weightAt),
                })}
          </span>
          {head.bloodGroup !== null && <span>{t('chart.bloodGroup', { group: head.bloodGroup })}</span>}
          {admission && (
            <span className={styles.place}>
              {admission.wardName}
              {admission.status === 'admitted' && (
                <>
                  {' · '}
                  {admission.bedName === null
                    ? t('admission.noBed')
                    : `${admission.roomName ?? ''} ${t('admission.inBed', { bed: admission.bedName })}`}
                  {' · '}
                  {t('common.dayOfStay', { n: admission.dayOfStay })}
                </>
              )}
              {admission.dischargedAt !== null &&
                ` · ${t('chart.discharged', { date: day(admission.dischargedAt) })}`}
            </span>
          )}
          {admission?.diagnosis && <span className={styles.diagnosis}>{admission.diagnosis}</span>}
        </div>
      </div>
    </section>
  );
}
