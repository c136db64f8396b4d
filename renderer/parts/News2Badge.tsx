// NEWS2 on a card, a row or the banner: number, colour and word together, because colour alone tells nobody anything.
import type { Output } from '../../shared/api/index.ts';
import { type TextKey, useText } from '../i18n/index.ts';
import styles from './Badges.module.css';

type News2 = NonNullable<
  NonNullable<NonNullable<Output<'beds.board'>['withoutBed'][number]['clinical']>['news2']>
>;

const words: Record<NonNullable<News2['risk']>, TextKey> = {
  none: 'common.news2None',
  low: 'common.news2Low',
  low_medium: 'common.news2LowMedium',
  medium: 'common.news2Medium',
  high: 'common.news2High',
};

/** `news2` null: no vital signs yet. `card` says it in fewer words. */
export function News2Badge({
  news2,
  size = 'full',
}: {
  readonly news2: News2 | null;
  readonly size?: 'card' | 'full';
}) {
  const t = useText();
  if (!news2)
    return (
      <span className={styles.news2} data-risk="unknown">
        {t('common.news2NoVitals')}
      </span>
    );
  if (news2.state === 'not_for') {
    return (
      <span className={styles.news2} data-risk="unknown">
        {t('common.news2NotFor')}
      </span>
    );
  }
  if (news2.total === null || news2.risk === null) {
    return (
      <span className={styles.news2} data-risk="unknown">
        {t('common.news2Incomplete')}
      </span>
    );
  }
  return (
    <span className={styles.news2} data-risk={news2.risk}>
      <span className={styles.label}>NEWS2</span>{' '}
      <b>{news2.state === 'incomplete' ? `≥ ${news2.total}` : news2.total}</b>{' '}
      {t(size === 'card' && news2.risk === 'low_medium' ? 'common.news2OneRed' : words[news2.risk])}
    </span>
  );
}
