// A short word about a thing: overdue, conflict, cleaning. Tone is colour and edge; the word carries the meaning.
import type { ReactNode } from 'react';
import styles from './Badges.module.css';

export function Tag({
  tone = 'quiet',
  children,
}: {
  readonly tone?: 'quiet' | 'good' | 'warn' | 'danger' | 'accent';
  readonly children: ReactNode;
}) {
  return (
    <span className={styles.tag} data-tone={tone}>
      {children}
    </span>
  );
}
