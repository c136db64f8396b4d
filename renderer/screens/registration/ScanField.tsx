// The first field of registration: a card's QR goes in here by any scanner, or a number typed by hand and Enter.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { composing } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import styles from './Registration.module.css';

export interface ScanSays {
  readonly key: string;
  readonly again: boolean;
}

interface Props {
  readonly says: ScanSays | null;
  readonly onRead: (raw: string) => void;
}

export function ScanField({ says, onRead }: Props) {
  const t = useText();
  const [typed, setTyped] = useState('');
  return (
    <div className={styles.scan}>
      <TextInput
        className={styles.scanField}
        label={t('registration.scan')}
        placeholder={t('registration.scanPlaceholder')}
        value={typed}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || composing(event.nativeEvent) || typed.trim() === '') return;
          event.preventDefault();
          onRead(typed);
          setTyped('');
        }}
      />
      <p className={styles.scanSays} role="status" data-again={says?.again || undefined}>
        {says ? `${says.again ? '▲' : '✓'} ${t.of(says.key)}` : ''}
      </p>
    </div>
  );
}
