// Who lies where, at the head of each drawer: name, sex, age, record number, ward and bed.
import { useAnswer } from '../../app/api.ts';
import { age } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';

export function useStay(admissionId: string) {
  const stay = useAnswer('admissions.get', { admissionId });
  const patient = useAnswer(
    'patients.get',
    { patientId: stay.data?.patientId ?? '' },
    { enabled: stay.data !== undefined },
  );
  return { stay: stay.data, patient: patient.data, error: stay.error ?? patient.error };
}

export function StayAbout({ stay, patient, error }: ReturnType<typeof useStay>) {
  const t = useText();
  if (error) return <ErrorNotice failure={error} />;
  if (!stay || !patient) return t('common.loading');
  const { fullName, sex, birthDate } = patient.demographics;
  return (
    <>
      <strong>{fullName}</strong>
      {t.of(`common.sex${sex}`)} · {age(t, birthDate, Date.now())} ·{' '}
      {t('admission.recordNumber', { number: patient.recordNumber })}
      <br />
      {stay.wardName} ·{' '}
      {stay.bedName === null ? t('admission.noBed') : t('admission.inBed', { bed: stay.bedName })}
    </>
  );
}
