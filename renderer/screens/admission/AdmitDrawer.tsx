// Admitting to inpatient care: where, when, what kind, why (LY_DO_VNT is required by the insurance tables), diagnosis.
import { Checkbox, NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Failure } from '../../../shared/api/contract.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { age } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { IcdPick } from '../../parts/IcdPick.tsx';
import { TimeField } from '../../parts/TimeField.tsx';
import { showUndo } from '../../parts/UndoToast.tsx';
import { BedPicker, type Place } from './BedPicker.tsx';
import { type CareType, careTypes } from './codes.ts';
import styles from './Drawers.module.css';
import { fieldErrors } from './field-errors.ts';
import { type DrawerProps, WorkDrawer } from './WorkDrawer.tsx';

interface Props extends DrawerProps {
  readonly patientId: string;
  /** Where it was opened from: the board's ward or an empty bed. */
  readonly wardId?: string | undefined;
  readonly bedId?: string | undefined;
  readonly onAdmitted?: (admissionId: string) => void;
}

export default function AdmitDrawer({ opened, ...rest }: Props) {
  return opened ? <Admit key={rest.patientId} {...rest} /> : null;
}

function Admit({ patientId, wardId, bedId, onAdmitted, onClose }: Omit<Props, 'opened'>) {
  const t = useText();
  const { session, can } = useSession();
  const [, go] = useLocation();
  const patient = useAnswer('patients.get', { patientId });
  const admit = useOrder('admissions.admit');
  const [place, setPlace] = useState<Place>({
    wardId: wardId ?? session.preferences.homeWard ?? session.wards[0] ?? '',
    bedId: bedId ?? '',
  });
  const [at, setAt] = useState<number | null>(() => Date.now());
  const [careType, setCareType] = useState<CareType>('03');
  const [reason, setReason] = useState('');
  const [diagnosis, setDiagnosis] = useState('');
  const [icdCode, setIcdCode] = useState<string | null>(null);
  const [prints, setPrints] = useState(false);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const refused = fieldErrors(t, failure);
  const missing = {
    wardId: place.wardId === '' ? t('admission.needWard') : undefined,
    at: at === null ? t('common.notATime') : undefined,
    reason: reason.trim() === '' ? t('admission.needReason') : undefined,
  };

  async function run(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (missing.wardId || missing.reason || at === null) return;
    const result = await admit.run({
      patientId,
      wardId: place.wardId,
      bedId: place.bedId === '' ? null : place.bedId,
      at,
      careType,
      reason,
      diagnosis: diagnosis.trim() === '' ? null : diagnosis,
      icdCode,
    });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    showUndo(
      result.value.undo,
      t('admission.admitted', {
        name: patient.data?.demographics.fullName ?? '',
        number: result.value.admissionNumber,
      }),
    );
    onClose();
    if (prints) go(to.prints(patientId, result.value.admissionId));
    else onAdmitted?.(result.value.admissionId);
  }

  const who = patient.data?.demographics;
  return (
    <WorkDrawer
      title={t('admission.admitTitle')}
      about={
        who && (
          <>
            <strong>{who.fullName}</strong>
            {t.of(`common.sex${who.sex}`)} · {age(t, who.birthDate, Date.now())} ·{' '}
            {t('admission.recordNumber', { number: patient.data?.recordNumber ?? '' })}
          </>
        )
      }
      doLabel={t('admission.admit')}
      running={admit.running}
      failure={failure}
      onDo={() => void run()}
      onClose={onClose}
    >
      <BedPicker
        place={place}
        onChange={setPlace}
        autofocus
        errors={{ wardId: (tried && missing.wardId) || refused.wardId, bedId: refused.bedId }}
      />
      <div className={styles.pair}>
        <TimeField
          label={t('admission.at')}
          required
          value={at}
          onChange={setAt}
          error={(tried && missing.at) || refused.at}
        />
        <NativeSelect
          label={t('admission.careType')}
          value={careType}
          onChange={(event) =>
            setCareType(careTypes.find((code) => code === event.currentTarget.value) ?? '03')
          }
        >
          {careTypes.map((code) => (
            <option key={code} value={code}>
              {t(`admission.careType${code}`)}
            </option>
          ))}
        </NativeSelect>
      </div>
      <Textarea
        label={t('admission.reason')}
        description={t('admission.reasonHint')}
        required
        autosize
        minRows={2}
        maxLength={500}
        value={reason}
        error={(tried && missing.reason) || refused.reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <IcdPick
        code={icdCode}
        onPick={(row) => {
          setIcdCode(row?.code ?? null);
          if (row && diagnosis.trim() === '') setDiagnosis(row.name);
        }}
      />
      <Textarea
        label={t('admission.diagnosis')}
        autosize
        minRows={2}
        maxLength={500}
        value={diagnosis}
        error={refused.diagnosis}
        onChange={(event) => setDiagnosis(event.currentTarget.value)}
      />
      {can('patient.write') && (
        <Checkbox
          label={t('fingerprint.offer')}
          checked={prints}
          onChange={(event) => setPrints(event.currentTarget.checked)}
        />
      )}
    </WorkDrawer>
  );
}
