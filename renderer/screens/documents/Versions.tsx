// Every version that was ever frozen, newest first, and why each took the place of the one before.
import { Button } from '@mantine/core';
import { shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import styles from './Documents.module.css';
import type { Paper } from './paper-types.ts';

interface Props {
  readonly paper: Paper;
  /** Name of the version on the screen. */
  readonly shown: string | null;
  readonly onShow: (content: string | null) => void;
}

export function Versions({ paper, shown, onShow }: Props) {
  const t = useText();
  if (paper.frozen.length === 0) return null;
  const now = Date.now();
  return (
    <section className={styles.panel} aria-label={t('documents.versions')}>
      <h3>{t('documents.versions')}</h3>
      <ol className={styles.versions}>
        {paper.frozen.map((version, at) => {
          const number = paper.frozen.length - at;
          return (
            <li key={version.content}>
              <div>
                <b>{t('documents.version', { n: number })}</b> · {shortMoment(version.at, now)} · {version.by}
                {version.content === paper.content && <> · {t('documents.versionStands')}</>}
              </div>
              {version.reason !== null && (
                <div className={styles.quiet}>{t('documents.versionWhy', { reason: version.reason })}</div>
              )}
              <div className={styles.quiet}>
                {t('documents.versionCode', { code: version.content.slice(0, 16) })}
              </div>
              {version.content !== shown && (
                <Button
                  variant="default"
                  size="compact-md"
                  onClick={() => onShow(version.content === paper.content ? null : version.content)}
                >
                  {t('documents.seeVersion', { n: number })}
                </Button>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
