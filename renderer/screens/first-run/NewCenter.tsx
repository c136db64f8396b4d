// The first PC of a center: center, wards and beds, this station, its administrator, and the recovery key on paper.
// Nothing is written until the last step, so going back costs nothing.
import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { PickField } from '../../parts/PickField.tsx';
import { Admin } from './Admin.tsx';
import styles from './FirstRun.module.css';
import { emptyPlan, type Plan, stepProblems, steps, toInput } from './plan.ts';
import { RecoveryKey } from './RecoveryKey.tsx';
import { Wards } from './Wards.tsx';
import { WizardSteps } from './WizardSteps.tsx';

interface Props {
  /** Called before anything is written; from then on only `onFinished` may take the wizard away. */
  readonly onStart: () => void;
  readonly onFinished: () => void;
  /** To the question whether the center is new. */
  readonly onBack: () => void;
}

export function NewCenter({ onStart, onFinished, onBack }: Props) {
  const t = useText();
  const [plan, setPlan] = useState<Plan>(emptyPlan);
  const [step, setStep] = useState(0);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [recoveryKey, setRecoveryKey] = useState<string | null>(null);
  const create = useOrder('station.firstRun');
  const now = steps[step] ?? 'center';
  const problems = stepProblems(plan, now);
  const change = (part: Partial<Plan>) => setPlan((before) => ({ ...before, ...part }));
  const errorOf = (field: string) => {
    const key = tried ? problems[field] : undefined;
    return key === undefined ? undefined : t(key);
  };

  const forward = async () => {
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    if (step < steps.length - 1) {
      setStep(step + 1);
      setTried(false);
      return;
    }
    onStart();
    const result = await create.run(toInput(plan, (n) => t('first-run.roomName', { n })));
    if (result.ok) return setRecoveryKey(result.value.recoveryKey);
    setFailure(result.error);
    if (result.error.code === 'already_set_up') onFinished();
  };

  if (recoveryKey !== null) {
    return (
      <RecoveryKey
        recoveryKey={recoveryKey}
        centerName={plan.centerName}
        stationName={plan.stationName}
        onKept={onFinished}
      />
    );
  }
  return (
    <main className={styles.wizard}>
      <WizardSteps
        title={t('first-run.title')}
        names={steps.map((name) => t(`first-run.step.${name}`))}
        at={step}
      />
      <form
        className={styles.body}
        onSubmit={(event) => event.preventDefault()}
        onKeyDown={(event) => enterMovesOn(event, () => void forward())}
        key={now}
      >
        <h2>{t(`first-run.step.${now}`)}</h2>
        <p className={styles.hint}>{t(`first-run.hint.${now}`)}</p>
        {now === 'center' && <Center plan={plan} change={change} errorOf={errorOf} />}
        {now === 'wards' && (
          <Wards wards={plan.wards} onChange={(wards) => change({ wards })} tried={tried} />
        )}
        {now === 'station' && (
          <TextInput
            label={t('first-run.stationName')}
            description={t('first-run.stationNameHint')}
            autoFocus
            required
            maxLength={60}
            value={plan.stationName}
            error={errorOf('stationName')}
            onChange={(event) => change({ stationName: event.currentTarget.value })}
          />
        )}
        {now === 'admin' && <Admin plan={plan} change={change} errorOf={errorOf} />}
        {now === 'admin' && <p className={styles.hint}>{t('first-run.later')}</p>}
        {failure && <ErrorNotice failure={failure} />}
        <Group justify="space-between" mt="lg">
          <Button variant="default" onClick={() => (step === 0 ? onBack() : setStep(step - 1))}>
            {t('common.back')}
          </Button>
          <KeyButton keyName="Ctrl+S" loading={create.running} onPress={() => void forward()}>
            {step === steps.length - 1 ? t('first-run.create') : t('common.next')}
          </KeyButton>
        </Group>
      </form>
    </main>
  );
}

export interface StepProps {
  readonly plan: Plan;
  readonly change: (part: Partial<Plan>) => void;
  readonly errorOf: (field: string) => string | undefined;
}

function Center({ plan, change, errorOf }: StepProps) {
  const t = useText();
  const lists = useAnswer('catalogues.small', {});
  return (
    <>
      <TextInput
        label={t('first-run.centerName')}
        autoFocus
        required
        maxLength={160}
        value={plan.centerName}
        error={errorOf('centerName')}
        onChange={(event) => change({ centerName: event.currentTarget.value })}
      />
      <PickField
        label={t('first-run.province')}
        required
        rows={lists.data?.provinces}
        value={plan.provinceCode}
        error={errorOf('provinceCode') ?? (lists.error ? t.failure(lists.error) : undefined)}
        onPick={(provinceCode) => change({ provinceCode })}
      />
      <TextInput
        label={t('first-run.facilityCode')}
        description={t('first-run.facilityCodeHint')}
        maxLength={13}
        value={plan.facilityCode}
        onChange={(event) => change({ facilityCode: event.currentTarget.value })}
      />
    </>
  );
}
