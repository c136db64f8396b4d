// How far a batch has come, and in the end what is signed, what is not and why. Each paper by name: a number alone would
// leave people guessing which.
import { Button } from '@mantine/core';
import { useOrder } from '../../app/api.ts';
import type { Batch } from '../../app/batch-view.ts';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../../parts/EnterButton.tsx';
import { showDone, showFailure } from '../../parts/notices.ts';
import type { ToSign } from './SignDialog.tsx';
import styles from './Signing.module.css';
import { TrainingToken } from './TrainingToken.tsx';

interface Props {
  readonly batch: Batch;
  readonly items: readonly ToSign[];
}

export function Progress({ batch, items, onStop }: Props & { readonly onStop: () => void }) {
  const t = useText();
  const current = items.find(({ document }) => document.documentId === batch.current);
  return (
    <div className={styles.stack}>
      <p role="status" className={styles.say}>
        {t('signing.progress', { n: batch.done, of: batch.of })}
        {current && ` · ${current.title}, ${current.patientName}`}
      </p>
      <progress
        className={styles.progress}
        value={batch.done}
        max={batch.of}
        aria-label={t('signing.progress', { n: batch.done, of: batch.of })}
      />
      <p className={styles.quiet}>{t('signing.leaveIn')}</p>
      <List batch={batch} items={items} />
      <div className={styles.foot}>
        <Button variant="default" onClick={onStop}>
          {t('signing.stop')}
        </Button>
      </div>
      <TrainingToken plugged />
    </div>
  );
}

export function Outcome({
  batch,
  items,
  left,
  onResume,
  onClose,
}: Props & {
  readonly left: readonly ToSign[];
  readonly onResume: () => void;
  readonly onClose: () => void;
}) {
  const t = useText();
  const whole = left.length === 0 && batch.failed.size === 0;
  return (
    <div className={styles.stack}>
      <div role="alert" className={whole ? styles.allSigned : styles.partSigned}>
        <b>
          {whole ? '✓ ' : '▲ '}
          {t(whole ? 'signing.allSigned' : 'signing.partSigned', { n: batch.signed.size, of: items.length })}
        </b>
        {batch.broke !== null && <p>{t.of(`error.${batch.broke}`)}</p>}
        {left.length > 0 && <p>{t('signing.leftOver', { n: left.length })}</p>}
      </div>
      <List batch={batch} items={items} />
      <div className={styles.foot}>
        {left.length > 0 ? (
          <>
            <Button variant="default" size="lg" onClick={onClose}>
              {t('signing.later')}
            </Button>
            <EnterButton onPress={onResume}>{t('signing.resume', { n: left.length })}</EnterButton>
          </>
        ) : (
          <>
            <LockNow />
            <EnterButton onPress={onClose}>{t('signing.finish')}</EnterButton>
          </>
        )}
      </div>
    </div>
  );
}

/** For whoever leaves the PC now: the token would stay open for some minutes. */
function LockNow() {
  const t = useText();
  const order = useOrder('signing.lock');
  async function lock(): Promise<void> {
    const result = await order.run({});
    if (result.ok) showDone(t('signing.locked'));
    else showFailure(result.error);
  }
  return (
    <Button variant="default" size="lg" loading={order.running} onClick={() => void lock()}>
      {t('signing.lockNow')}
    </Button>
  );
}

function List({ batch, items }: Props) {
  const t = useText();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key (WCAG 2.1.1)
    <ol className={styles.batch} tabIndex={0} aria-label={t('signing.batchList')}>
      {items.map(({ document, title, patientName }) => {
        const { documentId } = document;
        const failed = batch.failed.get(documentId);
        const state = batch.signed.has(documentId)
          ? 'signed'
          : failed !== undefined
            ? 'failed'
            : batch.current === documentId
              ? 'current'
              : 'left';
        return (
          <li key={documentId} data-state={state}>
            <span className={styles.batchState}>{t(`signing.item.${state}`)}</span>
            <span>
              {title}, {patientName}
              {failed !== undefined && <span className={styles.danger}> {t.of(`error.${failed}`)}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
