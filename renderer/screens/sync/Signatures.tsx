// Work under a PC's name that the PC has not confirmed by its signature: shown to who looks after the PCs, and only when
// there is something to look at.
import { useAnswer } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { say } from '../../i18n/say.ts';
import { Panel } from './Panel.tsx';
import styles from './Sync.module.css';

/** It changes in weeks; asked anew often enough for a page that stays open all day. */
const askEveryMs = 60_000;

export function Signatures({ now }: { readonly now: number }) {
  const t = useText();
  const { can } = useSession();
  const { data } = useAnswer('sync.authors', {}, { everyMs: askEveryMs, enabled: can('station.manage') });
  const told = (data?.authors ?? []).filter(({ sentence }) => sentence !== null);
  if (told.length === 0) return null;
  const grave = told.some(({ state }) => state === 'contradicted');
  return (
    <Panel title={t('sync.signatures')} tone={grave ? 'danger' : undefined}>
      <p className={styles.quiet}>{t('sync.signaturesHint')}</p>
      <ul className={styles.list}>
        {told.map(({ stationId, sentence }) => (
          <li key={stationId}>{sentence && say(t, sentence, now)}</li>
        ))}
      </ul>
    </Panel>
  );
}
