// The ward as a plain table: sorted by bed, for handover and for printing.
import { memo } from 'react';
import { Link } from 'wouter';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { age, shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { AllergyTag } from '../../parts/AllergyTag.tsx';
import { News2Badge } from '../../parts/News2Badge.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { useNow } from '../../parts/use-now.ts';
import styles from './Board.module.css';
import type { Patient, Room } from './filters.ts';

export const ListView = memo(function ListView({
  rooms,
  withoutBed,
}: {
  readonly rooms: readonly Room[];
  readonly withoutBed: readonly Patient[];
}) {
  const t = useText();
  const now = useNow(60_000);
  const rows = [
    ...withoutBed.map((patient) => ({ room: '', bed: t('board.noBed'), patient })),
    ...rooms.flatMap((room) =>
      room.beds.flatMap((bed) =>
        bed.patients.map((patient) => ({ room: room.name, bed: bed.name, patient })),
      ),
    ),
  ];
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('board.colBed')}</th>
          <th scope="col">{t('board.colName')}</th>
          <th scope="col">{t('board.colAge')}</th>
          <th scope="col">{t('board.colDay')}</th>
          <th scope="col">{t('board.colDiagnosis')}</th>
          <th scope="col">{t('board.colNews2')}</th>
          <th scope="col">{t('board.colVitals')}</th>
          <th scope="col">{t('board.colAllergy')}</th>
          <th scope="col">{t('board.colNotes')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ room, bed, patient }) => (
          <Row
            key={patient.admissionId}
            place={room === '' ? bed : `${room} · ${bed}`}
            patient={patient}
            now={now}
          />
        ))}
      </tbody>
    </table>
  );
});

function Row({ place, patient, now }: { place: string; patient: Patient; now: number }) {
  const t = useText();
  const { can } = useSession();
  const { clinical } = patient;
  return (
    <tr>
      <td className={styles.place}>{place}</td>
      <th scope="row">
        <Link href={can('chart.read') ? to.chart(patient.patientId) : to.patient(patient.patientId)}>
          {patient.fullName}
        </Link>
        <small>{patient.recordNumber}</small>
      </th>
      <td className={styles.place}>
        {t(`common.sex${patient.sex}`)}, {age(t, patient.birthDate, now)}
      </td>
      <td>{patient.dayOfStay}</td>
      <td>{patient.diagnosis}</td>
      <td className={styles.place}>{clinical && <News2Badge news2={clinical.news2} size="card" />}</td>
      <td>
        {clinical &&
          (clinical.lastVitalsAt === null
            ? t('board.vitalsNever')
            : shortMoment(clinical.lastVitalsAt, now))}{' '}
        {clinical?.vitalsOverdue && <Tag tone="warn">{t('board.overdue')}</Tag>}
      </td>
      <td>
        {clinical?.allergyStatus === 'none_known'
          ? t('board.noAllergy')
          : clinical && <AllergyTag status={clinical.allergyStatus} items={clinical.allergies} />}
      </td>
      <td>
        {patient.similarName && <Tag tone="warn">{t('board.similarName')}</Tag>}{' '}
        {patient.conflict && <Tag tone="danger">{t('board.conflict')}</Tag>}{' '}
        {clinical && !clinical.entryToday && <Tag>{t('board.noEntryToday')}</Tag>}
      </td>
    </tr>
  );
}
