// Work under a PC's name that the PC has not confirmed by its signature: shown to who looks after the PCs, and only when
// there is something to look at. What somebody has looked into stays, quietly and with the name, until something is added.
import { Button } from '@mantine/core';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { moment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { say } from '../../i18n/say.ts';
import { showFailure } from '../../parts/notices.ts';
import { Panel } from './Panel.tsx';
import styles from './Sync.module.css';

/** It changes in weeks; asked anew often enough for a page that stays open all day. */
const askEveryMs = 60_000;

export function Signatures({ now }: { readonly now: number }) {
  const t = useText();
  const { can } = useSession();
  const { data, refetch } = useAnswer(
    'sync.authors',
    {},
    { everyMs: askEveryMs, enabled: can('station.manage') },
  );
  const saw = useOrder('sync.sawAuthor');
  const told = (data?.authors ?? [])
    .filter(({ sentence }) => sentence !== null)
    .sort((a, b) => Number(a.seen !== null) - Number(b.seen !== null));
  if (told.length === 0) return null;
  const grave = told.some(({ state, seen }) => state === 'contradicted' && seen === null);

  async function seen(stationId: string, mark: string): Promise<void> {
    const result = await saw.run({ stationId, mark });
    if (!result.ok) showFailure(result.error);
    await refetch();
  }

  return (
    <Panel title={t('sync.signatures')} tone={grave ? 'danger' : undefined}>
      <p className={styles.quiet}>{t('sync.signaturesHint')}</p>
      <ul className={styles.list}>
        {told.map((author) => (
          <li key={author.stationId} className={author.seen ? styles.quiet : undefined}>
            {author.sentence && say(t, author.sentence, now)}{' '}
            {author.seen ? (
              t('sync.authorSeen', { by: author.seen.by, when: moment(author.seen.at) })
            ) : (
              <Button
                size="compact-md"
                variant="default"
                loading={saw.running}
                aria-label={t('sync.sawAuthorOf', { name: author.name })}
                onClick={() => void seen(author.stationId, author.mark)}
              >
                {t('sync.sawAuthor')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
