// Shown once: the key that opens the store when every password is forgotten. Typing its last group back proves
// that it is on paper; the page does not let go before.
import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { day } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import styles from './FirstRun.module.css';
import { lastGroup } from './recovery-key.ts';

interface Props {
  readonly recoveryKey: string;
  readonly centerName: string;
  readonly stationName: string;
  /** Called once it is on paper. */
  readonly onKept: () => void;
  /** What comes next, when it is not work. */
  readonly doneLabel?: string;
}

export function RecoveryKey({ recoveryKey, centerName, stationName, onKept, doneLabel }: Props) {
  const t = useText();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const right = typed.trim().toUpperCase() === lastGroup(recoveryKey);
  const done = () => {
    setTried(true);
    if (right) onKept();
  };
  return (
    <main className={styles.recovery}>
      <h1>{t('first-run.keyTitle')}</h1>
      <p>{t('first-run.keyWhy')}</p>
      <section className={styles.sheet} aria-label={t('first-run.keyTitle')}>
        <p>
          <b>{[centerName, stationName, day(Date.now())].filter((part) => part !== '').join(' · ')}</b>
        </p>
        <p className={styles.key}>
          {recoveryKey.split(/[\s-]+/).map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups of one key never change places
            <span key={index}>{group}</span>
          ))}
        </p>
        <p>{t('first-run.keyKeep')}</p>
      </section>
      <div className={styles.noPrint}>
        <Group>
          <KeyButton keyName="Ctrl+P" variant="default" onPress={() => window.print()}>
            {t('common.print')}
          </KeyButton>
        </Group>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            done();
          }}
        >
          <TextInput
            mt="lg"
            label={t('first-run.keyConfirm')}
            description={t('first-run.keyConfirmHint')}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={typed}
            error={tried && !right ? t('first-run.keyWrong') : undefined}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" mt="md">
            {doneLabel ?? t('first-run.keyDone')}
          </Button>
        </form>
      </div>
    </main>
  );
}
