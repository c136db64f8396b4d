// The dialogs of the bed map, one at a time: new names, new wards, rooms and beds, reasons for what goes out of use.
import { useEffect } from 'react';
import type { Result } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { showFailure, showUndo } from '../../parts/notices.ts';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import { AddBedsDialog, AddRoomDialog, AddWardDialog, NameDialog } from './dialogs.tsx';
import type { Ward } from './index.tsx';

export interface Thing {
  readonly kind: 'ward' | 'room' | 'bed';
  readonly id: string;
  readonly name: string;
  /** As spoken: `Buồng 101`, `Giường 5`. */
  readonly label: string;
  readonly versions: Readonly<Record<string, string>>;
}

export type Step =
  | { readonly kind: 'addWard' }
  | { readonly kind: 'addRoom'; readonly ward: Ward }
  | { readonly kind: 'addBeds'; readonly room: Ward['rooms'][number]; readonly ward: Ward }
  | { readonly kind: 'rename' | 'retire' | 'bringBack'; readonly thing: Thing }
  | { readonly kind: 'open' | 'close'; readonly bedId: string; readonly label: string }
  | { readonly kind: 'share'; readonly bedId: string; readonly label: string; readonly shared: boolean };

interface Props {
  readonly step: Step | null;
  readonly wards: readonly Ward[];
  readonly onAdded: (wardId: string) => void;
  readonly onClose: () => void;
}

export function Steps({ step, wards, onAdded, onClose }: Props) {
  const t = useText();
  const retire = useOrder('beds.retire');
  const bringBack = useOrder('beds.bringBack');
  const setState = useOrder('beds.setState');
  const setShared = useOrder('beds.setShared');

  const finish = (result: Result<{ undo?: string | undefined }>, said: string) => {
    onClose();
    if (result.ok) showUndo(result.value.undo, said);
    else showFailure(result.error);
  };

  // Needs no reason: it is taken back as easily as it is said.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per step
  useEffect(() => {
    if (step?.kind === 'bringBack') {
      const { kind, id, label } = step.thing;
      void bringBack.run({ kind, id }).then((r) => finish(r, t('layout.broughtBack', { name: label })));
    }
    if (step?.kind === 'open') {
      const { bedId, label } = step;
      void setState
        .run({ bedId, state: 'ready', reason: null })
        .then((r) => finish(r, t('board.nowIs.ready', { bed: label })));
    }
  }, [step]);

  return (
    <>
      {step?.kind === 'addWard' && <AddWardDialog wards={wards} onAdded={onAdded} onClose={onClose} />}
      {step?.kind === 'addRoom' && <AddRoomDialog ward={step.ward} onClose={onClose} />}
      {step?.kind === 'addBeds' && <AddBedsDialog room={step.room} ward={step.ward} onClose={onClose} />}
      {step?.kind === 'rename' && <NameDialog thing={step.thing} onClose={onClose} />}
      {step?.kind === 'retire' && (
        <ReasonDialog
          opened
          title={t('layout.retireTitle', { name: step.thing.label })}
          confirmLabel={t('layout.retire')}
          suggestions={[t('layout.retireReason1'), t('layout.retireReason2'), t('layout.retireReason3')]}
          running={retire.running}
          onConfirm={(reason) => {
            const { kind, id, label } = step.thing;
            void retire
              .run({ kind, id, reason })
              .then((r) => finish(r, t('layout.retiredNow', { name: label })));
          }}
          onClose={onClose}
        >
          {t('layout.retireText')}
        </ReasonDialog>
      )}
      {step?.kind === 'close' && (
        <ReasonDialog
          opened
          title={t('board.closeTitle', { bed: step.label })}
          confirmLabel={t('board.do.close')}
          suggestions={[t('board.closeReason1'), t('board.closeReason2'), t('board.closeReason3')]}
          running={setState.running}
          onConfirm={(reason) =>
            void setState
              .run({ bedId: step.bedId, state: 'closed', reason })
              .then((r) => finish(r, t('board.nowIs.closed', { bed: step.label })))
          }
          onClose={onClose}
        />
      )}
      {step?.kind === 'share' && (
        <ReasonDialog
          opened
          title={t(step.shared ? 'board.shareTitle' : 'board.unshareTitle', { bed: step.label })}
          confirmLabel={t(step.shared ? 'board.do.share' : 'board.do.unshare')}
          suggestions={step.shared ? [t('board.shareReason1'), t('board.shareReason2')] : []}
          required={step.shared}
          running={setShared.running}
          onConfirm={(reason) =>
            void setShared
              .run({ bedId: step.bedId, shared: step.shared, reason: reason || null })
              .then((r) =>
                finish(r, t(step.shared ? 'board.nowShared' : 'board.nowUnshared', { bed: step.label })),
              )
          }
          onClose={onClose}
        />
      )}
    </>
  );
}
