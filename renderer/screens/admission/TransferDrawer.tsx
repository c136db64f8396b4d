// To another ward, or another bed of the same ward. Only free beds are offered; the core still has the last word.
import { Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { TimeField } from '../../parts/TimeField.tsx';
import { showUndo } from '../../parts/UndoToast.tsx';
import { BedPicker, type Place } from './BedPicker.tsx';
import { fieldErrors } from './field-errors.ts';
import { StayAbout, useStay } from './StayAbout.tsx';
import { type DrawerProps, WorkDrawer } from './WorkDrawer.tsx';

interface Props extends DrawerProps {
  readonly admissionId: string;
  /** Opened from an empty bed: the place meant. */
  readonly wardId?: string | undefined;
  readonly bedId?: string | undefined;
}

export default function TransferDrawer({ opened, ...rest }: Props) {
  return opened ? <Transfer key={rest.admissionId} {...rest} /> : null;
}

function Transfer({ admissionId, wardId, bedId, onClose }: Omit<Props, 'opened'>) {
  const t = useText();
  const about = useStay(admissionId);
  const { stay } = about;
  const transfer = useOrder('admissions.transfer');
  const [place, setPlace] = useState<Place>({ wardId: wardId ?? '', bedId: bedId ?? '' });
  const [at, setAt] = useState<number | null>(() => Date.now());
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const refused = fieldErrors(t, failure);
  const stayWard = stay?.wardId;
  useEffect(() => {
    if (stayWard) setPlace((p) => (p.wardId === '' ? { wardId: stayWard, bedId: '' } : p));
  }, [stayWard]);

  const leavesWard = stay !== undefined && place.wardId !== stay.wardId;
  const missing = {
    bedId: !leavesWard && place.bedId === '' ? t('admission.needOtherBed') : undefined,
    reason: leavesWard && reason.trim() === '' ? t('error.reason_required') : undefined,
  };

  async function run(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (!stay || at === null || missing.bedId || missing.reason) return;
    const result = await transfer.run({
      admissionId,
      wardId: place.wardId,
      bedId: place.bedId === '' ? null : place.bedId,
      at,
      reason,
      saw: stay.versions,
    });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    showUndo(
      result.value.undo,
      t('admission.transferred', { name: about.patient?.demographics.fullName ?? '' }),
    );
    onClose();
  }

  return (
    <WorkDrawer
      title={t('admission.transferTitle')}
      about={<StayAbout {...about} />}
      doLabel={t('admission.transfer')}
      running={transfer.running}
      failure={failure}
      onDo={() => void run()}
      onClose={onClose}
    >
      <BedPicker
        place={place}
        onChange={setPlace}
        autofocus
        errors={{ wardId: refused.wardId, bedId: (tried && missing.bedId) || refused.bedId }}
      />
      <TimeField
        label={t('admission.at')}
        required
        value={at}
        onChange={setAt}
        error={(tried && at === null && t('common.notATime')) || refused.at}
      />
      <Textarea
        label={t('admission.transferReason')}
        required={leavesWard}
        autosize
        minRows={2}
        maxLength={300}
        value={reason}
        error={(tried && missing.reason) || refused.reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </WorkDrawer>
  );
}
