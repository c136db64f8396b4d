// In training mode only: a pretend token is plugged in or pulled out, also in the middle of a batch.
import { useAnswer, useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { showFailure } from '../../parts/notices.ts';
import styles from './Signing.module.css';

/** Nothing outside training mode. */
export function TrainingToken({ plugged }: { readonly plugged: boolean }) {
  const status = useAnswer('station.status', {});
  return status.data?.mode === 'training' ? <Desk plugged={plugged} /> : null;
}

function Desk({ plugged }: { readonly plugged: boolean }) {
  const t = useText();
  const order = useOrder('signing.trainingToken');
  async function plug(): Promise<void> {
    const result = await order.run({ present: !plugged });
    if (!result.ok) showFailure(result.error);
  }
  return (
    <section className={styles.desk} aria-label={t('signing.desk')}>
      <h3>{t('signing.desk')}</h3>
      <p>{t(plugged ? 'signing.deskPlugged' : 'signing.deskUnplugged')}</p>
      <KeyButton keyName="F8" variant="default" loading={order.running} onPress={() => void plug()}>
        {t(plugged ? 'signing.deskPull' : 'signing.deskPlug')}
      </KeyButton>
    </section>
  );
}
