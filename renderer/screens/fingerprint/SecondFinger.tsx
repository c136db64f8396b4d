// The second finger of somebody found by the first. When it fits, the record is opened by the clerk's own choice.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { useOrder } from '../../app/api.ts';
import { useCapture } from '../../app/captures.ts';
import { to } from '../../app/routes.tsx';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../../parts/EnterButton.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { FingerCapture } from '../../parts/fingers/FingerCapture.tsx';
import styles from '../../parts/fingers/FingerDialog.module.css';
import { FingerDialog } from '../../parts/fingers/FingerDialog.tsx';
import { fingerName, fingerNames } from '../../parts/fingers/fingers.ts';
import { TrainingHand } from '../../parts/fingers/TrainingHand.tsx';
import { Verdict } from '../../parts/fingers/Verdict.tsx';
import type { FoundPerson } from './candidate-words.ts';

type Told = Output<'fingerprint.confirmFound'>;

interface Props {
  readonly searchId: string;
  readonly person: FoundPerson;
  readonly onClose: () => void;
}

export function SecondFinger({ searchId, person, onClose }: Props) {
  const t = useText();
  const [, go] = useLocation();
  const confirm = useOrder('fingerprint.confirmFound');
  const [told, setTold] = useState<Told | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { capture, start, stop } = useCapture((captureId) => void compare(captureId));
  const { name } = person;
  const fingers = fingerNames(t, person.otherFingers);
  const [finger] = person.otherFingers;

  async function compare(captureId: string): Promise<void> {
    const result = await confirm.run({ searchId, personId: person.personId, captureId });
    if (result.ok) setTold(result.value);
    else setFailure(result.error);
  }
  function again(): void {
    setTold(null);
    setFailure(null);
    void start();
  }

  return (
    <FingerDialog title={t('fingerprint.secondTitle', { name })} onClose={onClose}>
      {told === null && failure === null && (
        <>
          <FingerCapture
            capture={capture}
            ask={t('fingerprint.secondWhich', { fingers })}
            onStart={() => void start()}
            onStop={stop}
          />
          <TrainingHand who={name} {...(finger === undefined ? {} : { finger })} />
        </>
      )}
      {told && (
        <Verdict
          right={told.matched}
          title={t(told.matched ? 'fingerprint.confirmed' : 'fingerprint.notConfirmed', { name })}
        >
          {told.matched
            ? person.kind === 'patient'
              ? t('fingerprint.confirmedWhat', { finger: fingerName(t, told.finger) })
              : t('fingerprint.confirmedRelativeWhat', {
                  finger: fingerName(t, told.finger),
                  patient: person.patientName,
                })
            : t('fingerprint.notConfirmedWhat')}
        </Verdict>
      )}
      {failure && <ErrorNotice failure={failure} />}
      {(told || failure) && (
        <div className={styles.end}>
          <Button variant="default" size="lg" onClick={onClose}>
            {t('common.close')}
          </Button>
          {told?.matched && told.patientId !== null ? (
            <EnterButton onPress={() => go(to.patient(told.patientId ?? ''))}>
              {person.kind === 'patient'
                ? t('fingerprint.openRecord')
                : t('fingerprint.openRecordOf', { name: person.patientName })}
            </EnterButton>
          ) : (
            <EnterButton onPress={again}>{t('common.tryAgain')}</EnterButton>
          )}
        </div>
      )}
    </FingerDialog>
  );
}
