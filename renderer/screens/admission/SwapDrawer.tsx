// Two patients of one ward change beds in one step, so that there is no moment with two people in a bed.
import { NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { TimeField } from '../../parts/TimeField.tsx';
import { showUndo } from '../../parts/UndoToast.tsx';
import { fieldErrors } from './field-errors.ts';
import { StayAbout, useStay } from './StayAbout.tsx';
import { type DrawerProps, WorkDrawer } from './WorkDrawer.tsx';

interface Props extends DrawerProps {
  readonly admissionId: string;
}

export default function SwapDrawer({ opened, ...rest }: Props) {
  return opened ? <Swap key={rest.admissionId} {...rest} /> : null;
}

function Swap({ admissionId, onClose }: Omit<Props, 'opened'>) {
  const t = useText();
  const about = useStay(admissionId);
  const { stay } = about;
  const board = useAnswer('beds.board', { wardId: stay?.wardId ?? '' }, { enabled: stay !== undefined });
  const swap = useOrder('admissions.swapBeds');
  const [otherId, setOtherId] = useState('');
  const [at, setAt] = useState<number | null>(() => Date.now());
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const refused = fieldErrors(t, failure);
  const others = board.data ? neighbours(board.data, admissionId) : [];

  async function run(): Promise<void> {
    setTried(true);
    setFailure(null);
    const other = others.find((o) => o.patient.admissionId === otherId);
    if (!stay || !other || at === null) return;
    const result = await swap.run({
      a: admissionId,
      b: other.patient.admissionId,
      at,
      reason,
      sawA: stay.versions,
      sawB: other.patient.versions,
    });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    showUndo(
      result.value.undo,
      t('admission.swapped', {
        a: about.patient?.demographics.fullName ?? '',
        b: other.patient.fullName,
      }),
    );
    onClose();
  }

  return (
    <WorkDrawer
      title={t('admission.swapTitle')}
      about={<StayAbout {...about} />}
      doLabel={t('admission.swap')}
      running={swap.running}
      failure={failure}
      onDo={() => void run()}
      onClose={onClose}
    >
      <NativeSelect
        label={t('admission.swapWith')}
        required
        data-autofocus
        value={otherId}
        error={(tried && otherId === '' && t('admission.needOther')) || undefined}
        description={board.data && others.length === 0 ? t('admission.nobodyToSwap') : undefined}
        onChange={(event) => setOtherId(event.currentTarget.value)}
      >
        <option value="">{t('admission.chooseOther')}</option>
        {others.map(({ place, patient }) => (
          <option key={patient.admissionId} value={patient.admissionId}>
            {`${place} – ${patient.fullName} (${patient.recordNumber})`}
          </option>
        ))}
      </NativeSelect>
      <TimeField
        label={t('admission.at')}
        required
        value={at}
        onChange={setAt}
        error={(tried && at === null && t('common.notATime')) || refused.at}
      />
      <Textarea
        label={t('admission.swapReason')}
        autosize
        minRows={2}
        maxLength={300}
        value={reason}
        error={refused.reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </WorkDrawer>
  );
}

function neighbours(board: Output<'beds.board'>, admissionId: string) {
  return board.rooms.flatMap((room) =>
    room.beds.flatMap((bed) =>
      bed.patients
        .filter((patient) => patient.admissionId !== admissionId)
        .map((patient) => ({ place: `${room.name} · ${bed.name}`, patient })),
    ),
  );
}
