// What came of a comparison, readable from two steps away: a sign, a sentence, what to do next.
import type { ReactNode } from 'react';
import styles from './FingerCapture.module.css';

export function Verdict({
  right,
  title,
  children,
}: {
  readonly right: boolean;
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.verdict} role="alert" data-wrong={right ? undefined : true}>
      <h3>
        {right ? '✓' : '✕'} {title}
      </h3>
      <p>{children}</p>
    </div>
  );
}
