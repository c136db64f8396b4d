// Is this the person they are said to be? Asked before what cannot be taken back.
import { Radio } from '@mantine/core';
import { useState } from 'react';
import type { Output } from '../../../shared/api/index.ts';
import { checkOccasions } from '../../../shared/codes/fingerprints.ts';
import { useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { CompareFinger } from '../../parts/fingers/CompareFinger.tsx';
import dialog from '../../parts/fingers/FingerDialog.module.css';
import { FingerDialog } from '../../parts/fingers/FingerDialog.tsx';
import { FreshPeople } from '../../parts/fingers/FreshPeople.tsx';
import { checkable, fingerName, type Occasion, withRelation } from '../../parts/fingers/fingers.ts';

interface Props {
  readonly patientId: string;
  readonly admissionId: string | null;
  /** Chosen beforehand: the person whose button was pressed. */
  readonly personId?: string;
  readonly onClose: () => void;
}

export function CheckDialog({ patientId, admissionId, personId: chosen, onClose }: Props) {
  const t = useText();
  const verify = useOrder('fingerprint.verify');
  const [occasion, setOccasion] = useState<Occasion | null>(null);
  const [tried, setTried] = useState(false);
  return (
    <FingerDialog title={t('fingerprint.checkTitle')} onClose={onClose}>
      <FreshPeople
        {...{ patientId, admissionId, onClose }}
        among={checkable}
        nobody={t('fingerprint.nobodyToCheck')}
      >
        {(people) => (
          <CompareFinger<Output<'fingerprint.verify'>>
            people={people}
            {...(chosen === undefined ? {} : { chosen })}
            whoLabel={t('fingerprint.checkWho')}
            onTry={() => setTried(true)}
            compare={
              occasion &&
              ((personId, captureId) => verify.run({ patientId, personId, captureId, occasion, admissionId }))
            }
            say={({ matched, finger }, person) => {
              const name = withRelation(t, person);
              const of = person.kind === 'patient' ? '' : 'Relative';
              return matched
                ? {
                    title: t('fingerprint.matched', { name }),
                    what: t(`fingerprint.matched${of}What`, { finger: fingerName(t, finger) }),
                  }
                : {
                    title: t('fingerprint.notMatched', { name }),
                    what: t(`fingerprint.notMatched${of}What`),
                  };
            }}
            onClose={onClose}
          >
            <Radio.Group
              label={t('fingerprint.checkBefore')}
              value={occasion}
              onChange={(value) => setOccasion(checkOccasions.find((each) => each === value) ?? null)}
              error={tried && occasion === null && t('fingerprint.chooseOne')}
            >
              <div className={dialog.across}>
                {checkOccasions.map((each, index) => (
                  <Radio
                    key={each}
                    value={each}
                    label={t(`fingerprint.occasion.${each}`)}
                    data-autofocus={index === 0 || undefined}
                  />
                ))}
              </div>
            </Radio.Group>
          </CompareFinger>
        )}
      </FreshPeople>
    </FingerDialog>
  );
}
