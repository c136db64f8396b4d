// Nothing to show is an answer too: it says what is missing and what could be done about it.
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './States.module.css';

interface Props {
  readonly title: string;
  readonly hint?: string;
  readonly action?: ReactNode;
}

export function Empty({ title, hint, action }: Props) {
  return (
    <div className={styles.empty}>
      <Text fw={600}>{title}</Text>
      {hint !== undefined && <Text c="dimmed">{hint}</Text>}
      {action}
    </div>
  );
}
