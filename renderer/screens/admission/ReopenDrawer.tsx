// Takes a mistaken discharge back; the discharge itself stays in the record, voided with this reason.
import { Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { showUndo } from '../../parts/UndoToast.tsx';
import { BedPicker } from './BedPicker.tsx';
import { fieldErrors } from './field-errors.ts';
import { StayAbout, useStay } from './StayAbout.tsx';
import { type DrawerProps, WorkDrawer } from './WorkDrawer.tsx';

interface Props extends DrawerProps {
  readonly admissionId: string;
}

export default function ReopenDrawer({ opened, ...rest }: Props) {
  return opened ? <Reopen key={rest.admissionId} {...rest} /> : null;
}

function Reopen({ admissionId, onClose }: Omit<Props, 'opened'>) {
  const t = useText();
  const about = useStay(admissionId);
  const reopen = useOrder('admissions.reopen');
  const wardId = about.stay?.wardId ?? '';
  const free = useAnswer('beds.free', { wardId }, { enabled: wardId !== '' });
  const [bedId, setBedId] = useState('');
  // Back into the bed they had, unless somebody lies there by now or the person here has chosen.
  const old = free.data?.find((bed) => bed.bedId === about.stay?.bedId)?.bedId;
  useEffect(() => {
    if (old !== undefined) setBedId((chosen) => (chosen === '' ? old : chosen));
  }, [old]);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const refused = fieldErrors(t, failure);

  async function run(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (reason.trim() === '') return;
    const result = await reopen.run({ admissionId, reason, bedId: bedId === '' ? null : bedId });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    showUndo(
      result.value.undo,
      t('admission.reopened', { name: about.patient?.demographics.fullName ?? '' }),
    );
    onClose();
  }

  return (
    <WorkDrawer
      title={t('admission.reopenTitle')}
      about={<StayAbout {...about} />}
      doLabel={t('admission.reopen')}
      running={reopen.running}
      failure={failure}
      onDo={() => void run()}
      onClose={onClose}
    >
      <Textarea
        label={t('admission.reopenReason')}
        required
        data-autofocus
        autosize
        minRows={2}
        maxLength={300}
        value={reason}
        error={(tried && reason.trim() === '' && t('error.reason_required')) || refused.reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <BedPicker
        fixedWard
        place={{ wardId, bedId }}
        onChange={(place) => setBedId(place.bedId)}
        errors={{ bedId: refused.bedId }}
      />
    </WorkDrawer>
  );
}
