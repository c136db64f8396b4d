// One matter of the page: a title and what is to be known or done about it.
import { type ReactNode, useId } from 'react';
import styles from './Sync.module.css';

export function Panel({
  title,
  tone,
  children,
}: {
  readonly title: string;
  readonly tone?: 'danger' | undefined;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={styles.panel} data-tone={tone} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
