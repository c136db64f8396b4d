// Learning what a weak or cut line does: the knob, what to try, and a second station to try it with.
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
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
  const field = useRef<HTMLInputElement>(null);
  // Its door lets in only what a person or the system opens: a page of another port, like this one, is turned away.
  useEffect(() => {
    if (address !== null) field.current?.select();
  }, [address]);

  async function start(): Promise<void> {
    const result = await order.run({});
    setFailure(result.ok ? null : result.error);
    setAddress(result.ok ? result.value.address : null);
  }

  return (
    <>
      <Button variant="default" loading={order.running} onClick={() => void start()}>
        {t('training.second')}
      </Button>
      <p role="status">
        {order.running && t('training.secondWait')}
        {/* empty: the program has opened the window itself */}
        {!order.running &&
          address !== null &&
          t(address === '' ? 'training.secondOpened' : 'training.secondReady')}
      </p>
      {address && (
        <TextInput
          ref={field}
          label={t('training.secondAddress')}
          readOnly
          value={address}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
      {failure && <ErrorNotice failure={failure} />}
    </>
  );
}
