// One screen: its title, what can be done on the whole of it, and the work area that alone scrolls.
import { Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import styles from './Screen.module.css';

interface Props {
  readonly title: string;
  /** One quiet line beside the title: where we are, how many. */
  readonly note?: ReactNode;
  /** Buttons at the right of the title row. */
  readonly actions?: ReactNode;
  /** Fixed rows between title and content: filters, counts, tabs. */
  readonly head?: ReactNode;
  /** `page`: text and forms in a readable column; `full`: boards and grids use the whole width. */
  readonly width?: 'page' | 'full';
  /** Full width, but only text to read. */
  readonly reading?: boolean;
  readonly children: ReactNode;
}

export function Screen({ title, note, actions, head, width = 'full', reading = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title;
    // A new screen is announced by moving focus to its title, unless a field of the screen took it already.
    if (document.activeElement === document.body || document.activeElement === null) heading.current?.focus();
  }, [title]);
  return (
    <section className={styles.screen}>
      <header className={styles.header}>
        <Title order={1} className={styles.title} ref={heading} tabIndex={-1}>
          {title}
        </Title>
        {note !== undefined && <div className={styles.note}>{note}</div>}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      {head !== undefined && <div className={styles.head}>{head}</div>}
      <div
        className={width === 'page' ? styles.page : styles.full}
        // Where there is nothing to press, the keyboard scrolls from here.
        {...(width === 'page' || reading ? { tabIndex: 0 } : {})}
      >
        {children}
      </div>
    </section>
  );
}
