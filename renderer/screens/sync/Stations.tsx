// The PCs of the center: who they are, when last met; adding one by a code, taking one's right away with a reason.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { ago, day } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { showDone, showFailure } from '../../parts/notices.ts';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { Invite } from './Invite.tsx';
import type { SyncPage } from './index.tsx';
import { Panel } from './Panel.tsx';
import styles from './Sync.module.css';

type Station = SyncPage['stations'][number];

interface Props {
  readonly stations: readonly Station[];
  readonly now: number;
  readonly onChanged: () => void;
}

export function Stations({ stations, now, onChanged }: Props) {
  const t = useText();
  const { can } = useSession();
  const manages = can('station.manage');
  const revoke = useOrder('sync.revokeStation');
  const [revoking, setRevoking] = useState<Station | null>(null);
  const [inviting, setInviting] = useState(false);

  async function takeAway(reason: string): Promise<void> {
    if (!revoking) return;
    const result = await revoke.run({ stationId: revoking.id, reason });
    setRevoking(null);
    if (result.ok) showDone(t('sync.revokeDone'));
    else showFailure(result.error);
    onChanged();
  }

  return (
    <Panel title={t('sync.stations')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key (WCAG 2.1.1) */}
      <section className={styles.scroll} tabIndex={0} aria-label={t('sync.stations')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('sync.station')}</th>
              <th scope="col">{t('sync.stationCode')}</th>
              <th scope="col">{t('sync.stationSeen')}</th>
              <th scope="col">{t('sync.stationVersion')}</th>
              {manages && <th scope="col">{t('vitals.actions')}</th>}
            </tr>
          </thead>
          <tbody>
            {stations.map((station) => (
              <tr key={station.id}>
                <th scope="row">
                  {station.name} {station.thisPc && <Tag tone="accent">{t('sync.thisPc')}</Tag>}{' '}
                  {station.revokedAt !== null && (
                    <Tag tone="danger">{t('sync.revoked', { when: day(station.revokedAt) })}</Tag>
                  )}
                </th>
                <td>{station.code}</td>
                <td>
                  {!station.thisPc &&
                    (station.lastSeenAt === null ? t('sync.neverSeen') : ago(t, station.lastSeenAt, now))}
                </td>
                <td>{station.version}</td>
                {manages && (
                  <td>
                    {!station.thisPc && station.revokedAt === null && (
                      <Button
                        size="compact-md"
                        variant="default"
                        aria-label={t('sync.revokeOf', { name: station.name })}
                        onClick={() => setRevoking(station)}
                      >
                        {t('sync.revoke')}
                      </Button>
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {manages && (
        <Button mt="sm" onClick={() => setInviting(true)}>
          {t('sync.invite')}
        </Button>
      )}
      <Invite
        opened={inviting}
        onClose={() => {
          setInviting(false);
          onChanged();
        }}
      />
      <ReasonDialog
        opened={revoking !== null}
        title={t('sync.revokeTitle', { name: revoking?.name ?? '' })}
        confirmLabel={t('sync.revoke')}
        danger
        running={revoke.running}
        suggestions={[t('sync.revokeLost'), t('sync.revokeReplaced'), t('sync.revokeSold')]}
        onConfirm={(reason) => void takeAway(reason)}
        onClose={() => setRevoking(null)}
      >
        {t('sync.revokeText')}
      </ReasonDialog>
    </Panel>
  );
}
