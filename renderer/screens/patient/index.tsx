// Who the person is: identity, numbers with their history, relatives, stays. Nothing is erased; what was ends with a reason.
import { useMemo, useState } from 'react';
import { useLocation, useParams } from 'wouter';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { age, birth, day, moment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { AskProvince } from '../../parts/AskProvince.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { PlaceMark } from '../../parts/PlaceMark.tsx';
import { PhotoBox } from '../../parts/photo/PhotoBox.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { usePlaces } from '../../parts/use-places.ts';
import AdmitDrawer from '../admission/AdmitDrawer.tsx';
import { Prints } from '../fingerprint/Prints.tsx';
import { Identifiers } from './Identifiers.tsx';
import { IdentityForm } from './IdentityForm.tsx';
import styles from './Patient.module.css';
import { Relatives } from './Relatives.tsx';

export type Patient = Output<'patients.get'>;

export default function PatientScreen() {
  const { patientId = '' } = useParams<{ patientId: string }>();
  return <PatientPage key={patientId} patientId={patientId} />;
}

function PatientPage({ patientId }: { readonly patientId: string }) {
  const t = useText();
  const { can } = useSession();
  const [, go] = useLocation();
  const patient = useAnswer('patients.get', { patientId });
  const stays = useAnswer('admissions.ofPatient', { patientId });
  const places = usePlaces(
    'patient',
    useMemo(() => [patientId], [patientId]),
  );
  const [editing, setEditing] = useState<Patient | null>(null);
  const [admitting, setAdmitting] = useState(false);

  if (patient.error)
    return (
      <Screen title={t('patient.title')} width="page">
        <ErrorNotice failure={patient.error} onRetry={() => void patient.refetch()} />
      </Screen>
    );
  if (!patient.data) return <Loading />;
  const { data } = patient;
  const open = stays.data?.find((s) => s.status === 'admitted');
  return (
    <Screen
      title={data.demographics.fullName}
      note={
        <>
          {t('common.recordNumber')} <b>{data.recordNumber}</b>{' '}
          <PlaceMark places={places} type="patient" id={patientId} />
          {data.unidentified && (
            <>
              {' '}
              <Tag tone="warn">{t('common.unidentified')}</Tag>
            </>
          )}
        </>
      }
      actions={
        <>
          {can('chart.read') && stays.data !== undefined && stays.data.length > 0 && (
            <KeyButton variant="default" keyName="Ctrl+Enter" onPress={() => go(to.chart(patientId))}>
              {t('patient.openChart')}
            </KeyButton>
          )}
          {can('audit.read') && (
            <KeyButton variant="default" onPress={() => go(to.audit(patientId))}>
              {t('chart.openAudit')}
            </KeyButton>
          )}
          {!open && stays.data && can('admission.admit') && (
            <KeyButton keyName="F4" onPress={() => setAdmitting(true)}>
              {t('admission.admit')}
            </KeyButton>
          )}
        </>
      }
    >
      {data.openConflicts > 0 && (
        <p className={styles.conflict} role="status">
          ▲ {t('patient.conflicts', { n: data.openConflicts })}{' '}
          {can('conflict.settle') && <a href={`#${to.conflicts}`}>{t('patient.toConflicts')}</a>}
        </p>
      )}
      <div className={styles.columns}>
        <div>
          {editing ? (
            <IdentityForm patient={editing} onClose={() => setEditing(null)} />
          ) : (
            <Identity patient={data} mayEdit={can('patient.write')} onEdit={() => setEditing(data)} />
          )}
          <Stays patientId={patientId} stays={stays.data} />
        </div>
        <div>
          <Identifiers patient={data} mayWrite={can('patient.write')} />
          <Relatives patient={data} mayWrite={can('patient.write')} />
          <Prints patientId={patientId} admissionId={open?.admissionId ?? null} />
          <AskProvince framed question={lookupOf(data)} hint={t('lookup.hintPatient')} />
        </div>
      </div>
      <AdmitDrawer
        opened={admitting}
        patientId={patientId}
        onClose={() => setAdmitting(false)}
        onAdmitted={() => can('chart.read') && go(to.chart(patientId))}
      />
    </Screen>
  );
}

/** By the numbers in use, and by name and birth where both are known. */
function lookupOf({ demographics, identifiers }: Patient) {
  const current = (type: 'cccd' | 'bhyt') =>
    identifiers.find((held) => held.type === type && held.endedAt === null)?.value;
  const cccd = current('cccd');
  const bhyt = current('bhyt');
  const { fullName, birthDate } = demographics;
  if (cccd === undefined && bhyt === undefined && birthDate === null) return null;
  return {
    ...(cccd === undefined ? {} : { cccd }),
    ...(bhyt === undefined ? {} : { bhyt }),
    ...(birthDate === null ? {} : { fullName, birthDate }),
  };
}

function Identity({
  patient,
  mayEdit,
  onEdit,
}: {
  readonly patient: Patient;
  readonly mayEdit: boolean;
  readonly onEdit: () => void;
}) {
  const t = useText();
  const lists = useAnswer('catalogues.small', {});
  const d = patient.demographics;
  const named = (rows: readonly { code: string; name: string }[] | undefined, code: string | null) =>
    code === null ? null : (rows?.find((row) => row.code === code)?.name ?? code);
  const lines: readonly (readonly [string, string | null])[] = [
    [t('registration.fullName'), d.fullName],
    [t('registration.sex'), t.of(`common.sex${d.sex}`)],
    [
      t('registration.birth'),
      d.birthDate === null ? null : `${birth(d.birthDate)} (${age(t, d.birthDate, Date.now())})`,
    ],
    [t('registration.phone'), d.phone],
    [t('registration.ethnic'), named(lists.data?.ethnicGroups, d.ethnicCode)],
    [t('registration.nationality'), d.nationality],
    [t('registration.occupation'), named(lists.data?.occupations, d.occupationCode)],
    [t('registration.workplace'), d.workplace],
    [t('patient.address'), d.address?.text ?? null],
    [t('patient.bloodGroup'), d.bloodGroup === null ? null : `${d.bloodGroup}${d.rhesus ?? ''}`],
    [t('field.patient.pregnant'), d.sex === '1' ? null : t(d.pregnant ? 'common.yes' : 'common.no')],
    [t('field.patient.deceasedAt'), d.deceasedAt === null ? null : moment(d.deceasedAt)],
    [t('registration.unidentifiedNote'), patient.unidentifiedNote],
    [t('patient.registered'), `${moment(patient.registeredAt)}, ${patient.registeredBy}`],
  ];
  return (
    <section className={styles.panel}>
      <div className={styles.head}>
        <h2>{t('patient.identity')}</h2>
        {mayEdit && (
          <KeyButton variant="default" keyName="Ctrl+E" onPress={onEdit}>
            {t('patient.edit')}
          </KeyButton>
        )}
      </div>
      <div className={styles.person}>
        <PhotoBox patientId={patient.patientId} name={d.fullName} mayWrite={mayEdit} />
        <dl className={styles.lines}>
          {lines
            .filter(([, value]) => value !== null && value !== '')
            .map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </div>
    </section>
  );
}

function Stays({
  patientId,
  stays,
}: {
  readonly patientId: string;
  readonly stays: Output<'admissions.ofPatient'> | undefined;
}) {
  const t = useText();
  const { can } = useSession();
  const ids = useMemo(() => stays?.map(({ admissionId }) => admissionId), [stays]);
  const places = usePlaces('admission', ids);
  if (!stays) return <Loading />;
  return (
    <section className={styles.panel}>
      <h2>{t('patient.stays')}</h2>
      {stays.length === 0 ? (
        <p className={styles.quiet}>{t('patient.noStays')}</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('patient.admissionNumber')}</th>
              <th scope="col">{t('patient.ward')}</th>
              <th scope="col">{t('patient.from')}</th>
              <th scope="col">{t('patient.to')}</th>
            </tr>
          </thead>
          <tbody>
            {stays.map((s) => (
              <tr key={s.admissionId} data-off={s.status === 'voided' || undefined}>
                <th scope="row">
                  {can('chart.read') && s.status === 'admitted' ? (
                    <a href={`#${to.chart(patientId)}`}>{s.admissionNumber}</a>
                  ) : (
                    s.admissionNumber
                  )}{' '}
                  <PlaceMark places={places} type="admission" id={s.admissionId} />
                </th>
                <td>
                  {s.wardName}
                  {s.bedName !== null &&
                    s.status === 'admitted' &&
                    ` · ${t('admission.inBed', { bed: s.bedName })}`}
                </td>
                <td>{moment(s.admittedAt)}</td>
                <td>
                  {s.status === 'voided'
                    ? t('patient.stayVoided')
                    : s.dischargedAt === null
                      ? t('chart.stillHere')
                      : day(s.dischargedAt)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
