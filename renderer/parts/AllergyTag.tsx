// Allergies in one glance. "Not asked" looks different from "none known": the first is a gap, the second an answer.
import { useText } from '../i18n/index.ts';
import styles from './Badges.module.css';

interface Props {
  readonly status: 'not_asked' | 'none_known' | 'has';
  /** Substances, the worst first. */
  readonly items: readonly string[];
  /** `card` leaves out what needs no attention. */
  readonly size?: 'card' | 'full';
}

export function AllergyTag({ status, items, size = 'full' }: Props) {
  const t = useText();
  if (status === 'has') {
    return (
      <span className={styles.tag} data-tone="danger">
        {t('common.allergyHas', { what: items.join(', ') })}
      </span>
    );
  }
  if (status === 'not_asked') {
    return (
      <span className={styles.tag} data-tone="warn">
        {t('common.allergyNotAsked')}
      </span>
    );
  }
  return size === 'card' ? null : (
    <span className={styles.tag} data-tone="quiet">
      {t('common.allergyNone')}
    </span>
  );
}
