// Whose fingers can be compared now. Asked when the dialog opens and not taken from what the page saw before: who gave a
// finger a minute ago counts, who withdrew consent is not offered, and no change elsewhere exchanges the person under
// the clerk's hands afterwards.
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { Failure, Result } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { call } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../EnterButton.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { Loading } from '../Loading.tsx';
import dialog from './FingerDialog.module.css';
import type { Person } from './fingers.ts';

interface Props {
  readonly patientId: string;
  readonly admissionId: string | null;
  /** Which of the patient and the relatives can do this. */
  readonly among: (people: readonly Person[]) => readonly Person[];
  /** Said when nobody can, above the way to the page of fingerprints. */
  readonly nobody: string;
  readonly onClose: () => void;
  /** One person at least. */
  readonly children: (people: readonly Person[]) => ReactNode;
}

export function FreshPeople({ patientId, admissionId, among, nobody, onClose, children }: Props) {
  const t = useText();
  const [, go] = useLocation();
  const [round, setRound] = useState(0);
  const [asked, setAsked] = useState<Result<Output<'fingerprint.ofPatient'>> | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks again
  useEffect(() => {
    let here = true;
    void call('fingerprint.ofPatient', { patientId }).then((result) => {
      if (here) setAsked(result);
    });
    return () => {
      here = false;
    };
  }, [patientId, round]);
  if (asked === null) return <Loading />;
  if (!asked.ok) return <Unanswered failure={asked.error} onRetry={() => setRound(round + 1)} />;
  const people = among(asked.value.people);
  if (people.length > 0) return children(people);
  return (
    <>
      <p className={dialog.say}>{nobody}</p>
      <div className={dialog.end}>
        <Button variant="default" onClick={onClose}>
          {t('common.close')}
        </Button>
        <EnterButton
          onPress={() => {
            onClose();
            go(to.prints(patientId, admissionId));
          }}
        >
          {t('fingerprint.openPage')}
        </EnterButton>
      </div>
    </>
  );
}

function Unanswered({ failure, onRetry }: { readonly failure: Failure; readonly onRetry: () => void }) {
  const t = useText();
  return (
    <>
      <ErrorNotice failure={failure} />
      <div className={dialog.end}>
        <EnterButton onPress={onRetry}>{t('common.tryAgain')}</EnterButton>
      </div>
    </>
  );
}
