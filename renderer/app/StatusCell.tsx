// The bottom line says in words whether the work is safe: how far it has come, what waits, may the PC be switched off.
// Never a bare number, never the state of the network card, and nothing that blinks.
import { useState } from 'react';
import { Link } from 'wouter';
import type { Output } from '../../shared/api/index.ts';
import { shortMoment } from '../i18n/format.ts';
import { type Text, useText } from '../i18n/index.ts';
import { say } from '../i18n/say.ts';
import { useNow } from '../parts/use-now.ts';
import { type Answer, useAnswer } from './api.ts';
import { to } from './routes.tsx';
import styles from './StatusCell.module.css';
import { useSession } from './session.tsx';

type Status = Output<'sync.status'>;

/** Also asked without any change, to notice a core that has gone away. */
const askEveryMs = 15_000;

/** At the foot of the frame: opens the page on sending. */
export function StatusCell() {
  const t = useText();
  const { can } = useSession();
  return (
    <StatusLine inside>
      {can('station.read') && (
        <Link href={to.station} className={styles.link ?? ''}>
          {t('frame.station')}
        </Link>
      )}
    </StatusLine>
  );
}

/** The same line without anybody logged in. */
export function StatusLine({
  inside = false,
  children,
}: {
  readonly inside?: boolean;
  readonly children?: React.ReactNode;
}) {
  const t = useText();
  const now = useNow();
  const status = useAnswer('sync.status', {}, { everyMs: askEveryMs });
  const away = status.error ?? status.stale;
  return (
    <footer
      className={styles.line}
      data-away={away !== null}
      data-tone={status.data && tones[status.data.state]}
    >
      <Announced status={status} />
      {away ? (
        <div className={styles.words}>
          <span aria-hidden="true">■</span> {t('frame.coreAway')}
        </div>
      ) : (
        status.data && <Words status={status.data} inside={inside} now={now} />
      )}
      {status.data && (
        <div className={styles.saved}>
          {status.data.lastSavedAt === null
            ? t('frame.nothingSaved')
            : t('frame.lastSaved', { when: shortMoment(status.data.lastSavedAt, now) })}
        </div>
      )}
      {children}
    </footer>
  );
}

/** State to colour and sign; the sentence carries the meaning, the sign tells states apart without colour. */
export const tones: Readonly<Record<Status['state'], 'calm' | 'good' | 'busy' | 'waiting' | 'danger'>> = {
  standalone: 'calm',
  off: 'calm',
  connecting: 'busy',
  busy: 'busy',
  current: 'good',
  waiting: 'waiting',
  attention: 'danger',
};
export const signs: Readonly<Record<Status['state'], string>> = {
  standalone: '●',
  off: '○',
  connecting: '◐',
  busy: '◐',
  current: '✓',
  waiting: '○',
  attention: '▲',
};

/** A PC without any other place is as it should be: no alarm every day of the year. */
export const offTone = ({ state, switchOff }: Status): 'safe' | 'plain' | 'wait' =>
  switchOff.safe ? 'safe' : state === 'standalone' || state === 'off' ? 'plain' : 'wait';
export const offSigns = { safe: '✓', plain: '●', wait: '▲' } as const;

function Words({
  status,
  inside,
  now,
}: {
  readonly status: Status;
  readonly inside: boolean;
  readonly now: number;
}) {
  const t = useText();
  const words = (
    <>
      <span aria-hidden="true" className={styles.sign}>
        {signs[status.state]}
      </span>
      <span className={styles.sentence}>{say(t, status.sentence, now)}</span>
    </>
  );
  return (
    <>
      {inside ? (
        <Link href={to.sync} className={styles.words ?? ''} aria-keyshortcuts="F7" title={t('sync.opened')}>
          {words}
          <span className={styles.key} aria-hidden="true">
            F7
          </span>
        </Link>
      ) : (
        <div className={styles.words}>{words}</div>
      )}
      <div className={styles.off} data-tone={offTone(status)}>
        <span aria-hidden="true">{offSigns[offTone(status)]}</span>
        <span>{say(t, status.switchOff.sentence, now)}</span>
      </div>
    </>
  );
}

/** Spoken when the state becomes another one, not when a minute has passed or one more entry waits. */
function Announced({ status }: { readonly status: Answer<Status> }) {
  const t = useText();
  const [said, setSaid] = useState({ of: '', text: '' });
  const away = (status.error ?? status.stale) !== null;
  const of = away
    ? 'away'
    : status.data &&
      `${status.data.state} ${status.data.sentence.key} ${status.data.switchOff.safe} ${t.language}`;
  if (of !== undefined && of !== said.of)
    setSaid({ of, text: away ? t('frame.coreAway') : spoken(t, status.data) });
  return (
    <div role="status" className={styles.spoken}>
      {said.text}
    </div>
  );
}

function spoken(t: Text, status: Status | undefined): string {
  if (!status) return '';
  const now = Date.now();
  return `${say(t, status.sentence, now)}. ${say(t, status.switchOff.sentence, now)}`;
}
