// Ending the stay: kind of discharge, outcome, diagnosis, advice; with a look at what is still unfinished.
// The checks warn and never block: a patient who has left has left.

import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { dayStart } from '../../../shared/time/vietnam.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { IcdPick } from '../../parts/IcdPick.tsx';
import { TimeField } from '../../parts/TimeField.tsx';
import { showUndo } from '../../parts/UndoToast.tsx';
import { type DischargeType, dischargeTypes, type Outcome, outcomes } from './codes.ts';
import styles from './Drawers.module.css';
import { fieldErrors } from './field-errors.ts';
import { StayAbout, useStay } from './StayAbout.tsx';
import { type DrawerProps, WorkDrawer } from './WorkDrawer.tsx';

interface Props extends DrawerProps {
  readonly admissionId: string;
}

export default function DischargeDrawer({ opened, ...rest }: Props) {
  return opened ? <Discharge key={rest.admissionId} {...rest} /> : null;
}

function Discharge({ admissionId, onClose }: Omit<Props, 'opened'>) {
  const t = useText();
  const about = useStay(admissionId);
  const { stay } = about;
  const discharge = useOrder('admissions.discharge');
  const [at, setAt] = useState<number | null>(() => Date.now());
  const [type, setType] = useState<DischargeType | ''>('1');
  const [outcome, setOutcome] = useState<Outcome | ''>('');
  const [diagnosis, setDiagnosis] = useState('');
  const [icdCode, setIcdCode] = useState<string | null>(null);
  const [advice, setAdvice] = useState('');
  const [destination, setDestination] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const refused = fieldErrors(t, failure);
  const atAdmission = stay?.diagnosis;
  useEffect(() => {
    if (atAdmission) setDiagnosis((typed) => (typed === '' ? atAdmission : typed));
  }, [atAdmission]);

  const missing = {
    type: type === '' ? t('field.required') : undefined,
    outcome: outcome === '' ? t('admission.needOutcome') : undefined,
    diagnosis: diagnosis.trim() === '' ? t('admission.needDiagnosis') : undefined,
  };

  async function run(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (!stay || at === null || type === '' || outcome === '' || missing.diagnosis) return;
    const result = await discharge.run({
      admissionId,
      at,
      type,
      outcome,
      diagnosis,
      // The code of the admission belongs to its own words only.
      icdCode: icdCode ?? (diagnosis === stay.diagnosis ? stay.icdCode : null),
      advice: advice.trim() === '' ? null : advice,
      destination: isReferral(type) && destination.trim() !== '' ? destination : null,
      saw: stay.versions,
    });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    showUndo(
      result.value.undo,
      t('admission.discharged', { name: about.patient?.demographics.fullName ?? '' }),
    );
    onClose();
  }

  return (
    <WorkDrawer
      title={t('admission.dischargeTitle')}
      about={<StayAbout {...about} />}
      doLabel={t('admission.discharge')}
      running={discharge.running}
      failure={failure}
      onDo={() => void run()}
      onClose={onClose}
    >
      <Checks admissionId={admissionId} />
      <TimeField
        label={t('admission.dischargeAt')}
        required
        data-autofocus
        value={at}
        onChange={setAt}
        error={(tried && at === null && t('common.notATime')) || refused.at}
      />
      <div className={styles.pair}>
        <NativeSelect
          label={t('admission.dischargeType')}
          required
          value={type}
          error={(tried && missing.type) || refused.type}
          onChange={(event) => setType(dischargeTypes.find((c) => c === event.currentTarget.value) ?? '')}
        >
          {dischargeTypes.map((code) => (
            <option key={code} value={code}>
              {t(`admission.dischargeType${code}`)}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect
          label={t('admission.outcome')}
          required
          value={outcome}
          error={(tried && missing.outcome) || refused.outcome}
          onChange={(event) => setOutcome(outcomes.find((c) => c === event.currentTarget.value) ?? '')}
        >
          <option value="">{t('admission.chooseOutcome')}</option>
          {outcomes.map((code) => (
            <option key={code} value={code}>
              {t(`admission.outcome${code}`)}
            </option>
          ))}
        </NativeSelect>
      </div>
      {type !== '' && isReferral(type) ? (
        <TextInput
          label={t('admission.destination')}
          maxLength={200}
          value={destination}
          error={refused.destination}
          onChange={(event) => setDestination(event.currentTarget.value)}
        />
      ) : null}
      <IcdPick
        code={icdCode}
        onPick={(row) => {
          setIcdCode(row?.code ?? null);
          if (row && (diagnosis.trim() === '' || diagnosis === atAdmission)) setDiagnosis(row.name);
        }}
      />
      <Textarea
        label={t('admission.dischargeDiagnosis')}
        required
        autosize
        minRows={2}
        maxLength={500}
        value={diagnosis}
        error={(tried && missing.diagnosis) || refused.diagnosis}
        onChange={(event) => setDiagnosis(event.currentTarget.value)}
      />
      <Textarea
        label={t('admission.advice')}
        autosize
        minRows={3}
        maxLength={2000}
        value={advice}
        error={refused.advice}
        onChange={(event) => setAdvice(event.currentTarget.value)}
      />
    </WorkDrawer>
  );
}

/** MA_LOAI_RV 2 and 5: referred to another facility. */
const isReferral = (type: DischargeType) => type === '2' || type === '5';

function Checks({ admissionId }: { readonly admissionId: string }) {
  const t = useText();
  const drafts = useAnswer('drafts.list', {});
  const entries = useAnswer('notes.list', { admissionId });
  if (!drafts.data || !entries.data) return null;
  const midnight = dayStart(Date.now());
  const open = drafts.data.filter((d) => d.admissionId === admissionId).length;
  const today = entries.data.some((e) => e.withdrawn === null && e.eventAt >= midnight);
  const findings = [
    ...(open > 0 ? [t('admission.checkDrafts', { n: open })] : []),
    ...(today ? [] : [t('admission.checkNoEntryToday')]),
  ];
  if (findings.length === 0) return <p className={styles.fine}>✓ {t('admission.checksFine')}</p>;
  return (
    <ul className={styles.checks}>
      {findings.map((finding) => (
        <li key={finding}>{finding}</li>
      ))}
    </ul>
  );
}
