// The chart that may not be opened: says why, and where the role allows, opens it with a reason that is kept.
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { showFailure } from '../../parts/UndoToast.tsx';

interface Props {
  readonly patientId: string;
  readonly failure: Failure;
  readonly onRetry: () => Promise<void>;
}

export function NoAccess({ patientId, failure, onRetry }: Props) {
  const t = useText();
  const { can } = useSession();
  const breakGlass = useOrder('access.breakGlass');
  const [asking, setAsking] = useState(false);
  const mayBreak = failure.code === 'not_allowed' && can('breakglass');

  async function open(reason: string): Promise<void> {
    const result = await breakGlass.run({ patientId, reason });
    if (!result.ok) return showFailure(result.error);
    setAsking(false);
    await onRetry();
  }

  return (
    <Screen title={t('chart.title')} width="page">
      {mayBreak ? (
        <p>{t('chart.breakGlassWhy')}</p>
      ) : (
        <ErrorNotice failure={failure} onRetry={() => void onRetry()} />
      )}
      {mayBreak && (
        <KeyButton mt="md" color="red" onPress={() => setAsking(true)}>
          {t('chart.breakGlass')}
        </KeyButton>
      )}
      <ReasonDialog
        opened={asking}
        title={t('chart.breakGlass')}
        confirmLabel={t('chart.breakGlassDo')}
        danger
        running={breakGlass.running}
        onConfirm={(reason) => void open(reason)}
        onClose={() => setAsking(false)}
      >
        {t('chart.breakGlassText')}
      </ReasonDialog>
    </Screen>
  );
}
