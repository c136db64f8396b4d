// The drawers and dialogs a bed's menu leads to; one at a time, over the board.
import { useEffect } from 'react';
import { useOrder } from '../../app/api.ts';
import { Palette } from '../../app/Palette.tsx';
import { useText } from '../../i18n/index.ts';
import { showFailure, showUndo } from '../../parts/notices.ts';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import AdmitDrawer from '../admission/AdmitDrawer.tsx';
import DischargeDrawer from '../admission/DischargeDrawer.tsx';
import SwapDrawer from '../admission/SwapDrawer.tsx';
import TransferDrawer from '../admission/TransferDrawer.tsx';

export type Step =
  | { readonly kind: 'pick'; readonly bedId: string }
  | { readonly kind: 'admit'; readonly bedId: string; readonly patientId: string }
  | { readonly kind: 'transfer' | 'swap' | 'discharge'; readonly admissionId: string }
  | {
      readonly kind: 'state';
      readonly bedId: string;
      readonly state: 'ready' | 'cleaning';
      readonly label: string;
    }
  | { readonly kind: 'close'; readonly bedId: string; readonly label: string }
  | { readonly kind: 'share'; readonly bedId: string; readonly shared: boolean; readonly label: string };

interface Props {
  readonly wardId: string;
  readonly step: Step | null;
  readonly onStep: (step: Step) => void;
  readonly onClose: () => void;
}

export function BedSteps({ wardId, step, onStep, onClose }: Props) {
  const t = useText();
  const setState = useOrder('beds.setState');
  const setShared = useOrder('beds.setShared');

  // Cleaning done needs no question: it is taken back as easily as it is said.
  useEffect(() => {
    if (step?.kind !== 'state') return;
    onClose();
    void setState.run({ bedId: step.bedId, state: step.state, reason: null }).then((result) => {
      if (result.ok) showUndo(result.value.undo, t(`board.nowIs.${step.state}`, { bed: step.label }));
      else showFailure(result.error);
    });
  }, [step, onClose, setState.run, t]);

  const close = async (reason: string) => {
    if (step?.kind !== 'close') return;
    const result = await setState.run({ bedId: step.bedId, state: 'closed', reason });
    onClose();
    if (result.ok) showUndo(result.value.undo, t('board.nowIs.closed', { bed: step.label }));
    else showFailure(result.error);
  };
  const share = async (reason: string) => {
    if (step?.kind !== 'share') return;
    const result = await setShared.run({
      bedId: step.bedId,
      shared: step.shared,
      reason: reason === '' ? null : reason,
    });
    onClose();
    if (result.ok) {
      showUndo(
        result.value.undo,
        t(step.shared ? 'board.nowShared' : 'board.nowUnshared', { bed: step.label }),
      );
    } else showFailure(result.error);
  };
  return (
    <>
      <Palette
        title={t('board.pickTitle')}
        opened={step?.kind === 'pick' ? startEmpty : null}
        onClose={onClose}
        onPick={(patientId) => {
          if (step?.kind === 'pick') onStep({ kind: 'admit', bedId: step.bedId, patientId });
        }}
      />
      {step?.kind === 'admit' && (
        <AdmitDrawer opened patientId={step.patientId} wardId={wardId} bedId={step.bedId} onClose={onClose} />
      )}
      {step?.kind === 'transfer' && (
        <TransferDrawer opened admissionId={step.admissionId} onClose={onClose} />
      )}
      {step?.kind === 'swap' && <SwapDrawer opened admissionId={step.admissionId} onClose={onClose} />}
      {step?.kind === 'discharge' && (
        <DischargeDrawer opened admissionId={step.admissionId} onClose={onClose} />
      )}
      <ReasonDialog
        opened={step?.kind === 'close'}
        title={step?.kind === 'close' ? t('board.closeTitle', { bed: step.label }) : ''}
        confirmLabel={t('board.do.close')}
        suggestions={[t('board.closeReason1'), t('board.closeReason2'), t('board.closeReason3')]}
        running={setState.running}
        onConfirm={(reason) => void close(reason)}
        onClose={onClose}
      />
      <ReasonDialog
        opened={step?.kind === 'share'}
        title={
          step?.kind === 'share'
            ? t(step.shared ? 'board.shareTitle' : 'board.unshareTitle', { bed: step.label })
            : ''
        }
        confirmLabel={step?.kind === 'share' && !step.shared ? t('board.do.unshare') : t('board.do.share')}
        suggestions={[t('board.shareReason1'), t('board.shareReason2')]}
        required={step?.kind === 'share' && step.shared}
        running={setShared.running}
        onConfirm={(reason) => void share(reason)}
        onClose={onClose}
      />
    </>
  );
}

const startEmpty = { text: '' } as const;
