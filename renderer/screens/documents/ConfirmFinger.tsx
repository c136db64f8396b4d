// The patient, or who signs for them, confirms a paper with a finger. Only those who consented to this use of their
// fingerprints are asked (Law 91/2025/QH15: consent for each purpose).
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { CompareFinger } from '../../parts/fingers/CompareFinger.tsx';
import dialog from '../../parts/fingers/FingerDialog.module.css';
import { FingerDialog } from '../../parts/fingers/FingerDialog.tsx';
import { FreshPeople } from '../../parts/fingers/FreshPeople.tsx';
import { confirming } from '../../parts/fingers/fingers.ts';
import type { Paper, Step } from './paper-types.ts';

interface Props {
  readonly paper: Paper;
  readonly content: string;
  readonly step: Step;
  readonly onClose: () => void;
}

export function ConfirmFinger({ paper, content, step, onClose }: Props) {
  const t = useText();
  const order = useOrder('signing.confirmByFinger');
  const [witness, setWitness] = useState('');
  const { patientId, admissionId, documentId } = paper;
  return (
    <FingerDialog title={t('documents.fingerTitle', { step: step.label })} onClose={onClose}>
      <FreshPeople
        {...{ patientId, admissionId, onClose }}
        among={confirming}
        nobody={t('documents.nobodyByFinger')}
      >
        {(people) => (
          <CompareFinger
            people={people}
            before={<p className={dialog.aloud}>{t('documents.readPaperFirst', { title: paper.title })}</p>}
            whoLabel={t('documents.whoConfirms')}
            compare={(personId, captureId) =>
              order.run({
                documentId,
                content,
                step: step.step,
                personId,
                captureId,
                admissionId,
                witness: witness.trim() === '' ? null : witness.trim(),
              })
            }
            say={({ matched }, { name }) =>
              matched
                ? { title: t('documents.confirmed', { name }), what: t('documents.confirmedWhat') }
                : { title: t('fingerprint.notMatched', { name }), what: t('documents.notConfirmedWhat') }
            }
            onClose={onClose}
          >
            <TextInput
              label={t('documents.witnessMaybe')}
              autoComplete="off"
              maxLength={120}
              value={witness}
              data-autofocus={people.length === 1 || undefined}
              onChange={(event) => setWitness(event.currentTarget.value)}
            />
          </CompareFinger>
        )}
      </FreshPeople>
    </FingerDialog>
  );
}
