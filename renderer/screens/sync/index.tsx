// How far the record has come: in words first, then what waits, with whom, and what a person can do about it.
import { useState } from 'react';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { offSigns, offTone, signs, tones } from '../../app/StatusCell.tsx';
import { useSession } from '../../app/session.tsx';
import { ago, number, shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { say } from '../../i18n/say.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { showDone, showFailure } from '../../parts/notices.ts';
import { Screen } from '../../parts/Screen.tsx';
import { useNow } from '../../parts/use-now.ts';
import { HubPanel } from './Hub.tsx';
import { Peers } from './Peers.tsx';
import { ProvincePanel } from './Province.tsx';
import { Signatures } from './Signatures.tsx';
import { Stations } from './Stations.tsx';
import { FromStick, ToStick } from './Stick.tsx';
import styles from './Sync.module.css';
import { Parked, Refused, Waiting } from './Waiting.tsx';

export type SyncPage = Output<'sync.page'>;

/** Speeds and times move without any change of the record. */
const askEveryMs = 5_000;

export default function Sync() {
  const t = useText();
  const now = useNow(10_000);
  const page = useAnswer('sync.page', {}, { everyMs: askEveryMs });
  const order = useOrder('sync.now');
  const [stick, setStick] = useState<'to' | 'from' | null>(null);

  async function sendNow(): Promise<void> {
    const result = await order.run({});
    if (result.ok) showDone(t('sync.nowDone'));
    else showFailure(result.error);
    void page.refetch();
  }

  const { data } = page;
  return (
    <Screen
      title={t('sync.title')}
      note={t('sync.note')}
      actions={
        <>
          <KeyButton variant="default" onPress={() => setStick('to')}>
            {t('sync.toUsb')}
          </KeyButton>
          <KeyButton variant="default" onPress={() => setStick('from')}>
            {t('sync.fromUsb')}
          </KeyButton>
          <KeyButton keyName="Ctrl+Enter" loading={order.running} onPress={() => void sendNow()}>
            {t('sync.now')}
          </KeyButton>
        </>
      }
    >
      {page.error && <ErrorNotice failure={page.error} onRetry={() => void page.refetch()} />}
      {page.isLoading && <Loading />}
      {data && (
        <>
          <Summary page={data} now={now} />
          {data.refused.length > 0 && <Refused refused={data.refused} now={now} />}
          <Signatures now={now} />
          <div className={styles.columns}>
            <div className={styles.column}>
              <Waiting page={data} now={now} />
              {data.parked.length > 0 && <Parked parked={data.parked} now={now} />}
              <HubPanel hub={data.hub} onSaved={() => void page.refetch()} />
            </div>
            <div className={styles.column}>
              <Peers peers={data.peers} now={now} />
              <ProvincePanel province={data.province} onJoined={() => void page.refetch()} />
            </div>
          </div>
          <Stations stations={data.stations} now={now} onChanged={() => void page.refetch()} />
        </>
      )}
      <ToStick
        opened={stick === 'to'}
        hasProvince={data !== undefined && data.province !== null}
        onClose={() => setStick(null)}
      />
      <FromStick
        opened={stick === 'from'}
        onClose={() => {
          setStick(null);
          void page.refetch();
        }}
      />
    </Screen>
  );
}

function Summary({ page, now }: { readonly page: SyncPage; readonly now: number }) {
  const t = useText();
  const { can } = useSession();
  const { status } = page;
  const { waiting, switchOff } = status;
  return (
    <section className={styles.summary} data-tone={tones[status.state]} aria-label={t('sync.say.now')}>
      <p className={styles.sentence}>
        <span aria-hidden="true" className={styles.sign}>
          {signs[status.state]}
        </span>
        {say(t, status.sentence, now)}
      </p>
      <p className={styles.off} data-tone={offTone(status)}>
        <span aria-hidden="true">{offSigns[offTone(status)]}</span> {say(t, switchOff.sentence, now)}
      </p>
      <ul className={styles.facts}>
        <li>
          {status.lastContactAt === null
            ? t('sync.neverContact')
            : t('sync.lastContact', { when: ago(t, status.lastContactAt, now) })}
        </li>
        {/* the sentence says so itself, unless something graver is on it */}
        {waiting.count > 0 && status.state === 'attention' && (
          <li>
            {waiting.since === null
              ? t('sync.waitingCount', { n: number(t, waiting.count) })
              : t('sync.waitingSince', {
                  n: number(t, waiting.count),
                  when: shortMoment(waiting.since, now),
                })}
          </li>
        )}
        {can('station.manage') && status.state !== 'standalone' && (
          <li>
            {page.trustListAt === null
              ? t('sync.trustNever')
              : t('sync.trustAge', { when: ago(t, page.trustListAt, now) })}
          </li>
        )}
      </ul>
    </section>
  );
}
