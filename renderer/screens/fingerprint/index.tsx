// Fingerprints of one patient and the relatives, on a page of their own: where an admission leads that asked for them.
import { useLocation, useParams } from 'wouter';
import { useAnswer } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Relatives } from '../patient/Relatives.tsx';
import styles from './Fingerprint.module.css';
import { Prints } from './Prints.tsx';

export default function PrintsScreen() {
  const { patientId = '', admissionId } = useParams<{ patientId: string; admissionId?: string }>();
  return <PrintsPage key={patientId} patientId={patientId} admissionId={admissionId ?? null} />;
}

function PrintsPage({
  patientId,
  admissionId,
}: {
  readonly patientId: string;
  readonly admissionId: string | null;
}) {
  const t = useText();
  const { can } = useSession();
  const [, go] = useLocation();
  const patient = useAnswer('patients.get', { patientId });
  if (patient.error)
    return (
      <Screen title={t('fingerprint.title')} width="page">
        <ErrorNotice failure={patient.error} onRetry={() => void patient.refetch()} />
      </Screen>
    );
  if (!patient.data) return <Loading />;
  const chart = can('chart.read');
  return (
    <Screen
      title={t('fingerprint.titleOf', { name: patient.data.demographics.fullName })}
      note={
        <>
          {t('common.recordNumber')} <b>{patient.data.recordNumber}</b>
        </>
      }
      actions={
        <KeyButton
          keyName="Ctrl+Enter"
          variant="default"
          onPress={() => go(chart ? to.chart(patientId) : to.patient(patientId))}
        >
          {t(chart ? 'fingerprint.openChart' : 'fingerprint.openRecord')}
        </KeyButton>
      }
    >
      {admissionId !== null && <p className={styles.offer}>✓ {t('fingerprint.admitted')}</p>}
      <div className={styles.columns}>
        <div>
          <Prints patientId={patientId} admissionId={admissionId} />
        </div>
        <div>
          <Relatives patient={patient.data} mayWrite={can('patient.write')} />
        </div>
      </div>
    </Screen>
  );
}
