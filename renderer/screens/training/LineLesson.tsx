// Learning what a weak or cut line does: the knob, what to try, and a second station to try it with.
import { Button, SegmentedControl } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { lines, useLine } from '../../parts/use-line.ts';
import styles from './Training.module.css';

/** Nothing where there is no line to set. */
export function LineLesson() {
  const t = useText();
  const { line, turn } = useLine();
  if (line === null) return null;
  return (
    <section className={styles.lesson} aria-labelledby="line-lesson">
      <h2 className={styles.heading} id="line-lesson">
        {t('training.lineTitle')}
      </h2>
      <p>{t('training.lineWhat')}</p>
      <SegmentedControl
        aria-label={t('training.line')}
        size="md"
        value={line}
        data={lines.map((each) => ({ value: each, label: t(`training.line.${each}`) }))}
        onChange={(value) => {
          const chosen = lines.find((each) => each === value);
          if (chosen) void turn(chosen);
        }}
      />
      <p role="status">{t(`training.lineSays.${line}`)}</p>
      <ol className={styles.exercises}>
        <li>{t('training.lineTry1')}</li>
        <li>{t('training.lineTry2')}</li>
        <li>{t('training.lineTry3')}</li>
        <li>{t('training.lineTry4')}</li>
      </ol>
      <SecondStation />
    </section>
  );
}

function SecondStation() {
  const t = useText();
  const order = useOrder('sync.secondStation');
  const [address, setAddress] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const link = useRef<HTMLAnchorElement>(null);

  async function open(): Promise<void> {
    setFailure(null);
    const result = await order.run({});
    if (!result.ok) return setFailure(result.error);
    setAddress(result.value.address);
    // A browser may refuse a window that was not asked for within seconds of a press: then the link does it.
    window.open(result.value.address, 'tram-second-station', 'noopener');
    link.current?.focus();
  }

  return (
    <>
      <Button variant="default" loading={order.running} onClick={() => void open()}>
        {t('training.second')}
      </Button>
      <p role="status">
        {order.running && t('training.secondWait')}
        {!order.running && address !== null && (
          <>
            {t('training.secondReady')}{' '}
            <a ref={link} href={address} target="_blank" rel="noopener noreferrer">
              {t('training.second')}
            </a>{' '}
            <code className={styles.address}>{address}</code>
          </>
        )}
      </p>
      {failure && <ErrorNotice failure={failure} />}
    </>
  );
}
