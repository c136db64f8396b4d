// What an entry of the treatment sheet says, alike on the screen and on paper: one cell for the course, one for orders.
import type { ReactNode } from 'react';
import { useText } from '../../i18n/index.ts';
import styles from './Chart.module.css';
import type { EntryContent } from './chart-types.ts';

export function Progress({
  content,
  children,
}: {
  readonly content: EntryContent;
  readonly children?: ReactNode;
}) {
  const t = useText();
  return (
    <td>
      <p className={styles.pre}>{content.progress}</p>
      {content.care !== '' && (
        <p className={styles.pre}>
          <b>{t('notes.care')}: </b>
          {content.care}
        </p>
      )}
      {children}
    </td>
  );
}

export function Orders({ content }: { readonly content: EntryContent }) {
  const t = useText();
  return (
    <td>
      <p className={styles.pre}>{content.orders}</p>
      {(content.careLevel !== null || content.diet !== '') && (
        <p>
          {content.careLevel !== null && t('notes.careLevelLine', { level: content.careLevel })}
          {content.careLevel !== null && content.diet !== '' && ' · '}
          {content.diet !== '' && t('notes.dietLine', { diet: content.diet })}
        </p>
      )}
    </td>
  );
}
