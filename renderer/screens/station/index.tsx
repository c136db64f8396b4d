// The health of this PC for the person in charge: is the store whole, how old is the backup, is the clock right.
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { ago, bytes, moment, number } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { showDone, showFailure } from '../../parts/notices.ts';
import { Screen } from '../../parts/Screen.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { SigningPanel } from '../signing/SettingsPanel.tsx';
import { GalleryPanel } from './Gallery.tsx';
import { ReadersPanel } from './Readers.tsx';
import { SettingsPanel } from './Settings.tsx';
import styles from './Station.module.css';

type Health = Output<'station.health'>;
/** A daily backup that is older than a day and a half was missed (ours). */
const freshHours = 36;

export default function Station() {
  const t = useText();
  const { can } = useSession();
  const status = useAnswer('station.status', {});
  const health = useAnswer('station.health', {}, { everyMs: 60_000 });
  return (
    <Screen
      title={t('station.title')}
      note={[status.data?.centerName, status.data?.stationName].filter(Boolean).join(' · ')}
    >
      {health.error && <ErrorNotice failure={health.error} onRetry={() => void health.refetch()} />}
      {health.isLoading && <Loading />}
      {health.data && (
        <div className={styles.panels}>
          <Store health={health.data} onChecked={() => void health.refetch()} />
          <Backup health={health.data} onDone={() => void health.refetch()} />
          <Clock health={health.data} onSeen={() => void health.refetch()} />
          {can('station.manage') && <SettingsPanel />}
          <Devices health={health.data} />
          <ReadersPanel />
          <GalleryPanel />
          <SigningPanel />
          <Versions health={health.data} />
          <Feeds health={health.data} />
        </div>
      )}
    </Screen>
  );
}

function Panel({ title, wide, children }: { title: string; wide?: boolean; children: ReactNode }) {
  return (
    <section className={styles.panel} data-wide={wide}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Store({ health: { store }, onChecked }: { health: Health; onChecked: () => void }) {
  const t = useText();
  const check = useOrder('station.check');
  const [failure, setFailure] = useState<Failure | null>(null);
  const run = async () => {
    const result = await check.run({});
    if (!result.ok) return setFailure(result.error);
    if (result.value.ok) showDone(t('station.checked', { n: number(t, result.value.checked) }));
    onChecked();
  };
  const { lastCheck } = store;
  return (
    <Panel title={t('station.store')}>
      <p className={styles.verdict}>
        <Tag tone={lastCheck === null ? 'warn' : lastCheck.ok ? 'good' : 'danger'}>
          {t(
            lastCheck === null ? 'station.unchecked' : lastCheck.ok ? 'station.healthy' : 'station.unhealthy',
          )}
        </Tag>
        {lastCheck && !lastCheck.ok && (
          <span role="alert">{t('station.checkFailed', { detail: lastCheck.detail ?? '' })}</span>
        )}
      </p>
      <Facts
        rows={[
          [t('station.lastCheck'), lastCheck === null ? t('people.never') : moment(lastCheck.at)],
          [t('station.patients'), number(t, store.patients)],
          [t('station.changes'), number(t, store.changes)],
          [t('station.openConflicts'), number(t, store.openConflicts)],
          [t('station.size'), bytes(t, store.sizeBytes)],
          [t('station.free'), bytes(t, store.freeBytes)],
          [t('station.path'), store.path],
          ...(store.parked.length === 0
            ? []
            : [
                [
                  t('station.parked'),
                  store.parked
                    .map(({ reason, count }) => t('station.parkedRow', { reason, n: count }))
                    .join('; '),
                ] as const,
              ]),
          ...(store.wrongRows.length === 0
            ? []
            : [
                [
                  t('station.wrongRows'),
                  store.wrongRows
                    .map(({ at, table, rows }) =>
                      t(rows === null ? 'station.wrongTable' : 'station.wrongRow', {
                        table,
                        n: rows ?? 0,
                        when: moment(at),
                      }),
                    )
                    .join('; '),
                ] as const,
              ]),
        ]}
      />
      {failure && <ErrorNotice failure={failure} />}
      <Button variant="default" loading={check.running} onClick={() => void run()}>
        {t('station.checkNow')}
      </Button>
    </Panel>
  );
}

function Backup({ health: { backup, clock }, onDone }: { health: Health; onDone: () => void }) {
  const t = useText();
  const { can } = useSession();
  const order = useOrder('station.backup');
  const [failure, setFailure] = useState<Failure | null>(null);
  const run = async () => {
    const result = await order.run({});
    setFailure(result.ok ? null : result.error);
    if (result.ok) showDone(t('station.backupDone'));
    onDone();
  };
  const fresh = backup.ageHours !== null && backup.ageHours < freshHours;
  const when = backup.last === null ? '' : ago(t, backup.last.at, clock.now);
  return (
    <Panel title={t('station.backup')}>
      <p className={styles.verdict}>
        <Tag tone={fresh ? 'good' : 'danger'}>
          {backup.last === null
            ? t('station.backupNone')
            : t(fresh ? 'station.backupFresh' : 'station.backupOld', { when })}
        </Tag>
      </p>
      {backup.lastError !== null && <p role="alert">{t.of(`error.${backup.lastError}`)}</p>}
      <Facts rows={[[t('station.folder'), backup.folder ?? t('station.noFolder')]]} />
      {backup.kept.length > 0 && (
        <table className={styles.table}>
          <caption>{t('station.kept')}</caption>
          <tbody>
            {backup.kept.map((copy) => (
              <tr key={copy.path}>
                <th scope="row">{moment(copy.at)}</th>
                <td>{bytes(t, copy.sizeBytes)}</td>
                <td>
                  <Tag tone={copy.verified ? 'good' : 'warn'}>
                    {t(copy.verified ? 'station.verified' : 'station.unverified')}
                  </Tag>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {failure && <ErrorNotice failure={failure} />}
      {can('station.manage') && (
        <Button loading={order.running} onClick={() => void run()}>
          {t('station.backupNow')}
        </Button>
      )}
    </Panel>
  );
}

function Clock({ health: { clock }, onSeen }: { health: Health; onSeen: () => void }) {
  const t = useText();
  const { can } = useSession();
  const seen = useOrder('station.acknowledgeClock');
  const open = clock.alarms.filter(({ acknowledged }) => !acknowledged);
  const acknowledge = async (id: string) => {
    const result = await seen.run({ id });
    if (!result.ok) showFailure(result.error);
    onSeen();
  };
  return (
    <Panel title={t('station.clock')}>
      {open.length === 0 && (
        <p className={styles.verdict}>
          <Tag tone="good">{t('station.clockFine')}</Tag>
        </p>
      )}
      {open.map((alarm) => (
        <div key={alarm.id} className={styles.alarm} role="alert">
          <span>{t('station.jump', { n: Math.round(alarm.jumpMs / 60_000), when: moment(alarm.at) })}</span>
          {can('station.manage') && (
            <Button variant="default" loading={seen.running} onClick={() => void acknowledge(alarm.id)}>
              {t('station.seen')}
            </Button>
          )}
        </div>
      ))}
      <Facts
        rows={[
          [t('station.now'), moment(clock.now)],
          [t('station.lastStamp'), moment(clock.lastStamp)],
          [
            t('station.ahead'),
            t('station.seconds', { n: number(t, Math.max(0, Math.round(clock.aheadMs / 1000))) }),
          ],
        ]}
      />
    </Panel>
  );
}

function Devices({ health: { devices } }: { health: Health }) {
  const t = useText();
  return (
    <Panel title={t('station.devices')}>
      {devices.length === 0 && <p>{t('station.noDevices')}</p>}
      <Facts
        rows={devices.map((device) => [
          `${device.kind.toUpperCase()} ${device.name}`,
          [device.known ?? t('station.unknownDevice'), device.detail]
            .filter((part) => part !== '')
            .join(' · '),
        ])}
      />
    </Panel>
  );
}

function Versions({ health: { versions } }: { health: Health }) {
  const t = useText();
  return (
    <Panel title={t('station.versions')}>
      <Facts
        rows={[
          [t('station.app'), versions.app],
          [t('station.schema'), versions.schema],
          [t('station.sqlite'), versions.sqlite],
          [t('station.runtime'), versions.runtime],
        ]}
      />
    </Panel>
  );
}

function Feeds({ health: { store } }: { health: Health }) {
  const t = useText();
  return (
    <Panel title={t('station.feeds')} wide>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('station.feedStation')}</th>
            <th scope="col">{t('station.feedLane')}</th>
            <th scope="col">{t('station.feedSeq')}</th>
            <th scope="col">{t('station.feedHead')}</th>
          </tr>
        </thead>
        <tbody>
          {store.feeds.map((feed) => (
            <tr key={`${feed.station}.${feed.incarnation}.${feed.lane}`}>
              <th scope="row">
                {feed.station}.{feed.incarnation} {feed.own && <Tag tone="accent">{t('station.own')}</Tag>}
              </th>
              <td>{feed.lane}</td>
              <td>{number(t, feed.seq)}</td>
              <td>
                <code>{feed.head.slice(0, 16)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
