// With whom this PC exchanges, and how that goes: in words; the figures are behind a detail for those who ask.
import { ago, bytes, number } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { say } from '../../i18n/say.ts';
import { Tag } from '../../parts/Tag.tsx';
import type { SyncPage } from './index.tsx';
import { speedWord } from './line-words.ts';
import { Panel } from './Panel.tsx';
import styles from './Sync.module.css';

type Peer = SyncPage['peers'][number];

const tones = {
  connected: 'good',
  connecting: 'accent',
  away: 'warn',
  refusing: 'danger',
  found: 'quiet',
} as const;

/** A quiet line has not been measured: its last figure would call a good one weak. */
const travelling: ReadonlySet<string> = new Set([
  'sync.with.sending',
  'sync.with.receiving',
  'sync.with.exchanging',
]);

/** A clock this far off orders entries wrongly on other PCs (as the station page's own alarm). */
const clockToleranceMs = 5 * 60_000;

export function Peers({ peers, now }: { readonly peers: readonly Peer[]; readonly now: number }) {
  const t = useText();
  return (
    <Panel title={t('sync.peers')}>
      {peers.length === 0 && <p className={styles.quiet}>{t('sync.noPeers')}</p>}
      <ul className={styles.peers}>
        {peers.map((peer) => (
          <li key={peer.id}>
            <PeerLines peer={peer} now={now} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function PeerLines({ peer, now }: { readonly peer: Peer; readonly now: number }) {
  const t = useText();
  const { clockOffsetMs, bytesPerSecond } = peer;
  const clockWrong = clockOffsetMs !== null && Math.abs(clockOffsetMs) >= clockToleranceMs;
  return (
    <>
      <div className={styles.peerHead}>
        <b>{peer.name}</b>
        <Tag>{t(`sync.kind.${peer.kind}`)}</Tag>
        <Tag tone={tones[peer.state]}>{t(`sync.peerState.${peer.state}`)}</Tag>
      </div>
      <p>{say(t, peer.sentence, now)}</p>
      <ul className={styles.facts} data-quiet>
        {/* of a place out of reach the sentence says it */}
        {peer.state !== 'away' && (
          <li>
            {peer.lastContactAt === null
              ? t('sync.peerNoContact')
              : t('sync.peerContact', { when: ago(t, peer.lastContactAt, now) })}
          </li>
        )}
        <li>
          {peer.lastVerifiedAt === null
            ? t('sync.peerNotVerified')
            : t('sync.peerVerified', { when: ago(t, peer.lastVerifiedAt, now) })}
        </li>
        {bytesPerSecond !== null && travelling.has(peer.sentence.key) && (
          <li>{t('sync.speed', { word: t(speedWord(bytesPerSecond)) })}</li>
        )}
      </ul>
      {clockWrong && (
        <p className={styles.warning}>
          <span aria-hidden="true">▲</span>{' '}
          {t('sync.clockWrong', { n: number(t, Math.round(Math.abs(clockOffsetMs) / 60_000)) })}
        </p>
      )}
      <details className={styles.figures}>
        <summary>{t('sync.figures')}</summary>
        <dl>
          {[
            [t('sync.figure.address'), peer.address ?? t('sync.figure.unknown')],
            [
              t('sync.figure.speed'),
              bytesPerSecond === null
                ? t('sync.figure.unknown')
                : t('sync.figure.perSecond', { size: bytes(t, bytesPerSecond) }),
            ],
            [t('sync.figure.clock'), useClockWords(clockOffsetMs)],
            [t('sync.figure.version'), peer.version ?? t('sync.figure.unknown')],
          ].map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}

function useClockWords(offsetMs: number | null): string {
  const t = useText();
  if (offsetMs === null) return t('sync.figure.unknown');
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  if (seconds === 0) return t('sync.figure.clockSame');
  return t(offsetMs > 0 ? 'sync.figure.clockAhead' : 'sync.figure.clockBehind', { n: number(t, seconds) });
}
